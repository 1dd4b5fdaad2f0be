//! The pages of the codes of an audit.

use crate::diagnostic::Page;
use crate::lang::Text;

/// The title of the text of an example, and its window, which is that of the head that all examples share.
const HEAD: &str = "示例区人才办法\n自2024年1月1日起施行，至2026年12月31日止\n\n";

/// The whole text of an example.
pub fn text(articles: &str) -> String {
    format!("{HEAD}{articles}")
}

/// Every page.
pub static PAGES: &[Page] = &[
    Page {
        name: "article-without-clause",
        about: Text::new(
            "文本的每一条都要有条款，不给付的也要（`kind` 写 `service`、`discretion` 等）：有意不算的和漏掉的，看上去不能一样。条款用 `cite` 写明条文。",
            "Every article of the text needs a clause, those that pay nothing too (`kind` says `service`, `discretion` and the like): what was left out on purpose and what was forgotten must not look alike. A clause names its article with `cite`.",
        ),
        text: "第一条 企业引进博士的，奖励5万元。\n第二条 企业引进硕士的，奖励2万元。\n",
        good_text: "",
        bad: r#"
[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "引才奖励", en = "Reward for hiring" }
for    = "enterprise"
amount = "5万元"
"#,
        good: r#"
[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "引才奖励", en = "Reward for hiring" }
for    = "enterprise"
amount = "5万元"

[[clauses]]
id     = "2"
cite   = "第二条"
title  = { zh = "硕士奖励", en = "Reward for masters" }
for    = "enterprise"
amount = "2万元"
"#,
    },
    Page {
        name: "figure-not-in-clause",
        about: Text::new(
            "条文中的数字在本条的条款里没有参与计算：漏了封顶、条件或期限，或者数字、单位写错。标题、概述和说明里写了不算。有意不核算的写入 `not_computed`，写明原因。",
            "A figure of an article works in none of its clauses: a cap, a condition or a window was forgotten, or a figure or unit is wrong. Titles, summaries and notes do not count. What is left out on purpose goes into `not_computed`, with the reason.",
        ),
        text: "第一条 企业引进博士的，奖励5万元/人，最高20万元。\n",
        good_text: "",
        bad: r#"
[facts.doctors]
type    = "quantity"
unit    = "人"
min     = 0
integer = true
label   = { zh = "引进博士人数", en = "Doctors recruited" }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "引才奖励", en = "Reward for hiring" }
for    = "enterprise"
amount = "5万元/人 × doctors"
"#,
        good: r#"
[facts.doctors]
type    = "quantity"
unit    = "人"
min     = 0
integer = true
label   = { zh = "引进博士人数", en = "Doctors recruited" }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "引才奖励", en = "Reward for hiring" }
for    = "enterprise"
amount  = "5万元/人 × doctors"
at_most = "20万元"
"#,
    },
    Page {
        name: "figure-not-read",
        about: Text::new(
            "文中有像数字的字样，读不出是多少（“20余名”“数十万元”）。核对原文；确无定数或不核算的，照原样写入 `not_computed`。",
            "Something in the text looks like a figure, and nobody can tell how much it is (20余名, 数十万元). See the text; what is no certain number, or is not computed, goes into `not_computed` as it stands there.",
        ),
        text: "第一条 引进博士20余名的企业，奖励5万元。\n",
        good_text: "",
        bad: r#"
[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "引才奖励", en = "Reward for hiring" }
for    = "enterprise"
amount = "5万元"
"#,
        good: r#"
[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "引才奖励", en = "Reward for hiring" }
for    = "enterprise"
amount       = "5万元"
not_computed = [{ figure = "20余名", zh = "没有定数", en = "no certain number" }]
"#,
    },
    Page {
        name: "figure-not-in-text",
        about: Text::new(
            "条款用来计算的数字，所引条文里没有：数字或单位写错，或者写到了别的条款。由条文推算出来的写入 `derived`，写明怎样推算。",
            "A clause works with a figure that its article does not have: the figure or its unit is wrong, or belongs to another clause. What follows from the text goes into `derived`, with how it follows.",
        ),
        text: "第一条 企业引进博士的，奖励5万元。\n",
        good_text: "",
        bad: r#"
[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "引才奖励", en = "Reward for hiring" }
for    = "enterprise"
amount  = "5万元"
at_most = "20万元"
"#,
        good: r#"
[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "引才奖励", en = "Reward for hiring" }
for    = "enterprise"
amount = "5万元"
"#,
    },
    Page {
        name: "clause-without-article",
        about: Text::new(
            "条款所引的条文，文本里没有：`cite` 写错，或者文本换了版本。",
            "A clause cites an article that the text does not have: `cite` is wrong, or the text is another version.",
        ),
        text: "第一条 企业引进博士的，奖励5万元。\n",
        good_text: "",
        bad: r#"
[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "引才奖励", en = "Reward for hiring" }
for    = "enterprise"
amount = "5万元"

[[clauses]]
id     = "2"
cite   = "第三条"
title  = { zh = "硕士奖励", en = "Reward for masters" }
for    = "enterprise"
amount = "2万元"
"#,
        good: r#"
[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "引才奖励", en = "Reward for hiring" }
for    = "enterprise"
amount = "5万元"
"#,
    },
    Page {
        name: "standing-not-of-text",
        about: Text::new(
            "文本标题写明征求意见稿、试行或废止的，政策的 `status` 也要这样写（`draft`、`trial`、`repealed`）；标题没有写的，`status` 也不能这样写。",
            "Where the head of the text says 征求意见稿, 试行 or 废止, the policy's `status` says so (`draft`, `trial`, `repealed`); where it says nothing of it, neither does `status`.",
        ),
        text: "（征求意见稿）\n第一条 企业引进博士的，奖励5万元。\n",
        good_text: "第一条 企业引进博士的，奖励5万元。\n",
        bad: r#"
[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "引才奖励", en = "Reward for hiring" }
for    = "enterprise"
amount = "5万元"
"#,
        good: r#"
[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "引才奖励", en = "Reward for hiring" }
for    = "enterprise"
amount = "5万元"
"#,
    },
    Page {
        name: "declared-figure-unreadable",
        about: Text::new(
            "`not_computed`、`derived` 的 `figure` 要照条文写成读得出的数字或日期：`5万元`、`三年`、`2026-01-01`、`2026年1月1日`。",
            "`figure` of `not_computed` and `derived` is a figure or date that can be read, written as the text does: `5万元`, `三年`, `2026-01-01`, `2026年1月1日`.",
        ),
        text: "第一条 企业引进博士的，奖励5万元，2026年1月1日前兑现。\n",
        good_text: "",
        bad: r#"
[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "引才奖励", en = "Reward for hiring" }
for    = "enterprise"
amount       = "5万元"
not_computed = [{ figure = "年初", zh = "发放时限", en = "when it is paid out" }]
"#,
        good: r#"
[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "引才奖励", en = "Reward for hiring" }
for    = "enterprise"
amount       = "5万元"
not_computed = [{ figure = "2026-01-01", zh = "发放时限", en = "when it is paid out" }]
"#,
    },
    Page {
        name: "declared-figure-unused",
        about: Text::new(
            "声明的数字不起作用：`not_computed` 的数字条文里没有，或者条款已经用它计算；`derived` 的数字条款没有用，或者条文里就有。改过条款以后留下的声明会遮住以后的错误：改正或删去。",
            "A declared figure accounts for nothing: one in `not_computed` is not in the article, or a clause works with it; one in `derived` is not worked with, or stands in the article. A declaration that was left behind would hide the next mistake: mend it, or leave it out.",
        ),
        text: "第一条 企业引进博士的，奖励5万元。\n",
        good_text: "",
        bad: r#"
[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "引才奖励", en = "Reward for hiring" }
for    = "enterprise"
amount       = "5万元"
not_computed = [{ figure = "5万元", zh = "不核算", en = "not computed" }]
"#,
        good: r#"
[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "引才奖励", en = "Reward for hiring" }
for    = "enterprise"
amount = "5万元"
"#,
    },
    Page {
        name: "manner-not-of-text",
        about: Text::new(
            "条文写明怎样计算的，条款要照办：不足一个月的按一个月计（`part = \"started\"`）还是不计，舍去、进上去还是四舍五入，分几期发放；写明与其他政策重复的从高、不重复的，要有 `[overlap]`，或由条款看 `other_benefits`。",
            "Where the text says how something is counted, the clause must do so: whether a month that is not complete counts (`part = \"started\"`), whether a sum is rounded down, up or half up, in how many parts it is paid. Where it says that of this and other money only the higher counts there must be `[overlap]`, or a clause that looks at `other_benefits`.",
        ),
        text: "第一条 个人租房的，每月补贴1000元，不足一个月的按一个月计。\n",
        good_text: "",
        bad: r#"
[facts.rented_on]
type  = "date"
label = { zh = "起租日期", en = "Rented from" }

[facts.ended_on]
type  = "date"
label = { zh = "退租日期", en = "Rented until" }

[[clauses]]
id      = "1"
cite    = "第一条"
title   = { zh = "租房补贴", en = "Rent" }
for     = "person"
event   = "rented_on"
amount  = "1000元/月 × accrued"
accrual = { per = "month", from = "rented_on", until = "ended_on" }
"#,
        good: r#"
[facts.rented_on]
type  = "date"
label = { zh = "起租日期", en = "Rented from" }

[facts.ended_on]
type  = "date"
label = { zh = "退租日期", en = "Rented until" }

[[clauses]]
id      = "1"
cite    = "第一条"
title   = { zh = "租房补贴", en = "Rent" }
for     = "person"
event   = "rented_on"
amount  = "1000元/月 × accrued"
accrual = { per = "month", from = "rented_on", until = "ended_on", part = "started" }
"#,
    },
    Page {
        name: "comparison-not-of-text",
        about: Text::new(
            "条文写“不少于、满、以上”的，本数算在上面（`>=`）；写“超过”的不算（`>`）；“不超过、以下”是 `<=`，“不满、低于”是 `<`。条款里同一个数的比较不是这样，刚好达到的人就会判错。",
            "不少于, 满, 以上 in the text take the figure itself to what is above it (`>=`), 超过 does not (`>`); 不超过, 以下 is `<=`, 不满, 低于 is `<`. The comparison with this figure is another, and whoever is exactly there is judged wrongly.",
        ),
        text: "第一条 企业引进博士不少于10人的，奖励5万元。\n",
        good_text: "",
        bad: r#"
[facts.doctors]
type    = "quantity"
unit    = "人"
min     = 0
integer = true
label   = { zh = "引进博士人数", en = "Doctors recruited" }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "引才奖励", en = "Reward for hiring" }
for    = "enterprise"
requires = [{ test = "doctors > 10人", zh = "博士人数", en = "doctors" }]
amount   = "5万元"
"#,
        good: r#"
