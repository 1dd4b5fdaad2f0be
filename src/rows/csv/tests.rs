//! Records against a reading byte by byte, wherever the table is cut.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::*;
use crate::rows::records::shows;
use crate::rows::{Piece, Records};
use crate::source::clean;

/// A row: its line, and its cells; or where it is refused, what is said of it, and its id.
type Found = (u64, Result<Vec<Vec<u8>>, (String, Option<String>)>);

/// Gives so many bytes at a time, over and over; 0: it is interrupted instead.
struct Slow<'t> {
    rest: &'t [u8],
    steps: std::iter::Cycle<std::slice::Iter<'t, usize>>,
}

impl Read for Slow<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let step = *self.steps.next().unwrap_or(&1);
        if step == 0 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let most = into.len().min(step);
        self.rest.read(&mut into[..most])
    }
}

fn heads(names: Vec<String>) -> Result<Heads, Vec<Fault>> {
    Heads::read(names, &[], true, &"table.csv".into(), 1)
}

/// The rows of a table that comes in such steps and is held in such sizes; `None`: it has no heads.
fn rows(table: &[u8], steps: &[usize], sizes: Sizes) -> Option<Vec<Found>> {
    let input = Slow { rest: table, steps: steps.iter().cycle() };
    let mut table = Csv::open_in(sizes, input, &"table.csv".into(), None, heads).ok()?;
    let sheet = Arc::clone(table.sheet());
    let width = sheet.heads.names.len();
    let (mut rows, mut records, mut memory) = (Vec::new(), Records::default(), Vec::new());
    while let Some(next) = table.next(memory) {
        records.take(next.into(), &sheet);
        for place in records.rows() {
            let content = if records.is_cells(place) {
                let cells: Vec<&[u8]> = (0..width).map(|column| records.cell(place, column).unwrap()).collect();
                let block = records.block(place..place + 1, &sheet);
                assert_eq!(cells, (0..width).flat_map(|column| block.column(column)).collect::<Vec<_>>());
                let is_text = cells.iter().all(|cell| std::str::from_utf8(cell).is_ok_and(shows));
                assert_eq!(records.is_text(place, &sheet), is_text);
                Ok(cells.into_iter().map(<[u8]>::to_vec).collect())
            } else {
                let row = records.row(place, &sheet);
                let Content::Faulty(faults) = &row.content else { panic!("a row of neither cells nor faults") };
                let reason = faults[0].reason.en.to_string();
                let kinds = ["never closed", "within 1 MiB", "more stands behind", ", which look"];
                let kind = kinds.into_iter().find(|kind| reason.contains(kind)).map(str::to_owned);
                Err((kind.unwrap_or(reason), faults[0].id.clone()))
            };
            rows.push((records.line(place), content));
        }
        memory = match records.give_back() {
            Piece::Stretch(stretch) => stretch.bytes,
            Piece::Rows(_) => Vec::new(),
        };
    }
    Some(rows)
}

