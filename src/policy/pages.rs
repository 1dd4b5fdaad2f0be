//! Pages of the codes of policy files that a sentence does not explain.

use crate::diagnostic::Page;
use crate::lang::Text;

/// Every page.
pub static PAGES: &[Page] = &[LIMIT, PARTS];

const LIMIT: Page = Page {
    name: "bad-limit",
    about: Text::new(
        "`limits` 的各项要能一起说得通：名额（条数）按先后给，不能按比例分；`share = \"in_proportion\"` 只用于金额；\
         写了 `order_by` 就要写 `order`；文字没有先后；有涉及全部申请人限额的条款不能用 `instead_of` 代替别的条款。",
        "The parts of a limit must make sense together: places go to one after the other and cannot be shared in proportion; \
         `share = \"in_proportion\"` is for money; `order_by` wants an `order`; texts have no order; a clause with a limit over \
         all applicants displaces no other with `instead_of`.",
    ),
    text: "",
    good_text: "",
    bad: r#"
[facts.asked]
type  = "quantity"
unit  = "元"
min   = 0
label = { zh = "申请金额", en = "Sum asked for" }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "专项补助", en = "Special grant" }
for    = "enterprise"
amount = "asked"
limits = [{ at_most = 10, share = "in_proportion", across = "applicants", zh = "十家按比例", en = "ten in proportion" }]
"#,
    good: r#"
[facts.asked]
type  = "quantity"
unit  = "元"
min   = 0
label = { zh = "申请金额", en = "Sum asked for" }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "专项补助", en = "Special grant" }
for    = "enterprise"
amount = "asked"
limits = [{ at_most = "500万元", share = "in_proportion", across = "applicants", zh = "总额500万元按比例", en = "5,000,000 元 in proportion" }]
"#,
};

const PARTS: Page = Page {
    name: "bad-parts",
    about: Text::new(
        "分担各部分加起来要等于全额：有一方、也只有一方写 `rest = true`，承担其余；份额合计不超过 100%；每一方只写一次。\
         按承担方分的，键名是一个选项表（`parts.payer`）；按年度分的写 `parts.year = { from, until }`。只有发钱的条款可以分。",
        "The parts must add up to the whole: one of them, and only one, has `rest = true` and takes what is left; the shares come to no \
         more than 100%; each is named once. Parts by payer are named after an enum (`parts.payer`), those by calendar year are \
         `parts.year = { from, until }`. Only what pays money has parts.",
    ),
    text: "",
    good_text: "",
    bad: r#"
[enums.payer]
label = { zh = "承担方", en = "payer" }
words = { city = { zh = "市", en = "city" }, county = { zh = "县", en = "county" } }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "专项补助", en = "Special grant" }
for    = "enterprise"
amount = "3万元"
parts.payer = [{ of = "city", share = "60%" }, { of = "county", share = "40%" }]
"#,
    good: r#"
[enums.payer]
label = { zh = "承担方", en = "payer" }
words = { city = { zh = "市", en = "city" }, county = { zh = "县", en = "county" } }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "专项补助", en = "Special grant" }
for    = "enterprise"
amount = "3万元"
parts.payer = [{ of = "city", share = "60%" }, { of = "county", rest = true }]
"#,
};
