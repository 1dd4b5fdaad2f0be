//! Policies, applicants and tables of any size.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use duixian::cli::Exit;

use crate::program::run_in;

/// One thing that there can be many of.
pub struct Shape {
    pub name: &'static str,
    /// Writes the files of a size.
    pub write: fn(&Path, usize),
    /// The command lines that are measured.
    pub lines: &'static [&'static [&'static str]],
    /// It begins with so many.
    pub first: usize,
    /// No more of it than this is tried.
    pub largest: usize,
}

const HEAD: &str = r#"
[policy]
id        = "demo"
title     = { zh = "示例办法", en = "Demo" }
issuer    = { zh = "示例区", en = "Demo zone" }
status    = "in_force"
effective = { from = 2024-01-01, to = 2026-12-31 }

[units."人"]
en     = { one = "person", many = "people" }
counts = true

[enums.degree]
label   = { zh = "学位", en = "degree" }
ordered = true
words   = { bachelor = { zh = "学士", en = "bachelor" },
            master   = { zh = "硕士", en = "master" },
            doctor   = { zh = "博士", en = "doctor" } }

[applicants.person]
label = { zh = "个人", en = "Person" }

[categories.money]
label = { zh = "补贴", en = "Money" }

[facts.rent]
type  = "quantity"
unit  = "元/月"
label = { zh = "月租金", en = "Monthly rent" }

[facts.settled]
type  = "bool"
label = { zh = "已落户", en = "Settled" }

[facts.hires]
type     = "list"
unit     = "人"
label_by = "person"
label    = { zh = "新聘人员", en = "Hires" }
fields.person   = { type = "text", label = { zh = "姓名", en = "Name" } }
fields.degree   = { type = "degree", label = { zh = "学位", en = "Degree" } }
fields.hired_on = { type = "date", label = { zh = "聘用日期", en = "Hired on" } }
fields.pay      = { type = "quantity", unit = "元/月", min = 0, label = { zh = "工资", en = "Pay" } }
"#;

fn clause(id: &str, keys: &str) -> String {
    format!(
        r#"
[[clauses]]
id       = "{id}"
cite     = "第一条"
title    = {{ zh = "补贴{id}", en = "Subsidy {id}" }}
summary  = {{ zh = "补贴", en = "a subsidy" }}
for      = "person"
category = "money"
{keys}
"#
    )
}

fn policy(folder: &Path, more: &str, clauses: &str) {
    fs::write(folder.join("policy.toml"), [HEAD, more, clauses].concat()).unwrap();
}

fn applicant(folder: &Path, facts: &str) {
    let text = format!("[applicant]\nkind = \"person\"\nas_of = 2025-06-30\n\n[facts]\n{facts}");
    fs::write(folder.join("applicant.toml"), text).unwrap();
}

/// A reading of two options.
fn reading(number: usize) -> String {
    format!(
        "[readings.r{number}]\nquestion = {{ zh = \"怎么读\", en = \"how\" }}\noptions.one = {{ zh = \"一\", en = \"one\" }}\noptions.two = {{ zh = \"二\", en = \"two\" }}\ndefault = \"one\"\nbecause = {{ zh = \"故\", en = \"so\" }}\n"
    )
}

/// So many of something.
fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect()
}

/// What is asked of an applicant.
pub const ASKED: &[&[&str]] = &[
    &["calc", "applicant.toml", "--policy", "policy.toml"],
    &["calc", "applicant.toml", "--policy", "policy.toml", "--format", "json"],
    &["calc", "applicant.toml", "--policy", "policy.toml", "--format", "html"],
    &["explain", "applicant.toml", "1", "--policy", "policy.toml"],
    &["needs", "applicant.toml", "--policy", "policy.toml"],
    &["batch", "applicant.toml", "--policy", "policy.toml", "--jobs", "1"],
    &["batch", "applicant.toml", "--policy", "policy.toml", "--jobs", "1", "--to", "jsonl", "--unsettled"],
];

/// The same without the trials of `explain` and `needs`, which soon end with their purse.
const CALCULATED: &[&[&str]] = &[ASKED[0], ASKED[1], ASKED[5], ASKED[6]];

/// What is asked of an applicant, and of the policy; `check` is known to cost more than that.
const OF_CHAINS: &[&[&str]] = &[ASKED[0], ASKED[1], ASKED[3], ASKED[4], ASKED[5], ASKED[6], OF_POLICY[8]];

