//! A set of words of one enum, each by its place in the declaration.

/// How many words an enum may have.
pub const MOST_WORDS: usize = 64;

/// Which words are possible. Never none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Words(u64);

impl Words {
    /// Just the word at this place (below [`MOST_WORDS`]).
    pub fn one(place: usize) -> Words {
        Words(1u64.checked_shl(u32::try_from(place).unwrap_or(u32::MAX)).unwrap_or(1))
    }

    /// All of the first `count` words.
    pub fn all(count: usize) -> Words {
        if count >= MOST_WORDS { Words(u64::MAX) } else { Words((1u64 << count).wrapping_sub(1)) }
    }

    /// Whether one word is left.
    pub fn is_point(self) -> bool {
        self.0.count_ones() == 1
    }

    /// The place of the word, where one is left.
    pub fn point(self) -> Option<usize> {
        self.is_point().then(|| self.0.trailing_zeros() as usize)
    }

    /// The place of the lowest possible word.
    pub fn lowest(self) -> usize {
        self.0.trailing_zeros() as usize
    }

    /// The place of the highest possible word.
    pub fn highest(self) -> usize {
        63usize.saturating_sub(self.0.leading_zeros() as usize)
    }

    /// Whether the two share a word.
    pub fn meets(self, other: Words) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every word of this is in the other.
    pub fn within(self, other: Words) -> bool {
        self.0 & !other.0 == 0
    }

    /// The words of both.
    pub fn hull(self, other: Words) -> Words {
        Words(self.0 | other.0)
    }

    /// The places of the possible words, lowest first.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..MOST_WORDS).filter(move |&place| self.0 & (1u64 << place) != 0)
    }
}
