//! Assessments made by hand, which between them have everything that a report can show.

use crate::assess::model::*;
use crate::assess::slot::Slot;
use crate::expr::formula::{Formula, Shown, UnitName};
use crate::lang::Text;
use crate::value::{Day, DayRange, Interval, Number};

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn unit(zh: &str, one: &str, many: &str) -> UnitName {
    UnitName { zh: zh.to_owned(), en_one: one.to_owned(), en_many: many.to_owned(), money: zh == "元" }
}

fn yuan() -> UnitName {
    unit("元", "yuan", "yuan")
}

fn between(lo: i64, hi: i64) -> Interval {
    Interval::between(Number::whole(lo), Number::whole(hi))
}

fn shown(interval: Interval, unit: UnitName, written: Option<&str>) -> Shown {
    Shown::Quantity { interval, unit, written: written.map(str::to_owned) }
}

fn whole(number: i64, zh: &str, one: &str, many: &str) -> Shown {
    shown(Interval::whole(number), unit(zh, one, many), None)
}

fn money(interval: Interval) -> Shown {
    shown(interval, yuan(), None)
}

fn per_month(number: i64) -> Formula {
    let unit = unit("元/月", "yuan/month", "yuan/month");
    Formula::Value(shown(Interval::whole(number), unit, Some(&format!("{number}元/月"))))
}

fn months(interval: Interval) -> Formula {
    Formula::Value(shown(interval, unit("个月", "month", "months"), None))
}

fn times(left: Formula, right: Formula) -> Formula {
    Formula::Operation { sign: "×", tightness: 2, left: Box::new(left), right: Box::new(right) }
}

fn plus(left: Formula, right: Formula) -> Formula {
    Formula::Operation { sign: "+", tightness: 1, left: Box::new(left), right: Box::new(right) }
}

fn step(kind: &'static str, zh: &'static str, en: &'static str, formula: Option<Formula>, value: Shown) -> Step {
    Step { kind, label: Text::new(zh, en), formula, value }
}

fn fact(name: &str, zh: &'static str, en: &'static str) -> FactName {
    FactName { name: name.to_owned(), label: Text::new(zh, en) }
}

/// Amounts of which nothing was paid before.
fn amounts(awarded: Interval) -> Amounts {
    Amounts {
        entitled: awarded,
        awarded,
        paid: Number::ZERO,
        due: awarded,
        overpaid: Interval::ZERO,
        lifetime: awarded,
    }
}

fn line(clause: &str, cite: &str, zh: &'static str, en: &'static str, status: Status) -> Line {
    Line {
        policy: "qingyuan".to_owned(),
        clause: clause.to_owned(),
        cite: cite.to_owned(),
        title: Text::new(zh, en),
        office: None,
        kind: "grant",
        kind_label: Text::new("补助", "grant"),
        counted: Counted::Total,
        record: None,
        status,
        conclusion: None,
        reason: Text::default(),
        because: None,
        gist: None,
        unit: Some(yuan()),
        amounts: None,
        term: None,
        installments: Vec::new(),
        steps: Vec::new(),
        failed: Vec::new(),
        missing: Vec::new(),
        ends: None,
        readings: Vec::new(),
        notes: Vec::new(),
        working: crate::assess::model::Working::default(),
        divisions: Vec::new(),
        claims: Vec::new(),
    }
}

fn qingyuan() -> PolicyHead {
    PolicyHead {
        id: "qingyuan".to_owned(),
        title: Text::new("清远高新区人才发展若干措施", "Talent Measures of Qingyuan High-tech Zone"),
        issuer: Text::new("清远高新区管委会", "Administrative Committee of Qingyuan High-tech Zone"),
        status: "draft",
        status_label: Text::new("征求意见稿", "draft for comment"),
        from: Some(day("2024-01-01")),
        to: Some(day("2026-12-31")),
        expired: false,
        currency: yuan(),
    }
}

fn draft() -> Warning {
    Warning {
        code: "draft",
        text: Text::new(
            "《清远高新区人才发展若干措施》为征求意见稿，尚未施行；以下按照稿计算，不构成发放依据",
            "The Talent Measures of Qingyuan High-tech Zone are a draft for comment and not in force; the figures show what the draft would pay and are no basis for payment",
        ),
    }
}

