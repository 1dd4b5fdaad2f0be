//! One record of CSV that has quotes.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// Reads records by the state machine of the csv crate. Its memory is used again for the next.
#[derive(Debug)]
pub(super) struct Quotes {
    reader: Reader,
    /// The cells, one behind the other, without quotes.
    text: Vec<u8>,
    /// Where each of them ends.
    ends: Vec<usize>,
    /// How many there are.
    count: usize,
}

impl Quotes {
    /// Reads records whose cells are separated so.
    pub fn new(separator: u8) -> Quotes {
        let reader = ReaderBuilder::new().delimiter(separator).build();
        Quotes { reader, text: Vec::new(), ends: Vec::new(), count: 0 }
    }

    /// Reads the first record of a text and gives how many bytes it takes; `None` where it does not end there. `whole`:
    /// nothing follows the text, so that its end ends the record.
    pub fn read(&mut self, text: &[u8], whole: bool) -> Option<usize> {
        self.reader.reset();
        self.count = 0;
        let (mut read, mut written) = (0, 0);
        loop {
            let (input, output) = (text.get(read..)?, self.text.get_mut(written..)?);
            let ends = self.ends.get_mut(self.count..)?;
            let (result, more_read, more_written, more_ends) = self.reader.read_record(input, output, ends);
            read += more_read;
            written += more_written;
            self.count += more_ends;
            match result {
                ReadRecordResult::Record => return Some(read),
                // Asked without more to read, it ends the record.
                ReadRecordResult::InputEmpty if whole => {}
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return None,
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2 + 64, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2 + 16, 0),
            }
        }
    }

    /// The cells of the record read last.
    pub fn cells(&self) -> impl Iterator<Item = &[u8]> {
        let ends = self.ends.iter().take(self.count);
        let starts = std::iter::once(&0).chain(ends.clone());
        starts.zip(ends).map(|(start, end)| self.text.get(*start..*end).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_ends_where_its_quotes_are_closed() {
        let mut quotes = Quotes::new(b',');
        let mut cells = |text: &str, whole: bool| {
            let read = quotes.read(text.as_bytes(), whole);
            read.map(|count| (count, quotes.cells().map(|cell| String::from_utf8(cell.to_vec()).unwrap()).collect()))
        };
        let cut = |count: usize, cells: [&str; 2]| Some((count, cells.map(str::to_owned).to_vec()));
        assert_eq!(cells("a,b\nc,d\n", false), cut(4, ["a", "b"]));
        assert_eq!(cells("a,\"b\n\"\"c\"\nd", false), cut(10, ["a", "b\n\"c"]));
        assert_eq!(cells("a,\"b\n", false), None);
        assert_eq!(cells("a,\"b\n", true), cut(5, ["a", "b\n"]));
        assert_eq!(cells("a,b", true), cut(3, ["a", "b"]));
        assert_eq!(cells("\n\n", true), None);
    }
}
