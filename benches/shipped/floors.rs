//! What any program that reads these lines must do: copy them line by line, and understand them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{BufWriter, Read, Write};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Copies a file line by line.
pub fn copy(from: &str, to: &str) {
    let mut text = Vec::new();
    File::open(from).unwrap().read_to_end(&mut text).unwrap();
    let mut out = BufWriter::with_capacity(1 << 16, File::create(to).unwrap());
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', &text) {
        out.write_all(&text[start..=end]).unwrap();
        start = end + 1;
    }
    out.flush().unwrap();
}

/// A value of a line, borrowed from it.
enum Cell<'a> {
    Truth(bool),
    Text(Cow<'a, str>),
    Records(Vec<Vec<(Cow<'a, str>, Cell<'a>)>>),
    None,
}

/// Reads each line into a row of the fields that the first line has; the total of what was read keeps it from being left out.
pub fn parse(from: &str) -> usize {
    let mut text = String::new();
    File::open(from).unwrap().read_to_string(&mut text).unwrap();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut read = 0;
    for line in text.lines() {
        let mut row: Vec<Cell<'_>> = Vec::new();
        let mut parser = serde_json::Deserializer::from_str(line);
        Line { places: &mut places, row: &mut row }.deserialize(&mut parser).unwrap();
        read += row.iter().map(Cell::weight).sum::<usize>();
    }
    read
}

impl Cell<'_> {
    fn weight(&self) -> usize {
        match self {
            Cell::Truth(truth) => usize::from(*truth),
            Cell::Text(text) => text.len(),
            Cell::Records(records) => records.iter().flatten().map(|(key, cell)| key.len() + cell.weight()).sum(),
            Cell::None => 0,
        }
    }
}

struct Line<'p, 'r, 'a> {
    places: &'p mut HashMap<String, usize>,
    row: &'r mut Vec<Cell<'a>>,
}

impl<'a> DeserializeSeed<'a> for Line<'_, '_, 'a> {
    type Value = ();
    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'a> Visitor<'a> for Line<'_, '_, 'a> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<&str>()? {
            let cell = map.next_value_seed(AnyCell)?;
            let next = self.places.len();
            let place = match self.places.get(key) {
                Some(place) => *place,
                None => *self.places.entry(key.to_owned()).or_insert(next),
            };
            if self.row.len() <= place {
                self.row.resize_with(place + 1, || Cell::None);
            }
            self.row[place] = cell;
        }
        Ok(())
    }
}

struct AnyCell;

impl<'a> DeserializeSeed<'a> for AnyCell {
    type Value = Cell<'a>;
    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Cell<'a>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for AnyCell {
    type Value = Cell<'a>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_bool<E>(self, truth: bool) -> Result<Cell<'a>, E> {
        Ok(Cell::Truth(truth))
    }
    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Cell<'a>, E> {
        Ok(Cell::Text(Cow::Borrowed(text)))
    }
    fn visit_str<E>(self, text: &str) -> Result<Cell<'a>, E> {
        Ok(Cell::Text(Cow::Owned(text.to_owned())))
    }
    fn visit_unit<E>(self) -> Result<Cell<'a>, E> {
        Ok(Cell::None)
    }
    fn visit_seq<A: SeqAccess<'a>>(self, mut seq: A) -> Result<Cell<'a>, A::Error> {
        let mut records = Vec::new();
        while let Some(record) = seq.next_element_seed(Record)? {
            records.push(record);
        }
        Ok(Cell::Records(records))
    }
    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Cell<'a>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Cell::None)
    }
}

struct Record;

impl<'a> DeserializeSeed<'a> for Record {
    type Value = Vec<(Cow<'a, str>, Cell<'a>)>;
    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'a> Visitor<'a> for Record {
    type Value = Vec<(Cow<'a, str>, Cell<'a>)>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }
    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(key) = map.next_key::<&str>()? {
            fields.push((Cow::Borrowed(key), map.next_value_seed(AnyCell)?));
        }
        Ok(fields)
    }
}
