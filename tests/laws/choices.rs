//! Decisions taken from a list of numbers, so that what is built from them shrinks as the list does: every number may become
//! smaller, the list may become shorter, and where it ends every decision is the first, which is always the simplest.

/// The numbers that are left.
pub struct Choices<'a> {
    numbers: std::slice::Iter<'a, u32>,
}

impl<'a> Choices<'a> {
    pub fn new(numbers: &'a [u32]) -> Choices<'a> {
        Choices { numbers: numbers.iter() }
    }

    fn next(&mut self) -> u64 {
        self.numbers.next().copied().map_or(0, u64::from)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        // The upper bits decide, so that a smaller number never gives a larger choice.
        usize::try_from((self.next() * end as u64) >> 32).unwrap()
    }

    /// One of several.
    pub fn of<T: Clone>(&mut self, options: &[T]) -> T {
        options[self.below(options.len())].clone()
    }

    /// Yes, so many times in a hundred.
    pub fn chance(&mut self, percent: u64) -> bool {
        (self.next() * 100) >> 32 >= 100 - percent
    }

    /// Something, so many times in a hundred.
    pub fn maybe<T>(&mut self, percent: u64, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.chance(percent) { Some(make(self)) } else { None }
    }

    /// From `from` to `to` things.
    pub fn several<T>(&mut self, from: usize, to: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = from + self.below(to - from + 1);
        (0..count).map(|_| make(self)).collect()
    }
}