[facts.doctors]
type    = "quantity"
unit    = "人"
min     = 0
integer = true
label   = { zh = "引进博士人数", en = "Doctors recruited" }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "引才奖励", en = "Reward for hiring" }
for    = "enterprise"
requires = [{ test = "doctors >= 10人", zh = "博士人数", en = "doctors" }]
amount   = "5万元"
"#,
    },
    Page {
        name: "cell-not-of-text",
        about: Text::new(
            "条文写在某个词（或某一档）旁边的数字，在表格、分档或按词选择的算式里给了另一个词：多半两格写反了。",
            "A figure that stands beside a word (or a threshold) in the text belongs to another one in the table, scale or choice: mostly two cells are exchanged.",
        ),
        text: "第一条 给予安家补贴：硕士2万元、博士5万元。\n",
        good_text: "",
        bad: r#"
[facts.highest]
type  = "degree"
label = { zh = "最高学位", en = "Highest degree" }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "安家补贴", en = "Settling allowance" }
for    = "person"
requires      = [{ test = "highest >= master", zh = "硕士及以上", en = "master's degree or higher" }]
table.support = { master = "5万元", doctor = "2万元" }
amount        = "support[highest]"
"#,
        good: r#"
[facts.highest]
type  = "degree"
label = { zh = "最高学位", en = "Highest degree" }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "安家补贴", en = "Settling allowance" }
for    = "person"
requires      = [{ test = "highest >= master", zh = "硕士及以上", en = "master's degree or higher" }]
table.support = { master = "2万元", doctor = "5万元" }
amount        = "support[highest]"
"#,
    },
    Page {
        name: "limit-not-of-text",
        about: Text::new(
            "条文在限额的数字旁边写“每年、每家、同一院校、从高到低”，条款的 `per`、`order_by` 却不是这样。`per` 漏了一项，名额就合在一起算；多了一项，就各算各的。",
            "Beside the figure of a limit the text says 每年, 每家, 同一院校 or 从高到低, and `per` or `order_by` of the clause says otherwise. A part that is missing in `per` counts all together, one too many counts apart.",
        ),
        text: "第一条 企业新建项目，奖励5万元/项，每年最多3项。\n",
        good_text: "",
        bad: r#"
[facts.projects]
type      = "list"
label_by  = "name"
unique_by = "name"
label     = { zh = "项目", en = "Projects" }
fields.name     = { type = "text", label = { zh = "名称", en = "Name" } }
fields.begun_on = { type = "date", label = { zh = "开工日期", en = "Begun on" } }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "项目奖励", en = "Reward for projects" }
for    = "enterprise"
each   = "projects as project"
event  = "project.begun_on"
amount = "5万元"
limits = [{ at_most = 3, order = "project.begun_on", zh = "最多3项", en = "three projects at most" }]
"#,
        good: r#"
