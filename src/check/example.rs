//! The head that all examples share.

/// A policy without clauses: two kinds of applicants, a category, an enum and a unit.
const HEAD: &str = r#"[policy]
id        = "example"
title     = { zh = "示例区人才办法", en = "Example zone: measures for talent" }
issuer    = { zh = "示例区", en = "Example zone" }
status    = "in_force"
effective = { from = 2024-01-01, to = 2026-12-31 }

[applicants.person]
label = { zh = "个人", en = "Person" }

[applicants.enterprise]
label = { zh = "企业", en = "Enterprise" }

[categories.housing]
label = { zh = "住房", en = "Housing" }

[units."人"]
en     = { one = "person", many = "people" }
counts = true

[enums.degree]
label   = { zh = "学位", en = "Degree" }
ordered = true
words   = { bachelor = { zh = "学士", en = "bachelor" }, master = { zh = "硕士", en = "master" }, doctor = { zh = "博士", en = "doctor" } }
"#;

/// The whole policy of an example.
pub fn whole(example: &str) -> String {
    format!("{HEAD}{example}")
}
