//! Tables of comma-separated values, given as stretches of whole records.

use std::io::{self, Read};
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memchr2};

use crate::lang::Text;
use crate::rows::quotes::Quotes;
use crate::rows::records::{Stretch, line_start};
use crate::rows::{Content, Fault, Heads, Next, Row, Rows, Sheet};

/// How much is held at once, in bytes.
#[derive(Clone, Copy, Debug)]
struct Sizes {
    /// About so many are in one stretch: at least 1, and not more than in the longest record.
    stretch: usize,
    /// A record of more than this, its line break not counted, is refused.
    longest: usize,
}

const USUAL: Sizes = Sizes { stretch: 1 << 17, longest: 1 << 20 };

/// A CSV file. Records are only told apart where they end; taking them apart is left to whoever gets them.
pub struct Csv<R> {
    input: R,
    sheet: Arc<Sheet>,
    sizes: Sizes,
    /// What was read and not yet given. A record begins with it.
    held: Vec<u8>,
    /// The line of its first byte.
    line: u64,
    ended: bool,
    /// Why it could not be read to its end.
    unreadable: Option<Text>,
    quotes: Quotes,
}

impl<R: Read> Csv<R> {
    /// Opens a table: its first record is the heads, which `heads` reads.
    pub fn open(
        input: R,
        file: &Arc<str>,
        heads: impl FnOnce(Vec<String>) -> Result<Heads, Vec<Fault>>,
    ) -> Result<Csv<R>, Vec<Fault>> {
        Csv::open_in(USUAL, input, file, heads)
    }

    /// The same in these sizes.
    fn open_in(
        sizes: Sizes,
        input: R,
        file: &Arc<str>,
        heads: impl FnOnce(Vec<String>) -> Result<Heads, Vec<Fault>>,
    ) -> Result<Csv<R>, Vec<Fault>> {
        let sheet = Arc::new(Sheet { file: Arc::clone(file), heads: Heads::default() });
        let (held, quotes) = (Vec::new(), Quotes::default());
        let mut table = Csv { input, sheet, sizes, held, line: 1, ended: false, unreadable: None, quotes };
        let names = table.first().map_err(|reason| vec![Fault::of_line(file, 1, reason)])?;
        table.sheet = Arc::new(Sheet { file: Arc::clone(file), heads: heads(names)? });
        Ok(table)
    }

    /// Takes the heads.
    fn first(&mut self) -> Result<Vec<String>, Text> {
        let length = loop {
            self.fill(self.sizes.stretch.max(self.twice()));
            if let Some(reason) = self.unreadable.take() {
                return Err(reason);
            }
            match self.quotes.read(&self.held, self.ended) {
                Some(length) => break length,
                None if self.ended => {
                    return Err(Text::new("文件是空的，应有一行列名", "the file is empty; it needs a line of heads"));
                }
                None if self.held.len() > self.sizes.longest => return Err(too_long()),
                None => {}
            }
        };
        let names = self.quotes.cells().map(|name| std::str::from_utf8(name).map(str::to_owned));
        let names = names.collect::<Result<Vec<String>, _>>().map_err(|_| {
            Text::new(
                "列名中有无法识别的字符：这不是 CSV 文件，或既非 UTF-8 也非 GB18030",
                "the heads are no text: this is no CSV file, or neither UTF-8 nor GB18030",
            )
        })?;
        self.drop(length);
        Ok(names)
    }

    /// Reads until so many bytes are held, or there are no more.
    fn fill(&mut self, wanted: usize) {
        let mut length = self.held.len();
        self.held.resize(wanted.max(length), 0);
        while !self.ended && length < wanted {
            match self.input.read(self.held.get_mut(length..).unwrap_or_default()) {
                Ok(0) => self.ended = true,
                Ok(count) => length += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    let reason = Text::made(format!("无法读取（{error}）"), format!("cannot be read ({error})"));
                    self.unreadable = Some(reason);
                }
            }
        }
        self.held.truncate(length);
    }

    /// Twice as many bytes as are held, but no more than show whether the record is too long: what is refused must not depend
    /// on what stands before it.
    fn twice(&self) -> usize {
        (self.held.len() * 2).min(self.sizes.longest + 1)
    }

    /// Passes over the first bytes that are held.
    fn drop(&mut self, count: usize) {
        self.line += memchr_iter(b'\n', self.held.get(..count).unwrap_or_default()).count() as u64;
        self.held.drain(..count.min(self.held.len()));
    }

    /// Where the last record that ends among what is held does so.
    fn cut(&mut self) -> usize {
        let mut from = 0;
        loop {
            let rest = self.held.get(from..).unwrap_or_default();
            let Some(quote) = memchr(b'"', rest) else {
                return from + line_start(rest, rest.len());
            };
            from += line_start(rest, quote);
            let record = self.quotes.read(self.held.get(from..).unwrap_or_default(), false);
            let Some(length) = record else { return from };
            from += length;
        }
    }

    /// Refuses the record that is held, and goes on with the next line behind so much of it.
    fn pass_over(&mut self) -> Row {
        let line = self.line;
        self.drop(self.sizes.longest);
        loop {
            if let Some(end) = memchr2(b'\n', b'\r', &self.held) {
                self.drop(end + 1);
                break;
            }
            self.drop(self.held.len());
            if self.ended {
                break;
            }
            self.fill(self.sizes.stretch);
        }
        self.faulty(line, too_long())
    }

    fn faulty(&self, line: u64, reason: Text) -> Row {
        Row { line, content: Content::Faulty(vec![Fault::of_line(&self.sheet.file, line, reason)]) }
    }
}

