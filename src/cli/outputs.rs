//! Where output goes: what could not be written is noticed in one place, and nothing is written over what is read.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::lang::{Lang, Text};
use crate::policy::Policy;
use crate::source::clean;

/// An output that remembers what went wrong with it, however few ask.
pub(super) struct Watched<'w> {
    output: &'w mut dyn Write,
    fault: Option<io::Error>,
}

impl<'w> Watched<'w> {
    pub fn new(output: &'w mut dyn Write) -> Watched<'w> {
        Watched { output, fault: None }
    }

    /// Why not all of it arrived; a reader that has gone away wants no more, and no complaint.
    pub fn end(self) -> Option<io::Error> {
        let flushed = self.output.flush();
        self.fault.or(flushed.err()).filter(|error| error.kind() != ErrorKind::BrokenPipe)
    }

    fn note<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result
            && error.kind() != ErrorKind::Interrupted
            && self.fault.is_none()
        {
            // An error cannot be copied; its kind and number can.
            let again =
                error.raw_os_error().map_or_else(|| io::Error::from(error.kind()), io::Error::from_raw_os_error);
            self.fault = Some(again);
        }
        result
    }
}

impl Write for Watched<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.output.write(bytes);
        self.note(result)
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.output.flush();
        self.note(result)
    }
}

/// What kept something from being written. Paths in it are those of unfinished files, which tell nobody anything.
pub(super) fn in_words(error: &io::Error, lang: Lang) -> String {
    let text = match error.kind() {
        ErrorKind::NotFound => Text::new("没有这个文件夹", "there is no such folder"),
        ErrorKind::PermissionDenied => Text::new("没有写入权限", "it may not be written by this user"),
        ErrorKind::StorageFull => Text::new("磁盘已满", "the disk is full"),
        ErrorKind::WouldBlock => Text::new("系统不再给线程", "the system gives no more threads"),
        ErrorKind::IsADirectory => Text::new("这是文件夹", "it is a folder"),
        _ => return error.to_string(),
    };
    text.get(lang).to_owned()
}

/// A file that exists, whatever it is called: through links, other spellings and hard links.
#[derive(PartialEq, Eq)]
enum Identity {
    #[cfg(unix)]
    Node(u64, u64),
    Path(PathBuf),
}

impl Identity {
    /// Of a file that is there, or, by the name in its folder, of one that may come to be there.
    fn of(path: &Path) -> Option<Identity> {
        if let Ok(found) = fs::metadata(path) {
            // A device or a pipe holds nothing that could be overwritten.
            if !found.is_file() {
                return None;
            }
            #[cfg(unix)]
            {
                use std::os::unix::fs::MetadataExt;
                return Some(Identity::Node(found.dev(), found.ino()));
            }
            #[cfg(not(unix))]
            return fs::canonicalize(path).ok().map(Identity::Path);
        }
        let beside = path.parent().filter(|beside| !beside.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(Identity::Path(fs::canonicalize(beside).ok()?.join(path.file_name()?)))
    }
}

/// Refuses outputs that are one file with something that is read, or with each other; `-` is no file. Relative paths start from
/// `folder`; of a folder that is read every file in it counts.
pub(super) fn apart(outputs: &[&Path], inputs: &[PathBuf], folder: &Path, lang: Lang) -> Result<(), String> {
    let is_file = |path: &&&Path| **path != Path::new("-");
    let outputs: Vec<(&Path, Option<Identity>)> =
        outputs.iter().filter(is_file).map(|path| (*path, Identity::of(&folder.join(path)))).collect();
    let name = |path: &Path| clean(&path.display().to_string());
    for (place, (path, identity)) in outputs.iter().enumerate() {
        let Some(identity) = identity else { continue };
        let twin = outputs.iter().take(place).find(|(_, other)| other.as_ref() == Some(identity));
        if let Some((other, _)) = twin {
            let (path, other) = (name(path), name(other));
            let text = Text::made(
                format!("{path} 与 {other} 是同一个文件，两种输出不能写在一处；没有读取，也没有写出"),
                format!(
                    "{path} and {other} are one file, and two outputs cannot go there; nothing was read or written"
                ),
            );
            return Err(text.get(lang).to_owned());
        }
        for input in inputs.iter().filter(|input| input.as_path() != Path::new("-")) {
            let whole = folder.join(input);
            let is_it = |path: &Path| Identity::of(path).as_ref() == Some(identity);
            let hit = if whole.is_dir() {
                let entries = fs::read_dir(&whole).into_iter().flatten().flatten();
                entries.map(|entry| entry.path()).any(|path| path.is_file() && is_it(&path))
            } else {
                whole.exists() && is_it(&whole)
            };
            if hit {
                let (path, input) = (name(path), name(input));
                let text = Text::made(
                    format!("{path} 就是要读的 {input}，写出会盖掉它；请另给一个文件名。没有读取，也没有写出"),
                    format!(
                        "{path} is {input}, which is read and would be written over; give another name. Nothing was read or written"
                    ),
                );
                return Err(text.get(lang).to_owned());
            }
        }
    }
    Ok(())
}

/// The files that policies were read from.
pub(super) fn sources_of(policies: &[&Policy]) -> Vec<PathBuf> {
    let of = |policy: &&Policy| {
        let all = std::iter::once(&policy.source).chain(&policy.beside);
        all.map(|source| PathBuf::from(&source.name)).collect::<Vec<_>>()
    };
    policies.iter().flat_map(of).collect()
}

/// The file that output to a path goes to: through links, so that a link stays one.
pub(super) fn through_links(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// What is no regular file, opened to be written to as it is: a device, a pipe. Such a thing is never replaced.
pub(super) fn straight(path: &Path) -> Option<io::Result<File>> {
    let found = fs::metadata(path).ok()?;
    (!found.is_file() && !found.is_dir()).then(|| File::options().write(true).open(path))
}
