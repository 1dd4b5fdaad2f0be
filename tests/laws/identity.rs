//! What stands in a list twice, overlaps or contradicts its like, against a plain look at every two records: what breaks a rule for
//! sure is refused with both places, what nobody can say is told, and nothing else is.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use duixian::applicant::{self, When, identity};
use duixian::diagnostic::Diagnostic;
use duixian::policy::{self, Policy};
use duixian::source::Source;
use duixian::value::Day;
use proptest::collection::vec;
use proptest::prelude::any;

use crate::case::{Law, run};
use crate::choices::Choices;

/// Days of 2024, counted from 1.
type Days = (u32, u32);

/// What makes a record the same: how it is declared, and each part of it as written and as a plain reading.
#[derive(Clone, Copy, Debug, PartialEq)]
enum By {
    Person,
    PersonAndFrom,
    MonthOfFrom,
    Number,
    NumberAndFrom,
}

/// One record as it is written; nothing is a field that is left out.
#[derive(Clone, Debug)]
struct Slip {
    person: Option<&'static str>,
    number: Option<&'static str>,
    from: Option<Days>,
    until: Option<Days>,
    level: Option<u32>,
    times: (u32, u32),
}

const BYS: [By; 5] = [By::Person, By::PersonAndFrom, By::MonthOfFrom, By::Number, By::NumberAndFrom];

/// The first line of the file that is a record.
const FIRST: usize = 6;

impl By {
    fn declared(self) -> &'static str {
        match self {
            By::Person => "unique_by = \"person\"",
            By::PersonAndFrom => "unique_by = [\"person\", \"since\"]",
            By::MonthOfFrom => "unique_by = \"month_start(since)\"",
            By::Number => "identity = \"number\"",
            By::NumberAndFrom => "unique_by = [\"person\", \"since\"]\nidentity = \"number\"",
        }
    }

    fn has_number(self) -> bool {
        matches!(self, By::Number | By::NumberAndFrom)
    }

    /// What of a record must agree, each part where it is known; `name`: that which a name stands for.
    fn parts(self, slip: &Slip, name: Option<&str>) -> Vec<Option<String>> {
        let name = name.map(plainly);
        let since = slip.from.filter(|(lo, hi)| lo == hi).map(|(day, _)| day.to_string());
        match self {
            By::Person | By::Number => vec![name],
            By::PersonAndFrom | By::NumberAndFrom => vec![name, since],
            // Days of the first two months of the year.
            By::MonthOfFrom => vec![
                slip.from.map(|(lo, hi)| (lo > 31, hi > 31)).and_then(|(lo, hi)| (lo == hi).then(|| lo.to_string())),
            ],
        }
    }
}

/// A text without blanks, widths and capitals.
fn plainly(text: &str) -> String {
    text.replace([' ', '\u{3000}'], "").replace('Ａ', "A").to_lowercase()
}

fn known(parts: Vec<Option<String>>) -> Option<Vec<String>> {
    parts.into_iter().collect()
}

/// Whether two are the same as far as anybody can say.
fn may_agree(one: &[Option<String>], other: &[Option<String>]) -> bool {
    one.iter().zip(other).all(|(one, other)| one.is_none() || other.is_none() || one == other)
}