/// A young doctor: a monthly subsidy with a schedule, an open one, a refused one, a service, another kind of applicant.
pub fn person() -> Assessment {
    let mut housing = line("19.1", "第十九条第一项", "青年人才购房补贴", "Housing purchase subsidy", Status::Eligible);
    housing.reason = Text::new("学历、年龄、来源和购房均符合", "degree, age, origin and purchase all qualify");
    housing.amounts = Some(Amounts {
        paid: Number::whole(36_000),
        due: Interval::whole(6_000),
        lifetime: Interval::whole(93_000),
        ..amounts(Interval::whole(42_000))
    });
    housing.steps = vec![
        step("let", "学历档次", "level", None, Shown::Words(vec![Text::new("博士", "doctor")])),
        step("let", "新来", "newly arrived", None, Shown::Truth(crate::value::Truth::TRUE)),
        step(
            "amount",
            "金额",
            "amount",
            Some(times(per_month(3000), months(Interval::whole(14)))),
            money(Interval::whole(42_000)),
        ),
        step("payable_until", "可付至", "payable until", None, Shown::Date(DayRange::point(day("2026-12-31")))),
    ];
    housing.installments = (0..31)
        .map(|month| {
            let due = day("2024-05-09").plus_months(month);
            Installment {
                label: Text::made(format!("第{}个月", month + 1), format!("month {}", month + 1)),
                amount: Interval::whole(3000),
                due_on: DayRange::point(due),
                state: if due <= day("2025-06-30") { InstallmentState::Due } else { InstallmentState::NotYet },
            }
        })
        .collect();
    housing.notes =
        vec![Text::new("须在购房合同备案之日起计算", "Counted from the day on which the purchase contract was filed")];

    let mut living =
        line("19.2", "第十九条第二项", "青年人才生活补助", "Living subsidy for young talent", Status::Undetermined);
    living.reason = Text::new("学位未知", "the degree is not known");
    living.amounts = Some(Amounts { lifetime: between(18_000, 54_000), ..amounts(between(7_000, 21_000)) });
    let rate = shown(between(500, 1500), unit("元/月", "yuan/month", "yuan/month"), None);
    living.steps = vec![
        step(
            "let",
            "学历档次",
            "level",
            None,
            Shown::Words(vec![Text::new("学士", "bachelor"), Text::new("硕士", "master"), Text::new("博士", "doctor")]),
        ),
        step(
            "amount",
            "金额",
            "amount",
            Some(times(Formula::Value(rate), months(Interval::whole(14)))),
            money(between(7_000, 21_000)),
        ),
    ];
    living.missing = vec![fact("degree", "学位", "degree"), fact("birth_date", "出生日期", "date of birth")];
    living.notes =
        vec![Text::new("须在购房合同备案之日起计算", "Counted from the day on which the purchase contract was filed")];

    let mut postdoc = line("16", "第十六条", "博士后生活补贴", "Living subsidy for postdocs", Status::NotEligible);
    postdoc.reason = Text::new("在站满一个月", "at least a month in the station");
    postdoc.amounts = Some(amounts(Interval::ZERO));
    postdoc.failed = vec![
        Failed {
            text: Text::new("不超过年龄上限", "within the age limit"),
            required: Some(("≤", whole(35, "周岁", "year", "years"))),
            actual: Some(whole(36, "周岁", "year", "years")),
            distance: Some(whole(1, "周岁", "year", "years")),
            parts: Vec::new(),
        },
        Failed {
            text: Text::new("在站满一个月", "at least a month in the station"),
            required: Some(("≥", whole(1, "个月", "month", "months"))),
            actual: Some(whole(0, "个月", "month", "months")),
            distance: Some(whole(1, "个月", "month", "months")),
            parts: Vec::new(),
        },
    ];

    let mut title = line("20", "第二十条", "学位提升奖励", "Reward for a higher degree", Status::Eligible);
    title.reason = Text::new("取得博士学位满一年，社保连续", "a year since the doctorate, insurance unbroken");
    title.amounts = Some(Amounts {
        entitled: Interval::whole(50_000),
        paid: Number::whole(40_000),
        due: Interval::ZERO,
        overpaid: Interval::whole(10_000),
        ..amounts(Interval::whole(30_000))
    });
    title.steps = vec![
        step(
            "amount",
            "金额",
            "amount",
            Some(Formula::Value(shown(Interval::whole(50_000), yuan(), Some("5万元")))),
            money(Interval::whole(50_000)),
        ),
        step(
            "cap",
            "封顶",
            "cap",
            Some(Formula::Value(shown(Interval::whole(30_000), yuan(), Some("3万元")))),
            money(Interval::whole(30_000)),
        ),
        step("limit", "每人一次", "once per person", None, money(Interval::whole(30_000))),
    ];
    let paying = |amount: i64| {
        let (all, none) = (Interval::whole(amount), Interval::ZERO);
        Some(Amounts { entitled: all, awarded: all, paid: Number::ZERO, due: all, overpaid: none, lifetime: all })
    };
    title.readings = vec![ReadingEffect {
        policy: "qingyuan".to_owned(),
        id: "article20_cap".to_owned(),
        question: Text::new("奖励封顶是否包含市级奖励？", "Does the cap include what the city pays?"),
        used: Some(("included".to_owned(), Text::new("包含", "included"))),
        others: vec![
            OtherReading {
                option: "apart".to_owned(),
                label: Text::new("不包含", "not included"),
                status: Status::Eligible,
                amounts: paying(50_000),
                claims: Vec::new(),
                together: None,
                is_told: true,
            },
            OtherReading {
                option: "first".to_owned(),
                label: Text::new("仅限首个学位", "first degree only"),
                status: Status::NotEligible,
                amounts: paying(0),
                claims: Vec::new(),
                together: None,
                is_told: true,
            },
        ],
    }];

    let mut school = line("25", "第二十五条", "子女入学服务", "School places for children", Status::Met);
    (school.kind, school.kind_label, school.counted) = ("service", Text::new("服务事项", "service"), Counted::Not);
    school.unit = None;

    let mut hiring =
        line("15", "第十五条", "企业引才就业扶持", "Hiring support for enterprises", Status::NotApplicable);
    hiring.reason = Text::new("仅适用于企业", "for enterprises only");

    Assessment {
        applicant: Applicant {
            name: Some("林晓".to_owned()),
            kind: "person".to_owned(),
            kind_label: Text::new("个人", "person"),
            file: "samples/qingyuan/young-doctor.toml".to_owned(),
        },
        as_of: day("2025-06-30"),
        policies: vec![qingyuan()],
        lines: vec![hiring, postdoc, housing, living, title, school],
        totals: Totals {
            awarded: between(79_000, 93_000),
            paid: Number::whole(76_000),
            due: between(13_000, 27_000),
            overpaid: Interval::whole(10_000),
            lifetime: between(141_000, 177_000),
            not_counted: vec![NotCounted {
                policy: "qingyuan".to_owned(),
                clause: "25".to_owned(),
                title: Text::new("子女入学服务", "School places for children"),
                why: Text::new("服务事项，没有金额", "a service, without amount"),
            }],
        },
        missing: vec![
            Missing {
                at: (0, Slot::Input(0)),
                fact: fact("degree", "学位", "degree"),
                ask: Some(Text::new(
                    "最高学位是什么？请附学位证书",
                    "What is the highest degree? Attach the certificate",
                )),
                clauses: vec![("qingyuan".to_owned(), "19.2".to_owned())],
                settles: vec![
                    (Text::new("学士", "bachelor"), Interval::whole(79_000)),
                    (Text::new("硕士", "master"), Interval::whole(86_000)),
                    (Text::new("博士", "doctor"), Interval::whole(93_000)),
                ],
            },
            Missing {
                at: (0, Slot::Input(0)),
                fact: fact("birth_date", "出生日期", "date of birth"),
                ask: None,
                clauses: vec![("qingyuan".to_owned(), "19.2".to_owned()), ("qingyuan".to_owned(), "16".to_owned())],
                settles: Vec::new(),
            },
        ],
        left_out: Vec::new(),
        warnings: vec![
            draft(),
            Warning {
                code: "overpaid",
                text: Text::new(
                    "第二十条已多发 10,000元，请核对",
                    "Clause 20 was overpaid by 10,000 yuan; please check",
                ),
            },
        ],
    }
}

