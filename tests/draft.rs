//! How much of a text `draft` finds: measured on six invented texts, of which was written down what is right before anybody
//! had looked at what drafts, and on the five texts of the built-in policies where they are at hand (`DUIXIAN_TEXTS`, a folder).

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test may fail"
)]

mod program;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use duixian::cli::Exit;
use duixian::draft::{Article, Draft, Update};
use duixian::lang::Lang;
use duixian::policy::{self, Policy, builtin};
use duixian::source::Source;
use program::{demo, run_in};

/// So many of so many.
#[derive(Clone, Copy, Default)]
struct Share(usize, usize);

impl Share {
    fn add(&mut self, right: bool) {
        self.0 += usize::from(right);
        self.1 += 1;
    }

    fn percent(self) -> usize {
        (self.0 * 100).checked_div(self.1).unwrap_or(100)
    }

    fn text(self) -> String {
        format!("{:>4}/{:<4}{:>4}%", self.0, self.1, self.percent())
    }
}

#[derive(Default)]
struct Measured {
    articles: Share,
    figures: Share,
    guesses: Share,
    kinds: Share,
    applicants: Share,
    head: Share,
}

impl Measured {
    fn row(&self, name: &str) {
        let columns = [self.articles, self.figures, self.guesses, self.kinds, self.applicants, self.head];
        let columns: Vec<String> = columns.iter().map(|share| share.text()).collect();
        println!("{name:<10} {}", columns.join("  "));
    }
}

fn vocabulary(name: &str) -> Option<Arc<Source>> {
    builtin::vocabulary(name).map(|(path, text)| Source::new(path, text))
}

fn drafted(name: &str, text: &str) -> Draft {
    let draft = Draft::of(&Source::new(name, text));
    for lang in [Lang::Zh, Lang::En] {
        let source = Source::new("policy.toml", draft.policy("drafted", lang));
        // It is laid out, can be read, and calculates nothing.
        assert_eq!(duixian::fmt::format(&source).unwrap(), source.text, "{name}");
        let (read, faults) = policy::read_unfinished(&source, &[], &vocabulary);
        let faults: String = faults.iter().map(|fault| fault.render(Lang::En)).collect();
        assert!(read.is_some(), "{name}: {faults}");
        let (read, faults) = policy::read(&source, &vocabulary);
        assert!(read.is_none());
        let clauses = draft.articles.len() + usize::from(!draft.outside.is_empty());
        assert_eq!(faults.len(), clauses + 1, "{name}: one of the head, one of each clause");
    }
    draft
}

/// Whether the figures of an article are these, as written; counts what was guessed of each.
fn figures(article: &Article, wanted: &str, measured: &mut Measured) {
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let mut found = article.figures.as_slice();
    for entry in wanted.split(' ').filter(|entry| !entry.is_empty()) {
        // Of some texts only the figures were written down, not what each is.
        let (written, guess) = entry.split_once('=').map_or((entry, None), |(written, guess)| (written, Some(guess)));
        let place = found.iter().position(|figure| squeezed(&figure.written) == written);
        let own = place.map(|place| &found[place]);
        found = place.map_or(found, |place| &found[place + 1..]);
        measured.figures.add(own.is_some());
        let Some(guess) = guess else {
            if own.is_none() {
                println!("  {} {written}: not found", article.name);
            }
            continue;
        };
        let right = own.is_some_and(|figure| figure.guess.name == guess);
        measured.guesses.add(right);
        if !right {
            println!("  {} {written}: {guess}, guessed {:?}", article.name, own.map(|figure| figure.guess.name));
        }
    }
}

