//! The language server as an editor sees it: the built program, asked over pipes, on every policy.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test may fail"
)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

const POLICIES: [&str; 5] = ["horinger", "hubei", "jianghai", "linxia", "qingyuan"];

/// An editor of a few lines.
struct Client {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    next: u64,
    /// The last diagnostics by address.
    told: Vec<(String, Vec<Value>)>,
}

impl Client {
    fn bare(arguments: &[&str]) -> Client {
        let mut command = Command::new(env!("CARGO_BIN_EXE_duixian"));
        command.arg("lsp").args(arguments).env("LANG", "zh_CN.UTF-8").env_remove("LC_ALL");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Client { child, input, output, next: 0, told: Vec::new() }
    }

    fn started(locale: &str) -> Client {
        let mut client = Client::bare(&[]);
        let answer = client.ask("initialize", json!({ "locale": locale, "capabilities": {} }));
        assert_eq!(answer["result"]["capabilities"]["positionEncoding"], "utf-16");
        client.tell("initialized", json!({}));
        client
    }

    fn raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        let _ = input.write_all(bytes);
        let _ = input.flush();
    }

    fn framed(message: &Value) -> String {
        let text = message.to_string();
        format!("Content-Length: {}\r\n\r\n{text}", text.len())
    }

    fn tell(&mut self, method: &str, params: Value) {
        let message = json!({ "jsonrpc": "2.0", "method": method, "params": params });
        self.raw(Client::framed(&message).as_bytes());
    }

    fn read(&mut self) -> Option<Value> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            match line.trim() {
                "" => break,
                head => length = head.strip_prefix("Content-Length: ").unwrap_or("0").parse().unwrap(),
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        Some(serde_json::from_slice(&body).unwrap())
    }

    /// The next answer; what is told meanwhile is noted.
    fn answer(&mut self) -> Value {
        loop {
            let message = self.read().expect("the server is gone");
            if message.get("method").is_none() {
                return message;
            }
            let uri = message["params"]["uri"].as_str().unwrap().to_owned();
            let faults = message["params"]["diagnostics"].as_array().unwrap().clone();
            self.told.retain(|(known, _)| *known != uri);
            self.told.push((uri, faults));
        }
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let message = json!({ "jsonrpc": "2.0", "id": self.next, "method": method, "params": params });
        self.raw(Client::framed(&message).as_bytes());
        let answer = self.answer();
        assert_eq!(answer["id"], self.next, "{method}: {answer}");
        answer
    }

    fn result(&mut self, method: &str, params: Value) -> Value {
        let answer = self.ask(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    fn open(&mut self, path: &Path) -> (String, String) {
        let text = fs::read_to_string(path).unwrap();
        let uri = format!("file://{}", path.display());
        self.tell(
            "textDocument/didOpen",
            json!({ "textDocument": { "uri": uri, "languageId": "toml", "version": 1, "text": text } }),
        );
        (uri, text)
    }

    fn change(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "version": 2 });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [{ "text": text }] }));
    }

    /// What is wrong with a file, once everything sent so far is digested.
    fn faults(&mut self, uri: &str) -> Vec<Value> {
        // They are told when nothing more has arrived: behind the first answer at the latest, so before the second.
        for _ in 0..2 {
            self.result("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } }));
        }
        self.told.iter().find(|(known, _)| known == uri).map(|(_, faults)| faults.clone()).unwrap_or_default()
    }

    fn end(mut self) {
        assert_eq!(self.result("shutdown", Value::Null), Value::Null);
        self.tell("exit", Value::Null);
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn policy(id: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("policies").join(id).join("policy.toml")
}

/// The position of a byte, counted in UTF-16.
fn place(text: &str, at: usize) -> Value {
    let before = &text[..at];
    let line = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": line, "character": text[start..at].encode_utf16().count() })
}

/// The text that a range takes.
fn taken<'t>(text: &'t str, range: &Value) -> &'t str {
    let at = |position: &Value| {
        let line = usize::try_from(position["line"].as_u64().unwrap()).unwrap();
        let start = text.split_inclusive('\n').take(line).map(str::len).sum::<usize>();
        let mut left = usize::try_from(position["character"].as_u64().unwrap()).unwrap();
        let inner = text[start..].char_indices().find(|(_, c)| {
            let done = left == 0;
            left = left.saturating_sub(c.len_utf16());
            done
        });
        inner.map_or(text.len(), |(at, _)| start + at)
    };
    &text[at(&range["start"])..at(&range["end"])]
}

