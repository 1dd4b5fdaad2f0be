//! The keys of applicant files. What stands in `[facts]` is for the policies to say.

use crate::keys::{Key, Keys, Kind, Set};

use Kind::{Anything, Chosen, Day, Either, List, Number, Text, Texts};

/// The whole file.
pub static FILE: Keys = Keys {
    id: "applicant-file",
    at: &[],
    keys: &[
        Key::needed("applicant", Kind::Table(&HEAD), "谁申请", "who asks"),
        Key::new("facts", Anything, "已知的事实；没有写的即为未知", "what is known; what is not there is unknown"),
        Key::new("paid", List(&Kind::Table(&PAID)), "此前已发的款项", "what was paid before"),
        Key::new("other_benefits", Anything, "从其他政策已享受的待遇", "what other schemes paid for the same thing"),
    ],
};

/// `[applicant]`
pub static HEAD: Keys = Keys {
    id: "applicant",
    at: &["applicant"],
    keys: &[
        Key::new("name", Text, "姓名或单位名称", "the name"),
        Key::needed("kind", Chosen(Set::Applicants), "申请人类别", "the kind of applicant"),
        Key::new("place", Texts, "所在地；不指明政策时据此选用", "where; it decides where no policy is named"),
        Key::new("as_of", Day, "评估日期；默认当天", "the evaluation date; today if left out"),
    ],
};

/// `[[paid]]`
pub static PAID: Keys = Keys {
    id: "paid",
    at: &["paid"],
    keys: &[
        Key::needed("clause", Text, "条款，如 \"qingyuan/19.1\"", "the clause, such as \"qingyuan/19.1\""),
        Key::new("record", Either(&[Number, Text, Day]), "第几条记录，或其名称", "the number or name of the record"),
        Key::needed("amount", Number, "金额，如 \"36000元\"", "the amount, such as \"36000元\""),
        Key::new("on", Day, "发放日期", "the day"),
        Key::new(
            "award",
            Either(&[Number, Text, Day]),
            "属于哪一次核定（日期、文号或名称）；一次核定分次发放的写相同",
            "the award that it is a part of, by its day, number or name; the same for all parts of one award",
        ),
        Key::new("note", Anything, "备注", "a note"),
    ],
};

/// A record of a list: beside its fields.
pub static RECORD: Keys = Keys {
    id: "record",
    at: &["facts.*", "other_benefits"],
    keys: &[
        Key::new(
            "times",
            Either(&[Kind::Count, Kind::Range]),
            "代表几条完全相同的记录",
            "stands for so many equal records",
        ),
        Key::new(
            "more",
            Either(&[Kind::Bool, Kind::Count, Kind::Range]),
            "独占一条：名单另外还有（或可能有）记录",
            "alone in its record: there are, or may be, others beside those listed",
        ),
    ],
};
