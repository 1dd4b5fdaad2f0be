//! The file of a map, read.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::document::{Item, Raw, Table, parse, wrong_kind};
use crate::lang::Text;
use crate::rows::Fault;
use crate::rows::map::keys::{COLUMN, FILE, ROWS};
use crate::rows::map::layout::compared;
use crate::rows::map::{Layout, Map, Reading, To, Use};
use crate::source::{Source, Span, clean};

/// No table has more lines of heads.
const MOST_HEADS: usize = 16;

impl Map {
    /// Reads a map; what it says is held against a table later.
    pub fn read(source: &Arc<Source>) -> Result<Map, Vec<Fault>> {
        let file: Arc<str> = source.name.as_str().into();
        let mut diagnostics = Vec::new();
        let mut faults = Vec::new();
        let table = parse(source, &mut diagnostics);
        let map = table.map(|table| whole(&table, &file, &mut diagnostics, &mut faults));
        let told = diagnostics.iter().map(|diagnostic| {
            let line = diagnostic.labels.first().map_or(1, |(span, _)| span.place().line as u64);
            Fault::of_line(&file, line, Fault::words(diagnostic))
        });
        let mut all: Vec<Fault> = told.collect();
        all.append(&mut faults);
        match map {
            Some(map) if all.is_empty() => Ok(map),
            _ => Err(all),
        }
    }
}

fn line(span: &Span) -> u64 {
    span.place().line as u64
}

fn whole(table: &Table, file: &Arc<str>, diagnostics: &mut Vec<Diagnostic>, faults: &mut Vec<Fault>) -> Map {
    table.only(&FILE.names(), diagnostics);
    let mut heads = |key: &str| {
        let texts = table.get(key).map(|item| item.texts(diagnostics)).unwrap_or_default();
        texts.into_iter().map(|(text, span)| (text, line(&span))).collect::<Vec<_>>()
    };
    let (keep, leave) = (heads("keep"), heads("leave"));
    let kept = keep.iter().map(|(head, line)| Use {
        to: To::Kept,
        from: head.clone(),
        unit: None,
        reading: Reading::Plain,
        words: Vec::new(),
        line: *line,
    });
    let mut uses: Vec<Use> = kept.collect();
    for entry in table.get("columns").and_then(|item| item.table(diagnostics)).map_or(&[][..], Table::entries) {
        uses.extend(column(To::Fact(entry.key.clone()), &entry.item, diagnostics, faults, file));
    }
    for list in table.get("lists").and_then(|item| item.table(diagnostics)).map_or(&[][..], Table::entries) {
        for (number, record) in list.item.array(diagnostics).unwrap_or_default().iter().enumerate() {
            for entry in record.table(diagnostics).map_or(&[][..], Table::entries) {
                let to = To::Field(list.key.clone(), number, entry.key.clone());
                uses.extend(column(to, &entry.item, diagnostics, faults, file));
            }
        }
    }
    let mut none_if_blank = Vec::new();
    for entry in table.get("blank").and_then(|item| item.table(diagnostics)).map_or(&[][..], Table::entries) {
        match entry.item.word(diagnostics).as_deref() {
            Some("none") => none_if_blank.push(entry.key.clone()),
            Some("unknown") | None => {}
            Some(_) => {
                wrong_kind(&entry.item, &Text::new("\"none\" 或 \"unknown\"", "\"none\" or \"unknown\""), diagnostics)
            }
        }
        let is_known = uses.iter().any(|known| matches!(&known.to, To::Field(list, ..) if *list == entry.key));
        if !is_known {
            let reason = Text::made(
                format!("`lists` 中没有“{}”", clean(&entry.key)),
                format!("there is no “{}” under `lists`", clean(&entry.key)),
            );
            faults.push(Fault::of_line(file, line(&entry.key_span), reason));
        }
    }
    let layout = layout(table, diagnostics, faults, file);
    twice(&keep, &leave, &uses, faults, file);
    let keep = keep.into_iter().map(|(head, _)| head).collect();
    Map { file: Arc::clone(file), layout, uses, keep, leave, none_if_blank }
}

