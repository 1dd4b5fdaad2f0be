//! What a calculation gives: plain data, without any layout. Every output format reads this and nothing else.

pub use crate::assess::conclusion::{Conclusion, Grounds, Verdict};
use crate::assess::divided;
pub use crate::assess::divided::{Division, PartSum, PartSums};
use crate::assess::slot::Slot;
pub use crate::clause::kind::Counted;
use crate::expr::formula::{Formula, Shown, UnitName};
use crate::expr::measure::Measure;
use crate::lang::Text;
use crate::value::{Bound, Day, DayRange, Interval, Number, Truth};

/// The result for one applicant.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// Who asked.
    pub applicant: Applicant,
    /// The evaluation date.
    pub as_of: Day,
    /// The policies that were applied.
    pub policies: Vec<PolicyHead>,
    /// One line a clause, or a clause and record, in the order of the policies.
    pub lines: Vec<Line>,
    /// Sums over the lines of kind `grant`.
    pub totals: Totals,
    /// The missing facts that matter.
    pub missing: Vec<Missing>,
    /// What an officer must know before signing.
    pub warnings: Vec<Warning>,
    /// Policies that were not applied, and why.
    pub left_out: Vec<LeftOut>,
}

impl Assessment {
    /// What the parts of lines come to over all lines that count.
    pub fn parts(&self) -> Vec<PartSums> {
        let mut sums = Vec::new();
        for line in self.lines.iter().filter(|line| line.counted == Counted::Total) {
            divided::extend(&mut sums, line.parts());
        }
        let rest = |parts: &PartSums| divided::with_the_rest(parts, (self.totals.awarded, self.totals.due));
        sums.iter().map(rest).collect()
    }

    /// What its sums are in: policies that are applied together pay in one currency.
    pub fn currency(&self) -> Option<&UnitName> {
        self.policies.first().map(|head| &head.currency)
    }
}

/// A policy that was not applied.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// Its id.
    pub policy: String,
    /// Its title.
    pub title: Text,
    /// Why not.
    pub why: Text,
}

/// Who asked.
#[derive(Clone, Debug)]
pub struct Applicant {
    /// The name, if the file gives one.
    pub name: Option<String>,
    /// The kind's id: `person`.
    pub kind: String,
    /// The kind's label.
    pub kind_label: Text,
    /// The file, as the user called it.
    pub file: String,
}

/// A policy as a breakdown names it.
#[derive(Clone, Debug)]
pub struct PolicyHead {
    /// `qingyuan`
    pub id: String,
    /// The title.
    pub title: Text,
    /// Who issued it.
    pub issuer: Text,
    /// `draft`, `in_force`…
    pub status: &'static str,
    /// The status in words.
    pub status_label: Text,
    /// The first day of its window, if it has one.
    pub from: Option<Day>,
    /// The last day of its window, if it has one.
    pub to: Option<Day>,
    /// Whether the evaluation date is after its last day.
    pub expired: bool,
    /// What it pays in.
    pub currency: UnitName,
}

/// What a clause comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// All conditions hold and the amount is known.
    Eligible,
    /// A condition fails.
    NotEligible,
    /// Something that matters is not known.
    Undetermined,
    /// For another kind of applicant, or outside the window.
    NotApplicable,
    /// Met, where there is no amount to compute.
    Met,
    /// Stated by the law without a condition: nothing was tested.
    Stated,
}

impl Status {
    /// All of them.
    pub const EVERY: [Status; 6] = [
        Status::Eligible,
        Status::NotEligible,
        Status::Undetermined,
        Status::NotApplicable,
        Status::Met,
        Status::Stated,
    ];

    /// As JSON and cases spell it.
    pub fn name(self) -> &'static str {
        match self {
            Status::Eligible => "eligible",
            Status::NotEligible => "not_eligible",
            Status::Undetermined => "undetermined",
            Status::NotApplicable => "not_applicable",
            Status::Met => "met",
            Status::Stated => "stated",
        }
    }
}

