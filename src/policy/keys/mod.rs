//! The keys that each table of a policy file may have, in the order in which they are written, with what they mean. What
//! reads a table, what lays it out, what describes it and what editors complete by look here.

mod clause;
mod rules;

pub use clause::*;
pub use rules::*;

use crate::keys::{Key, Keys, Kind, Set};

use Kind::{
    Anything, Bool, Chosen, Day, Declared, Either, Expression, Joined, List, Named, Number, OneOf, Text, Texts, Words,
};

const EXPRESSIONS: Kind = Either(&[Expression, List(&Expression)]);

/// An expression, or one for each time.
const OVER_TIME: Kind = Either(&[Expression, List(&Kind::Table(&VERSION))]);

/// A table or scale, or one for each time.
const LOOKUP: Kind = Either(&[Named(&OVER_TIME), List(&Kind::Table(&LOOKUP_VERSION))]);

/// An intermediate value.
const STEP: Kind = Either(&[Expression, Kind::Table(&LET), List(&Kind::Table(&VERSION))]);

/// The types that are no enum.
pub const TYPES: &[&str] = &["bool", "date", "quantity", "text", "list"];

/// Keys that only facts of one type have.
const OF_TYPE: &[(&str, &[&str])] = &[
    ("date", &["never"]),
    ("quantity", &["unit", "min", "max", "integer"]),
    ("list", &["of", "unit", "label_by", "unique_by", "identity", "no_overlap", "fields"]),
];

/// Those keys of a declaration that a fact of this type has.
pub fn of_type(keys: &Keys, ty: &str) -> Vec<&'static Key> {
    let fits = |key: &&Key| {
        let mut types = OF_TYPE.iter().filter(|(_, keys)| keys.contains(&key.name)).map(|(ty, _)| *ty).peekable();
        types.peek().is_none() || types.any(|known| known == ty)
    };
    keys.keys.iter().filter(fits).collect()
}

/// Their names.
pub fn names_of_type(keys: &Keys, ty: &str) -> Vec<&'static str> {
    of_type(keys, ty).iter().map(|key| key.name).collect()
}

/// A policy file.
pub static DOCUMENT: Keys = Keys {
    id: "policy-file",
    at: &[],
    keys: &[
        Key::needed("policy", Kind::Table(&POLICY), "文件本身", "the document"),
        Key::new("units", Named(&Kind::Table(&UNIT)), "计量单位", "units"),
        Key::new("enums", Named(&Kind::Table(&ENUM)), "选项", "sets of words"),
        Key::new("applicants", Named(&Kind::Table(&LABEL)), "申请人类别", "kinds of applicants"),
        Key::new("categories", Named(&Kind::Table(&LABEL)), "用途类别", "what a benefit is for"),
        Key::new("facts", Named(&Declared(&FACT)), "向申请人询问的事实", "facts that applicants are asked for"),
        Key::new(
            "parameters",
            Named(&Declared(&PARAMETER)),
            "文件引自他处的数值",
            "values that the document takes from elsewhere",
        ),
        Key::new(
            "readings",
            Named(&Kind::Table(&READING)),
            "可以有不同理解的条文",
            "sentences that can be read in several ways",
        ),
        Key::new(
            "texts",
            Named(&Kind::Table(&TEXTS)),
            "清单：与之对照的代码、名称",
            "lists of texts that one is held against: codes, names",
        ),
        Key::new(
            "define",
            Named(&Expression),
            "各条款都可使用的名称，只能用前面的",
            "names that every clause may use; each may use earlier ones",
        ),
        Key::new("table", Named(&LOOKUP), "各条款都可使用的表", "tables that every clause may use"),
        Key::new("scale", Named(&LOOKUP), "各条款都可使用的分档", "scales that every clause may use"),
        Key::new("let", Named(&STEP), "各条款都可使用的中间值", "intermediate values that every clause may use"),
        Key::new(
            "consistent",
            List(&Kind::Table(&CONSISTENT)),
            "相互矛盾的事实予以退回",
            "facts that contradict each other are refused",
        ),
        Key::new("overlap", Kind::Table(&OVERLAP), "与其他政策重复的处理", "other schemes' money for the same thing"),
        Key::new(
            "highest_only",
            List(&Kind::Table(&HIGHEST_ONLY)),
            "几条中只取最高",
            "of several clauses only the highest counts",
        ),
        Key::new(
            "limits",
            List(&Joined(&[&OVER_CLAUSES, &LIMIT])),
            "几条合计的名额或限额",
            "how many, or how much, for several clauses together",
        ),
        Key::new(
            "accepted",
            List(&Kind::Table(&ACCEPTED)),
            "检查所见、确系原文如此的",
            "findings of a check that are as the law has them",
        ),
        Key::needed("clauses", List(&Kind::Table(&CLAUSE)), "条款", "the clauses"),
    ],
};

