//! The keys of a clause and of the tables in it.

use super::{EXPRESSIONS, LOOKUP, OVER_TIME, STEP, WINDOW};
use crate::keys::{Key, Keys, Kind, Set};

use Kind::{
    Anything, Bool, Chosen, ChosenSeveral, Day, Either, Expression, List, Named, Number, OneOf, Text, Texts, Words,
};

/// `[[clauses]]`
pub static CLAUSE: Keys = Keys {
    id: "clause",
    at: &["clauses"],
    keys: &[
        Key::needed("id", Text, "编号", "its id"),
        Key::needed("cite", Text, "所在条文，如 第十九条第一项", "where it stands"),
        Key::new(
            "todo",
            Texts,
            "尚未核定的各项；有它就不核算",
            "what nobody has confirmed; nothing is calculated until it is gone",
        ),
        Key::needed("title", Words, "名称", "its title"),
        Key::new("summary", Words, "用自己的话概括", "what it says, in our own words"),
        Key::new("office", Words, "责任单位；默认整份文件的", "who is responsible; default: the policy's"),
        Key::needed("for", ChosenSeveral(Set::Applicants), "发给谁", "who is paid"),
        Key::new("kind", Chosen(Set::Kinds), "种类；默认 grant", "the kind of benefit; default grant"),
        Key::new(
            "category",
            Chosen(Set::Categories),
            "用途；重复享受按用途判断",
            "what it is for; overlap works on it",
        ),
        Key::new("effective", Kind::Table(&WINDOW), "条款自己的有效期", "its own window, inside the policy's"),
        Key::new(
            "event",
            Expression,
            "须在有效期内的日期；默认评估日期",
            "the date that must lie inside the window; default: the evaluation date",
        ),
        Key::new(
            "values_on",
            Expression,
            "随时间变化的值取哪一天的；默认事件日期",
            "the day on which what changes with time is taken; default: the event",
        ),
        Key::new("each", Text, "逐条记录核定，如 \"classes as class\"", "once per record: \"classes as class\""),
        Key::new("requires", List(&Kind::Table(&CONDITION)), "须全部满足的条件", "conditions, all of which must hold"),
        Key::new("let", Named(&STEP), "中间值，只能用前面的", "intermediate values; each may use earlier ones"),
        Key::new("table", Named(&LOOKUP), "按选项或日期查值", "lookups by enum word, or by day"),
        Key::new(
            "scale",
            Named(&LOOKUP),
            "按档取值，如 { \"10人\" = \"5万元\" }；mode = \"marginal\" 为分段计算",
            "steps by threshold; mode = \"marginal\" gives each slice its own rate",
        ),
        Key::new("amount", OVER_TIME, "金额", "the amount"),
        Key::new("signed", Bool, "数值（figure）可以为负", "for a figure: true where it may be below 0"),
        Key::new("at_least", OVER_TIME, "保底", "floor"),
        Key::new("at_most", OVER_TIME, "封顶", "cap"),
        Key::new("accrual", Kind::Table(&ACCRUAL), "按月或按年计发", "what accrues over time"),
        Key::new(
            "installments",
            List(&Kind::Table(&INSTALLMENT)),
            "分期，不再写 amount",
            "parts with their own triggers; `amount` is then not given",
        ),
        Key::new(
            "rounding",
            Kind::Table(&ROUNDING),
            "取整；默认四舍五入到分",
            "how it is rounded; default half up to 分",
        ),
        Key::new("limits", List(&Kind::Table(&LIMIT)), "名额或限额", "how many, or how much"),
        Key::new(
            "parts",
            Named(&PARTS),
            "核定金额由谁分担（选项名），或分属哪一年（year）",
            "who bears what is awarded, by the words of an enum, or of which year it is (year)",
        ),
        Key::new("instead_of", List(&Kind::Table(&DISPLACES)), "代替哪些条款", "clauses that it displaces"),
        Key::new("used", Expression, "期限（term）已用多少", "for a term: how much of it is used"),
        Key::new(
            "not_computed",
            List(&Kind::Table(&FIGURE)),
            "有意不核算的数字",
            "figures of the text that are deliberately not computed",
        ),
        Key::new(
            "derived",
            List(&Kind::Table(&FIGURE)),
            "由原文推出的数字",
            "figures that follow from the text without standing in it",
        ),
        Key::new("notes", List(&Kind::Table(&NOTE)), "说明", "what an officer should know"),
    ],
};