/// One line of the breakdown.
#[derive(Clone, Debug)]
pub struct Line {
    /// The policy's id.
    pub policy: String,
    /// The clause's id: `19.1`.
    pub clause: String,
    /// Where it stands: `第十九条第一项`.
    pub cite: String,
    /// Its title.
    pub title: Text,
    /// Who is responsible, where the policy says so.
    pub office: Option<Text>,
    /// The kind's name: `grant`.
    pub kind: &'static str,
    /// The kind in words.
    pub kind_label: Text,
    /// Whether its amount is in the total.
    pub counted: Counted,
    /// Which record, for a clause that is worked out once per record.
    pub record: Option<RecordName>,
    /// The conclusion.
    pub status: Status,
    /// The conclusion more closely; none where nothing had to be worked out.
    pub conclusion: Option<Conclusion>,
    /// Why, in a sentence without a full stop.
    pub reason: Text,
    /// Of one that comes to nothing: of what, with its figures.
    pub because: Option<Text>,
    /// Of one that is refused: why, in words that other applicants share; `None`: those of the reason.
    pub gist: Option<Text>,
    /// The unit of the amounts; `None` for a kind without amount.
    pub unit: Option<UnitName>,
    /// The amounts; `None` for a kind without amount and for a clause that does not apply.
    pub amounts: Option<Amounts>,
    /// Of a term: what is used and left. Nothing of it is paid or due.
    pub term: Option<Term>,
    /// Parts with their own triggers or periods.
    pub installments: Vec<Installment>,
    /// How what is awarded is divided.
    pub divisions: Vec<Division>,
    /// How the amount came about, in the order of the calculation.
    pub steps: Vec<Step>,
    /// The conditions that fail.
    pub failed: Vec<Failed>,
    /// Labels of the facts that would settle it.
    pub missing: Vec<FactName>,
    /// What reaches the ends of what is awarded, where it is open and the cases are finite.
    pub ends: Option<Ends>,
    /// The readings under which it would come out otherwise.
    pub readings: Vec<ReadingEffect>,
    /// Notes of the clause, limits not checked, and the like.
    pub notes: Vec<Text>,
    /// What only a full derivation tells.
    pub working: Working,
    /// What it asks of limits over all applicants, in the order of the clause's limits.
    pub claims: Vec<Claim>,
}

/// What a breakdown leaves out, and a full derivation tells.
#[derive(Clone, Debug, Default)]
pub struct Working {
    /// The time that counts, where the amount grows with time.
    pub time: Option<AccruedTime>,
    /// A floor and a cap that left the amount as it was, each with its own figure.
    pub idle: Vec<Step>,
}

/// The time that an amount grows with, in months.
#[derive(Clone, Debug)]
pub struct AccruedTime {
    /// The first day that counts.
    pub from: DayRange,
    /// The last day that counts, whatever the evaluation date.
    pub until: DayRange,
    /// What has accrued by the evaluation date.
    pub to_date: Interval,
    /// What can accrue in all.
    pub lifetime: Interval,
    /// The longest time, where there is one.
    pub at_most: Option<Interval>,
}

/// What a line asks of a limit over all applicants, which cannot be seen from one of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The limit's place among the clause's, from 0.
    pub limit: usize,
    /// Whether it applies: never known not to.
    pub applies: Truth,
    /// Whether the line asks for anything: never known not to.
    pub stands: Truth,
    /// Whether it stands for any number of records that are not known.
    pub many: bool,
    /// Whether another scheme was set off against it, or against a line of the same category.
    pub overlaps: bool,
    /// The parts of the key it is counted under; `None`: not known.
    pub key: Vec<Option<String>>,
    /// Its place in the order, lowest first; any number where the limit has no order.
    pub order: Interval,
    /// How much there is.
    pub at_most: Interval,
    /// What it asks for to date.
    pub to_date: Interval,
    /// What it can still ask for.
    pub lifetime: Interval,
    /// The facts that are missing for the key, the order, or the limit itself.
    pub missing: Vec<FactName>,
}