fn against_table(name: &str) -> Measured {
    let text = fs::read_to_string(format!("tests/draft/{name}.txt")).unwrap();
    let table = fs::read_to_string(format!("tests/draft/{name}.tsv")).unwrap();
    let draft = drafted(name, &text);
    let mut measured = Measured::default();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        if cells[0] == "head" {
            for cell in &cells[1..] {
                let (key, wanted) = cell.split_once('=').unwrap();
                let head = &draft.head;
                let found = match key {
                    "title" => head.title.clone(),
                    "issuer" => head.issuer.clone(),
                    "number" => head.number.clone(),
                    "status" => head.status.map(str::to_owned),
                    "from" => head.from.map(|day| day.to_string()),
                    "to" => head.to.map(|day| day.to_string()),
                    other => panic!("{other}"),
                };
                measured.head.add(found.as_deref() == Some(wanted));
                if found.as_deref() != Some(wanted) {
                    println!("  {key}: {wanted}, found {found:?}");
                }
            }
            continue;
        }
        let article = draft.articles.iter().find(|article| article.name == cells[0]);
        measured.articles.add(article.is_some());
        let Some(article) = article else { continue };
        let kind = cells[1].split(' ').any(|kind| kind == article.kind);
        measured.kinds.add(kind);
        let applicant =
            cells[2] == "-" || article.applicants.iter().any(|kind| cells[2].split(' ').any(|wanted| wanted == *kind));
        measured.applicants.add(applicant);
        if !kind || !applicant {
            println!(
                "  {}: {} {}, guessed {} {:?}",
                article.name, cells[1], cells[2], article.kind, article.applicants
            );
        }
        figures(article, cells.get(3).copied().unwrap_or(""), &mut measured);
    }
    let more = draft.articles.len().saturating_sub(measured.articles.1);
    assert_eq!(more, 0, "{name}: articles that the text does not have");
    measured
}

/// What the built-in policy says of the text: its articles are those that its clauses cite.
fn against_policy(policy: &Policy, text: &str) -> Measured {
    let draft = drafted(&policy.id, text);
    let source = Source::new("text", text);
    let audit = duixian::audit::audit(policy, &source);
    let articles = Share(draft.articles.len().min(audit.articles), audit.articles);
    let mut measured = Measured { articles, ..Measured::default() };
    for article in &draft.articles {
        // A part of several is called otherwise by whoever wrote the policy.
        let bare = article.cite.rsplit('编').next().unwrap_or(&article.cite);
        let clauses: Vec<_> = policy.clauses.iter().filter(|clause| cites(&clause.cite, bare, article)).collect();
        if clauses.is_empty() {
            continue;
        }
        let kind = clauses.iter().any(|clause| clause.kind.name == article.kind);
        measured.kinds.add(kind);
        if !kind {
            let kinds: Vec<&str> = clauses.iter().map(|clause| clause.kind.name).collect();
            println!("  {} {}: {kinds:?}, guessed {}", policy.id, article.name, article.kind);
        }
        let named = |kind: &str| {
            let place = policy.names.applicant_kinds.iter().position(|(known, _)| known == kind);
            place.is_some_and(|place| clauses.iter().any(|clause| clause.applies_to.contains(&place)))
        };
        measured.applicants.add(article.applicants.is_empty() || article.applicants.iter().any(|kind| named(kind)));
    }
    let before: usize = audit.figures + audit.unread;
    let placed: usize = draft.articles.iter().map(|article| article.figures.len()).sum::<usize>() + draft.outside.len();
    measured.figures = Share(placed, before);
    measured
}

fn cites(cite: &str, bare: &str, article: &Article) -> bool {
    let behind = cite.find(bare).map(|at| &cite[at + bare.len()..]);
    let number = article.name.parse::<u32>().ok();
    behind.is_some_and(|rest| !rest.starts_with('（')) || number.is_some() && duixian::audit::article(cite) == number
}

#[test]
fn what_is_found_of_texts_that_were_written_first() {
    println!("           articles        figures         what each is    kinds           for             head");
    let mut all = Measured::default();
    for name in ["lanting", "shuguang", "meixi", "rule", "notice", "city"] {
        let own = against_table(name);
        own.row(name);
        for (sum, part) in [
            (&mut all.articles, own.articles),
            (&mut all.figures, own.figures),
            (&mut all.guesses, own.guesses),
            (&mut all.kinds, own.kinds),
            (&mut all.applicants, own.applicants),
            (&mut all.head, own.head),
        ] {
            *sum = Share(sum.0 + part.0, sum.1 + part.1);
        }
    }
    all.row("all six");
    assert!(all.articles.percent() >= 95 && all.figures.percent() >= 95 && all.kinds.percent() >= 70);
}