[facts.projects]
type      = "list"
label_by  = "name"
unique_by = "name"
label     = { zh = "项目", en = "Projects" }
fields.name     = { type = "text", label = { zh = "名称", en = "Name" } }
fields.begun_on = { type = "date", label = { zh = "开工日期", en = "Begun on" } }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "项目奖励", en = "Reward for projects" }
for    = "enterprise"
each   = "projects as project"
event  = "project.begun_on"
amount = "5万元"
limits = [{ at_most = 3, per = "year(project.begun_on)", order = "project.begun_on", zh = "最多3项", en = "three projects at most" }]
"#,
    },
    Page {
        name: "clause-of-another-article",
        about: Text::new(
            "条款的标题在所引条文里一字不见，却像是另一条的：多半两条的 `cite` 写反了，申请人看到的依据就是别的条文。",
            "The title of a clause has nothing of the article that it cites, and much of another: mostly the cites of two clauses are exchanged, and the applicant is shown another article.",
        ),
        text: "第一条 企业租用厂房的，给予厂房租金补贴5万元。\n第二条 企业引进博士的，给予博士引进奖励5万元。\n",
        good_text: "",
        bad: r#"
[[clauses]]
id     = "1"
cite   = "第二条"
title  = { zh = "厂房租金补贴", en = "Rent for workshops" }
for    = "enterprise"
amount = "5万元"

[[clauses]]
id     = "2"
cite   = "第一条"
title  = { zh = "博士引进奖励", en = "Reward for doctors" }
for    = "enterprise"
amount = "5万元"
"#,
        good: r#"
[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "厂房租金补贴", en = "Rent for workshops" }
for    = "enterprise"
amount = "5万元"

[[clauses]]
id     = "2"
cite   = "第二条"
title  = { zh = "博士引进奖励", en = "Reward for doctors" }
for    = "enterprise"
amount = "5万元"
"#,
    },
];