impl Line {
    /// The reason with the figures that it rests on.
    pub fn full_reason(&self) -> Text {
        let Some(because) = &self.because else { return self.reason.clone() };
        let lead = match self.conclusion {
            Some(Conclusion::ComesToNothing) => &Text::new("没有可发的", "nothing is left"),
            _ => &self.reason,
        };
        Text::made(format!("{}：{}", lead.zh, because.zh), format!("{}: {}", lead.en, because.en))
    }

    /// Keeps of other readings only those under which the line itself comes out otherwise.
    pub(super) fn leave_out_claims_of_readings(&mut self) {
        for effect in &mut self.readings {
            effect.others.retain(|other| other.is_told);
        }
        self.readings.retain(|effect| !effect.others.is_empty());
    }

    /// Whether what it can still come to has no end, and is known not to.
    pub fn is_endless(&self) -> bool {
        let open = self.amounts.as_ref().is_some_and(|amounts| amounts.lifetime.hi == Bound::Above);
        open && self.status == Status::Eligible
    }

    /// What its parts come to, each division by itself; none where it has no amount.
    pub fn parts(&self) -> Vec<PartSums> {
        let mut sums = Vec::new();
        if let Some(amounts) = &self.amounts {
            divided::add(&mut sums, &self.divisions, amounts);
        }
        sums
    }

    /// Whether its amounts can be paid and due: months of a term cannot.
    pub fn is_money(&self) -> bool {
        self.counted != Counted::Not
    }
}

/// Values of the missing facts that reach the ends of an interval.
#[derive(Clone, Debug)]
pub struct Ends {
    /// Reach the lower end.
    pub lowest: Vec<(FactName, Shown)>,
    /// Reach the upper end.
    pub highest: Vec<(FactName, Shown)>,
}

/// A record of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordName {
    /// Its place in the file, from 1.
    pub index: usize,
    /// What the file calls it.
    pub label: Option<String>,
}

/// How much of a term is used, in the line's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// What is used.
    pub used: Interval,
    /// What is left of it.
    pub left: Interval,
    /// What is used beyond it.
    pub over: Interval,
}

/// The amounts of a line, in its unit. All but `paid` may be intervals.
#[derive(Clone, Debug, PartialEq)]
pub struct Amounts {
    /// By the clause's own words, before floor, cap, limits and overlap.
    pub entitled: Interval,
    /// After floor and cap, limits, displacement and overlap.
    pub awarded: Interval,
    /// What was paid before.
    pub paid: Number,
    /// Awarded less paid, never below 0.
    pub due: Interval,
    /// Paid beyond what is awarded, never below 0.
    pub overpaid: Interval,
    /// What the clause can still come to inside its window, what is awarded included.
    pub lifetime: Interval,
}

impl Amounts {
    /// From base units to the unit that they are told in.
    pub fn in_unit(self, measure: &Measure) -> Amounts {
        let tell = |interval| measure.interval(interval);
        Amounts {
            entitled: tell(self.entitled),
            awarded: tell(self.awarded),
            paid: measure.number(self.paid),
            due: tell(self.due),
            overpaid: tell(self.overpaid),
            lifetime: tell(self.lifetime),
        }
    }
}

/// A part with its own date.
#[derive(Clone, Debug)]
pub struct Installment {
    /// What it is: the trigger in words, or the period.
    pub label: Text,
    /// The amount.
    pub amount: Interval,
    /// When it falls due; never: it does not.
    pub due_on: DayRange,
    /// Where it stands on the evaluation date.
    pub state: InstallmentState,
}

/// Where a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstallmentState {
    /// Its day has come.
    Due,
    /// Its day has not come.
    NotYet,
    /// It can no longer come: its day is outside the window, or the clause's conditions fail.
    Lost,
    /// Its day is not known.
    Open,
}

/// One step of a calculation.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What the step is: `clause` and `of_clause` (what another came to, and how), `let`, `accrued`, `amount`, `floor`, `cap`, `not_negative`, `rounding`, `conditions`, `limit`,
    /// `displaced`, `highest_only`, `overlap`, `payable_until`; of a term also `used` and `left`.
    pub kind: &'static str,
    /// What it is called, in words.
    pub label: Text,
    /// The calculation with its numbers, where there is one.
    pub formula: Option<Formula>,
    /// What came out.
    pub value: Shown,
}