fn here(uri: &str, text: &str, at: usize) -> Value {
    json!({ "textDocument": { "uri": uri }, "position": place(text, at) })
}

fn labels(items: &Value) -> Vec<String> {
    items.as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_request_is_answered_on_every_policy() {
    for id in POLICIES {
        let mut client = Client::started("en");
        let (uri, text) = client.open(&policy(id));
        let document = json!({ "textDocument": { "uri": uri } });
        let faults = client.faults(&uri);
        assert!(faults.iter().all(|fault| fault["severity"] != 1), "{id}: {faults:?}");

        // The first fact that an expression names, at its declaration.
        let declared: Vec<usize> = text.match_indices("\n[facts.").map(|(at, _)| at + "\n[facts.".len()).collect();
        let name = |at: usize| text[at..].split(']').next().unwrap().to_owned();
        let mut checked = 0;
        for at in declared.into_iter().take(4) {
            let name = name(at);
            let there = here(&uri, &text, at + 1);
            let hover = client.result("textDocument/hover", there.clone());
            assert!(
                hover["contents"]["value"].as_str().unwrap().contains(&format!("`{name}`")),
                "{id} {name}: {hover}"
            );
            let definition = client.result("textDocument/definition", there.clone());
            assert_eq!(taken(&text, &definition["range"]), name, "{id}");
            let mut whole = there.clone();
            whole["context"] = json!({ "includeDeclaration": true });
            let references = client.result("textDocument/references", whole);
            for reference in references.as_array().unwrap() {
                let path = reference["uri"].as_str().unwrap().strip_prefix("file://").unwrap().to_owned();
                let other = fs::read_to_string(&path).unwrap();
                assert_eq!(taken(&other, &reference["range"]), name, "{id} {path}");
                checked += 1;
            }
            let marks = client.result("textDocument/documentHighlight", there.clone());
            assert!(!marks.as_array().unwrap().is_empty());
            let prepared = client.result("textDocument/prepareRename", there);
            assert_eq!(prepared["placeholder"], name);
        }
        assert!(checked > 4, "{id}: {checked}");

        let outline = client.result("textDocument/documentSymbol", document.clone());
        let clauses = text.matches("\n[[clauses]]").count();
        let inner =
            |symbol: &Value| symbol["children"].as_array().unwrap().iter().filter(|one| one["kind"] == 12).count();
        assert_eq!(outline.as_array().unwrap().iter().map(inner).sum::<usize>(), clauses, "{id}");

        let tokens = client.result("textDocument/semanticTokens/full", document.clone());
        let data = tokens["data"].as_array().unwrap();
        assert!(data.len() > 500 && data.len().is_multiple_of(5), "{id}: {}", data.len());
        let lines = text.lines().count() as u64;
        assert!(data.chunks(5).map(|five| five[0].as_u64().unwrap()).sum::<u64>() < lines);

        let lenses = client.result("textDocument/codeLens", document.clone());
        assert_eq!(lenses.as_array().unwrap().len(), clauses, "{id}");
        let layout = json!({ "textDocument": { "uri": uri }, "options": { "tabSize": 2, "insertSpaces": true } });
        assert_eq!(client.result("textDocument/formatting", layout.clone()), json!([]), "{id} is laid out");

        // Completion: a key of a clause, a name in an expression.
        let at = text.find("\n[[clauses]]").unwrap() + "\n[[clauses]]\n".len();
        let keys = labels(&client.result("textDocument/completion", here(&uri, &text, at)));
        assert!(keys.contains(&"amount".to_owned()) && keys.contains(&"requires".to_owned()), "{id}: {keys:?}");
        let at = text.find("test = \"").unwrap() + "test = \"".len();
        let names = labels(&client.result("textDocument/completion", here(&uri, &text, at)));
        assert!(names.contains(&"months".to_owned()) && names.len() > 30, "{id}: {names:?}");

        // Broken, and mended: a fault with its place, and names all the same.
        let cut = text.find("\n[[clauses]]").unwrap();
        let broken = format!("{}\n[[clauses]]\nid = \"new\nrequires = [{{ test = \"", &text[..cut]);
        client.change(&uri, &broken);
        let faults = client.faults(&uri);
        assert!(faults.iter().any(|fault| fault["code"] == "bad-toml"), "{id}: {faults:?}");
        let names = labels(&client.result("textDocument/completion", here(&uri, &broken, broken.len())));
        assert!(names.contains(&"months".to_owned()) && names.len() > 30, "{id}: {names:?}");
        assert_eq!(client.result("textDocument/formatting", layout.clone()), json!([]));

        // A name with a slip: the fault, and the action that mends it.
        client.change(&uri, &text.replacen("status", "statsu", 1));
        let faults = client.faults(&uri);
        let fault = faults.iter().find(|fault| fault["code"] == "unknown-key").unwrap();
        assert!(fault["message"].as_str().unwrap().contains("did you mean `status`?"), "{fault}");
        let asked =
            json!({ "textDocument": { "uri": uri }, "range": fault["range"], "context": { "diagnostics": [] } });
        let actions = client.result("textDocument/codeAction", asked);
        assert_eq!(actions[0]["edit"]["changes"][&uri][0]["newText"], "status", "{id}: {actions}");
        let at = text.find("\nstatus").unwrap() + 2;
        let hover = client.result("textDocument/hover", here(&uri, &text, at));
        assert!(hover["contents"]["value"].as_str().unwrap().contains("unknown-key"), "the page of the code: {hover}");

        // Laid out anew, in a range.
        let start = place(&text, 0);
        let change = json!([{ "text": text }, { "range": { "start": start, "end": start }, "text": "\n\n\n" }]);
        client.tell(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": uri, "version": 3 }, "contentChanges": change }),
        );
        let edits = client.result("textDocument/formatting", layout);
        assert_eq!(edits[0]["newText"], text, "{id}");
        client.end();
    }
}

#[test]
fn cases_and_applicants_are_told_in_the_clients_language() {
    let mut client = Client::started("zh-CN");
    let path = policy("qingyuan").with_file_name("cases").join("article-19-housing.toml");
    let (uri, text) = client.open(&path);
    assert_eq!(client.faults(&uri), Vec::<Value>::new());
    let lenses = client.result("textDocument/codeLens", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(lenses.as_array().unwrap().len(), text.matches("[[cases]]").count());
    assert!(lenses.as_array().unwrap().iter().all(|lens| lens["command"]["title"] == "✓ 通过"), "{lenses}");
    // Months from June to May: 12 × 2,000元.
    let at = text.find("expect.\"19.1\"").unwrap() + "expect.\"".len();
    let hover = client.result("textDocument/hover", here(&uri, &text, at));
    assert!(hover["contents"]["value"].as_str().unwrap().contains("24,000元"), "{hover}");
    let at = text.find("birth_date").unwrap();
    let definition = client.result("textDocument/definition", here(&uri, &text, at));
    assert!(definition["uri"].as_str().unwrap().ends_with("/policies/vocabulary.toml"), "{definition}");
    let at = text.find("degree            = \"").unwrap() + "degree            = \"".len();
    let words = labels(&client.result("textDocument/completion", here(&uri, &text, at)));
    assert!(words.contains(&"doctor".to_owned()), "{words:?}");
    client.change(&uri, &text.replacen("first_home ", "first_hom ", 1));
    let faults = client.faults(&uri);
    assert!(faults[0]["message"].as_str().unwrap().contains("是否应为 `first_home`？"), "{faults:?}");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/qingyuan/doctor-buys-first-home.toml");
    let (uri, text) = client.open(&sample);
    assert_eq!(client.faults(&uri), Vec::<Value>::new());
    client.change(&uri, &text.replacen("purchase_date ", "purchase_dat ", 1));
    assert!(!client.faults(&uri).is_empty());
    client.end();
}

#[test]
fn a_new_name_reaches_policy_and_cases_and_a_taken_one_is_refused() {
    let mut client = Client::started("en");
    let (uri, text) = client.open(&policy("qingyuan"));
    let at = text.find("\n[facts.first_home]").unwrap() + "\n[facts.f".len();
    let mut asked = here(&uri, &text, at);
    asked["newName"] = json!("own_first_home");
    let changes = client.result("textDocument/rename", asked.clone())["changes"].as_object().unwrap().clone();
    assert!(changes.len() > 1, "cases too: {:?}", changes.keys());
    for (uri, edits) in &changes {
        let other = fs::read_to_string(uri.strip_prefix("file://").unwrap()).unwrap();
        let whole = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let named = other.match_indices("first_home").filter(|(at, name)| {
            let line = other[..*at].rfind('\n').map_or(0, |at| at + 1);
            let comment = other[line..*at].contains('#');
            !comment && !other[..*at].ends_with(whole) && !other[at + name.len()..].starts_with(whole)
        });
        assert_eq!(edits.as_array().unwrap().len(), named.count(), "{uri}");
    }
    for (name, why) in [("degree", "already"), ("Größe", "lower-case"), ("as_of", "nothing is changed")] {
        asked["newName"] = json!(name);
        let refused = client.ask("textDocument/rename", asked.clone());
        assert!(refused["error"]["message"].as_str().unwrap_or("").contains(why), "{name}: {refused}");
    }
    client.end();
}

#[test]
fn nonsense_cancels_and_death_end_in_order() {
    let mut client = Client::bare(&["--lang", "zh"]);
    let early = client.ask("textDocument/hover", json!({}));
    assert_eq!(early["error"]["code"], -32002);
    let asked = json!({ "locale": "en", "capabilities": { "general": { "positionEncodings": ["utf-16", "utf-8"] } } });
    let answer = client.ask("initialize", asked);
    assert_eq!(answer["result"]["capabilities"]["positionEncoding"], "utf-8");
    client.raw(b"Content-Length: 9\r\n\r\n{nonsense");
    assert_eq!(client.answer()["error"]["code"], -32700);
    for odd in [json!([]), json!(1), json!({ "id": 7 }), json!({ "jsonrpc": "2.0", "id": "x", "method": "no/such" })] {
        client.raw(Client::framed(&odd).as_bytes());
        assert!(client.answer()["error"]["code"].as_i64().unwrap() < 0);
    }
    for method in [
        "hover",
        "completion",
        "definition",
        "references",
        "rename",
        "documentSymbol",
        "codeAction",
        "codeLens",
        "formatting",
        "semanticTokens/full",
    ] {
        client.ask(&format!("textDocument/{method}"), json!({ "textDocument": { "uri": 3 }, "position": "x" }));
        client.ask(&format!("textDocument/{method}"), Value::Null);
    }
    // A request and what calls it off, in one piece.
    let request = json!({ "jsonrpc": "2.0", "id": 900, "method": "textDocument/hover", "params": {} });
    let cancel = json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": 900 } });
    client.raw(format!("{}{}", Client::framed(&request), Client::framed(&cancel)).as_bytes());
    assert_eq!(client.answer()["error"]["code"], -32800);
    // The client's own language is not asked where the command line says one.
    client.tell(
        "textDocument/didOpen",
        json!({ "textDocument": { "uri": "untitled:1", "text": "[policy]\nid = 1\nwhat = 2\n" } }),
    );
    let faults = client.faults("untitled:1");
    assert!(faults.iter().any(|fault| fault["message"].as_str().unwrap().contains("没有这个键")), "{faults:?}");
    client.ask("shutdown", Value::Null);
    assert_eq!(client.ask("textDocument/hover", json!({}))["error"]["code"], -32600);
    client.tell("exit", Value::Null);
    assert!(client.child.wait().unwrap().success());

    // A client that dies, in the middle of a message too.
    for last in ["", "Content-Length: 100\r\n\r\n{", "no head at all\r\n\r\n", "Content-Length: x\r\n\r\n"] {
        let mut client = Client::bare(&[]);
        client.raw(last.as_bytes());
        client.input = None;
        assert_eq!(client.child.wait().unwrap().code(), Some(1), "{last:?}");
    }
}

#[test]
fn any_half_of_a_policy_is_answered() {
    let text = fs::read_to_string(policy("hubei")).unwrap();
    let mut client = Client::started("en");
    let uri = format!("file://{}", policy("hubei").display());
    client.tell("textDocument/didOpen", json!({ "textDocument": { "uri": uri, "text": text } }));
    for step in 1..60 {
        let mut at = text.len() * step / 60;
        while !text.is_char_boundary(at) {
            at += 1;
        }
        client.change(&uri, &text[..at]);
        client.result("textDocument/completion", here(&uri, &text, at));
        client.result(
            "textDocument/hover",
            json!({ "textDocument": { "uri": uri }, "position": { "line": step * 5, "character": step } }),
        );
        client.result("textDocument/semanticTokens/full", json!({ "textDocument": { "uri": uri } }));
    }
    client.end();
}

/// What Neovim asks of one policy after the other, and what must come of each: one line `POLICY REQUEST ANSWER`.
const NEOVIM: &str = r#"
local id = vim.lsp.start_client({ name = 'duixian', cmd = { PROGRAM, 'lsp', '--lang', 'en' }, root_dir = FOLDER })
local function ask(name, method, params)
  local answer = vim.lsp.buf_request_sync(0, 'textDocument/' .. method, params, 20000) or {}
  for _, one in pairs(answer) do
    local told = one.err and ('ERROR ' .. vim.inspect(one.err)) or vim.inspect(one.result)
    print(name .. ' ' .. method .. ' ' .. told:gsub('%s+', ' '):sub(1, 400))
    print('\n')
  end
end
for _, name in ipairs({ NAMES }) do
  vim.cmd('edit! ' .. FOLDER .. '/' .. name .. '/policy.toml')
  vim.lsp.buf_attach_client(0, id)
  vim.wait(20000, function() return vim.lsp.get_client_by_id(id).initialized end)
  local here = function() return vim.lsp.util.make_position_params(0, 'utf-16') end
  vim.cmd('normal! gg')
  vim.fn.search('^\\[facts\\.\\zs')
  ask(name, 'hover', here())
  ask(name, 'definition', here())
  ask(name, 'references', vim.tbl_extend('force', here(), { context = { includeDeclaration = true } }))
  ask(name, 'documentHighlight', here())
  ask(name, 'prepareRename', here())
  ask(name, 'rename', vim.tbl_extend('force', here(), { newName = 'named_anew' }))
  local whole = { textDocument = vim.lsp.util.make_text_document_params() }
  ask(name, 'documentSymbol', whole)
  ask(name, 'semanticTokens/full', whole)
  ask(name, 'codeLens', whole)
  vim.fn.search('test = "', 'e')
  vim.cmd('normal! l')
  ask(name, 'completion', here())
  vim.cmd('normal! gg')
  vim.fn.search('^status')
  vim.cmd('normal! ciwstatsu')
  vim.cmd('normal! o')
  vim.wait(20000, function()
    return #vim.tbl_filter(function(d) return d.code == 'unknown-key' end, vim.diagnostic.get(0)) > 0
  end)
  for _, d in ipairs(vim.diagnostic.get(0)) do print(name .. ' diagnostics ' .. d.code .. '\n') end
  vim.fn.search('^statsu', 'b')
  local range = vim.lsp.util.make_range_params(0, 'utf-16')
  ask(name, 'codeAction', vim.tbl_extend('force', range, { context = { diagnostics = {} } }))
  ask(name, 'formatting', vim.tbl_extend('force', whole, { options = { tabSize = 2, insertSpaces = true } }))
end
vim.cmd('qa!')
"#;

#[test]
fn neovim_is_answered_everything() {
    // On all of them where that is asked for: reading the larger ones takes a debug build its time.
    let policies = if std::env::var_os("DUIXIAN_NEOVIM").is_some() { &POLICIES[..] } else { &POLICIES[..1] };
    let nvim = Command::new("nvim").arg("--version").output();
    if !nvim.is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED: there is no nvim here");
        return;
    }
    let folder = std::env::temp_dir().join(format!("duixian-nvim-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let folder_of_policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let names: Vec<String> = policies.iter().map(|name| format!("'{name}'")).collect();
    let script = NEOVIM
        .replace("PROGRAM", &format!("'{}'", env!("CARGO_BIN_EXE_duixian")))
        .replace("FOLDER", &format!("'{}'", folder_of_policies.display()))
        .replace("NAMES", &names.join(", "));
    fs::write(folder.join("try.lua"), script).unwrap();
    let mut command = Command::new("nvim");
    command.current_dir(&folder).args(["--headless", "-n", "-u", "NONE", "-i", "NONE", "-c", "luafile try.lua"]);
    let output = command.output().unwrap();
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let _ = fs::remove_dir_all(&folder);
    for id in policies {
        let wanted = [
            ("hover", "**`"),
            ("definition", "range"),
            ("references", "uri"),
            ("documentHighlight", "range"),
            ("prepareRename", "placeholder"),
            ("rename", "named_anew"),
            ("documentSymbol", "children"),
            ("semanticTokens/full", "data"),
            ("codeLens", "command"),
            ("completion", "label"),
            ("diagnostics", "unknown-key"),
            ("codeAction", "change to `status`"),
            // A blank line too much is taken away.
            ("formatting", "newText"),
        ];
        for (request, part) in wanted {
            let head = format!("{id} {request} ");
            assert!(
                told.lines().any(|line| line.starts_with(&head) && line.contains(part)),
                "{head}{part}: {}",
                told.lines().filter(|line| line.starts_with(&head)).collect::<Vec<_>>().join("\n")
            );
        }
    }
}