/// Whatever calculates refuses a policy of which one clause is not confirmed, prints nothing but why, and names the clause.
#[test]
fn a_policy_with_a_todo_calculates_nothing_whoever_asks() {
    let key = "amount = \"1000元\"\n\n[[clauses]]\nid = \"2\"\ncite = \"第二条\"\ntitle = { zh = \"奖\", en = \"Prize\" }\nfor = \"person\"\namount = \"1元\"\n";
    let whole = demo::policy_with("", key);
    let folder = demo::folder(&whole);
    let place = |name: &str| folder.path().join(name);
    let write = |name: &str, text: &str| fs::write(place(name), text).unwrap();
    write("one.toml", "[applicant]\nkind = \"person\"\nas_of = 2025-06-30\n[facts]\nrent = \"1元/月\"\n");
    write("people.csv", "id,kind,as_of\na,person,2025-06-30\n");
    let lines = [
        "calc one.toml --policy policy.toml",
        "calc one.toml --policy policy.toml --clause 1",
        "batch people.csv --policy policy.toml -o out.csv",
        "settle results.jsonl --policy policy.toml",
        "explain one.toml 1 --policy policy.toml",
        "ask one.toml --policy policy.toml",
        "needs one.toml --policy policy.toml",
        "template policy.toml",
        "check policy.toml",
        "test policy.toml",
        "columns people.csv --policy policy.toml",
        "diff policy.toml policy.toml",
        "book policy.toml -o book",
        "policies show policy.toml",
    ];
    let run = |line: &str| run_in(folder.path(), &line.split(' ').collect::<Vec<_>>(), &mut std::io::empty());
    let made = run("batch people.csv --policy policy.toml --to jsonl -o results.jsonl");
    assert!(made.exit != Exit::Unusable, "{}", made.errors);
    // Spelt so that whoever looks for the letters does not find them.
    for todo in ["todo = [\"amount\"]", "\"t\\u006fdo\" = [\"amount\"]"] {
        write("policy.toml", &whole.replace("id = \"2\"", &format!("id = \"2\"\n{todo}")));
        for line in lines {
            let run = run(line);
            assert_eq!(run.exit, Exit::Unusable, "{line}\n{}", run.output);
            assert!(run.errors.contains("条款 2 尚未核定"), "{line}: {}", run.errors);
            assert!(!run.output.contains("1,000") && !run.output.contains("1000"), "{line}: {}", run.output);
        }
        assert!(!place("out.csv").exists() && !place("book").exists());
    }
}

#[test]
fn what_is_found_of_the_texts_of_the_built_in_policies() {
    let folder = std::env::var("DUIXIAN_TEXTS").unwrap_or_default();
    if folder.is_empty() {
        println!("SKIPPED: DUIXIAN_TEXTS names no folder");
        return;
    }
    let mut kinds = Share::default();
    for known in builtin::policies() {
        let Ok(text) = fs::read_to_string(Path::new(&folder).join(format!("{}.txt", known.id))) else { continue };
        let policy = policy::read(&Source::new(known.path, known.text), &vocabulary).0.unwrap();
        let own = against_policy(&policy, &text);
        own.row(known.id);
        kinds = Share(kinds.0 + own.kinds.0, kinds.1 + own.kinds.1);
    }
    println!("kinds in all {}", kinds.text());
    assert!(kinds.percent() >= 70);
}

