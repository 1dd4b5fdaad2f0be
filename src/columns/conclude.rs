//! From the columns of a line to its verdict, row by row.

use crate::assess::conclusion::{Conclusion, Grounds, Verdict};
use crate::assess::draft::Loss;
use crate::assess::model::Status;
use crate::columns::calendar::day;
use crate::columns::clause::Compiled;
use crate::columns::doubt::{FALLS, HANGS, SETTLED, STANDS};
use crate::columns::lanes::{ASK, BLOCK, Lane, Lanes, OPEN};
use crate::columns::outcome::LineOutcomes;
use crate::columns::program::Constants;
use crate::columns::why::Why;
use crate::lang::Text;
use crate::value::DayRange;

/// Codes of conclusions; from [`FAILS`] on, the set of conditions that fail.
const NEVER_HAPPENED: usize = 0;
const OUTSIDE: usize = 1;
const NOT_REACHED: usize = 2;
const MET: usize = 3;
/// With three bits for which amounts are 0.
const HOLDS: usize = 4;
const FAILS: usize = 12;

impl LineOutcomes {
    /// Concludes the line in every row, under the options that are compiled.
    pub(super) fn conclude(&mut self, compiled: &Compiled, lanes: &Lanes, rows: usize, constants: &Constants<'_>) {
        let event = lanes.lane(compiled.event);
        let clause = constants.policy.clauses.get(self.clause);
        let not_yet =
            clause.is_some_and(|clause| Conclusion::not_reached(clause, constants.as_of) != Conclusion::NotReached);
        let (happened, inside, reached) =
            (lanes.lane(compiled.happened), lanes.lane(compiled.inside), lanes.lane(compiled.reached));
        let mut fails = [0usize; BLOCK];
        let mut open = [0u8; BLOCK];
        for (place, (condition, doubt)) in compiled.conditions.iter().zip(&compiled.doubts).enumerate() {
            let (condition, doubt) = (lanes.lane(*condition), doubt.map_or(&Lane::BLANK, |doubt| lanes.lane(doubt)));
            let rows_of = condition.values.iter().zip(&condition.unknown).zip(&doubt.values);
            for ((fails, open), ((holds, mark), doubt)) in fails.iter_mut().zip(&mut open).zip(rows_of).take(rows) {
                let (falls, mark) = match *doubt {
                    SETTLED => (*holds == 0 && *mark == 0, *mark),
                    doubt => (doubt == FALLS, if doubt == HANGS { OPEN } else { 0 }),
                };
                *fails |= usize::from(falls) << place;
                *open |= mark;
            }
        }
        let doubt = compiled.doubt.map_or(&Lane::BLANK, |doubt| lanes.lane(doubt));
        let amounts = compiled
            .amounts
            .as_ref()
            .map(|amounts| (lanes.lane(amounts.entitled), lanes.lane(amounts.to_date), lanes.lane(amounts.lifetime)));
        let at = |lane: &Lane, row: usize| {
            (lane.values.get(row).copied().unwrap_or(0), lane.unknown.get(row).copied().unwrap_or(1) != 0)
        };
        let rows_out = self.verdict.iter_mut().zip(&mut self.awarded).zip(&mut self.lifetime).zip(&mut self.general);
        let rows_out = rows_out.zip(self.alive.iter_mut().zip(&mut self.why));
        let rows_in = fails.iter().zip(&open).enumerate();
        for (((((verdict, awarded), lifetime), general), (alive, why)), (row, (fails, open))) in
            rows_out.zip(rows_in).take(rows)
        {
            (*awarded, *lifetime) = (0, 0);
            let (happened, inside, reached) = (at(happened, row), at(inside, row), at(reached, row));
            let mut unknown = happened.1;
            // One that surely fails decides, unless the event itself surely does.
            let stands = doubt.values.get(row).filter(|_| happened.1 || inside.1 || reached.1);
            let code = if stands == Some(&FALLS) {
                unknown = false;
                NEVER_HAPPENED
            } else if stands == Some(&STANDS) {
                unknown = open & ASK != 0 || *fails == 0;
                FAILS + *fails
            } else if happened.0 == 0 {
                NEVER_HAPPENED
            } else if inside.0 == 0 {
                unknown |= inside.1;
                OUTSIDE
            } else {
                // One that surely fails decides, whatever is open besides.
                unknown |= inside.1 | reached.1 | (open & ASK != 0) | (*open != 0 && *fails == 0);
                let mut zero = 0;
                if let Some((entitled, to_date, all)) = amounts
                    && *fails == 0
                {
                    let all = at(all, row);
                    unknown |= all.1;
                    *lifetime = all.0;
                    if reached.0 != 0 {
                        let (entitled, to_date) = (at(entitled, row), at(to_date, row));
                        unknown |= entitled.1 | to_date.1;
                        *awarded = to_date.0;
                        // What was had once is in the whole term.
                        *lifetime = all.0.max(to_date.0);
                        zero = usize::from(entitled.0 == 0)
                            | usize::from(to_date.0 == 0) << 1
                            | usize::from(*lifetime == 0) << 2;
                    }
                }
                match (reached.0 != 0, *fails, amounts.is_some()) {
                    (false, _, _) => NOT_REACHED,
                    (true, 0, true) => HOLDS + zero,
                    (true, 0, false) => MET,
                    (true, fails, _) => FAILS + fails,
                }
            };
            let on = at(event, row);
            let of_day = code == OUTSIDE || (code == NOT_REACHED && !not_yet);
            *alive = unknown || matches!(code, NOT_REACHED | MET | HOLDS..FAILS);
            let left = if unknown { Some(Why::Open) } else { compiled.open.filter(|_| *alive) };
            if let Some(left) = left.filter(|_| !*general) {
                (*general, *why) = (true, left);
            }
            if *general {
                (*awarded, *lifetime) = (0, 0);
                continue;
            }
            if of_day {
                let (verdicts, clause) = (&mut self.verdicts, self.clause);
                *verdict = *self.of_days.entry((code, on.0)).or_insert_with(|| {
                    let place = u32::try_from(verdicts.len()).unwrap_or(0);
                    verdicts.push(in_words(code, clause, compiled, on.0, constants));
                    place
                });
                continue;
            }
            let known = self.places.get(code).copied().filter(|place| *place != u32::MAX);
            *verdict = known.unwrap_or_else(|| {
                let place = u32::try_from(self.verdicts.len()).unwrap_or(0);
                self.verdicts.push(in_words(code, self.clause, compiled, on.0, constants));
                if self.places.len() <= code {
                    self.places.resize(code + 1, u32::MAX);
                }
                if let Some(slot) = self.places.get_mut(code) {
                    *slot = place;
                }
                place
            });
        }
    }
}