impl Step {
    /// The amount that it leaves; `None` where it is a value on the way, or the time of a term.
    pub fn money(&self) -> Option<Interval> {
        match &self.value {
            Shown::Quantity { interval, .. }
                if !matches!(self.kind, "let" | "clause" | "of_clause" | "accrued" | "used" | "left") =>
            {
                Some(*interval)
            }
            _ => None,
        }
    }
}

/// A condition that fails.
#[derive(Clone, Debug, PartialEq)]
pub struct Failed {
    /// The condition in words.
    pub text: Text,
    /// What is required: a sign (`≥`, `=`) and the value; `None` where the words say it all.
    pub required: Option<(&'static str, Shown)>,
    /// What is the case.
    pub actual: Option<Shown>,
    /// How far off, where that can be measured.
    pub distance: Option<Shown>,
    /// Where any of several parts would have been enough: each of them, with its own figures.
    pub parts: Vec<Failed>,
}

/// A fact, by name and in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactName {
    /// `degree`, or `hires[3].degree`.
    pub name: String,
    /// In words.
    pub label: Text,
}

/// A missing fact, and what each of its values would settle.
#[derive(Clone, Debug)]
pub struct Missing {
    /// The fact.
    pub fact: FactName,
    /// The place of a policy that asks for it, among those worked out, and what it is there.
    pub at: (usize, Slot),
    /// The question to put.
    pub ask: Option<Text>,
    /// The clauses (policy and clause id) that it keeps open.
    pub clauses: Vec<(String, String)>,
    /// For words and truths: each value, and the awarded total with it.
    pub settles: Vec<(Text, Interval)>,
}

/// A reading that matters for a line.
#[derive(Clone, Debug)]
pub struct ReadingEffect {
    /// The policy whose reading it is: where policies are settled with each other, perhaps not the line's own.
    pub policy: String,
    /// `article5_cap`
    pub id: String,
    /// The question.
    pub question: Text,
    /// The option used, with its words; `None` where readings were left open.
    pub used: Option<(String, Text)>,
    /// What the line comes to under each other option.
    pub others: Vec<OtherReading>,
}

/// A line under another option of a reading.
#[derive(Clone, Debug)]
pub struct OtherReading {
    /// The option's id.
    pub option: String,
    /// The option in words.
    pub label: Text,
    /// The conclusion under it.
    pub status: Status,
    /// The amounts under it; `None` for a kind without amount.
    pub amounts: Option<Amounts>,
    /// What it then asks of limits over all applicants.
    pub claims: Vec<Claim>,
    /// What all lines that share its limit come to, where only that is known to be otherwise; at the first of them.
    pub together: Option<Together>,
    /// Whether the line itself comes out otherwise, or they all together, and not only what it asks of limits over all applicants.
    pub is_told: bool,
}

/// What lines that share a limit come to together, now and then.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Together {
    /// Awarded to date.
    pub awarded: (Interval, Interval),
    /// Over the whole term.
    pub lifetime: (Interval, Interval),
}

/// Sums over the lines that count.
#[derive(Clone, Debug)]
pub struct Totals {
    /// Awarded to date.
    pub awarded: Interval,
    /// Paid before.
    pub paid: Number,
    /// Due now.
    pub due: Interval,
    /// Paid beyond what is awarded.
    pub overpaid: Interval,
    /// What it can still come to.
    pub lifetime: Interval,
    /// What is not in the sums, and why: clauses with an amount of another kind, or promised without amount.
    pub not_counted: Vec<NotCounted>,
}

/// A clause that is not in the sums.
#[derive(Clone, Debug)]
pub struct NotCounted {
    /// The policy's id.
    pub policy: String,
    /// The clause's id.
    pub clause: String,
    /// Its title.
    pub title: Text,
    /// Why not.
    pub why: Text,
}

/// What an officer must know before signing.
#[derive(Clone, Debug)]
pub struct Warning {
    /// A stable name: `draft`, `expired`, `unchecked-limit`, `overpaid`, `window-end`, `unknown-paid-clause`…
    pub code: &'static str,
    /// In words.
    pub text: Text,
}
