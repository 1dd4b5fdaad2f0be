//! The words of the reports, in both languages: column heads, statuses, and what joins the parts of a sentence.

use super::ink::Ink;
use crate::assess::model::{Line, Status};
use crate::lang::{Lang, Text};
use crate::source::clean;

macro_rules! words {
    ($($name:ident: $zh:literal, $en:literal;)*) => {
        $(pub static $name: Text = Text::new($zh, $en);)*
    };
}

words! {
    // Column heads.
    CLAUSE: "条款", "Clause";
    TITLE: "项目", "Item";
    CALCULATION: "计算", "Calculation";
    WORKING: "项目与计算", "Item and calculation";
    MATTER: "项目、计算与结论", "Item, calculation and conclusion";
    ENTITLED: "应得", "Entitled";
    AWARDED: "核定", "Awarded";
    PAID: "已发", "Paid";
    DUE: "本次应发", "Due now";
    USED: "已用", "Used";
    LEFT: "剩余", "Left";
    CONCLUSION: "结论", "Conclusion";
    OVERPAID: "多发", "Overpaid";
    WHOLE_TERM: "全期合计", "Whole term";
    OF_LIMIT: "同限额各条合计核定", "Awarded within the limit in all";
    OF_LIMIT_LIFETIME: "同限额各条全期合计", "Whole term within the limit in all";
    WITHOUT_END: "不设期限", "without end";

    // Headings below the table.
    NOTES: "注", "Notes";
    TOTALS: "合计", "Totals";
    PARTS: "合计中各部分", "Parts of the totals";
    NOT_COUNTED: "未计入合计", "Not counted in the totals";
    MISSING: "待补事实", "Facts to be supplied";
    READINGS: "换一种读法，结果不同", "Where another reading would change the result";
    WARNINGS: "注意", "Warnings";
    LEFT_OUT: "未测算的政策", "Policies not applied";

    // A statement.
    STATEMENT: "政策兑现核定表", "Statement of assessment";
    APPLICANT: "申请人", "Applicant";
    KIND: "类别", "Kind";
    AS_OF: "评估日期", "As of";
    UNIT: "金额单位", "Amounts in";
    YUAN: "元", "yuan";
    POLICY: "政策", "Policy";
    ISSUER: "发文机关", "Issuer";
    OFFICE: "责任单位", "Responsible";
    STANDING: "状态", "Status";
    WINDOW: "有效期", "Validity";
    EXPIRED: "已过有效期", "expired";
    NOT_STATED: "未写明", "not stated";
    BREAKDOWN: "逐条核定", "Breakdown";
    BASIS: "计算依据", "Worked out from";
    PROGRAM: "程序", "Program";
    ID: "编号", "Id";
    DATE: "日期", "Date";
    NO_BASIS: "不作为发放依据", "no basis for payment";

    // What is paid now.
    THIS_PAYMENT: "本次发放", "This payment";
    PERIOD: "所属期间", "For";
    IN_ALL: "合计", "In all";
    IN_WORDS: "大写", "In words";
    TO_TAKE_BACK: "应抵扣或待收回", "To be set off or paid back";
    NOT_SETTLED: "金额尚未确定，不能据此发放", "the amount is not settled, and nothing can be paid by it";

    // Values.
    YES: "是", "yes";
    NO: "否", "no";
    OPEN: "待定", "open";
    NEVER: "未发生", "never";
    ANY_AMOUNT: "金额待定", "any amount";
    NO_AMOUNT: "—", "—";

    NO_CLAUSES: "没有条款", "No clauses";

    // Parts of a conclusion.
    TO_SUPPLY: "待补", "To be supplied";
    READ_OTHERWISE: "另有读法，见下", "Can be read otherwise, see below";

    // What joins the parts of a sentence.
    COLON: "：", ": ";
    SEMICOLON: "；", "; ";
    COMMA: "，", ", ";
    LISTED: "、", ", ";
}

/// Words from a file, in one language, as they may go to a terminal.
pub fn say(text: &Text, lang: Lang) -> String {
    clean(text.get(lang))
}

/// Words in brackets behind others, as the language sets them: `（个人）`, ` (person)`.
pub fn bracketed(text: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("（{text}）"),
        Lang::En => format!(" ({text})"),
    }
}

/// A status in words, and its colour.
fn status(status: Status) -> (Text, Ink) {
    match status {
        Status::Eligible => (Text::new("符合", "Eligible"), Ink::Green),
        Status::Met => (Text::new("符合", "Met"), Ink::Green),
        Status::Stated => (Text::new("载明", "Stated"), Ink::Bold),
        Status::NotEligible => (Text::new("不符合", "Not eligible"), Ink::Red),
        Status::Undetermined => (Text::new("待定", "Undetermined"), Ink::Yellow),
        Status::NotApplicable => (Text::new("不适用", "Not applicable"), Ink::Dim),
    }
}

/// The status of a line in words that suit its kind, and its colour.
pub fn status_of(line: &Line) -> (Text, Ink) {
    status_as(line.status, line.kind)
}

/// A status in words that suit a kind of benefit: a goal is reached or not, nobody is eligible for it.
pub fn status_as(found: Status, kind: &str) -> (Text, Ink) {
    match (found, kind) {
        (Status::NotEligible, "target") => (Text::new("未达到", "Not reached"), Ink::Red),
        // A term or a figure is nobody's merit: it applies, or it does not.
        (Status::Eligible, "term" | "figure") => (Text::new("适用", "Applies"), Ink::Green),
        (Status::Met, "target") => (Text::new("达到", "Reached"), Ink::Green),
        _ => status(found),
    }
}

/// What a step did to the amount, before the amount it left; `None` for a step that is told by its label alone.
pub fn bounding(kind: &str) -> Option<Text> {
    Some(match kind {
        "floor" => Text::new("保底提高至", "raised to"),
        "cap" => Text::new("封顶至", "capped to"),
        "not_negative" | "rounding" => Text::new("计", "giving"),
        "conditions" | "limit" | "displaced" | "highest_only" | "overlap" | "payable_until" => {
            Text::new("余", "leaving")
        }
        _ => return None,
    })
}