impl Slip {
    fn of(c: &mut Choices<'_>) -> Slip {
        let days = |c: &mut Choices<'_>| {
            let (a, b) = (1 + c.below(8) as u32 * 7, 1 + c.below(8) as u32 * 7);
            if c.chance(15) { (a.min(b), a.max(b)) } else { (a, a) }
        };
        let from = c.maybe(85, days);
        let until = c.maybe(85, |c| {
            let (lo, hi) = from.unwrap_or((1, 1));
            let more = 7 * c.below(4) as u32;
            let open = 7 * c.below(3) as u32;
            (lo + more, if c.chance(15) { hi + more + open } else { lo + more })
        });
        Slip {
            person: c.maybe(80, |c| c.of(&["A", "B b", "Ａ", "bB", " a", "C"])),
            number: c.maybe(50, |c| c.of(&["A1", "Ａ1", "a 1", "B2"])),
            from,
            until,
            level: c.maybe(80, |c| c.below(3) as u32),
            times: c.of(&[(1, 1), (1, 1), (1, 1), (1, 1), (1, 1), (1, 1), (2, 2), (3, 5), (0, 1), (1, 3)]),
        }
    }

    fn toml(&self) -> String {
        let day = |number: u32| {
            let (month, day) = if number > 31 + 29 {
                (3, number - 60)
            } else if number > 31 {
                (2, number - 31)
            } else {
                (1, number)
            };
            format!("2024-{month:02}-{day:02}")
        };
        let days = |key: &str, days: Option<Days>| match days {
            None => String::new(),
            Some((lo, hi)) if lo == hi => format!("{key} = {}, ", day(lo)),
            Some((lo, hi)) => format!("{key} = {{ not_before = {}, not_after = {} }}, ", day(lo), day(hi)),
        };
        let mut out = String::from("  { ");
        let text =
            |key: &str, text: Option<&str>| text.map_or_else(String::new, |text| format!("{key} = \"{text}\", "));
        out.push_str(&text("person", self.person));
        out.push_str(&text("number", self.number));
        out.push_str(&days("since", self.from));
        out.push_str(&days("until", self.until));
        if let Some(level) = self.level {
            let _ = write!(out, "level = {level}, ");
        }
        match self.times {
            (lo, hi) if lo == hi => out.push_str(&format!("times = {lo} }},\n")),
            (lo, hi) => out.push_str(&format!("times = {{ at_least = {lo}, at_most = {hi} }} }},\n")),
        }
        out
    }

    /// All that it says, plainly.
    fn says(&self) -> String {
        let text = |text: Option<&str>| text.map(plainly);
        format!("{:?}", (text(self.person), text(self.number), self.from, self.until, self.level))
    }

    /// The days that it has for sure.
    fn surely(&self) -> Option<Days> {
        let (from, until) = (self.from?.1, self.until?.0);
        (from <= until).then_some((from, until))
    }
}

fn policy(by: By, next: bool) -> Policy {
    let next = if next { "next_by = \"level\"" } else { "" };
    let text = format!(
        r#"
[policy]
id        = "invented"
title     = {{ zh = "试", en = "Trial" }}
issuer    = {{ zh = "试", en = "Trial" }}
status    = "in_force"
[applicants.person]
label = {{ zh = "个人", en = "Person" }}
[facts.slips]
type       = "list"
label_by   = "person"
{}
no_overlap = {{ from = "since", until = "until", within = "person" }}
label      = {{ zh = "名单", en = "Slips" }}
fields.person = {{ type = "text", label = {{ zh = "姓名", en = "Person" }} }}
fields.number = {{ type = "text", label = {{ zh = "号码", en = "Number" }} }}
fields.since  = {{ type = "date", label = {{ zh = "起", en = "Since" }} }}
fields.until  = {{ type = "date", label = {{ zh = "止", en = "Until" }} }}
fields.level  = {{ type = "quantity", label = {{ zh = "级", en = "Level" }} }}
[[consistent]]
pairs = "slips as one, another"
{next}
test  = "one.level > another.level or one.since <= another.since"
zh    = "级别低的不晚"
en    = "who is no higher is no later"
[[clauses]]
id    = "1"
cite  = "第一条"
title = {{ zh = "试", en = "Trial" }}
for   = "person"
kind  = "target"
"#,
        by.declared()
    );
    let (policy, faults) = policy::read(&Source::new("policy.toml", text), &|_| None);
    policy.unwrap_or_else(|| panic!("{faults:?}"))
}

/// Groups of places that these twos join.
fn joined(count: usize, twos: &BTreeSet<(usize, usize)>) -> Vec<usize> {
    let mut group: Vec<usize> = (0..count).collect();
    for (one, other) in twos {
        let (to, from) = (group[*one].min(group[*other]), group[*one].max(group[*other]));
        group.iter_mut().filter(|group| **group == from).for_each(|group| *group = to);
    }
    group
}

