//! Bytes that are kept for later: few in memory, many outside.

use std::borrow::Cow;
use std::fmt::Debug;
use std::io;

/// So many stay in memory.
const MOST: usize = 16 << 20;

/// A place outside the memory where bytes are kept until the run ends.
pub trait Store: Debug + Send + Sync {
    /// Puts bytes behind those that are there.
    fn push(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Fills `bytes` from a place on.
    fn read(&self, start: u64, bytes: &mut [u8]) -> io::Result<()>;
}

/// Gives such a place.
pub type Open = fn() -> io::Result<Box<dyn Store>>;

/// Bytes in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// Where too many go; none: they stay in memory.
    open: Option<Open>,
    /// Those before `memory`, once there were too many.
    store: Option<Box<dyn Store>>,
    /// How many are in the store.
    outside: u64,
    memory: Vec<u8>,
}

impl Kept {
    /// None yet.
    pub fn new(open: Option<Open>) -> Kept {
        Kept { open, ..Kept::default() }
    }

    /// How many there are: where the next will stand.
    pub fn len(&self) -> u64 {
        self.outside + self.memory.len() as u64
    }

    /// Where to put bytes behind the others; `settle` follows.
    pub fn end(&mut self) -> &mut Vec<u8> {
        &mut self.memory
    }

    /// Moves what has become too much outside.
    pub fn settle(&mut self) -> io::Result<()> {
        if self.memory.len() < MOST { Ok(()) } else { self.move_out() }
    }

    fn move_out(&mut self) -> io::Result<()> {
        let Some(open) = self.open else { return Ok(()) };
        let store = match &mut self.store {
            Some(store) => store,
            none => none.insert(open()?),
        };
        store.push(&self.memory)?;
        self.outside += self.memory.len() as u64;
        self.memory.clear();
        Ok(())
    }

    /// Ends the taking: bytes are either all in memory or all outside.
    pub fn finish(&mut self) -> io::Result<()> {
        if self.store.is_some() {
            self.move_out()?;
        }
        self.memory.shrink_to_fit();
        Ok(())
    }

    /// So many bytes from a place on.
    pub fn get(&self, start: u64, length: u32) -> io::Result<Cow<'_, [u8]>> {
        let length = length as usize;
        match &self.store {
            Some(store) => {
                let mut bytes = vec![0; length];
                store.read(start, &mut bytes)?;
                Ok(Cow::Owned(bytes))
            }
            None => {
                let held =
                    usize::try_from(start).ok().and_then(|start| self.memory.get(start..start.checked_add(length)?));
                held.map(Cow::Borrowed).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
            }
        }
    }
}

/// Puts a number in as few bytes as it needs, seven bits in each.
pub(super) fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(0x80 | u8::try_from(number & 0x7F).unwrap_or(0));
        number >>= 7;
    }
    bytes.push(u8::try_from(number).unwrap_or(0));
}

/// Takes such a number from the beginning.
pub(super) fn number(rest: &mut &[u8]) -> Option<u64> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let (byte, behind) = rest.split_first()?;
        *rest = behind;
        number |= u64::from(byte & 0x7F) << shift;
        shift += 7;
        if byte & 0x80 == 0 || shift > 56 {
            return Some(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for wanted in [0, 1, 0x7F, 0x80, 300, 1 << 21, u64::from(u32::MAX), 1 << 40] {
            let mut bytes = Vec::new();
            put(&mut bytes, wanted);
            assert_eq!(number(&mut &bytes[..]), Some(wanted));
        }
    }
}
