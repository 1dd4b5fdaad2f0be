//! A file that goes to the disk while it is being written, so that its end need not wait for all of it.

use std::io::{self, Write};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use tempfile::NamedTempFile;

/// After so many bytes the disk is asked to take what there is.
const EVERY: usize = 1 << 22;

/// A file under another name.
pub(super) struct Drained {
    file: NamedTempFile,
    /// Bytes since the disk was last asked.
    since: usize,
    asking: Option<Asking>,
}

/// The thread that asks the disk, and the way to tell it to.
struct Asking {
    ask: SyncSender<()>,
    thread: JoinHandle<io::Result<()>>,
}

impl Drained {
    pub fn new(file: NamedTempFile) -> Drained {
        Drained { file, since: 0, asking: None }
    }

    /// The file, when all of it is on the disk.
    pub fn finish(self) -> io::Result<NamedTempFile> {
        if let Some(Asking { ask, thread }) = self.asking {
            drop(ask);
            // What the disk refused it says once, to whoever asks first.
            thread.join().unwrap_or_else(|_| Err(io::Error::other("sync")))?;
        }
        self.file.as_file().sync_all()?;
        Ok(self.file)
    }

    fn ask(&mut self) -> io::Result<()> {
        let asking = match self.asking.take() {
            Some(asking) => asking,
            None => {
                let file = self.file.as_file().try_clone()?;
                let (ask, asked) = sync_channel(1);
                let ask_disk = move || asked.into_iter().try_for_each(|()| file.sync_data());
                // Without a thread to be had the disk is asked once, at the end.
                let Ok(thread) = thread::Builder::new().spawn(ask_disk) else { return Ok(()) };
                Asking { ask, thread }
            }
        };
        // Where it is still busy, it need not be asked.
        let _ = asking.ask.try_send(());
        self.asking = Some(asking);
        Ok(())
    }
}

impl Write for Drained {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.since += count;
        if self.since >= EVERY {
            self.since = 0;
            self.ask()?;
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
