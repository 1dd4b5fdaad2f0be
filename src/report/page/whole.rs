//! What is common to the clauses of a page: shared steps, rules, readings, questions, what is not known, coverage, digest.

use super::formulas::{Used, is_version, lines, tables, used};
use super::model::{Entry, Named, Piece, Section};
use super::{Words, Worked, examples, link};
use crate::clause::Clause;
use crate::expr::measure::Measure;
use crate::expr::names::{Input, Names, Origin, Reading};
use crate::expr::program::Node;
use crate::expr::types::Type;
use crate::lang::Lang;
use crate::policy::{Policy, told};
use crate::report::record::PROGRAM;
use crate::report::words::bracketed;
use crate::source::clean;
use crate::value::Value;

/// The parts, those that hold nothing left out.
pub(super) fn sections(policy: &Policy, clauses: &[&Clause], worked: Option<&Worked>, words: Words) -> Vec<Section> {
    let is_whole = clauses.len() == policy.clauses.len();
    let mut nodes: Vec<&Node> = clauses.iter().flat_map(|clause| clause.expressions()).collect();
    if is_whole {
        nodes.extend(policy.triggers_until.iter().chain(&policy.payable_until));
        nodes.extend(policy.consistent.iter().map(|rule| &rule.condition.test));
        nodes.extend(policy.highest_only.iter().filter_map(|rule| rule.when.as_ref()));
        let overlap = policy.overlap.iter().flat_map(|rule| [&rule.counts, &rule.method, &rule.by_installment]);
        nodes.extend(overlap.flatten());
    }
    let used = used(policy, nodes);
    let of = Of { policy, clauses, used: &used, words };
    let mut sections = vec![of.unknown(), of.readings()];
    if is_whole {
        sections.insert(0, of.rules());
        sections.insert(1, of.steps());
        sections.extend([of.questions(), of.parameters()]);
        sections.extend(worked.map(|worked| section("coverage", examples::coverage(worked, words), words)));
        sections.push(of.basis());
    }
    sections.retain(|section| !section.pieces.is_empty());
    sections
}

fn section(anchor: &str, pieces: Vec<Piece>, words: Words) -> Section {
    let heading = match anchor {
        "rules" => words.of("通用规则", "Rules over all clauses"),
        "steps" => words.of("共用步骤", "Shared steps"),
        "unknown" => words.of("尚不知道的参数", "Parameters still unknown"),
        "readings" => words.of("读法", "Readings"),
        "questions" => words.of("须填事项", "Questions"),
        "parameters" => words.of("参数", "Parameters"),
        "coverage" => words.of("案例覆盖", "What the cases cover"),
        _ => words.of("版本", "Version"),
    };
    Section { anchor: anchor.to_owned(), is_clause: false, heading: heading.to_owned(), pieces }
}

struct Of<'p> {
    policy: &'p Policy,
    clauses: &'p [&'p Clause],
    used: &'p Used,
    words: Words,
}

impl<'p> Of<'p> {
    fn inputs(&self) -> impl Iterator<Item = (usize, &'p Input)> {
        let used = self.used;
        self.policy.names.inputs.iter().enumerate().filter(move |(place, _)| used.inputs.contains(place))
    }

    fn formulas(&self, lead: &str, node: Option<&Node>) -> Option<Piece> {
        node.map(|node| Piece::formulas(lead, lines(self.policy, None, node, self.words)))
    }

    fn rules(&self) -> Section {
        let (policy, words) = (self.policy, self.words);
        let mut pieces = Vec::new();
        pieces.extend(self.formulas(words.of("事由截止", "events until"), policy.triggers_until.as_ref()));
        pieces.extend(self.formulas(words.of("发放截止", "paid until"), policy.payable_until.as_ref()));
        for rule in &policy.highest_only {
            let of = rule.clauses.iter().filter_map(|place| policy.clauses.get(*place));
            pieces.push(Piece::Named(Named {
                lead: words.of("只取最高", "only the highest").to_owned(),
                text: format!("{}{}", words.say(&rule.text), self.cited(&rule.cite)),
                formulas: rule.when.as_ref().map(|when| lines(policy, None, when, words)).unwrap_or_default(),
                leads_to: of.map(|clause| link(clause, words)).collect(),
            }));
        }
        if let Some(rule) = &policy.overlap {
            let lead = words.of("与其他资金", "other schemes' money");
            pieces.push(Piece::named(lead, format!("{}{}", words.say(&rule.title), self.cited(&rule.cite))));
            pieces.extend(self.formulas(words.of("计入", "counted where"), rule.counts.as_ref()));
            pieces.extend(self.formulas(words.of("办法", "how"), rule.method.as_ref()));
            pieces.extend(self.formulas(words.of("逐期", "part by part"), rule.by_installment.as_ref()));
        }
        for rule in &policy.consistent {
            let formulas = lines(policy, None, &rule.condition.test, words);
            let lead = words.of("须一致", "must agree").to_owned();
            let text = words.say(&rule.condition.text);
            pieces.push(Piece::Named(Named { lead, text, formulas, leads_to: Vec::new() }));
        }
        section("rules", pieces, words)
    }