/// What is asked of a policy, and of an applicant under it.
const OF_POLICY: &[&[&str]] = &[
    &["calc", "applicant.toml", "--policy", "policy.toml"],
    &["explain", "applicant.toml", "1", "--policy", "policy.toml"],
    &["needs", "applicant.toml", "--policy", "policy.toml"],
    &["batch", "applicant.toml", "--policy", "policy.toml", "--jobs", "1"],
    &["check", "policy.toml"],
    &["fmt", "--check", "policy.toml"],
    &["diff", "policy.toml", "policy.toml"],
    &["schema", "applicant", "--policy", "policy.toml"],
    &["template", "policy.toml"],
    &["template", "policy.toml", "--xlsx", "-o", "form.xlsx"],
    &["policies", "show", "policy.toml"],
    &["audit", "policy.toml", "text.txt"],
];

/// What is asked of a table.
const OF_ROWS: &[&[&str]] = &[
    &["batch", "rows.csv", "--policy", "policy.toml", "--jobs", "1"],
    &["batch", "rows.csv", "--policy", "policy.toml", "--jobs", "1", "--wide"],
    &["batch", "rows.csv", "--policy", "policy.toml", "--jobs", "1", "--to", "jsonl", "--unsettled"],
    &["batch", "rows.csv", "--policy", "policy.toml", "--jobs", "1", "--to", "xlsx", "-o", "out.xlsx"],
    &["diff", "policy.toml", "policy.toml", "rows.csv"],
    &["columns", "rows.csv", "--policy", "policy.toml"],
];

/// What is asked of a table of many columns.
const OF_COLUMNS: &[&[&str]] = &[OF_ROWS[0], OF_ROWS[1], OF_ROWS[2], OF_ROWS[3], OF_ROWS[4]];

/// What is asked of a table of which no row can be used.
const OF_REJECTS: &[&[&str]] = &[OF_ROWS[0], OF_ROWS[1], OF_ROWS[2]];

/// What is asked of results.
const OF_CLAIMS: &[&[&str]] = &[
    &["settle", "claims.jsonl", "--policy", "policy.toml"],
    &["settle", "claims.jsonl", "--policy", "policy.toml", "--to", "jsonl"],
    &["verify", "results.csv"],
];

const GROUPED: &str = "amount = \"1000元/人 × count(hires where degree >= master and pay >= 5000元/月)\"";
const EACH: &str =
    "each = \"hires as hire\"\namount = \"if hire.degree >= master then 2 × hire.pay × 1个月 else 1000元\"";

fn with_hires(folder: &Path, keys: &str, hires: &str) {
    policy(folder, "", &clause("1", keys));
    applicant(folder, &format!("rent = \"800元/月\"\nsettled = true\n{hires}"));
}

fn known(number: usize) -> String {
    let degree = ["bachelor", "master", "doctor"][number % 3];
    format!(
        "[[facts.hires]]\nperson = \"p{number}\"\ndegree = \"{degree}\"\nhired_on = 2024-05-01\npay = \"{}元/月\"\n",
        4000 + number % 5000
    )
}

fn part_known(number: usize) -> String {
    let degree =
        ["degree = { one_of = [\"bachelor\", \"master\"] }", "", "degree = { at_least = \"master\" }"][number % 3];
    let pay = format!("{{ at_least = \"{}元/月\", at_most = \"9000元/月\" }}", 1000 + number % 5000);
    format!("[[facts.hires]]\nperson = \"p{number}\"\n{degree}\nhired_on = 2024-05-01\npay = {pay}\n")
}

fn table(folder: &Path, name: &str, heads: &str, rows: usize, row: impl Fn(usize) -> String) {
    let mut text = String::from(heads);
    for number in 0..rows {
        let _ = writeln!(text, "{}", row(number));
    }
    fs::write(folder.join(name), text).unwrap();
}

fn plain_applicant(folder: &Path) {
    applicant(folder, "rent = \"800元/月\"\nsettled = true\n");
    fs::write(folder.join("text.txt"), "示例办法\n第一条 补贴每月800元。\n").unwrap();
}

fn wide(folder: &Path, more: &str, clauses: &str) {
    policy(folder, more, clauses);
    plain_applicant(folder);
}

/// Clauses of which each names the next.
fn in_a_chain(folder: &Path, size: usize) {
    let one = |number| match number {
        last if last + 1 == size => clause(&format!("c{last}"), "amount = \"rent * 12个月\""),
        first => clause(
            &if first == 0 { "1".to_owned() } else { format!("c{first}") },
            &format!("amount = \"clause.c{}.awarded\"", first + 1),
        ),
    };
    wide(folder, "", &many(size, one));
}