/// Two editions of one text, written down beside each other, and a policy of the first. By hand:
/// 1 stays; 2 is new; 2 → 3 with 500元 → 600元 and 24个月 → 36个月; 3 → 4 as it was; 4 → 5 without 首次; 5 → 6, of which only the
/// number that it names moved with its article; 6 is gone; 7 is new; 7 → 8 with both days.
#[test]
fn a_new_edition_names_what_it_changes_and_rewrites_nothing_silently() {
    let read = |name: &str| Source::new(name, fs::read_to_string(format!("tests/draft/{name}")).unwrap());
    let (old, new, file) = (read("old.txt"), read("new.txt"), read("edition.toml"));
    let (policy, faults) = policy::read(&file, &vocabulary);
    let faults: String = faults.iter().map(|fault| fault.render(Lang::En)).collect();
    let policy = policy.unwrap_or_else(|| panic!("{faults}"));
    let update = Update::of(&policy, &old, &new);
    let moved: Vec<String> = update
        .articles
        .iter()
        .map(|article| {
            let name = |side: &Option<(String, usize)>| side.as_ref().map_or("-".to_owned(), |(name, _)| name.clone());
            let figures: Vec<String> = article
                .figures
                .iter()
                .map(|changed| {
                    let of = |side: &Option<_>| {
                        side.as_ref()
                            .map_or("-".to_owned(), |own: &duixian::draft::editions::Written| own.written.clone())
                    };
                    let places: Vec<String> = changed
                        .places
                        .iter()
                        .map(|place| format!("{}.{}@{}", place.clause, place.key, place.span.place().line))
                        .collect();
                    format!("{}→{} {}", of(&changed.figure.old), of(&changed.figure.new), places.join(","))
                })
                .collect();
            let words = if article.words.is_some() { " words" } else { "" };
            format!(
                "{}→{}{words} [{}] {}",
                name(&article.old),
                name(&article.new),
                article.clauses.join(","),
                figures.join("; ")
            )
            .trim_end()
            .to_owned()
        })
        .collect();
    let line = |text: &str| file.text.lines().position(|line| line == text).unwrap() + 1;
    let (amount, window) = (
        line("amount  = \"500元/月 × min(worked, 24个月)\""),
        line("effective = { from = 2024-01-01, to = 2026-12-31 }"),
    );
    let wanted = [
        "-→第二条 []".to_owned(),
        format!("第二条→第三条 [2] 500元→600元 2.amount@{amount}; 24个月→36个月 2.amount@{amount}"),
        "第三条→第四条 [3]".to_owned(),
        "第四条→第五条 words [4]".to_owned(),
        "第五条→第六条 [5]".to_owned(),
        "第六条→- [6]".to_owned(),
        "-→第七条 []".to_owned(),
        format!(
            "第七条→第八条 [7] 2024年1月1日→2027年1月1日 .policy.effective.from@{window}; 2026年12月31日→2029年12月31日 .policy.effective.to@{window}"
        ),
    ];
    assert_eq!(moved, wanted);
    assert_eq!(
        update.head,
        [("effective", "2024-01-01 – 2026-12-31".to_owned(), "2027-01-01 – 2029-12-31".to_owned())]
    );

    let text = update.policy(&file, Lang::Zh).unwrap();
    // What is there stays, comments and all, but for the cites.
    for kept in
        ["# 每月一次，由企业代领", "cite         = \"第四条\" # 两档", "amount  = \"500元/月 × min(worked, 24个月)\""]
    {
        assert!(text.contains(kept), "{kept}\n{text}");
    }
    let patched = Source::new("patched.toml", text.as_str());
    let (read, faults) = policy::read_unfinished(&patched, &[], &vocabulary);
    let faults: String = faults.iter().map(|fault| fault.render(Lang::En)).collect();
    let read = read.unwrap_or_else(|| panic!("{faults}"));
    let cites: Vec<(&str, &str)> =
        read.clauses.iter().map(|clause| (clause.id.as_str(), clause.cite.as_str())).collect();
    let wanted = [
        ("1", "第一条"),
        ("2", "第三条"),
        ("3", "第四条"),
        ("4", "第五条"),
        ("5", "第六条"),
        ("6", "第六条"),
        ("7", "第八条"),
        ("2-new", "第二条"),
        ("7-new", "第七条"),
    ];
    assert_eq!(cites, wanted);
    // The head, and all clauses whose article is new, gone or different; a mere number is none. Article 5 names another's number
    // only, so it stays confirmed.
    let open: Vec<String> = policy::unconfirmed(&read.document)
        .iter()
        .map(|fault| {
            let line = fault.labels[0].0.place().line;
            let before = text.lines().take(line).filter(|line| line.starts_with("id")).last().unwrap_or_default();
            before.rsplit('=').next().unwrap().trim().trim_matches('"').to_owned()
        })
        .collect();
    assert_eq!(open, ["lanyu", "2", "4", "6", "7", "2-new", "7-new"]);
    assert!(policy::read(&patched, &vocabulary).0.is_none(), "nothing is calculated before all is confirmed");
    // An edition that is the same asks for nothing.
    let same = Update::of(&policy, &old, &old);
    assert!(same.is_empty() && same.clauses.is_empty() && same.render(Lang::En).is_empty());
    assert_eq!(same.policy(&file, Lang::Zh).as_deref(), Some(file.text.as_str()));
}