    fn cited(&self, cite: &str) -> String {
        if cite.is_empty() { String::new() } else { bracketed(&clean(cite), self.words.0) }
    }

    fn steps(&self) -> Section {
        let defines = self.policy.names.defines.iter().enumerate();
        let used: Vec<_> = defines.filter(|(place, _)| self.used.defines.contains(place)).collect();
        let entry = |(place, define): &(usize, &crate::expr::names::Define)| {
            let mut pieces =
                vec![Piece::formulas(self.words.of("即", "is"), lines(self.policy, None, &define.node, self.words))];
            pieces.extend(tables(self.policy, None, &[&define.node], self.words));
            Piece::Entry(Entry {
                anchor: format!("step-{}", define.name),
                heading: self.words.say(&told::shared(*place)),
                pieces,
            })
        };
        section("steps", used.iter().map(entry).collect(), self.words)
    }

    fn unknown(&self) -> Section {
        let words = self.words;
        let open = self.inputs().filter(|(_, input)| input.versions.is_empty() && !input.absent.is_point());
        let pieces = open.filter_map(|(_, input)| match &input.origin {
            Origin::Parameter(stands_in) => {
                let lead = words.of("见", "stands in ");
                let told = |stands_in: &String| bracketed(&format!("{lead}{}", clean(stands_in)), words.0);
                let stands_in = stands_in.as_ref().map_or_else(String::new, told);
                let heading = format!("{}{stands_in}", words.say(&input.label));
                Some(Piece::Entry(Entry { anchor: format!("input-{}", input.name), heading, pieces: Vec::new() }))
            }
            _ => None,
        });
        section("unknown", pieces.collect(), words)
    }

    fn readings(&self) -> Section {
        let pieces = self.inputs().filter_map(|(place, input)| match &input.origin {
            Origin::Reading(reading) => Some(Piece::Entry(self.reading(place, input, reading))),
            _ => None,
        });
        section("readings", pieces.collect(), self.words)
    }

    fn reading(&self, place: usize, input: &Input, reading: &Reading) -> Entry {
        let words = self.words;
        let options = match input.ty {
            Type::Enum(place) => self.policy.names.enums.get(place).map_or(&[][..], |found| found.words.as_slice()),
            _ => &[],
        };
        let taken = match input.absent {
            Value::Words(words) => words.point(),
            _ => None,
        };
        let mut pieces: Vec<Piece> = options
            .iter()
            .enumerate()
            .map(|(place, (id, label))| {
                let mark = if Some(place) == taken { words.of("默认", "default") } else { words.of("另可", "or") };
                Piece::named(format!("{mark} {id}"), words.say(label))
            })
            .collect();
        pieces.push(Piece::named(words.of("理由", "because"), words.say(&reading.because)));
        let touched = self.policy.touched.iter().find(|touched| touched.input == place);
        let clauses = touched.map_or(&[][..], |touched| touched.clauses.as_slice());
        let of = self.policy.clauses.iter().zip(clauses).filter(|(_, touched)| **touched);
        pieces.extend(self.borne_on(of.map(|(clause, _)| clause)));
        let heading = format!("{}{}", words.say(&input.label), bracketed(&reading.id, words.0));
        Entry { anchor: format!("input-{}", input.name), heading, pieces }
    }

