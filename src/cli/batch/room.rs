//! How many threads the memory leaves room for.

use std::fs;
use std::num::NonZeroUsize;

use crate::lang::Text;

const MIB: u64 = 1024 * 1024;
/// Address space of a run with one thread that works.
const BASE: u64 = 300 * MIB;
/// Address space that every further one may reserve: its stack, and what the allocator keeps apart for it.
const EACH: u64 = 128 * MIB;

/// Less than this is too little for any table; without memory the system ends a program in the midst of its work.
const LEAST: u64 = 64 * MIB;

/// Why nothing is begun, where the address space is limited to too little.
pub(super) fn too_little() -> Option<Text> {
    let limit = limit(&fs::read_to_string("/proc/self/limits").ok()?).filter(|limit| *limit < LEAST)?;
    let (limit, least) = (limit / MIB, LEAST / MIB);
    Some(Text::made(
        format!("内存上限（ulimit -v）只有 {limit} MiB，至少要 {least} MiB；没有读取，也没有写出"),
        format!(
            "the address space is limited (ulimit -v) to {limit} MiB, and {least} MiB are needed at least; nothing was read or written"
        ),
    ))
}

/// How many threads work: so many as were asked for, or as there are processors; fewer where the address space is limited
/// (`ulimit -v`), as a thread that finds no memory ends the whole run. Results are the same however many work.
pub(in crate::cli) fn jobs(asked: Option<u16>) -> usize {
    let processors = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let asked = asked.map_or_else(processors, usize::from);
    fs::read_to_string("/proc/self/limits")
        .ok()
        .and_then(|limits| fitting(&limits))
        .map_or(asked, |most| asked.min(most))
}

/// The limit that the system names; `None` where there is none.
fn limit(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// How many fit into it.
fn fitting(limits: &str) -> Option<usize> {
    usize::try_from(limit(limits)?.saturating_sub(BASE) / EACH + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_threads_than_fit() {
        let limits =
            |soft: &str| format!("Limit Soft Hard Units\nMax address space         {soft}   unlimited   bytes\n");
        assert_eq!(fitting(&limits("unlimited")), None);
        assert_eq!(fitting("Max open files 4 4 files"), None);
        // 800,000 KiB are 781 MiB: 300 for the first, and 3 times 128 of the other 481.
        assert_eq!(fitting(&limits("819200000")), Some(4));
        assert_eq!(fitting(&limits("1000")), Some(1));
    }
}
