//! Ctrl-C: the run ends between two chunks, and what it has written so far is taken away. A run that only waits for a pipe is ended
//! at once.

use std::io::{self, ErrorKind, Write as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, Once};
use std::thread;

use crate::cli::Exit;
use crate::lang::{Lang, Text};

static ASKED: AtomicBool = AtomicBool::new(false);
static WATCH: Once = Once::new();
/// What the reading thread is doing; whoever changes it from waiting first, the reader or the interrupt, goes on alone.
static STATE: AtomicU8 = AtomicU8::new(WORKING);
const WORKING: u8 = 0;
const WAITING: u8 = 1;
const ENDING: u8 = 2;
/// Files to be taken away where the process ends at once.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// From now on an interrupt is noted instead of ending the process.
pub(in crate::cli) fn watch(lang: Lang) {
    WATCH.call_once(|| {
        // Where it cannot be watched for, it ends the process, and the unfinished file keeps its unfinished name.
        let _ = ctrlc::set_handler(move || {
            ASKED.store(true, Ordering::SeqCst);
            if STATE.compare_exchange(WAITING, ENDING, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
                end(lang);
            }
        });
    });
}

/// Ends the process, which only waits.
fn end(lang: Lang) {
    for path in UNFINISHED.lock().map(|all| all.clone()).unwrap_or_default() {
        let _ = std::fs::remove_file(&path).or_else(|_| std::fs::remove_dir_all(&path));
    }
    let words = words();
    let _ = match lang {
        Lang::Zh => writeln!(io::stderr(), "错误：{}", words.zh),
        Lang::En => writeln!(io::stderr(), "error: {}", words.en),
    };
    std::process::exit(Exit::Unusable as i32);
}

/// What is said of a run that was interrupted.
pub(in crate::cli) fn words() -> Text {
    Text::new("已中断，没有写出结果文件", "interrupted; no result file was written")
}

/// Whether the user wants the run to end.
pub(in crate::cli) fn is_asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}

/// Names a file that is not finished.
pub(super) fn note(path: PathBuf) {
    if let Ok(mut all) = UNFINISHED.lock() {
        all.push(path);
    }
}

/// Does what may let wait for somebody else; an interrupt meanwhile ends the process, one before it makes it an error.
pub(in crate::cli) fn wait<T>(work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    STATE.store(WAITING, Ordering::SeqCst);
    let done = if is_asked() { Err(ErrorKind::Interrupted.into()) } else { work() };
    if STATE.compare_exchange(WAITING, WORKING, Ordering::SeqCst, Ordering::SeqCst) == Err(ENDING) {
        // The other thread is about to end all.
        loop {
            thread::park();
        }
    }
    done
}

/// Reads what may let wait; once the run is to end there is nothing more.
pub(in crate::cli) fn read(work: impl FnOnce() -> io::Result<usize>) -> io::Result<usize> {
    if is_asked() { Ok(0) } else { wait(work).or_else(|error| if is_asked() { Ok(0) } else { Err(error) }) }
}