/// A vocabulary.
pub static VOCABULARY_DOCUMENT: Keys = Keys {
    id: "vocabulary-file",
    at: &[],
    keys: &[
        Key::needed("vocabulary", Kind::Table(&VOCABULARY), "词表本身", "the vocabulary"),
        Key::new("units", Named(&Kind::Table(&UNIT)), "计量单位", "units"),
        Key::new("enums", Named(&Kind::Table(&ENUM)), "选项", "sets of words"),
        Key::new("applicants", Named(&Kind::Table(&LABEL)), "申请人类别", "kinds of applicants"),
        Key::new("categories", Named(&Kind::Table(&LABEL)), "用途类别", "what a benefit is for"),
        Key::new("facts", Named(&Declared(&FACT)), "多份政策都询问的事实", "facts that several policies ask for"),
    ],
};

/// A supplement.
pub static SUPPLEMENT_DOCUMENT: Keys = Keys {
    id: "supplement-file",
    at: &[],
    keys: &[
        Key::needed("policy", Kind::Table(&SUPPLEMENT), "补充文件本身", "the supplement"),
        Key::new("units", Named(&Kind::Table(&UNIT)), "计量单位", "units"),
        Key::new("enums", Named(&Kind::Table(&ENUM)), "选项", "sets of words"),
        Key::new("applicants", Named(&Kind::Table(&LABEL)), "申请人类别", "kinds of applicants"),
        Key::new("categories", Named(&Kind::Table(&LABEL)), "用途类别", "what a benefit is for"),
        Key::new("facts", Named(&Declared(&FACT)), "另外询问的事实", "further facts"),
        Key::new("parameters", Named(&Kind::Table(&PARAMETER_VALUE)), "参数的数值", "values of parameters"),
        Key::new(
            "readings",
            Named(&Kind::Table(&READING)),
            "可以有不同理解的条文",
            "sentences that can be read in several ways",
        ),
        Key::new("clauses", List(&Joined(&[&REVISION, &CLAUSE])), "新增或代替的条款", "clauses added or revised"),
    ],
};

/// `[texts.excluded]`
pub static TEXTS: Keys = Keys {
    id: "texts",
    at: &["texts.*"],
    keys: &[
        Key::new("label", Words, "名称", "what it is called"),
        Key::new("is", List(&Text), "各项", "the texts"),
        Key::new("file", Text, "政策文件旁的文本文件，每行一项", "a file beside the policy's, one text a line"),
    ],
};

