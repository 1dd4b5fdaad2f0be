//! The library of workbooks, kept from ending the program.

use std::cell::Cell;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use rust_xlsxwriter::XlsxError;

thread_local! {
    /// Whether a panic on this thread is an error that is told elsewhere.
    static TOLD_ELSEWHERE: Cell<bool> = const { Cell::new(false) };
}

/// The library panics where its own files cannot be written or it gets no threads: that is an error like others, and no panic
/// to be told of.
pub fn guarded<T>(work: impl FnOnce() -> Result<T, XlsxError>) -> io::Result<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |what| {
            if !TOLD_ELSEWHERE.get() {
                before(what);
            }
        }));
    });
    TOLD_ELSEWHERE.set(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    TOLD_ELSEWHERE.set(false);
    match done {
        Ok(done) => done.map_err(|error| match error {
            XlsxError::IoError(error) | XlsxError::TempFileError(_, error) => error,
            other => io::Error::other(other.to_string()),
        }),
        Err(words) => {
            let words = words.downcast_ref::<String>().map_or("", String::as_str);
            let kind = match words {
                words if words.contains("StorageFull") || words.is_empty() => io::ErrorKind::StorageFull,
                words if words.contains("spawn thread") => io::ErrorKind::WouldBlock,
                _ => return Err(io::Error::other(words.to_owned())),
            };
            Err(kind.into())
        }
    }
}
