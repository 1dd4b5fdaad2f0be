//! How long an editor waits after a key: the built server over pipes, on each shipped policy. `cargo bench --bench typing`.
//!
//! A key is a change of one character in an expression of the last clause, and 1 ms later a question about it. Measured are the
//! answer, and the faults that are told of the text as it is then; in microseconds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark may fail and print"
)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const POLICIES: [&str; 5] = ["horinger", "hubei", "jianghai", "linxia", "qingyuan"];
const KEYS: usize = 120;
const QUESTIONS: [&str; 5] = ["completion", "hover", "documentSymbol", "semanticTokens/full", "codeLens"];

struct Client {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Client {
    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn next(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the server is gone");
            match line.trim().strip_prefix("Content-Length: ") {
                Some(number) => length = number.parse().unwrap(),
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }
}

fn main() {
    println!("microseconds from a key: median, 95th of 100, slowest");
    for id in POLICIES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies").join(id).join("policy.toml");
        let text = fs::read_to_string(&path).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_duixian"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut client = Client { input, output };
        let uri = format!("file://{}", path.display());
        client.send(&json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": { "locale": "en", "capabilities": {} } }));
        client.next();
        client.send(&json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {
            "textDocument": { "uri": uri, "languageId": "toml", "version": 1, "text": text } } }));
        client.next();
        let at = text.rfind("test = \"").unwrap() + "test = \"".len();
        let line = text[..at].matches('\n').count();
        let column = text[text[..at].rfind('\n').unwrap() + 1..at].encode_utf16().count();
        let document = json!({ "uri": uri, "version": 2 });
        println!("{id}, {} lines", text.lines().count());
        for question in QUESTIONS {
            let (mut answers, mut faults) = (Vec::new(), Vec::new());
            for key in 0..KEYS {
                // A letter comes, and goes again.
                let (end, new) = if key % 2 == 0 { (column, "m") } else { (column + 1, "") };
                let range = json!({ "start": { "line": line, "character": column }, "end": { "line": line, "character": end } });
                let position = json!({ "line": line, "character": column + new.len() });
                let start = Instant::now();
                client.send(&json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
                    "textDocument": document, "contentChanges": [{ "range": range, "text": new }] } }));
                sleep(Duration::from_millis(1));
                client.send(&json!({ "jsonrpc": "2.0", "id": key + 1, "method": format!("textDocument/{question}"),
                    "params": { "textDocument": { "uri": uri }, "position": position } }));
                let (mut answer, mut told) = (None, None);
                while answer.is_none() || told.is_none() {
                    let message = client.next();
                    let into = if message.get("method").is_some() { &mut told } else { &mut answer };
                    *into = Some(start.elapsed());
                }
                answers.push(answer.unwrap().as_micros());
                faults.push(told.unwrap().as_micros());
            }
            let three = |mut times: Vec<u128>| {
                times.sort_unstable();
                let of = |part: usize| times[(times.len() - 1) * part / 100];
                format!("{:>6} {:>6} {:>6}", of(50), of(95), of(100))
            };
            println!("  {question:<20} answer {}   faults {}", three(answers), three(faults));
        }
        drop(client);
        child.wait().unwrap();
    }
}