/// What `[[clauses]]` of a supplement has besides.
pub static REVISION: Keys = Keys {
    id: "supplement-clause",
    at: &["clauses"],
    keys: &[Key::new(
        "revises",
        Text,
        "代替哪个条款；不写即新增",
        "the clause that it takes the place of; without it, it is added",
    )],
};

/// A note of a clause.
pub static NOTE: Keys = Keys {
    id: "note",
    at: &["clauses.notes"],
    keys: &[
        Key::needed("zh", Text, "中文", "in Chinese"),
        Key::needed("en", Text, "英文", "in English"),
        Key::new("when", Expression, "何时显示，默认始终", "where it is shown; always by default"),
    ],
};

/// What changes with time: a value from each day on.
pub static VERSION: Keys = Keys {
    id: "version",
    at: &[
        "parameters.*.value",
        "clauses.amount",
        "clauses.at_least",
        "clauses.at_most",
        "let.*",
        "let.*.is",
        "table.*.*",
        "scale.*.*",
        "clauses.let.*",
        "clauses.let.*.is",
        "clauses.table.*.*",
        "clauses.scale.*.*",
        "clauses.installments.amount",
        "clauses.limits.at_most",
        "limits.at_most",
    ],
    keys: &[
        Key::needed("from", Day, "从哪天起", "the day from which it holds"),
        Key::needed("is", Anything, "值", "what it is"),
    ],
};

/// A table or scale from a day on.
pub static LOOKUP_VERSION: Keys = Keys {
    id: "lookup-version",
    at: &["clauses.table.*", "clauses.scale.*", "table.*", "scale.*"],
    keys: &[
        Key::needed("from", Day, "从哪天起", "the day from which it holds"),
        Key::needed("is", Named(&OVER_TIME), "这张表", "the table or scale"),
    ],
};

/// `requires`
pub static CONDITION: Keys = Keys {
    id: "condition",
    at: &["clauses.requires"],
    keys: &[
        Key::needed("test", Expression, "须成立的条件", "what must hold"),
        Key::needed("zh", Text, "中文说法", "in Chinese"),
        Key::needed("en", Text, "英文说法", "in English"),
        Key::new("from", Day, "从哪天起适用", "the day from which it is asked"),
        Key::new("until", Day, "适用到哪天", "the last day on which it is asked"),
    ],
};

/// `let.<name>`, shown as a step.
pub static LET: Keys = Keys {
    id: "let",
    at: &["clauses.let.*", "let.*"],
    keys: &[
        Key::needed("is", OVER_TIME, "表达式", "the expression"),
        Key::needed("zh", Text, "步骤的中文名称", "what the step is called in Chinese"),
        Key::needed("en", Text, "步骤的英文名称", "what the step is called in English"),
    ],
};

/// `accrual`
pub static ACCRUAL: Keys = Keys {
    id: "accrual",
    at: &["clauses.accrual"],
    keys: &[
        Key::needed("per", OneOf(&["month", "year"]), "按月或按年", "per month or year"),
        Key::needed("from", Expression, "首日", "the first day"),
        Key::new("until", Expression, "末日", "the last day"),
        Key::new("at_most", Expression, "最长时间", "the longest time"),
        Key::new(
            "part",
            Expression,
            "不满一期的计法：complete、started、touched、daily",
            "how part periods count: complete, started, touched, daily",
        ),
        Key::new(
            "counts_from",
            Expression,
            "从哪天起计；默认有效期首日",
            "from which day on it counts; default: the window's first",
        ),
        Key::new(
            "counts_until",
            Expression,
            "计到哪天；默认 triggers_until",
            "to which day it counts; default: `triggers_until`",
        ),
    ],
};