/// What stands at a place: a record with its end and cells, or what is wrong with it and where that quote stands.
enum Seen {
    Cells(usize, Vec<Vec<u8>>),
    Broken(&'static str, usize),
    Long,
}

/// Read byte by byte, with no regard for speed or for where the table is cut.
fn read(table: &[u8], begin: usize, heads: usize, longest: usize) -> Seen {
    let line_end =
        |at: usize| table[at..].iter().position(|byte| b"\n\r".contains(byte)).map_or(table.len(), |end| at + end);
    let seen = table.len().min(begin + longest + 1);
    let ended = table.len() - begin <= longest;
    let (mut at, mut cells) = (begin, Vec::new());
    loop {
        let mut cell = Vec::new();
        if table[..seen].get(at) == Some(&b'"') {
            let opened = at;
            at += 1;
            loop {
                if at >= seen {
                    return Seen::Broken(if ended { "never closed" } else { "within 1 MiB" }, opened);
                }
                if table[at] == b'"' && (table.get(at + 1) != Some(&b'"') || at + 1 >= seen) {
                    break;
                }
                cell.push(table[at]);
                at += if table[at] == b'"' { 2 } else { 1 };
            }
            match table[..seen].get(at + 1) {
                None if !ended => return Seen::Broken("within 1 MiB", opened),
                None | Some(b'\n' | b'\r' | b',') => {}
                Some(_) => return Seen::Broken("more stands behind", opened),
            }
            let starts = (opened + 1..=at).filter(|start| b"\n\r".contains(&table[start - 1]));
            let looks = |start: usize| {
                let line = &table[start..line_end(start).min(seen)];
                line.iter().filter(|byte| **byte == b',').count() + 1 == heads
            };
            if heads > 1 && starts.into_iter().any(looks) {
                return Seen::Broken(", which look", opened);
            }
            at += 1;
        } else {
            while at < seen && !b",\n\r".contains(&table[at]) {
                cell.push(table[at]);
                at += 1;
            }
            if at >= seen && !ended {
                return Seen::Long;
            }
        }
        cells.push(cell);
        match table[..seen].get(at) {
            Some(b',') => at += 1,
            end => return Seen::Cells(at + usize::from(end.is_some()), cells),
        }
    }
}

/// Where something stands behind lines with nothing.
fn blanks(table: &[u8], at: usize) -> usize {
    at + table[at..].iter().take_while(|byte| b"\n\r".contains(byte)).count()
}

/// The rows that there should be; `None`: it has no heads.
fn reference(table: &[u8], longest: usize) -> Option<Vec<Found>> {
    let blank = |at: usize| blanks(table, at);
    let line = |at: usize| 1 + table[..at].iter().filter(|byte| **byte == b'\n').count() as u64;
    let behind =
        |at: usize| table[at..].iter().position(|byte| b"\n\r".contains(byte)).map_or(table.len(), |end| at + end + 1);
    let begin = blank(0);
    if begin == table.len() {
        return None;
    }
    let Seen::Cells(mut at, names) = read(table, begin, 0, usize::MAX / 2) else { return None };
    let names: Result<Vec<String>, _> = names.into_iter().map(String::from_utf8).collect();
    let names = names.ok()?;
    let id = names.iter().position(|name| name.trim() == "id");
    let text = |id: Option<&[u8]>| {
        let id = id.and_then(|id| std::str::from_utf8(id).ok());
        id.map(|id| clean(id.trim())).filter(|id| !id.is_empty())
    };
    let mut rows = Vec::new();
    loop {
        at = blank(at);
        if at == table.len() {
            return Some(rows);
        }
        let begin = at;
        let content = match read(table, begin, names.len(), longest) {
            Seen::Cells(end, cells) => {
                at = end;
                if cells.iter().all(|cell| std::str::from_utf8(cell).is_ok_and(|cell| cell.trim().is_empty())) {
                    continue;
                }
                let (found, wanted) = (cells.len(), names.len());
                if found == wanted {
                    Ok(cells)
                } else {
                    let id = text(id.and_then(|id| Some(cells.get(id)?.as_slice())));
                    Err((format!("this row has {found} cells where there are {wanted} heads"), id))
                }
            }
            Seen::Broken(why, opened) => {
                at = behind(opened);
                let before = &table[begin..opened];
                let plain = !before.iter().any(|byte| b"\"\n".contains(byte));
                let cells: Vec<&[u8]> = before.split(|byte| *byte == b',').collect();
                let known = id.filter(|id| plain && id + 1 < cells.len());
                Err((why.to_owned(), text(known.map(|id| cells[id]))))
            }
            Seen::Long => {
                at = behind(begin + longest);
                Err((too_long().en.to_string(), None))
            }
        };
        rows.push((line(begin), content));
    }
}

/// What tables are made of. No U+FEFF: where it begins a record with quotes, it is taken for the mark of a file's start and
/// left out, which the csv crate does in the first record alone.
const PARTS: &[&[u8]] = &[
    b"a",
    b"b",
    b",",
    b",",
    b"\"",
    b"\"\"",
    b"\n",
    b"\r",
    b"\r\n",
    b"\n\n",
    b" ",
    b"\xE3\x80\x80",
    b"\xC3\xA9",
    b"\xFF",
];
/// More than are looked through at once.
const LONG: &[&[u8]] = &[&[b'a'; 61], &[b','; 61]];

fn text() -> impl Strategy<Value = Vec<u8>> {
    vec(prop_oneof![60 => select(PARTS), 1 => select(LONG)], 0..8).prop_map(|parts| parts.concat())
}

fn quoted(text: Vec<u8>) -> Vec<u8> {
    let inside = text.iter().flat_map(|byte| if *byte == b'"' { vec![b'"'; 2] } else { vec![*byte] });
    std::iter::once(b'"').chain(inside).chain(std::iter::once(b'"')).collect()
}

/// Mostly lines of three cells under three heads, and between them anything.
fn table() -> impl Strategy<Value = Vec<u8>> {
    let blank = || select(&["", "", "", "\n", "\r\n\r"][..]);
    let end = || select(&["\n", "\n", "\r\n", "\r", "\n\n", ""][..]);
    let heads = select(&["a,id,b", "id,\"a\nb\",\"c\"\"\"", "a,b,c", "id", "\"i\"d", "a,b,é,id", ""][..]);
    let cell = prop_oneof![3 => Just(b"a".to_vec()), 1 => Just(Vec::new()), 1 => text(), 2 => text().prop_map(quoted)];
    let cells = prop_oneof![4 => vec(cell.clone(), 3), 1 => vec(cell, 0..6)];
    let line = (cells, end()).prop_map(|(cells, end)| [&cells.join(&b','), end.as_bytes()].concat());
    let lines = vec(prop_oneof![4 => line, 1 => text()], 0..12);
    (blank(), heads, end(), lines).prop_map(|(blank, heads, end, lines)| {
        [blank.as_bytes(), heads.as_bytes(), end.as_bytes(), &lines.concat()].concat()
    })
}

/// So many tries, or as many as `DUIXIAN_LAWS` says, and of its seed: as in `tests/laws`.
fn runner(usual: u32) -> TestRunner {
    let wanted = std::env::var("DUIXIAN_LAWS").unwrap_or_else(|_| usual.to_string());
    let (cases, seed) = wanted.split_once(':').unwrap_or((&wanted, "0"));
    let (cases, seed) = (cases.parse().unwrap(), seed.parse().unwrap());
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]))
}

