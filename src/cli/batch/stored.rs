//! A file without a name, for what is too much to hold in memory.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::rows::Store;

/// It is gone with the run, whatever ends that.
#[derive(Debug)]
struct Nameless(Mutex<File>);

/// Where `TMPDIR` says, else where much may be put: `/tmp` is memory on many machines.
pub(super) fn stored() -> io::Result<Box<dyn Store>> {
    let large = Path::new("/var/tmp");
    let file = if std::env::var_os("TMPDIR").is_none() && large.is_dir() {
        tempfile::tempfile_in(large)?
    } else {
        tempfile::tempfile()?
    };
    Ok(Box::new(Nameless(Mutex::new(file))))
}

impl Store for Nameless {
    fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).write_all(bytes)
    }

    fn read(&self, start: u64, bytes: &mut [u8]) -> io::Result<()> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(bytes)
    }
}
