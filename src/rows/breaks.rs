//! Where cells and lines end in text without quotes, found 64 bytes at a time.

/// Calls `found` with the place of every separator and line break, in order.
pub(super) fn breaks(text: &[u8], separator: u8, mut found: impl FnMut(usize)) {
    let (blocks, rest) = text.as_chunks::<64>();
    for (place, block) in blocks.iter().enumerate() {
        let mut marks = marks(block, separator);
        while marks != 0 {
            found(place * 64 + marks.trailing_zeros() as usize);
            marks &= marks - 1;
        }
    }
    let before = text.len() - rest.len();
    rest.iter()
        .enumerate()
        .filter(|(_, byte)| is_break(**byte, separator))
        .for_each(|(place, _)| found(before + place));
}

fn is_break(byte: u8, separator: u8) -> bool {
    (byte == separator) | (byte == b'\n') | (byte == b'\r')
}

/// A bit for each byte, the first the lowest: whether it is a break. Written so that compilers compare many bytes at once.
fn marks(block: &[u8; 64], separator: u8) -> u64 {
    let flags = block.map(|byte| u8::from(is_break(byte, separator)));
    let eights = flags.as_chunks::<8>().0.iter().enumerate();
    // The factor moves the lowest bit of each of eight bytes to a bit of its own in the highest byte.
    let bits = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    eights.fold(0, |marks, (place, eight)| marks | bits(eight) << (place * 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_break_is_found_wherever_it_stands() {
        for length in [0, 1, 7, 8, 63, 64, 65, 200] {
            for step in 1..9 {
                let byte = |place: usize| match place % step {
                    0 => b",\n\r"[place % 3],
                    _ => b'a' + u8::try_from(place % 7).unwrap(),
                };
                let text: Vec<u8> = (0..length).map(byte).collect();
                let mut found = Vec::new();
                breaks(&text, b',', |place| found.push(place));
                assert_eq!(found, (0..length).step_by(step).collect::<Vec<_>>());
            }
        }
    }
}