pub fn all() -> Vec<Shape> {
    let shape = |name, lines, write| Shape { name, write, lines, first: 8, largest: usize::MAX };
    vec![
        shape("records, counted,", ASKED, |folder, size| with_hires(folder, GROUPED, &many(size, known))),
        shape("records, a line each,", ASKED, |folder, size| with_hires(folder, EACH, &many(size, known))),
        shape("unknown records, counted,", ASKED, |folder, size| {
            with_hires(folder, GROUPED, &many(size, |_| "[[facts.hires]]\n".to_owned()));
        }),
        shape("unknown records, a line each,", CALCULATED, |folder, size| {
            with_hires(folder, EACH, &many(size, |_| "[[facts.hires]]\n".to_owned()));
        }),
        shape("partly known records, counted,", ASKED, |folder, size| {
            with_hires(folder, GROUPED, &many(size, part_known));
        }),
        shape("partly known records, a line each,", CALCULATED, |folder, size| {
            with_hires(folder, EACH, &many(size, part_known));
        }),
        shape("clauses", OF_POLICY, |folder, size| {
            wide(folder, "", &many(size, |number| clause(&(number + 1).to_string(), "amount = \"rent * 12个月\"")));
        }),
        Shape {
            // A line tells so many steps of others and no more, which few clauses do not reach.
            first: 64,
            largest: 256,
            ..shape("clauses that name each other", ASKED, in_a_chain)
        },
        Shape {
            first: 64,
            largest: 256,
            ..shape("clauses that name each other, open,", OF_CHAINS, |folder, size| {
                in_a_chain(folder, size);
                applicant(folder, "settled = true\n");
            })
        },
        Shape {
            largest: 64,
            ..shape("lets", OF_POLICY, |folder, size| {
                let lets = many(size, |number| {
                    format!("let.a{} = \"if settled then a{number} else 1元 + a{number}\"\n", number + 1)
                });
                let keys = format!("let.a0 = \"rent × 1个月\"\n{lets}amount = \"a{size}\"");
                wide(folder, "", &clause("1", &keys));
            })
        },
        Shape {
            largest: 32,
            ..shape("nesting", OF_POLICY, |folder, size| {
                let amount = format!("{}rent × 1个月{}", "(1元 + ".repeat(size), ")".repeat(size));
                wide(folder, "", &clause("1", &format!("amount = \"{amount}\"")));
            })
        },
        Shape {
            largest: 32,
            ..shape("nested choices, open,", OF_POLICY, |folder, size| {
                let facts = many(size, |number| {
                    format!(
                        "[facts.b{number}]\ntype = \"bool\"\nlabel = {{ zh = \"b{number}\", en = \"b{number}\" }}\n"
                    )
                });
                let choices = many(size, |number| format!("if b{number} then {number}元 else "));
                wide(folder, &facts, &clause("1", &format!("amount = \"{choices}0元\"")));
            })
        },
        Shape {
            largest: 64,
            ..shape("terms of a sum", OF_POLICY, |folder, size| {
                let terms = many(size, |number| format!(" + {number}元"));
                wide(folder, "", &clause("1", &format!("amount = \"rent × 1个月{terms}\"")));
            })
        },
        Shape {
            largest: 4096,
            ..shape("conditions", OF_POLICY, |folder, size| {
                let tests =
                    many(size, |number| format!("{{ test = \"rent > {number}元/月\", zh = \"甲\", en = \"a\" }},\n"));
                wide(folder, "", &clause("1", &format!("requires = [{tests}]\namount = \"rent × 1个月\"")));
            })
        },
        Shape {
            largest: 64,
            ..shape("readings", OF_POLICY, |folder, size| {
                let lets = many(size, |number| {
                    format!(
                        "let.a{} = \"if reading.r{number} == one then a{number} else a{number} + 1元\"\n",
                        number + 1
                    )
                });
                let keys = format!("let.a0 = \"rent × 1个月\"\n{lets}amount = \"a{size}\"");
                wide(folder, &many(size, reading), &clause("1", &keys));
            })
        },
        shape("readings of clauses of their own,", OF_POLICY, |folder, size| {
            let clauses = many(size, |number| {
                let keys = format!("amount = \"if reading.r{number} == one then 1元 else 2元\"");
                clause(&(number + 1).to_string(), &keys)
            });
            wide(folder, &many(size, reading), &clauses);
        }),
        Shape {
            largest: 64,
            ..shape("facts", OF_POLICY, |folder, size| {
                let facts = many(size, |number| {
                    format!(
                        "[facts.b{number}]\ntype = \"quantity\"\nunit = \"元\"\nlabel = {{ zh = \"b{number}\", en = \"b{number}\" }}\n"
                    )
                });
                let lets = many(size, |number| format!("let.a{} = \"a{number} + b{number}\"\n", number + 1));
                let keys = format!("let.a0 = \"rent × 1个月\"\n{lets}amount = \"a{size}\"");
                wide(folder, &facts, &clause("1", &keys));
                let given = many(size, |number| format!("b{number} = \"{number}元\"\n"));
                applicant(folder, &format!("rent = \"800元/月\"\nsettled = true\n{given}"));
            })
        },
        Shape {
            largest: 64,
            ..shape("facts that are missing", OF_POLICY, |folder, size| {
                let facts = many(size, |number| {
                    format!(
                        "[facts.b{number}]\ntype = \"bool\"\nlabel = {{ zh = \"b{number}\", en = \"b{number}\" }}\n"
                    )
                });
                let lets = many(size, |number| {
                    format!("let.a{} = \"a{number} + (if b{number} then 1元 else 2元)\"\n", number + 1)
                });
                let keys = format!("let.a0 = \"rent × 1个月\"\n{lets}amount = \"a{size}\"");
                wide(folder, &facts, &clause("1", &keys));
            })
        },
        Shape {
            largest: 60,
            ..shape("words of an enum", OF_POLICY, |folder, size| {
                let words =
                    many(size, |number| format!("w{number} = {{ zh = \"词{number}\", en = \"w{number}\" }},\n"));
                let cells = many(size, |number| format!("w{number} = \"{number}元\",\n"));
                let more = format!(
                    "[enums.rank]\nlabel = {{ zh = \"级\", en = \"rank\" }}\nordered = true\nwords = {{ {words} }}\n[facts.rank]\ntype = \"rank\"\nlabel = {{ zh = \"级\", en = \"Rank\" }}\n"
                );
                let keys = format!("table.t = {{ {cells} }}\namount = \"t[rank]\"");
                wide(folder, &more, &clause("1", &keys));
            })
        },
        Shape {
            first: 100,
            ..shape("steps of a scale", OF_POLICY, |folder, size| {
                let steps = many(size, |number| format!("\"{}元\" = \"{number}元\",\n", number * 10));
                let keys = format!("scale.s = {{ {steps} }}\namount = \"s(rent × 1个月)\"");
                wide(folder, "", &clause("1", &keys));
            })
        },
        shape("earlier payments", ASKED, |folder, size| {
            policy(folder, "", &clause("1", "amount = \"rent * 12个月\""));
            let paid = many(size, |number| {
                format!("[[paid]]\nclause = \"demo/1\"\namount = \"1元\"\non = 2025-01-01\naward = \"a{number}\"\n")
            });
            applicant(folder, &format!("rent = \"800元/月\"\nsettled = true\n{paid}"));
        }),
        shape("words of notes", OF_POLICY, |folder, size| {
            let words = "补贴，".repeat(size);
            wide(
                folder,
                "",
                &clause(
                    "1",
                    &format!(
                        "amount = \"rent * 12个月\"\nnotes = [{{ zh = \"{words}\", en = \"{}\" }}]",
                        "a note ".repeat(size)
                    ),
                ),
            );
        }),
        shape("rows", OF_ROWS, |folder, size| {
            policy(folder, "", &clause("1", "amount = \"rent * 12个月\""));
            table(folder, "rows.csv", "id,kind,rent,settled\n", size, |number| {
                format!("{number},person,800元/月,true")
            });
        }),
        shape("rows under a limit", OF_ROWS, |folder, size| {
            let limit =
                "limits = [{ at_most = 10, order = \"rent\", across = \"applicants\", zh = \"十名\", en = \"ten\" }]";
            policy(folder, "", &clause("1", &format!("amount = \"rent * 12个月\"\n{limit}")));
            table(folder, "rows.csv", "id,kind,rent,settled\n", size, |number| {
                format!("{number},person,{}元/月,true", number % 977)
            });
        }),
        shape("claims under a limit", OF_CLAIMS, |folder, size| {
            let limit =
                "limits = [{ at_most = 10, order = \"rent\", across = \"applicants\", zh = \"十名\", en = \"ten\" }]";
            policy(folder, "", &clause("1", &format!("amount = \"rent * 12个月\"\n{limit}")));
            table(folder, "rows.csv", "id,kind,rent,settled\n", size, |number| {
                format!("{number},person,{}元/月,true", number % 977)
            });
            let unsettled =
                ["batch", "rows.csv", "--policy", "policy.toml", "--to", "jsonl", "--unsettled", "-o", "claims.jsonl"];
            let of_record = ["batch", "rows.csv", "--policy", "policy.toml", "--record", "-o", "results.csv"];
            for line in [&unsettled[..], &of_record[..]] {
                let run = run_in(folder, line, &mut std::io::empty());
                assert_eq!(run.exit, Exit::Done, "{}", run.errors);
            }
        }),
        shape("lines to be verified", &[&["verify", "result.json"]], |folder, size| {
            let clauses = many(size, |number| clause(&number.to_string(), "amount = \"rent * 12个月\""));
            policy(folder, "", &clauses);
            plain_applicant(folder);
            let line = ["calc", "applicant.toml", "--policy", "policy.toml", "--format", "json"];
            let run = run_in(folder, &line, &mut std::io::empty());
            fs::write(folder.join("result.json"), run.output).unwrap();
        }),
        shape("rows that are rejected", OF_REJECTS, |folder, size| {
            policy(folder, "", &clause("1", "amount = \"rent * 12个月\""));
            table(folder, "rows.csv", "id,kind,rent,settled\n", size, |number| format!("{number},person,800,maybe"));
        }),
        Shape {
            largest: 4096,
            ..shape("columns", OF_COLUMNS, |folder, size| {
                let facts = many(size, |number| {
                    format!(
                        "[facts.b{number}]\ntype = \"quantity\"\nunit = \"元\"\nlabel = {{ zh = \"列{number}\", en = \"b{number}\" }}\n"
                    )
                });
                policy(folder, &facts, &clause("1", "amount = \"rent × 1个月 + b0\""));
                let heads = format!("id,kind,rent{}\n", many(size, |number| format!(",b{number}")));
                table(folder, "rows.csv", &heads, 2, |number| {
                    format!("{number},person,800元/月{}", many(size, |number| format!(",{number}元")))
                });
            })
        },
        shape(
            "rows of a list",
            &[
                &["batch", "rows.csv", "--list", "hires=hires.csv", "--policy", "policy.toml", "--jobs", "1"],
                &[
                    "batch",
                    "rows.csv",
                    "--list",
                    "hires=hires.csv",
                    "--policy",
                    "policy.toml",
                    "--jobs",
                    "1",
                    "--to",
                    "jsonl",
                    "--unsettled",
                ],
            ],
            |folder, size| {
                policy(folder, "", &[clause("1", GROUPED), clause("2", EACH)].concat());
                table(folder, "rows.csv", "id,kind,rent\n", 2, |number| format!("{number},person,800元/月"));
                table(folder, "hires.csv", "id,person,degree,hired_on,pay\n", size, |number| {
                    format!("{},p{number},硕士,2024-05-01,7000元/月", number % 2)
                });
            },
        ),
        shape("cases", &[&["test", "demo"], &["test", "demo", "--coverage"]], |folder, size| {
            let demo = folder.join("demo");
            fs::create_dir_all(demo.join("cases")).unwrap();
            policy(&demo, "", &clause("1", "amount = \"rent * 12个月\""));
            let cases = many(size, |number| {
                format!(
                    "[[cases]]\nname = \"case {number}\"\nexpect.\"1\" = {{ status = \"eligible\", awarded = \"9600元\" }}\n"
                )
            });
            let head = "[applicant]\nkind = \"person\"\nas_of = 2025-06-30\n[facts]\nrent = \"800元/月\"\n";
            fs::write(demo.join("cases/one.toml"), format!("{head}{cases}")).unwrap();
        }),
        shape("text", &[&["audit", "policy.toml", "text.txt"], &["draft", "text.txt"]], |folder, size| {
            wide(folder, "", &clause("1", "amount = \"rent * 12个月\""));
            let articles = many(size, |number| {
                format!(
                    "第{}条 对符合条件的博士，每月补贴{}元，最长36个月，不超过{}万元。\n",
                    number + 1,
                    800 + number,
                    number % 30 + 1
                )
            });
            fs::write(folder.join("text.txt"), format!("示例办法\n{articles}")).unwrap();
        }),
        shape(
            "text of one article",
            &[&["audit", "policy.toml", "text.txt"], &["draft", "text.txt"]],
            |folder, size| {
                wide(folder, "", &clause("1", "amount = \"rent * 12个月\""));
                let words = many(size, |number| format!("对符合条件的博士，每月补贴{}元，最长36个月；", 800 + number));
                fs::write(folder.join("text.txt"), format!("示例办法\n第一条 {words}\n")).unwrap();
            },
        ),
    ]
}