/// An enterprise: instalments, records, a limit, a displaced clause, a loan, and a second policy that has expired.
pub fn enterprise() -> Assessment {
    let mut station =
        line("1", "第一条", "博士后科研工作站建站补助", "Grant for a postdoctoral station", Status::Eligible);
    station.reason = Text::new("国家级工作站，已招收博士后", "a national station that has taken in a postdoc");
    station.amounts = Some(Amounts { lifetime: Interval::whole(500_000), ..amounts(Interval::whole(200_000)) });
    station.steps = vec![step(
        "amount",
        "金额",
        "amount",
        Some(Formula::Value(shown(Interval::whole(500_000), yuan(), Some("50万元")))),
        money(Interval::whole(500_000)),
    )];
    let part = |zh: &'static str, en: &'static str, amount: i64, due_on: DayRange, state: InstallmentState| {
        Installment { label: Text::new(zh, en), amount: Interval::whole(amount), due_on, state }
    };
    station.installments = vec![
        part("首期（获批）", "on approval", 200_000, DayRange::point(day("2024-03-01")), InstallmentState::Due),
        part(
            "第二期（招收首名博士后）",
            "on taking in the first postdoc",
            300_000,
            DayRange { lo: day("2025-07-01"), hi: Day::NEVER },
            InstallmentState::NotYet,
        ),
    ];

    let class = |index: usize, label: Option<&str>, reached: i64, awarded: i64| {
        let mut class = line("8", "第八条", "订单班补助", "Grant for commissioned classes", Status::Eligible);
        class.record = Some(RecordName { index, label: label.map(str::to_owned) });
        class.reason = Text::new("按期毕业", "graduated on time");
        class.amounts = Some(Amounts { entitled: Interval::whole(reached), ..amounts(Interval::whole(awarded)) });
        let figure = |number: i64| Formula::Value(money(Interval::whole(number)));
        class.steps = vec![
            step(
                "let",
                "就业人数",
                "graduates employed",
                None,
                shown(Interval::whole(25), unit("人", "person", "people"), None),
            ),
            step(
                "amount",
                "金额",
                "amount",
                Some(plus(figure(30_000), figure(reached - 30_000))),
                money(Interval::whole(reached)),
            ),
            step("limit", "每家企业每年总额", "per enterprise and year", None, money(Interval::whole(awarded))),
        ];
        class.notes = vec![Text::new(
            "每年十名的限额未在单人计算中核查",
            "The limit of ten a year is not checked for a single applicant",
        )];
        class
    };

    let mut loan = line("3", "第三条", "人才创业贷款", "Start-up loan for talent", Status::Undetermined);
    (loan.policy, loan.kind, loan.kind_label) = ("jianghai".to_owned(), "loan", Text::new("贷款额度", "loan ceiling"));
    loan.counted = Counted::Apart;
    loan.reason = Text::new("额度以银行审批为准", "the bank decides the amount");
    loan.amounts = Some(amounts(Interval::at_least(Number::whole(20_000))));
    loan.missing = vec![fact("bank_limit", "银行审批额度", "limit set by the bank")];

    let mut share = line("7", "第七条", "成果转化收益分成", "Share of proceeds", Status::Eligible);
    (share.policy, share.kind, share.kind_label) = ("jianghai".to_owned(), "share", Text::new("收益分成", "share"));
    share.counted = Counted::Apart;
    share.unit = Some(unit("%", "%", "%"));
    share.amounts = Some(amounts(between(50, 90)));

    let mut person = line("9", "第九条", "租房补贴", "Rent subsidy", Status::NotApplicable);
    person.policy = "jianghai".to_owned();
    person.reason = Text::new("仅适用于个人", "for persons only");

    Assessment {
        applicant: Applicant {
            name: None,
            kind: "enterprise".to_owned(),
            kind_label: Text::new("企业", "enterprise"),
            file: "samples/qingyuan/station.toml".to_owned(),
        },
        as_of: day("2025-06-30"),
        policies: vec![
            qingyuan(),
            PolicyHead {
                id: "jianghai".to_owned(),
                title: Text::new("江海区人才措施", "Talent Measures of Jianghai District"),
                issuer: Text::new("江海区人民政府", "Jianghai District Government"),
                status: "in_force",
                status_label: Text::new("现行", "in force"),
                from: None,
                to: Some(day("2024-12-31")),
                expired: true,
                currency: yuan(),
            },
        ],
        lines: vec![
            station,
            class(1, Some("2023级机电班"), 110_000, 110_000),
            class(2, None, 1_080_000, 40_000),
            loan,
            share,
            person,
        ],
        totals: Totals {
            awarded: Interval::whole(350_000),
            paid: Number::ZERO,
            due: Interval::whole(350_000),
            overpaid: Interval::ZERO,
            lifetime: Interval::whole(650_000),
            not_counted: [
                ("3", "人才创业贷款", "Start-up loan for talent"),
                ("7", "成果转化收益分成", "Share of proceeds"),
            ]
            .map(|(clause, zh, en)| NotCounted {
                policy: "jianghai".to_owned(),
                clause: clause.to_owned(),
                title: Text::new(zh, en),
                why: Text::new("不是发给申请人的补助", "not money paid to the applicant"),
            })
            .into(),
        },
        missing: Vec::new(),
        left_out: Vec::new(),
        warnings: vec![draft()],
    }
}