    /// The clauses that something bears on; not told where only some are shown.
    fn borne_on<'a>(&self, clauses: impl Iterator<Item = &'a Clause>) -> Option<Piece> {
        let leads_to: Vec<_> = clauses.map(|clause| link(clause, self.words)).collect();
        let is_told = self.clauses.len() == self.policy.clauses.len() && !leads_to.is_empty();
        let lead = self.words.of("涉及", "bears on").to_owned();
        is_told.then(|| Piece::Named(Named { lead, leads_to, ..Named::default() }))
    }

    fn questions(&self) -> Section {
        let words = self.words;
        let facts = self.inputs().filter(|(_, input)| input.origin == Origin::Fact);
        let uses: Vec<Used> =
            self.policy.clauses.iter().map(|clause| used(self.policy, clause.expressions())).collect();
        let pieces = facts.map(|(place, input)| {
            let mut pieces: Vec<Piece> = input.ask.iter().map(|ask| Piece::Text(words.say(ask))).collect();
            pieces.extend(self.described(input));
            let of = self.policy.clauses.iter().zip(&uses).filter(|(_, used)| used.inputs.contains(&place));
            pieces.extend(self.borne_on(of.map(|(clause, _)| clause)));
            let heading = format!("{}{}", words.say(&input.label), bracketed(&input.name, words.0));
            Piece::Entry(Entry { anchor: format!("input-{}", input.name), heading, pieces })
        });
        section("questions", pieces.collect(), words)
    }

    /// What can be answered, and what no answer means.
    fn described(&self, input: &Input) -> Vec<Piece> {
        let (words, names) = (self.words, &self.policy.names);
        let mut pieces = vec![Piece::named(words.of("回答", "answer"), self.answer(input, names))];
        let value = |value: &Value| words.say(&told::value(value, &input.ty, input.measure.as_ref(), names));
        if input.absent.is_point() {
            pieces.push(Piece::named(words.of("不填", "left out"), value(&input.absent)));
        }
        if let Type::List(place) = input.ty {
            let fields = names.lists.get(place).map_or(&[][..], |list| list.fields.as_slice());
            for field in fields {
                let ask = field.ask.as_ref().map(|ask| format!("{}{}", words.of("：", ": "), words.say(ask)));
                let text = format!("{}{}", self.answer(field, names), ask.unwrap_or_default());
                pieces.push(Piece::named(words.say(&field.label), text));
            }
        }
        pieces
    }

    fn answer(&self, input: &Input, names: &Names) -> String {
        let words = self.words;
        let what = match &input.ty {
            Type::Bool => words.of("是或否", "yes or no").to_owned(),
            Type::Date if input.may_be_never => words.of("日期，或 never（没有）", "a day, or never").to_owned(),
            Type::Date => words.of("日期", "a day").to_owned(),
            Type::Text => words.of("文字", "a text").to_owned(),
            Type::List(_) => words.of("逐条列出", "a list, record by record").to_owned(),
            Type::Enum(place) => {
                let known = names.enums.get(*place).map_or(&[][..], |found| found.words.as_slice());
                known.iter().map(|(_, label)| words.say(label)).collect::<Vec<_>>().join(words.of("、", ", "))
            }
            Type::Quantity(unit) => {
                let name = input.measure.clone().unwrap_or_else(|| Measure::base(unit, names)).name;
                let unit = clean(if words.0 == Lang::Zh { &name.zh } else { &name.en_many });
                let unit = if unit.is_empty() { words.of("数", "a number").to_owned() } else { unit };
                let whole = if input.integer { words.of("整数，", "a whole number, ") } else { "" };
                let range = words.say(&told::value(&input.domain, &input.ty, input.measure.as_ref(), names));
                format!("{whole}{unit}{}", bracketed(&range, words.0))
            }
        };
        what.trim().to_owned()
    }

    fn parameters(&self) -> Section {
        let (words, names) = (self.words, &self.policy.names);
        let known = self.inputs().filter(|(place, input)| {
            !is_version(self.policy, *place)
                && matches!(input.origin, Origin::Parameter(_))
                && (input.absent.is_point() || !input.versions.is_empty())
        });
        let value = |input: &Input| words.say(&told::value(&input.absent, &input.ty, input.measure.as_ref(), names));
        let pieces = known.map(|(_, input)| {
            let mut pieces = Vec::new();
            if input.versions.is_empty() {
                pieces.push(Piece::named(words.of("值", "value"), value(input)));
            }
            for version in &input.versions {
                let Some(of) = names.inputs.get(version.input) else { continue };
                pieces.push(Piece::named(format!("{} {}", words.of("自", "from"), version.since.day), value(of)));
            }
            let written = input.written_in.as_ref();
            pieces.extend(written.map(|written| Piece::named(words.of("载于", "written in"), clean(written))));
            Piece::Entry(Entry { anchor: format!("input-{}", input.name), heading: words.say(&input.label), pieces })
        });
        section("parameters", pieces.collect(), words)
    }

    fn basis(&self) -> Section {
        let words = self.words;
        let mut pieces = vec![
            Piece::named(words.of("程序", "program"), PROGRAM),
            Piece::named(words.of("政策文件", "policy file"), clean(&self.policy.source.name)),
        ];
        for beside in &self.policy.beside {
            pieces.push(Piece::named(words.of("并用", "read with it"), clean(&beside.name)));
        }
        pieces.push(Piece::named(words.of("指纹", "fingerprint"), self.policy.fingerprint()));
        section("version", pieces, words)
    }
}
