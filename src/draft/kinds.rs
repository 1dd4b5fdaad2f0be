//! What kind of benefit the words of an article speak for, and for whom.

use crate::draft::{MOST_WORDS, Placed};

/// Words without a measure, which somebody has to judge.
pub(super) const VAGUE: &[&str] = &[
    "适当",
    "酌情",
    "一事一议",
    "一人一策",
    "优先",
    "成效显著",
    "突出贡献",
    "贡献突出",
    "成绩突出",
    "特别优秀",
    "急需紧缺",
    "符合条件",
    "有关规定",
    "相关规定",
    "视情",
    "根据实际",
    "给予支持",
    "重点支持",
    "加大",
    "较高",
    "较大",
];

/// Words that can be read in two ways.
pub(super) const DOUBTFUL: &[&str] = &[
    "以上",
    "以下",
    "以内",
    "以前",
    "以后",
    "最高",
    "每年",
    "年度",
    "同时",
    "原则上",
    "可以",
    "首次",
    "新引进",
    "累计",
    "同一",
    "不重复",
    "从高",
    "满",
    "期满",
    "当年",
    "连续",
    "一次性",
    "分别",
    "优惠",
    "等额",
    "左右",
];

/// The words of a list that a text has, each once, as many as a line takes.
pub(super) fn found(text: &str, words: &'static [&'static str]) -> Vec<&'static str> {
    words.iter().copied().filter(|word| text.contains(word)).take(MOST_WORDS).collect()
}

fn any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

const PAID: &[&str] = &[
    "补贴",
    "补助",
    "奖励",
    "资助",
    "奖金",
    "津贴",
    "配套",
    "贴息",
    "经费支持",
    "资金支持",
    "支持",
    "报销",
    "减免",
    "给予",
    "补偿",
];
const FORMAL: &[&str] = &[
    "施行",
    "负责解释",
    "制定本",
    "本措施所称",
    "本办法所称",
    "本意见所称",
    "是指",
    "指导思想",
    "总体要求",
    "基本原则",
    "组织领导",
    "加强领导",
    "取消资格",
    "追回",
    "从高不重复",
    "不重复享受",
    "从高原则",
    "专账管理",
    "截留",
    "总结宣传",
    "营造",
    "坚持以",
    "应当坚持",
];

/// Words of sums over several articles.
pub(super) const TOGETHER: &[&str] = &["合计", "累计", "总计", "之和", "总额"];

/// The kind whose words an article has, the surest first.
pub(super) fn kind(text: &str, figures: &[Placed], documents: &[String]) -> &'static str {
    let has = |words: &[&str]| any(text, words);
    let of = |name: &str| figures.iter().any(|figure| figure.guess.name == name);
    let money = figures.iter().any(|figure| figure.money);
    let share = of("share");
    let goal = has(&["力争", "目标", "达到", "累计引进", "建成", "新增", "培育", "引进"]) && of("day");
    let pays = has(PAID);
    if goal && !has(&["给予", "奖励", "补贴", "补助"]) && has(&["力争", "目标", "到20", "达到", "累计"])
    {
        return "target";
    }
    // 两项补助合计不超过…: a limit over clauses, which pays nothing itself.
    if has(TOGETHER) && text.matches('条').count() >= 2 && !has(&["给予", "奖励"]) {
        return "principle";
    }
    // Interest that is paid is no loan.
    if has(&["贷款", "信贷"]) && money && !has(&["贴息", "利息补贴", "保费补贴"]) {
        return "loan";
    }
    if money
        && has(&["安排", "设立", "统筹", "筹集", "预算"])
        && has(&["专项资金", "专项经费", "财政", "基金", "引导资金"])
        && !has(&["给予", "奖励"])
    {
        return "budget";
    }
    if money && pays || share && has(&["补贴", "补助", "资助", "配套", "贴息"]) {
        return "grant";
    }
    if has(FORMAL) && !has(&["给予"]) {
        return "principle";
    }
    if has(&["给予", "发放", "享受", "兑现"])
        && has(&["奖励", "资助", "补助", "补贴", "经费", "津贴", "资金", "支持", "激励"])
    {
        return "discretion";
    }
    if !documents.is_empty() && has(&["给予"]) && has(&["救助", "补偿"]) {
        return "grant";
    }
    if !documents.is_empty() && has(&["补贴", "补助", "奖励", "贴息"]) {
        return "discretion";
    }
    if share && has(&["收益", "转化", "净收入", "股权"]) {
        return "share";
    }
    if of("term") && has(&["延长", "保留", "离岗", "周转", "租住", "在岗", "任期", "累计不超过"]) {
        return "term";
    }
    if has(&[
        "认定",
        "评选",
        "评审",
        "具备下列",
        "下列条件",
        "以下条件",
        "条件",
        "资格",
        "申报",
        "荣誉",
        "考核",
        "评估",
        "职称",
        "直接申报",
    ]) && !has(&["提供", "优先安排", "绿色通道"])
    {
        return "status";
    }
    if has(&[
        "提供",
        "优先",
        "落户",
        "入学",
        "就医",
        "医疗",
        "绿色通道",
        "协助",
        "便利",
        "办理",
        "一站式",
        "公寓",
        "搭建",
        "保障",
        "代办",
    ]) {
        return "service";
    }
    "principle"
}

/// Whom words name, and what kind of applicant that is.
const APPLICANTS: &[(&str, &str)] = &[
    ("企业", "enterprise"),
    ("公司", "enterprise"),
    ("用人单位", "enterprise"),
    ("设站单位", "enterprise"),
    ("高校", "university"),
    ("院校", "university"),
    ("高等学校", "university"),
    ("科研院所", "institute"),
    ("研究院", "institute"),
    ("研究所", "institute"),
    ("工作站", "platform"),
    ("实验室", "platform"),
    ("研发平台", "platform"),
    ("载体", "platform"),
    ("机构", "institution"),
    ("园区", "park"),
    ("孵化基地", "park"),
    ("协会", "association"),
    ("人才", "person"),
    ("人员", "person"),
    ("个人", "person"),
    ("博士", "person"),
    ("硕士", "person"),
    ("毕业生", "person"),
    ("选手", "person"),
    ("技师", "person"),
    ("技工", "person"),
    ("职工", "person"),
    ("教师", "person"),
    ("团队", "person"),
    ("专家", "person"),
];

/// Who is paid: whom the words before the first 给予 name last, or else whom the article names first.
pub(super) fn applicants(text: &str) -> Vec<&'static str> {
    // A longer text names everybody somewhere.
    let text: String = text.chars().take(400).collect();
    let paid = ["给予", "发放", "奖励", "补助", "资助"].iter().filter_map(|word| text.find(word)).min();
    let sentence =
        paid.and_then(|at| text.get(..at)).map(|before| before.rsplit(['。', '；', '\n']).next().unwrap_or(before));
    let named = |part: &str| {
        let mut found: Vec<(usize, &'static str)> =
            APPLICANTS.iter().filter_map(|(word, kind)| Some((part.rfind(word)?, *kind))).collect();
        found.sort_by_key(|(at, _)| *at);
        found.last().map(|(_, kind)| *kind)
    };
    if let Some(kind) = sentence.and_then(named) {
        return vec![kind];
    }
    let first = APPLICANTS.iter().filter_map(|(word, kind)| Some((text.find(word)?, *kind))).min();
    first.map(|(_, kind)| kind).into_iter().collect()
}
