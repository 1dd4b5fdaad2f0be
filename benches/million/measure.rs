//! What one process takes.

use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};

/// What one process took, in seconds.
#[derive(Clone, Copy)]
pub struct Run {
    pub processor: f64,
    pub wall: f64,
}

impl Run {
    /// Runs a command, which must end with one of these statuses.
    pub fn of(command: &mut Command, statuses: &[i32]) -> Run {
        let processor = || {
            let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
            let seconds = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
            seconds(usage.user_time()) + seconds(usage.system_time())
        };
        let (before, start) = (processor(), Instant::now());
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        let wall = start.elapsed().as_secs_f64();
        assert!(status.code().is_some_and(|code| statuses.contains(&code)), "{command:?}: {status}");
        Run { processor: processor() - before, wall }
    }

    /// The one that took the least of the processor.
    pub fn fastest(runs: &[Run]) -> Run {
        *runs.iter().min_by(|a, b| a.processor.total_cmp(&b.processor)).unwrap()
    }
}

/// The most memory that any process run so far had at once, in MiB.
pub fn peak() -> f64 {
    getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss() as f64 / 1024.0
}