#[test]
fn rows_are_those_that_are_read_byte_by_byte_wherever_stretches_are_cut() {
    let longest = prop_oneof![3 => Just(USUAL.longest), 1 => 60..200_usize];
    let stretch = prop_oneof![4 => 1..40_usize, 2 => 40..300_usize, 1 => Just(USUAL.stretch)];
    let sizes = (stretch, longest).prop_map(|(stretch, longest)| Sizes { stretch: stretch.min(longest), longest });
    // The last step is at least 1, so that something comes.
    let steps = (vec(0..9_usize, 0..4), prop_oneof![3 => 1..9_usize, 1 => 9..500_usize]);
    let steps = steps.prop_map(|(mut steps, last)| {
        steps.push(last);
        steps
    });
    // Heads that are too long end it all.
    let usable = |table: &[u8], sizes: Sizes| match read(table, blanks(table, 0), 0, usize::MAX / 2) {
        Seen::Cells(end, _) => end < sizes.longest,
        _ => table.len() < sizes.longest,
    };
    let outcome = runner(1500).run(&(table(), steps, sizes), |(table, steps, sizes)| {
        let shown = String::from_utf8_lossy(&table);
        prop_assume!(usable(&table, sizes));
        prop_assert_eq!(rows(&table, &steps, sizes), reference(&table, sizes.longest), "{:?}", shown);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// Something inserted or removed, anywhere.
fn damage() -> impl Strategy<Value = (usize, &'static [u8], usize)> {
    const PUT: &[&[u8]] = &[b"\"", b"\"", b"\"", b",", b"\n", b"\r\n", b"\"\"", b""];
    let parts = select(PUT);
    (any::<usize>(), parts, prop_oneof![3 => Just(0_usize), 1 => 1..3_usize])
}

#[test]
fn no_row_is_lost_unsaid() {
    let cell = select(&["a", "12元", "", "\"x, y\"", "\"say \"\"so\"\"\"", "\"two\nlines\""][..]);
    let lines = vec(vec(cell, 2), 1..12);
    let outcome = runner(1500).run(&(lines, vec(damage(), 1..5), 1..60_usize), |(lines, damages, stretch)| {
        let mut table = b"id,b,c\n".to_vec();
        let heads = table.len();
        for (place, line) in lines.iter().enumerate() {
            table.extend_from_slice(format!("p{place},{}\n", line.join(",")).as_bytes());
        }
        for (at, part, removed) in damages {
            let at = heads + at % (table.len() - heads + 1);
            let end = (at + removed).min(table.len());
            table.splice(at..end, part.iter().copied());
        }
        let found = rows(&table, &[7], Sizes { stretch, ..USUAL }).unwrap();
        let shown = String::from_utf8_lossy(&table).into_owned();
        // Every line that is a record by itself is a row of its own, taken or refused.
        for (place, line) in table.split(|byte| *byte == b'\n').enumerate().skip(1) {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let something = line.iter().any(|byte| !b", \t\r".contains(byte));
            let is_record =
                something && !line.contains(&b'"') && line.iter().filter(|byte| **byte == b',').count() == 2;
            let number = place as u64 + 1;
            prop_assert!(!is_record || found.iter().any(|(line, _)| *line == number), "line {} of {:?}", number, shown);
        }
        // Every line that is not blank belongs to one row: of several lines only where a quoted cell has line breaks.
        let blank = |line: &[u8]| {
            std::str::from_utf8(line).is_ok_and(|line| line.chars().all(|c| c.is_whitespace() || ",\"".contains(c)))
        };
        let numbers: Vec<u64> = found.iter().map(|(line, _)| *line).collect();
        prop_assert!(numbers.is_sorted(), "{:?}", shown);
        let mut owner = None;
        for (place, line) in table.split(|byte| *byte == b'\n').enumerate().skip(1) {
            let number = place as u64 + 1;
            owner = found.iter().rfind(|(line, _)| *line == number).or(owner);
            prop_assert!(blank(line) || owner.is_some(), "line {} of {:?}", number, shown);
            if let Some((first, Ok(cells))) = owner {
                let breaks: usize = cells.iter().flatten().filter(|byte| **byte == b'\n').count();
                prop_assert!(blank(line) || number <= first + breaks as u64, "line {} of {:?}", number, shown);
            }
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