/// The conclusion of a code that tells which amounts are 0.
fn of_zero(code: usize) -> Conclusion {
    let zero = code - HOLDS;
    Conclusion::of_amounts(zero & 1 != 0, zero & 2 != 0, zero & 4 != 0, None)
}

/// The verdict of a code; `event`: the day of the event in its lane.
fn in_words(code: usize, clause: usize, compiled: &Compiled, event: i64, constants: &Constants<'_>) -> Verdict {
    let Some(clause) = constants.policy.clauses.get(clause) else {
        return Verdict { status: Status::NotEligible, reason: Text::default(), failed: Vec::new(), gist: None };
    };
    let conclusion = match code {
        NEVER_HAPPENED => Conclusion::NeverHappened,
        OUTSIDE => Conclusion::OutsideWindow,
        NOT_REACHED => Conclusion::not_reached(clause, constants.as_of),
        MET if compiled.ended.is_some() => Conclusion::Refused(Some(Loss::NoLongerPaid)),
        MET => Conclusion::met(clause),
        HOLDS..FAILS => of_zero(code),
        _ => Conclusion::Fails,
    };
    let fails = code.saturating_sub(FAILS);
    let failed = clause.requires.iter().enumerate().filter(|(place, _)| fails >> place & 1 == 1);
    let grounds = Grounds {
        event: compiled.event_name.clone(),
        day: day(event).map_or(DayRange::ANY, DayRange::point),
        because: compiled.ended.clone(),
    };
    Verdict::of(conclusion, clause, failed.map(|(_, condition)| &condition.text), &grounds, constants.as_of)
}
