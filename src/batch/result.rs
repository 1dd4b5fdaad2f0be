//! What a row came to, as the outputs and the summary see it, whichever way it was worked out.

use crate::assess::divided;
use crate::assess::model::{Amounts, Claim, Counted, Division, FactName, Line, PartSums, RecordName, Totals, Verdict};
use crate::policy::Policy;
use crate::settle::{Alternative, OfApplicant, OfLine, Otherwise, Settled, of_line};
use crate::value::{Interval, Number};

/// One line of one applicant.
#[derive(Clone, Copy, Debug)]
pub struct LineView<'a> {
    /// The policy's place in the plan.
    pub policy: usize,
    /// The clause's place in its policy.
    pub clause: usize,
    /// Which record, for a clause that is worked out once per record.
    pub record: Option<&'a RecordName>,
    /// The conclusion and its reason.
    pub verdict: &'a Verdict,
    /// The facts that would settle it.
    pub missing: &'a [FactName],
    /// Whether it is in the totals.
    pub counted: bool,
    /// What it comes to, where it has an amount.
    pub sums: Option<Sums<'a>>,
    /// How that is divided.
    pub divisions: &'a [Division],
    /// The unit of its amounts; none: 元.
    pub unit: Option<&'a str>,
    /// Where it stands with limits over all applicants.
    pub across: AcrossView<'a>,
    /// The other options of readings under which it comes out, or claims, otherwise.
    pub otherwise: &'a [Otherwise],
    /// The line with its steps, of one that was worked out by itself.
    pub working: Option<&'a Line>,
}

impl<'a> LineView<'a> {
    /// A line without amounts of which nothing is open, by the places of its policy and clause.
    pub fn plain((policy, clause): (usize, usize), verdict: &'a Verdict, counted: bool) -> LineView<'a> {
        LineView {
            policy,
            clause,
            record: None,
            verdict,
            missing: &[],
            counted,
            sums: None,
            divisions: &[],
            unit: None,
            across: AcrossView::None,
            otherwise: &[],
            working: None,
        }
    }

    /// What it is awarded and what is due; nothing where it has no amount.
    pub fn comes_to(&self) -> (Interval, Interval) {
        self.sums.as_ref().map_or((Interval::ZERO, Interval::ZERO), |sums| (sums.awarded(), sums.due()))
    }

    /// The same under another option of a reading.
    pub fn comes_to_under(&self, alternative: Alternative) -> (Interval, Interval) {
        let other = self.otherwise.iter().find(|other| other.alternative == alternative);
        other.map_or_else(|| self.comes_to(), Otherwise::comes_to)
    }

    /// What its parts come to.
    pub fn parts(&self) -> Vec<PartSums> {
        let mut sums = Vec::new();
        if let Some(Sums::Exact(amounts)) = &self.sums {
            divided::add(&mut sums, self.divisions, amounts);
        }
        sums
    }

    /// A line, as it is seen.
    fn of(line: &'a OfLine, working: Option<&'a Line>) -> LineView<'a> {
        LineView {
            policy: line.policy,
            clause: line.clause,
            record: line.record.as_ref(),
            verdict: &line.verdict,
            missing: &line.missing,
            counted: line.counted,
            sums: line.amounts.as_ref().map(Sums::Exact),
            divisions: &line.divisions,
            unit: line.unit.as_deref(),
            across: AcrossView::of(&line.claims, &line.settled),
            otherwise: &line.otherwise,
            working,
        }
    }
}

/// Where a line stands with limits over all applicants.
#[derive(Clone, Copy, Debug, Default)]
pub enum AcrossView<'a> {
    /// None applies.
    #[default]
    None,
    /// What it claims is still to be settled.
    Claims(&'a [Claim]),
    /// What they made of it.
    Settled(&'a [Settled]),
}

impl<'a> AcrossView<'a> {
    /// What is to be settled, or was.
    pub fn of(claims: &'a [Claim], settled: &'a [Settled]) -> AcrossView<'a> {
        match (claims, settled) {
            ([], []) => AcrossView::None,
            ([], settled) => AcrossView::Settled(settled),
            (claims, _) => AcrossView::Claims(claims),
        }
    }
}

/// The amounts of a line.
#[derive(Clone, Copy, Debug)]
pub enum Sums<'a> {
    /// Of a line for which nothing was paid.
    Known(KnownSums),
    /// As the general evaluation has them.
    Exact(&'a Amounts),
}

/// The sums of one applicant.
#[derive(Clone, Copy, Debug)]
pub enum TotalsView<'a> {
    /// Of an applicant who was paid nothing.
    Known(KnownSums),
    /// As the general evaluation has them.
    Exact(&'a Totals),
}

/// What somebody gets who was paid nothing.
#[derive(Clone, Copy, Debug)]
pub struct KnownSums {
    /// What is awarded.
    pub awarded: Number,
    /// What is due: the same, where it is money that is paid.
    pub due: Number,
    /// What it can still come to.
    pub lifetime: Number,
}

impl Sums<'_> {
    /// What is awarded.
    pub fn awarded(&self) -> Interval {
        match self {
            Sums::Known(known) => Interval::point(known.awarded),
            Sums::Exact(amounts) => amounts.awarded,
        }
    }

    /// What is due now.
    pub fn due(&self) -> Interval {
        match self {
            Sums::Known(known) => Interval::point(known.due),
            Sums::Exact(amounts) => amounts.due,
        }
    }

    /// What was paid beyond what is awarded.
    pub fn overpaid(&self) -> Interval {
        match self {
            Sums::Known(_) => Interval::ZERO,
            Sums::Exact(amounts) => amounts.overpaid,
        }
    }

    /// What was paid before.
    pub fn paid(&self) -> Number {
        match self {
            Sums::Known(_) => Number::ZERO,
            Sums::Exact(amounts) => amounts.paid,
        }
    }
}

/// A line of the general evaluation, ready to be seen.
#[derive(Debug)]
pub(super) struct Owned<'a> {
    policy: usize,
    clause: usize,
    verdict: Verdict,
    line: &'a Line,
    otherwise: Vec<Otherwise>,
}

impl<'a> Owned<'a> {
    /// A line, with the places of its policy and clause.
    pub fn of(line: &'a Line, policy: usize, clause: usize, policies: &[&Policy]) -> Owned<'a> {
        let verdict = Verdict::of_line(line);
        Owned { policy, clause, verdict, line, otherwise: of_line(line, policies) }
    }

    /// As it is seen.
    pub fn view(&self) -> LineView<'_> {
        LineView {
            policy: self.policy,
            clause: self.clause,
            record: self.line.record.as_ref(),
            verdict: &self.verdict,
            missing: &self.line.missing,
            counted: self.line.counted == Counted::Total,
            sums: self.line.amounts.as_ref().map(Sums::Exact),
            divisions: &self.line.divisions,
            unit: self.line.unit.as_ref().map(|unit| unit.zh.as_str()),
            across: AcrossView::of(&self.line.claims, &[]),
            otherwise: &self.otherwise,
            working: Some(self.line),
        }
    }
}

/// The lines of an applicant as they are seen; `working`: those of the assessment that they are of, if there is one.
pub(super) fn views<'a>(of: &'a OfApplicant, working: &'a [Line]) -> Vec<LineView<'a>> {
    let working = working.iter().map(Some).chain(std::iter::repeat(None));
    of.lines.iter().zip(working).map(|(line, working)| LineView::of(line, working)).collect()
}