/// What a plain look at every two finds.
#[derive(Debug, Default, PartialEq)]
struct Plain {
    same: BTreeSet<(usize, usize)>,
    overlapping: BTreeSet<(usize, usize)>,
    contradicting: BTreeSet<(usize, usize)>,
    /// Whether any two may be the same, and nobody can say.
    unsure: bool,
    /// Whether all says what it is.
    all_known: bool,
}

fn look(by: By, next: bool, slips: &[Slip]) -> Plain {
    let mut plain = Plain { all_known: true, ..Plain::default() };
    let there = |slip: &Slip| slip.times.0 > 0;
    let by_name = |slip: &Slip| by.parts(slip, slip.person);
    let by_number = |slip: &Slip| by.parts(slip, slip.number);
    for (place, one) in slips.iter().enumerate() {
        let named = known(by_name(one)).is_some();
        let numbered = by.has_number() && known(by_number(one)).is_some();
        plain.all_known &= if by.has_number() { numbered } else { named } && one.times == (1, 1);
        if one.times.1 > 1 && (named || numbered) {
            plain.same.insert((place, place));
        }
        plain.unsure |= !named && !numbered && there(one) && one.times.1 > 1;
        let is_named = one.person.is_some() || by.has_number() && one.number.is_some();
        if one.times.0 > 1 && is_named && one.surely().is_some() {
            plain.overlapping.insert((place, place));
        }
        for (before, other) in slips.iter().enumerate().take(place) {
            let both = there(one) && there(other);
            let same_number = by.has_number() && known(by_number(one)).is_some() && by_number(one) == by_number(other);
            let same_name = known(by_name(one)).is_some() && by_name(one) == by_name(other);
            let without = by.has_number() && one.number.is_none() && other.number.is_none();
            let single = one.times.1 == 1 && other.times.1 == 1;
            if both
                && single
                && (same_number || same_name && (!by.has_number() || without && one.says() == other.says()))
            {
                plain.same.insert((before, place));
            } else if both && single {
                // With a number at both the name says nothing.
                let numbers = by.has_number().then(|| one.number.zip(other.number)).flatten();
                let parts = |slip: &Slip| if numbers.is_some() { by_number(slip) } else { by_name(slip) };
                let open = may_agree(&parts(one), &parts(other));
                plain.unsure |= open;
            }
            let person = |slip: &Slip| slip.person.map(plainly);
            let days = one.surely().zip(other.surely());
            let share = days.is_some_and(|(a, b)| a.0.max(b.0) <= a.1.min(b.1));
            let same_person = person(one).is_some() && person(one) == person(other);
            // By the number where the list has one: of one name of which a number is missing nobody can say.
            match (by.has_number(), one.number.zip(other.number)) {
                (true, Some((a, b))) if both && share && plainly(a) == plainly(b) => {
                    plain.overlapping.insert((before, place));
                }
                (true, None) => plain.unsure |= both && share && same_person,
                (false, _) if both && share && same_person => {
                    plain.overlapping.insert((before, place));
                }
                _ => {}
            }
        }
    }
    // One is no higher than the other for sure, and later for sure.
    let breaks = |one: &Slip, other: &Slip| {
        let (Some(a), Some(b), Some(from), Some(to)) = (one.level, other.level, one.from, other.from) else {
            return false;
        };
        a <= b && from.0 > to.1
    };
    let all: Vec<usize> = (0..slips.len()).filter(|place| there(&slips[*place])).collect();
    if next {
        if all.len() == slips.len() && slips.iter().all(|slip| slip.level.is_some()) {
            let mut sorted = all;
            sorted.sort_by_key(|place| slips[*place].level);
            for two in sorted.windows(2).filter(|two| breaks(&slips[two[0]], &slips[two[1]])) {
                plain.contradicting.insert((two[0].min(two[1]), two[0].max(two[1])));
            }
        }
    } else {
        for (one, other) in all.iter().flat_map(|one| all.iter().map(move |other| (*one, *other))) {
            if one != other && breaks(&slips[one], &slips[other]) {
                plain.contradicting.insert((one.min(other), one.max(other)));
            }
        }
    }
    plain
}

