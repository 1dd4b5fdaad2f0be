//! Ctrl-C: the run ends between two chunks, and what it has written so far is taken away.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);
static WATCH: Once = Once::new();

/// From now on an interrupt is noted instead of ending the process.
pub(in crate::cli) fn watch() {
    WATCH.call_once(|| {
        // Where it cannot be watched for, it ends the process, and the unfinished file keeps its unfinished name.
        let _ = ctrlc::set_handler(|| ASKED.store(true, Ordering::Relaxed));
    });
}

/// Whether the user wants the run to end.
pub(in crate::cli) fn is_asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
