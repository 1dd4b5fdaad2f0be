//! Rules over the whole policy, and between its clauses.

use crate::keys::{Key, Keys, Kind};

use Kind::{Expression, List, Text, Texts, Words};

/// `[[consistent]]`
pub static CONSISTENT: Keys = Keys {
    id: "consistent",
    at: &["consistent"],
    keys: &[
        Key::new("each", Text, "逐条记录检验，如 \"classes as class\"", "for each record: \"classes as class\""),
        Key::new(
            "pairs",
            Text,
            "每两条记录一并检验，如 \"classes as one, another\"",
            "for every two records: \"classes as one, another\"",
        ),
        Key::new(
            "next_by",
            Expression,
            "只检验按此项前后相邻的两条",
            "only for two records that follow one another by this",
        ),
        Key::needed("test", Expression, "须成立的条件", "what must hold"),
        Key::needed("zh", Text, "中文说法", "in Chinese"),
        Key::needed("en", Text, "英文说法", "in English"),
    ],
};

/// `[overlap]`
pub static OVERLAP: Keys = Keys {
    id: "overlap",
    at: &["overlap"],
    keys: &[
        Key::needed("cite", Text, "所在条文", "where it stands"),
        Key::needed("title", Words, "名称", "what it is called"),
        Key::new("counts", Expression, "某笔待遇（other）是否相抵", "whether an entry `other` is set off"),
        Key::new("method", Expression, "difference（补差）或 nothing_more（不再发）", "difference or nothing_more"),
        Key::new("by_installment", Expression, "是否逐期相抵", "whether part is set off against part"),
    ],
};

/// `[[highest_only]]`
pub static HIGHEST_ONLY: Keys = Keys {
    id: "highest-only",
    at: &["highest_only"],
    keys: &[
        Key::needed("clauses", List(&Text), "条款编号", "ids of clauses"),
        Key::new("when", Expression, "适用的条件；默认总是", "whether it applies; default: always"),
        Key::needed("cite", Text, "所在条文", "where it stands"),
        Key::needed("zh", Text, "中文说法", "in Chinese"),
        Key::needed("en", Text, "英文说法", "in English"),
    ],
};

/// What `[[limits]]` has besides what a clause's own `limits` have.
pub static OVER_CLAUSES: Keys = Keys {
    id: "limit-over-clauses",
    at: &["limits"],
    keys: &[
        Key::needed(
            "clauses",
            List(&Text),
            "条款编号，不写 `order` 时先写的先得",
            "ids of clauses; without `order` they come in this order",
        ),
        Key::needed("cite", Text, "所在条文", "where it stands"),
    ],
};

/// `[[accepted]]`
pub static ACCEPTED: Keys = Keys {
    id: "accepted",
    at: &["accepted"],
    keys: &[
        Key::needed("check", Text, "检查的名称", "the check's name"),
        Key::needed("of", Texts, "所涉条款、事实或两个条款", "the clause, fact or two clauses that it is about"),
        Key::needed("zh", Text, "中文理由", "why, in Chinese"),
        Key::needed("en", Text, "英文理由", "why, in English"),
    ],
};