/// `installments`
pub static INSTALLMENT: Keys = Keys {
    id: "installment",
    at: &["clauses.installments"],
    keys: &[
        Key::needed("id", Text, "期次编号", "its id"),
        Key::needed("amount", OVER_TIME, "金额", "how much"),
        Key::needed("due", Expression, "到期日", "from when it is owed"),
        Key::needed("zh", Text, "中文说法", "in Chinese"),
        Key::needed("en", Text, "英文说法", "in English"),
    ],
};

/// `rounding`
pub static ROUNDING: Keys = Keys {
    id: "rounding",
    at: &["clauses.rounding"],
    keys: &[
        Key::new("to", Number, "取整到，如 \"0.01元\"", "to a multiple of, such as \"0.01元\""),
        Key::new("direction", OneOf(&["half_up", "up", "down"]), "方向", "which way"),
    ],
};

/// `limits`, of a clause and of several
pub static LIMIT: Keys = Keys {
    id: "limit",
    at: &["clauses.limits", "limits"],
    keys: &[
        Key::needed(
            "at_most",
            Either(&[Expression, Number, List(&Kind::Table(&VERSION))]),
            "条数（如 1）或金额（如 \"20万元\"）",
            "a number of lines, such as 1, or money, such as \"20万元\"",
        ),
        Key::new("per", EXPRESSIONS, "每个什么；不写即合计", "for each value of; without it, for all of it"),
        Key::new("order", Expression, "谁在先", "who comes first"),
        Key::new(
            "order_by",
            OneOf(&["lowest_first", "highest_first"]),
            "从小到大还是从大到小",
            "from the lowest or from the highest",
        ),
        Key::new(
            "share",
            OneOf(&["in_order", "in_proportion"]),
            "依次发放还是按比例分配",
            "in order, or in proportion",
        ),
        Key::new("when", Expression, "适用的条件；默认总是", "whether it applies; default: always"),
        Key::new("across", OneOf(&["applicants"]), "在全体申请人之间计算", "over all applicants"),
        Key::needed("zh", Text, "中文说法", "in Chinese"),
        Key::needed("en", Text, "英文说法", "in English"),
    ],
};

/// Parts by words, or by year.
const PARTS: Kind = Either(&[List(&Kind::Table(&PART)), Kind::Table(&YEARS)]);

/// `parts.<enum>`
pub static PART: Keys = Keys {
    id: "part",
    at: &["clauses.parts.*"],
    keys: &[
        Key::needed("of", Text, "选项", "a word of the enum"),
        Key::new("share", Expression, "占全部的多少，如 \"50%\"", "how much of the whole, such as \"50%\""),
        Key::new("at_most", Expression, "至多多少", "at most so much"),
        Key::new("rest", Bool, "其余全归它", "`true`: whatever the others leave"),
    ],
};

/// `parts.year`
pub static YEARS: Keys = Keys {
    id: "years",
    at: &["clauses.parts.year"],
    keys: &[
        Key::needed("from", Expression, "首日", "the first day"),
        Key::needed("until", Expression, "末日", "the last day"),
        Key::new(
            "per",
            OneOf(&["day", "month"]),
            "按天数还是按历月分；默认按天",
            "by days or by calendar months; default: by days",
        ),
    ],
};

/// `instead_of`
pub static DISPLACES: Keys = Keys {
    id: "instead-of",
    at: &["clauses.instead_of"],
    keys: &[
        Key::needed("clause", Text, "被代替条款的编号", "the id of the clause that it displaces"),
        Key::new("when", Expression, "适用的条件；默认总是", "whether it applies; default: always"),
    ],
};

/// `not_computed`, `derived`
pub static FIGURE: Keys = Keys {
    id: "figure",
    at: &["clauses.not_computed", "clauses.derived"],
    keys: &[
        Key::needed("figure", Text, "原文的数字", "the figure"),
        Key::needed("zh", Text, "中文理由", "why, in Chinese"),
        Key::needed("en", Text, "英文理由", "why, in English"),
    ],
};
