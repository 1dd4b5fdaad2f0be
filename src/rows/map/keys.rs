//! The keys of a map of columns.

use crate::keys::{Key, Keys, Kind};

use Kind::{Anything, Count, Either, List, Named, OneOf, Table, Text, Texts};

/// The whole file.
pub static FILE: Keys = Keys {
    id: "columns-file",
    at: &[],
    keys: &[
        Key::new("keep", Texts, "原样带到结果中的列", "columns that are carried along to the results"),
        Key::new("leave", Texts, "不用的列", "columns that are not used"),
        Key::new("rows", Table(&ROWS), "列名和数据在哪些行", "where heads and rows stand"),
        Key::new("columns", Named(&Either(&[Text, Table(&COLUMN)])), "事实 = 列名", "fact = head"),
        Key::new(
            "lists",
            Named(&List(&Named(&Either(&[Text, Table(&COLUMN)])))),
            "名单在表中的各列，一条记录一节",
            "lists whose records stand beside each other, a table each",
        ),
        Key::new(
            "blank",
            Named(&OneOf(&["none", "unknown"])),
            "名单各列都空着时：none 为没有，unknown（默认）为不知",
            "a list whose columns are all empty: none, or unknown (the default)",
        ),
    ],
};

/// `[rows]`
pub static ROWS: Keys = Keys {
    id: "columns-rows",
    at: &["rows"],
    keys: &[
        Key::new("sheet", Text, "工作表；不写为第一张可见的", "the sheet; the first that is shown if left out"),
        Key::new("heads", List(&Count), "列名所在的行（默认 [1]）", "the lines of the heads ([1] if left out)"),
        Key::new("first", Count, "数据的第一行", "the first line of data"),
        Key::new(
            "beside",
            Texts,
            "没有编号、首个内容是这些字样的行不是申请人（合计、制表人）",
            "rows without an id that begin with these words are no applicants (a total, who made the table)",
        ),
    ],
};

/// What a column is.
pub static COLUMN: Keys = Keys {
    id: "column",
    at: &["columns.*"],
    keys: &[
        Key::needed("from", Text, "列名", "the head"),
        Key::new("unit", Text, "数字的单位（列名没有写时）", "the unit of its numbers, where the head has none"),
        Key::new("words", Named(&Anything), "表中字样 = 含义", "words of the table, with what they mean"),
        Key::new(
            "as",
            OneOf(&["citizen_id"]),
            "citizen_id：核对公民身份号码，取其中的出生日期",
            "citizen_id: verifies an identity number and takes the day of birth in it",
        ),
    ],
};