/// `[policy]`, of a policy.
pub static POLICY: Keys = Keys {
    id: "policy",
    at: &["policy"],
    keys: &[
        Key::needed("id", Text, "编号", "its id"),
        Key::needed("title", Words, "名称", "its title"),
        Key::needed("issuer", Words, "发文机关", "who issued it"),
        Key::new("office", Words, "责任单位，条款另有规定的除外", "who is responsible, unless a clause names another"),
        Key::new("place", Words, "适用地域", "where it holds"),
        Key::new(
            "places",
            List(&Kind::Table(&PLACE)),
            "地名、别名和隶属；place 须以其中一地的名称结尾",
            "places by all their names, and what lies inside what; `place` ends with a name of the one where it holds",
        ),
        Key::new("level", Chosen(Set::Levels), "哪一级的资金", "whose money it is"),
        Key::needed("status", Chosen(Set::Standings), "是否有效", "whether it is in force"),
        Key::new("effective", Kind::Table(&WINDOW), "有效期", "its window"),
        Key::new("uses", Texts, "所用词表", "vocabularies"),
        Key::new(
            "todo",
            Texts,
            "尚未核定的各项；有它就不核算",
            "what nobody has confirmed; nothing is calculated until it is gone",
        ),
        Key::new(
            "triggers_until",
            Expression,
            "触发事项和计发月份的最后一天；默认 window.to",
            "last day for triggers and accrued months; default `window.to`",
        ),
        Key::new(
            "payable_until",
            Expression,
            "最后发放日；默认 never",
            "the last evaluation date on which anything is paid; default `never`",
        ),
        Key::new("notes", List(&Words), "对整份文件的说明", "what an officer should know of the whole"),
    ],
};

/// `places`
pub static PLACE: Keys = Keys {
    id: "place",
    at: &["policy.places"],
    keys: &[
        Key::needed("names", Texts, "名称和别名", "its names"),
        Key::new("within", Text, "位于哪里，写前面某一地的名称", "what it lies in: a name of an earlier place"),
    ],
};

/// `[policy]`, of a supplement.
pub static SUPPLEMENT: Keys = Keys {
    id: "supplement",
    at: &["policy"],
    keys: &[
        Key::needed("id", Text, "编号", "its id"),
        Key::needed("title", Words, "名称", "its title"),
        Key::needed("supplements", Text, "所补充政策的编号", "the id of the policy that it supplements"),
        Key::new("invented", Bool, "数值是否虚构（示例）", "whether its figures are not real: a sample"),
    ],
};

/// `[vocabulary]`
pub static VOCABULARY: Keys = Keys {
    id: "vocabulary",
    at: &["vocabulary"],
    keys: &[Key::needed("id", Text, "编号", "its id"), Key::new("title", Words, "名称", "its title")],
};

/// `{ from, to }`
pub static WINDOW: Keys = Keys {
    id: "window",
    at: &["policy.effective", "clauses.effective"],
    keys: &[Key::new("from", Day, "首日", "first day"), Key::new("to", Day, "末日", "last day")],
};

/// `{ zh, en }`
pub static WORDS: Keys = Keys {
    id: "words",
    at: &[
        "policy.title",
        "policy.issuer",
        "policy.office",
        "policy.place",
        "policy.notes",
        "vocabulary.title",
        "enums.*.label",
        "enums.*.words.*",
        "applicants.*.label",
        "categories.*.label",
        "facts.*.label",
        "facts.*.ask",
        "facts.*.fields.*.label",
        "facts.*.fields.*.ask",
        "parameters.*.label",
        "parameters.*.ask",
        "readings.*.question",
        "readings.*.options.*",
        "readings.*.because",
        "overlap.title",
        "clauses.title",
        "clauses.summary",
        "clauses.office",
    ],
    keys: &[Key::needed("zh", Text, "中文", "in Chinese"), Key::needed("en", Text, "英文", "in English")],
};

/// `[units."人"]`
pub static UNIT: Keys = Keys {
    id: "unit",
    at: &["units.*"],
    keys: &[
        Key::needed("en", Kind::Table(&UNIT_NAMES), "英文名称", "its English name"),
        Key::new("counts", Bool, "是否可以只写整数", "whether bare whole numbers are accepted"),
        Key::new("money", Bool, "是否为本政策的货币", "whether the policy pays in it"),
        Key::new("decimals", Number, "货币的小数位数，不写为 2", "decimals of money, 2 if not given"),
        Key::new("aliases", Texts, "别名", "other words for it"),
        Key::new("equals", Text, "等于多少，如 \"12个月\"", "what one of it is, such as \"12个月\""),
    ],
};