/// The same text as a page, and as a page in GB18030 that says so: the same draft.
#[test]
fn a_page_says_the_same_as_its_text() {
    for name in ["lanting", "shuguang", "meixi"] {
        let text = fs::read_to_string(format!("tests/draft/{name}.txt")).unwrap();
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let plain = drafted(name, &lines.join("\n")).policy("same", Lang::Zh);
        let paragraphs: String = lines.iter().map(|line| format!("<p>{line}</p>\n")).collect();
        let page =
            format!("<html><head><meta charset=\"gb2312\"></head><body><nav>首页</nav>{paragraphs}</body></html>");
        for bytes in [page.as_bytes().to_vec(), encoding_rs::GB18030.encode(&page).0.into_owned()] {
            let paper = duixian::paper::read("text.html", bytes).unwrap();
            assert_eq!(Draft::of(&paper.text).policy("same", Lang::Zh), plain, "{name}");
        }
    }
}

/// Two documents of twenty articles and their policies: one written by somebody who knows the language, one from its skeleton by the guide.
#[test]
fn a_document_of_twenty_articles_is_a_policy_with_nothing_open() {
    let folder = Path::new("tests/draft");
    let run = |line: &str| run_in(folder, &line.split(' ').collect::<Vec<_>>(), &mut std::io::empty());
    for (policy, text, clauses, cases) in [("yunxi", "rule.txt", 23, 14), ("hequan", "hequan/text.txt", 20, 21)] {
        let audit = run(&format!("audit {policy}/policy.toml {text} --lang en"));
        assert!(audit.output.ends_with(&format!("{clauses} clauses; 0 open\n")), "{}{}", audit.output, audit.errors);
        let tested = run(&format!("test {policy}/policy.toml --lang en"));
        let wanted = format!("{cases} cases, 0 golden outputs: {cases} passed, 0 failed\n");
        assert!(tested.output.ends_with(&wanted), "{}{}", tested.output, tested.errors);
    }
}

/// What the skeleton of the second said when it was drawn up: each article's words beside its clause, and these kinds.
#[test]
fn a_skeleton_has_the_words_of_its_articles_beside_it() {
    let text = fs::read_to_string("tests/draft/hequan/text.txt").unwrap();
    let skeleton = drafted("hequan", &text).policy("hequan", Lang::Zh);
    assert!(
        skeleton.contains("“对因自然灾害受损的民宿，按受损程度给予救助，具体按照《鹤泉市自然灾害救助办法》执行。”")
    );
    let kinds: Vec<&str> = skeleton.lines().filter_map(|line| line.strip_prefix("kind  = ")).collect();
    // 3 are principles, 6 pays interest, 15 pays what another document says, 17 bounds what 4 and 11 come to.
    let (grant, principle) = ("\"grant\"", "\"principle\"");
    for (article, kind) in
        [(3, principle), (6, grant), (14, "\"discretion\""), (15, grant), (17, principle), (20, principle)]
    {
        assert_eq!(kinds[article - 1], kind, "{article}");
    }
}