/// Puts an escape sequence and a mark that turns the direction of writing into every text that comes from files.
pub fn poison(assessment: &mut Assessment) {
    const POISON: &str = "\u{1b}[31m\u{202e}\u{206b}\u{2060}\n";
    fn spoil(text: &mut Text) {
        *text = Text::made(format!("{}{POISON}", text.zh), format!("{}{POISON}", text.en));
    }
    assessment.applicant.name = Some(POISON.to_owned());
    assessment.applicant.kind.push_str(POISON);
    assessment.applicant.file.push_str(POISON);
    spoil(&mut assessment.applicant.kind_label);
    for policy in &mut assessment.policies {
        for text in [&mut policy.title, &mut policy.issuer, &mut policy.status_label] {
            spoil(text);
        }
    }
    for line in &mut assessment.lines {
        line.cite.push_str(POISON);
        line.clause.push_str(POISON);
        for text in [&mut line.title, &mut line.kind_label, &mut line.reason] {
            spoil(text);
        }
        line.record = Some(RecordName { index: 1, label: Some(POISON.to_owned()) });
        line.notes.iter_mut().for_each(spoil);
        line.missing.iter_mut().for_each(|fact| spoil(&mut fact.label));
        line.installments.iter_mut().for_each(|part| spoil(&mut part.label));
        for failed in &mut line.failed {
            spoil(&mut failed.text);
            failed.actual = Some(Shown::Text(Some(POISON.to_owned())));
        }
        for step in &mut line.steps {
            spoil(&mut step.label);
            step.formula = Some(Formula::Value(Shown::Text(Some(POISON.to_owned()))));
            step.value = shown(Interval::whole(1), unit(POISON, POISON, POISON), Some(POISON));
        }
        for effect in &mut line.readings {
            effect.id.push_str(POISON);
            spoil(&mut effect.question);
            effect.used.iter_mut().for_each(|(_, label)| spoil(label));
            effect.others.iter_mut().for_each(|other| spoil(&mut other.label));
        }
    }
    for missing in &mut assessment.missing {
        missing.fact.name.push_str(POISON);
        spoil(&mut missing.fact.label);
        missing.ask.iter_mut().for_each(spoil);
        missing.settles.iter_mut().for_each(|(value, _)| spoil(value));
    }
    for clause in &mut assessment.totals.not_counted {
        for text in [&mut clause.title, &mut clause.why] {
            spoil(text);
        }
    }
    assessment.warnings.iter_mut().for_each(|warning| spoil(&mut warning.text));
}