/// The records that a fault names, by their lines.
fn places(fault: &Diagnostic) -> (usize, usize) {
    let mut lines: Vec<usize> = fault.labels.iter().map(|(span, _)| span.place().line - FIRST).collect();
    lines.sort_unstable();
    (lines[0], *lines.last().unwrap())
}

#[test]
fn what_is_the_same_overlaps_or_contradicts_is_refused_with_both_places() {
    let policies: Vec<(By, bool, Policy)> =
        BYS.into_iter().flat_map(|by| [false, true].map(|next| (by, next, policy(by, next)))).collect();
    run(400, &(any::<u32>(), vec(vec(any::<u32>(), 24), 1..7), vec(any::<u32>(), 4)), |(which, records, again)| {
        let (by, next, policy) = &policies[*which as usize % policies.len()];
        let mut slips: Vec<Slip> = records.iter().map(|numbers| Slip::of(&mut Choices::new(numbers))).collect();
        // Something that is there already, once more.
        let c = &mut Choices::new(again);
        if c.chance(40) {
            let slip = slips[c.below(slips.len())].clone();
            slips.insert(c.below(slips.len()), slip);
        }
        check(*by, *next, policy, &slips)
    });
}

fn check(by: By, next: bool, policy: &Policy, slips: &[Slip]) -> Law {
    let records: String = slips.iter().map(Slip::toml).collect();
    let text = format!("[applicant]\nkind  = \"person\"\nas_of = 2025-06-30\n[facts]\nslips = [\n{records}]\n");
    let source = Source::new("applicant.toml", text.clone());
    let when = When { as_of: None, today: Day::FIRST, ignore_payments: false };
    let (read, faults) = applicant::read(&source, &[policy], when);
    let plain = look(by, next, slips);
    let of = |code: &str| faults.iter().filter(|fault| fault.code.name == code).map(places).collect::<BTreeSet<_>>();
    let broken = |what: &str| {
        let all: Vec<(&str, (usize, usize))> = faults.iter().map(|fault| (fault.code.name, places(fault))).collect();
        Err(format!("{by:?}, next {next}: {what}\n{text}\n{all:?}\n{plain:?}"))
    };
    let (same, overlapping) = (of("same-thing-twice"), of("overlapping-periods"));
    let count = slips.len();
    if !same.is_subset(&plain.same) || joined(count, &same) != joined(count, &plain.same) {
        return broken("what is the same");
    }
    // A record that stands for several is told alone.
    let own = |twos: &BTreeSet<(usize, usize)>| twos.iter().filter(|(one, other)| one == other).count();
    if own(&same) != own(&plain.same) {
        return broken("a known record that stands for several");
    }
    let all: BTreeSet<(usize, usize)> = same.union(&overlapping).copied().collect();
    let both: BTreeSet<(usize, usize)> = plain.same.union(&plain.overlapping).copied().collect();
    if !overlapping.is_subset(&plain.overlapping)
        || joined(count, &all) != joined(count, &both)
        || own(&all) != own(&both)
    {
        return broken("what overlaps");
    }
    if of("contradiction") != plain.contradicting {
        return broken("what contradicts");
    }
    if faults.len() != same.len() + overlapping.len() + of("contradiction").len() {
        return broken("something else is refused, or twice");
    }
    let Some(read) = read else { return if faults.is_empty() { broken("nothing is read") } else { Ok(()) } };
    if !applicant::agree(policy, &read.inputs[0], read.as_of) {
        return broken("what is read does not agree");
    }
    let told = !identity::unsure(policy, &read.inputs[0], read.as_of).is_empty();
    if plain.unsure && !told || told && plain.all_known {
        return broken(&format!("told: {told}"));
    }
    Ok(())
}
