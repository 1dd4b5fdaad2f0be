//! The keys of case files. Facts, payments and other benefits are those of applicant files.

use crate::applicant::keys::PAID;
use crate::keys::{Key, Keys, Kind, Set};

use Kind::{Anything, Chosen, Day, Either, List, Named, Number, Text, Texts};

/// The whole file.
pub static FILE: Keys = Keys {
    id: "case-file",
    at: &[],
    keys: &[
        Key::new("applicant", Kind::Table(&HEAD), "各案例共用的申请人", "the applicant of all cases"),
        Key::new("facts", Anything, "各案例共用的事实", "facts of all cases"),
        Key::needed("cases", List(&Kind::Table(&CASE)), "案例", "the cases"),
    ],
};

/// `[applicant]`
pub static HEAD: Keys = Keys {
    id: "applicant",
    at: &["applicant"],
    keys: &[
        Key::new("name", Text, "姓名或单位名称", "the name"),
        Key::needed("kind", Chosen(Set::Applicants), "申请人类别", "the kind of applicant"),
        Key::new("place", Texts, "所在地", "where"),
        Key::new("as_of", Day, "评估日期", "the evaluation date"),
    ],
};

/// `[[cases]]`
pub static CASE: Keys = Keys {
    id: "case",
    at: &["cases"],
    keys: &[
        Key::needed("name", Text, "说明什么", "what it shows"),
        AS_OF,
        FACTS,
        UNSET,
        PAYMENTS,
        BENEFITS,
        Key::new(
            "parameters",
            Anything,
            "参数的数值，代替政策的或补上没有的",
            "values of parameters, in place of the policy's or where it has none",
        ),
        Key::new("readings", Anything, "不取默认选项的读法", "options of readings other than the defaults"),
        Key::new(
            "applicants",
            List(&Kind::Table(&APPLICANT)),
            "同案的几位申请人，涉及全部申请人的限额在其间核定",
            "several applicants; limits over all applicants are settled among them",
        ),
        EXPECT,
        Key::new(
            "refused",
            Texts,
            "代替 expect：事实相互矛盾、应予退回的规则",
            "instead of expect: the rules by which the facts must be refused",
        ),
    ],
};

/// `[[cases.applicants]]`
pub static APPLICANT: Keys = Keys {
    id: "case-applicant",
    at: &["cases.applicants"],
    keys: &[
        Key::needed("id", Text, "编号；次序相同的按编号先后", "the id, which decides between equals in order"),
        Key::new(
            "kind",
            Chosen(Set::Applicants),
            "申请人类别，代替文件的",
            "the kind of applicant, instead of the file's",
        ),
        AS_OF,
        FACTS,
        UNSET,
        PAYMENTS,
        BENEFITS,
        EXPECT,
    ],
};

static PAYMENT: Kind = Kind::Table(&PAID);
static EXPECTED: Kind = Kind::Table(&LINE);

const AS_OF: Key = Key::new("as_of", Day, "评估日期，代替文件的", "the evaluation date, instead of the file's");
const FACTS: Key =
    Key::new("facts", Anything, "代替共用事实的事实", "facts that replace the shared ones of the same name");
const UNSET: Key = Key::new("unset", Texts, "不给出的共用事实", "shared facts that are not given");
const PAYMENTS: Key = Key::new("paid", List(&PAYMENT), "此前已发的款项", "what was paid before");
const BENEFITS: Key =
    Key::new("other_benefits", Anything, "从其他政策已享受的待遇", "what other schemes paid for the same thing");
const EXPECT: Key = Key::new(
    "expect",
    Named(&EXPECTED),
    "预期：条款（或“条款#第几条记录”）各行，`totals` 为合计",
    "what is expected of the line of a clause, or of clause#record; `totals`: of the sums",
);

/// What is expected of a line.
pub static LINE: Keys = Keys {
    id: "expected-line",
    at: &["cases.expect.*", "cases.applicants.expect.*"],
    keys: &[
        Key::new("status", Chosen(Set::Conclusions), "结论", "the conclusion"),
        Key::new("entitled", AMOUNT, "应得", "entitled"),
        AWARDED,
        DUE,
        LIFETIME,
        OVERPAID,
        Key::new("used", AMOUNT, "期限：已用", "of a term: used"),
        Key::new("left", AMOUNT, "期限：尚余", "of a term: left"),
        Key::new("over", AMOUNT, "期限：超出", "of a term: over"),
        Key::new("missing", Texts, "待补事实，须全部列出", "the facts that are missing, all of them"),
        Key::new("failed", Number, "不满足的条件有几项", "how many conditions fail"),
        Key::new("let", Anything, "中间值", "intermediate values"),
        Key::new("steps", Named(&AMOUNT), "各步之后的数额", "what steps leave of the amount"),
        PARTS,
        Key::new("there", Kind::Bool, "`false`：没有这一行", "`false`: there is no such line"),
    ],
};

/// What is expected of sums.
pub static SUMS: Keys = Keys {
    id: "expected-sums",
    at: &["cases.expect.totals", "cases.applicants.expect.totals"],
    keys: &[AWARDED, DUE, LIFETIME, OVERPAID, PARTS],
};

/// An amount that may be open; an end that is left out has no bound.
static RANGE: Keys = Keys {
    id: "expected-range",
    at: &[],
    keys: &[
        Key::new("at_least", Number, "至少", "at least"),
        Key::new("at_most", Number, "至多", "at most"),
        Key::new("about", Number, "不是金额的数，约为", "about; of a figure that is no money"),
        Key::new("within", Number, "与 `about` 相差不超过", "how far from `about` it may be"),
    ],
};

const AMOUNT: Kind = Either(&[Number, Kind::Table(&RANGE)]);
const PARTS: Key =
    Key::new("parts", Named(&Named(&AMOUNT)), "各部分的核定：`parts.year.2025`", "awarded by parts: `parts.year.2025`");
const AWARDED: Key = Key::new("awarded", AMOUNT, "核定", "awarded");
const DUE: Key = Key::new("due", AMOUNT, "应发", "due");
const LIFETIME: Key = Key::new("lifetime", AMOUNT, "全期合计", "the whole term");
const OVERPAID: Key = Key::new("overpaid", AMOUNT, "多发", "overpaid");