/// How a unit is called in English.
pub static UNIT_NAMES: Keys = Keys {
    id: "unit-name",
    at: &["units.*.en"],
    keys: &[Key::needed("one", Text, "单数", "of one"), Key::needed("many", Text, "复数", "of several")],
};

/// `[enums.degree]`
pub static ENUM: Keys = Keys {
    id: "enum",
    at: &["enums.*"],
    keys: &[
        Key::needed("label", Words, "名称", "what it is called"),
        Key::new("ordered", Bool, "是否由低到高排列", "whether the words stand in ascending order"),
        Key::needed("words", Named(&Words), "选项及其名称", "the words with their labels"),
        Key::new(
            "in_tables",
            Kind::Table(&IN_TABLES),
            "登记表上的其他写法，供 duixian columns 识别",
            "what tables have in place of the words, for duixian columns",
        ),
    ],
};

/// `[enums.degree.in_tables]`
pub static IN_TABLES: Keys = Keys {
    id: "in-tables",
    at: &["enums.*.in_tables"],
    keys: &[
        Key::new("beside", Texts, "加在词上而不改变含义的字样", "what may stand beside a word and changes nothing"),
        Key::new("same", Named(&Texts), "与某词同义的写法", "what means the same as a word"),
        Key::new(
            "perhaps",
            Named(&Texts),
            "多半指某词、须有人核对的写法",
            "what probably means a word, and is to be looked at",
        ),
    ],
};

/// `[applicants.person]`, `[categories.housing]`
pub static LABEL: Keys = Keys {
    id: "labelled",
    at: &["applicants.*", "categories.*"],
    keys: &[Key::needed("label", Words, "名称", "what it is called")],
};

/// `[facts.degree]` and the fields of lists: every key, whatever the type.
pub static FACT: Keys = Keys {
    id: "fact",
    at: &["facts.*", "facts.*.fields.*"],
    keys: &[
        Key::needed(
            "type",
            Chosen(Set::Types),
            "类型：bool、date、quantity、text、list，或一组选项",
            "bool, date, quantity, text, list, or an enum",
        ),
        Key::new("unit", Text, "单位", "its unit"),
        Key::new(
            "of",
            Text,
            "所属名单：每条记录按同名字段属于其中一条",
            "the list to whose records those of this one belong, by the fields of the same names",
        ),
        Key::new("label_by", Text, "作为记录名称的字段", "the text or date field that names a record"),
        Key::new(
            "unique_by",
            Texts,
            "相同即为同一事项的字段或日期",
            "what makes a record the same thing: fields, or expressions over them",
        ),
        Key::new(
            "identity",
            Text,
            "区分同名者的字段，如证件号码",
            "the field, such as a number on a card, that tells apart those of one name",
        ),
        Key::new(
            "no_overlap",
            Kind::Table(&NO_OVERLAP),
            "同一事项的各段时间不得重叠",
            "periods of the same thing that may not overlap",
        ),
        Key::new("min", Number, "最小值", "the least"),
        Key::new("max", Number, "最大值", "the most"),
        Key::new("integer", Bool, "是否只能是整数", "whether only whole numbers are accepted"),
        Key::new(
            "absent",
            Either(&[Bool, OneOf(&["never", "empty"])]),
            "不填的含义：false、\"never\"、\"empty\"",
            "what a blank means: false, \"never\", \"empty\"",
        ),
        Key::new("never", Bool, "是否可能没有发生", "whether it may not have happened"),
        Key::needed("label", Words, "名称", "what it is called"),
        Key::new("ask", Words, "要问的话", "the question to put"),
        Key::needed("fields", Named(&Declared(&FACT)), "字段，写法与事实相同", "the fields, declared like facts"),
    ],
};

/// `no_overlap = { … }` of a list.
pub static NO_OVERLAP: Keys = Keys {
    id: "no-overlap",
    at: &["facts.*.no_overlap"],
    keys: &[
        Key::needed("from", Expression, "首日", "the first day"),
        Key::needed("until", Expression, "末日", "the last day"),
        Key::new("within", Texts, "在什么之内；默认整份名单", "within what; default: the whole list"),
    ],
};

