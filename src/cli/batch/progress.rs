//! How far a run is, on a terminal.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sha2::{Digest as _, Sha256};

use crate::cli::batch::interrupt;
use crate::lang::Lang;

/// Rows so far, their rate, and, where it is known how much there is to read, the time left.
pub(in crate::cli) struct Progress {
    bar: ProgressBar,
    read: Arc<AtomicU64>,
    /// Takes all that is read, where it will be asked whether it is the same again.
    digest: Option<Arc<Mutex<Sha256>>>,
    lang: Lang,
}

/// The digest of what was read.
pub(in crate::cli) type Digest = [u8; 32];

impl Progress {
    /// From now on what is read is to be known again.
    pub fn watched(self) -> Progress {
        Progress { digest: Some(Arc::default()), ..self }
    }

    /// The digest of all that was read; none where nobody watched.
    pub fn digest(&self) -> Option<Digest> {
        let digest = self.digest.as_ref()?.lock().ok()?.clone();
        Some(digest.finalize().into())
    }

    /// Counts what was read by other ways.
    pub fn took(&self, bytes: &[u8]) {
        self.read.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        take(self.digest.as_ref(), bytes);
    }

    /// For these inputs; nothing is shown unless standard error goes to a terminal.
    pub fn new(inputs: &[PathBuf], folder: &Path, is_shown: bool, lang: Lang) -> Progress {
        let read = Arc::new(AtomicU64::new(0));
        if !is_shown {
            return Progress { bar: ProgressBar::hidden(), read, digest: None, lang };
        }
        let size = |path: &PathBuf| size(&folder.join(path));
        let size: Option<u64> = inputs.iter().map(size).sum();
        let bar = ProgressBar::with_draw_target(size, ProgressDrawTarget::stderr());
        let template = match (size, lang) {
            (Some(_), Lang::Zh) => "{bar:30} {percent}%  {msg}  剩余 {eta}",
            (Some(_), Lang::En) => "{bar:30} {percent}%  {msg}  {eta} left",
            (None, _) => "{spinner} {elapsed}  {msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Progress { bar, read, digest: None, lang }
    }

    /// Counts what is read.
    pub fn count<R: Read>(&self, inner: R) -> Counted<R> {
        Counted { inner, read: Arc::clone(&self.read), digest: self.digest.clone() }
    }

    /// Shows how many rows there were so far.
    pub fn rows(&self, rows: u64) {
        if self.bar.is_hidden() {
            return;
        }
        self.bar.set_position(self.read.load(Ordering::Relaxed));
        let milliseconds = u64::try_from(self.bar.elapsed().as_millis()).unwrap_or(u64::MAX);
        let rate = rows.saturating_mul(1000) / milliseconds.max(1);
        self.bar.set_message(match self.lang {
            Lang::Zh => format!("{rows} 行，每秒 {rate} 行"),
            Lang::En => format!("{rows} rows, {rate} a second"),
        });
    }

    /// Takes it off the terminal.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// The bytes of a file, or of the files of a folder; none where that is not known.
fn size(path: &Path) -> Option<u64> {
    let found = std::fs::metadata(path).ok()?;
    if found.is_file() {
        return Some(found.len());
    }
    let files = std::fs::read_dir(path).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let files = files.filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
    Some(files.filter_map(|path| std::fs::metadata(path).ok()).map(|found| found.len()).sum())
}

/// Counts the bytes that are read.
pub(in crate::cli) struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
    digest: Option<Arc<Mutex<Sha256>>>,
}

fn take(digest: Option<&Arc<Mutex<Sha256>>>, bytes: &[u8]) {
    if let Some(mut digest) = digest.and_then(|digest| digest.lock().ok()) {
        digest.update(bytes);
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        // A pipe may let wait for what never comes.
        let count = interrupt::read(|| self.inner.read(into))?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        take(self.digest.as_ref(), into.get(..count).unwrap_or_default());
        Ok(count)
    }
}