fn too_long() -> Text {
    Text::new(
        "这条记录超过 1 MiB，可能缺少收尾的引号",
        "this record is longer than 1 MiB; perhaps a closing quote is missing",
    )
}

impl<R: Read> Rows for Csv<R> {
    fn sheet(&self) -> &Arc<Sheet> {
        &self.sheet
    }

    fn next(&mut self, memory: Vec<u8>) -> Option<Next> {
        let mut wanted = self.sizes.stretch;
        let length = loop {
            self.fill(wanted);
            let is_whole = self.ended && self.unreadable.is_none();
            match self.cut() {
                _ if is_whole && self.held.len() <= self.sizes.longest => break self.held.len(),
                0 if self.held.len() > self.sizes.longest => return Some(Next::Row(self.pass_over())),
                0 if self.ended => {
                    let reason = self.unreadable.take()?;
                    self.held.clear();
                    return Some(Next::Row(self.faulty(self.line, reason)));
                }
                0 => wanted = self.twice(),
                length => break length,
            }
        };
        if length == 0 {
            return None;
        }
        let mut rest = memory;
        rest.clear();
        rest.extend_from_slice(self.held.get(length..).unwrap_or_default());
        let mut bytes = std::mem::replace(&mut self.held, rest);
        bytes.truncate(length);
        let stretch = Stretch { line: self.line, bytes };
        self.line += memchr_iter(b'\n', &stretch.bytes).count() as u64;
        Some(Next::Stretch(stretch))
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

    use super::*;
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
        let mut table = Csv::open_in(sizes, input, &"table.csv".into(), heads).ok()?;
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
                    let is_text = cells.iter().all(|cell| std::str::from_utf8(cell).is_ok());
                    assert_eq!(records.is_text(place, &sheet), is_text);
                    Ok(cells.into_iter().map(<[u8]>::to_vec).collect())
                } else {
                    let row = records.row(place, &sheet);
                    let Content::Faulty(faults) = &row.content else { panic!("a row of neither cells nor faults") };
                    Err((faults[0].reason.en.to_string(), faults[0].id.clone()))
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

    /// A record as the csv crate reads it: where it begins and ends, its line break included, and its cells.
    type Taken = (usize, usize, Vec<Vec<u8>>);

    /// The records from a place on, by the csv crate, which reads all of the table at once.
    fn records(table: &[u8], at: usize) -> impl Iterator<Item = Taken> {
        let rest = &table[at..];
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(rest);
        std::iter::from_fn(move || {
            let place = |reader: &csv::Reader<_>| usize::try_from(reader.position().byte()).unwrap();
            // A line break of two bytes ends a record with its first, and lines without anything are passed over.
            let before = place(&reader);
            let blank = rest[before..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            let mut record = csv::ByteRecord::new();
            let cells = |record: &csv::ByteRecord| record.iter().map(<[u8]>::to_vec).collect();
            let more = reader.read_byte_record(&mut record).unwrap();
            more.then(|| (at + before + blank, at + place(&reader), cells(&record)))
        })
    }

    /// The rows that there should be; `None`: it has no heads.
    fn reference(table: &[u8], longest: usize) -> Option<Vec<Found>> {
        let mut read = records(table, 0);
        let (_, _, names) = read.next()?;
        let names: Result<Vec<String>, _> = names.into_iter().map(String::from_utf8).collect();
        let names = names.ok()?;
        let id = names.iter().position(|name| name.trim() == "id");
        let mut rows = Vec::new();
        while let Some((begin, end, cells)) = read.next() {
            let line = 1 + table[..begin].iter().filter(|byte| **byte == b'\n').count() as u64;
            // Where its line break is one, and not inside of quotes, a record follows.
            let breaks = || records(&[&table[begin..end], b"a"].concat(), 0).count() > 1;
            let (found, wanted) = (cells.len(), names.len());
            let content = if end - begin > longest && end - begin - usize::from(breaks()) > longest {
                let rest = &table[begin + longest..];
                let behind = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
                read = records(table, begin + longest + behind.map_or(rest.len(), |behind| behind + 1));
                Err((too_long().en.to_string(), None))
            } else if found == wanted {
                Ok(cells)
            } else {
                let id = id.and_then(|id| std::str::from_utf8(cells.get(id)?).ok());
                let id = id.map(|id| clean(id.trim())).filter(|id| !id.is_empty());
                Err((format!("this row has {found} cells where there are {wanted} heads"), id))
            };
            rows.push((line, content));
        }
        Some(rows)
    }

    /// What tables are made of. No U+FEFF: where it begins a record with quotes, it is taken for the mark of a file's start and
    /// left out, which the csv crate does in the first record alone.
    const PARTS: &[&[u8]] =
        &[b"a", b"b", b",", b",", b"\"", b"\"\"", b"\n", b"\r", b"\r\n", b"\n\n", b" ", b"\xC3\xA9", b"\xFF"];
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
        let cell =
            prop_oneof![3 => Just(b"a".to_vec()), 1 => Just(Vec::new()), 1 => text(), 2 => text().prop_map(quoted)];
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
    fn rows_are_those_of_the_csv_crate_wherever_stretches_are_cut() {
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
        let usable =
            |table: &[u8], sizes: Sizes| records(table, 0).next().is_none_or(|(_, end, _)| end <= sizes.longest);
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
}