/// `[parameters.station_grant]`: every key, whatever the type.
pub static PARAMETER: Keys = Keys {
    id: "parameter",
    at: &["parameters.*"],
    keys: &[
        Key::needed(
            "type",
            Chosen(Set::Types),
            "类型：bool、date、quantity、text、list，或一组选项",
            "bool, date, quantity, text, list, or an enum",
        ),
        Key::new("unit", Text, "单位", "its unit"),
        Key::new("min", Number, "最小值", "the least"),
        Key::new("max", Number, "最大值", "the most"),
        Key::new("integer", Bool, "是否只能是整数", "whether only whole numbers are accepted"),
        Key::new(
            "absent",
            Either(&[Bool, OneOf(&["never", "empty"])]),
            "不填的含义：false、\"never\"、\"empty\"",
            "what a blank means: false, \"never\", \"empty\"",
        ),
        Key::new("never", Bool, "是否可能没有发生", "whether it may not have happened"),
        Key::new("value", Anything, "数值，已知时写", "its value, where it is known"),
        Key::needed("label", Words, "名称", "what it is called"),
        Key::new("ask", Words, "要问的话", "the question to put"),
        Key::new("stands_in", Text, "载明数值的文件", "the document that has it"),
    ],
};

/// `[parameters.station_grant]`, of a supplement.
pub static PARAMETER_VALUE: Keys = Keys {
    id: "given-parameter",
    at: &["parameters.*"],
    keys: &[
        Key::needed("value", Anything, "数值", "its value"),
        Key::new("from", Day, "从哪天起", "the day from which it holds"),
        Key::needed("written_in", Text, "载于何处", "where it is written"),
    ],
};

/// `[readings.article5_cap]`
pub static READING: Keys = Keys {
    id: "reading",
    at: &["readings.*"],
    keys: &[
        Key::needed("question", Words, "问题", "the question"),
        Key::needed("options", Named(&Words), "可选的理解", "the options"),
        Key::needed("default", Text, "默认取哪一种", "the option that is taken"),
        Key::needed("because", Words, "理由", "why"),
        Key::new("sure", OneOf(&["high", "medium", "low"]), "把握", "how sure this is"),
    ],
};

/// Every kind of table.
pub static ALL: &[&Keys] = &[
    &DOCUMENT,
    &VOCABULARY_DOCUMENT,
    &SUPPLEMENT_DOCUMENT,
    &POLICY,
    &PLACE,
    &SUPPLEMENT,
    &VOCABULARY,
    &WINDOW,
    &WORDS,
    &UNIT,
    &UNIT_NAMES,
    &ENUM,
    &IN_TABLES,
    &LABEL,
    &FACT,
    &PARAMETER,
    &PARAMETER_VALUE,
    &READING,
    &CONSISTENT,
    &OVERLAP,
    &HIGHEST_ONLY,
    &OVER_CLAUSES,
    &ACCEPTED,
    &CLAUSE,
    &REVISION,
    &VERSION,
    &LOOKUP_VERSION,
    &CONDITION,
    &LET,
    &ACCRUAL,
    &INSTALLMENT,
    &ROUNDING,
    &LIMIT,
    &DISPLACES,
    &FIGURE,
];

/// The keys of the table at a path, in order; of a policy and of a supplement, where both may stand there. Empty where the
/// file chooses the keys, and their order may mean something.
pub fn at(path: &[&str]) -> Vec<&'static str> {
    let mut keys: Vec<&'static str> = Vec::new();
    // Which clause is revised is said before what it becomes.
    let known = std::iter::once(&REVISION).chain(ALL.iter().copied()).filter(|known| known.stands_at(path));
    for key in known.flat_map(|known| known.keys) {
        if !keys.contains(&key.name) {
            keys.push(key.name);
        }
    }
    keys
}