/// A column cannot be left and used, nor be kept twice.
fn twice(keep: &[(String, u64)], leave: &[(String, u64)], uses: &[Use], faults: &mut Vec<Fault>, file: &Arc<str>) {
    let mut fault = |line: u64, head: &str| {
        let head = clean(head);
        let reason = Text::made(
            format!("“{head}”既写为不用（leave），又写为要用；或写了两次"),
            format!("“{head}” is both left and used, or stands here twice"),
        );
        faults.push(Fault::of_line(file, line, reason));
    };
    for (place, (head, line)) in leave.iter().enumerate() {
        let same = |other: &str| compared(other) == compared(head);
        if uses.iter().any(|known| same(&known.from)) || leave.iter().take(place).any(|(other, _)| same(other)) {
            fault(*line, head);
        }
    }
    for (place, (head, line)) in keep.iter().enumerate() {
        if keep.iter().take(place).any(|(other, _)| compared(other) == compared(head)) {
            fault(*line, head);
        }
    }
}

fn column(
    to: To,
    item: &Item,
    diagnostics: &mut Vec<Diagnostic>,
    faults: &mut Vec<Fault>,
    file: &Arc<str>,
) -> Option<Use> {
    let mut of =
        Use { to, from: String::new(), unit: None, reading: Reading::Plain, words: Vec::new(), line: line(&item.span) };
    if let Raw::Text(head) = &item.value {
        of.from.clone_from(head);
        return Some(of);
    }
    let table = item.table(diagnostics)?;
    table.only(&COLUMN.names(), diagnostics);
    table.need_text("from", diagnostics)?.clone_into(&mut of.from);
    of.unit = table.get("unit").and_then(|item| item.word(diagnostics)).map(|unit| unit.into_owned());
    for entry in table.get("words").and_then(|item| item.table(diagnostics)).map_or(&[][..], Table::entries) {
        let meaning = match &entry.item.value {
            Raw::Bool(truth) => Some(truth.to_string()),
            Raw::Integer(number) => Some(number.clone()),
            _ => entry.item.text(diagnostics).map(str::to_owned),
        };
        of.words.extend(meaning.map(|meaning| (compared(&entry.key), meaning)));
    }
    if let Some(item) = table.get("as") {
        match item.word(diagnostics).as_deref() {
            Some("citizen_id") => of.reading = Reading::CitizenId,
            None => {}
            Some(_) => wrong_kind(item, &Text::new("\"citizen_id\"", "\"citizen_id\""), diagnostics),
        }
    }
    if of.reading == Reading::CitizenId && !(of.words.is_empty() && of.unit.is_none()) {
        let reason = Text::new(
            "身份证号（as = \"citizen_id\"）没有单位，也不另换字样",
            "an identity number (as = \"citizen_id\") has neither a unit nor words",
        );
        faults.push(Fault::of_line(file, of.line, reason));
    }
    Some(of)
}

fn layout(table: &Table, diagnostics: &mut Vec<Diagnostic>, faults: &mut Vec<Fault>, file: &Arc<str>) -> Layout {
    let mut layout = Layout::default();
    let Some(rows) = table.get("rows").and_then(|item| item.table(diagnostics)) else { return layout };
    rows.only(&ROWS.names(), diagnostics);
    let count = |item: &Item, diagnostics: &mut Vec<Diagnostic>| {
        let number = match &item.value {
            Raw::Integer(number) => number.parse::<u64>().ok().filter(|number| (1..1 << 32).contains(number)),
            _ => None,
        };
        if number.is_none() {
            wrong_kind(item, &Text::new("从 1 数起的行号", "the number of a line, from 1"), diagnostics);
        }
        number
    };
    layout.sheet = rows.get("sheet").and_then(|item| item.text(diagnostics)).map(str::to_owned);
    if let Some(heads) = rows.get("heads") {
        let items = heads.array(diagnostics).unwrap_or_default();
        layout.heads = items.iter().filter_map(|item| count(item, diagnostics)).collect();
        let rises = layout.heads.is_sorted_by(|one, next| one < next);
        if layout.heads.is_empty() || !rises || layout.heads.len() > MOST_HEADS {
            let reason = Text::new(
                "heads 写列名所在的行号，从上到下，如 [2, 3]",
                "heads are the lines of the heads from top to bottom, such as [2, 3]",
            );
            faults.push(Fault::of_line(file, line(&heads.span), reason));
        }
    }
    layout.first = layout.last_head() + 1;
    if let Some(item) = rows.get("first")
        && let Some(first) = count(item, diagnostics)
    {
        if first <= layout.last_head() {
            let reason = Text::new("数据的第一行在列名之下", "the first line of data stands below the heads");
            faults.push(Fault::of_line(file, line(&item.span), reason));
        }
        layout.first = first;
    }
    let beside = rows.get("beside").map(|item| item.texts(diagnostics)).unwrap_or_default();
    layout.beside = beside.into_iter().map(|(word, _)| word).filter(|word| !word.trim().is_empty()).collect();
    layout
}
