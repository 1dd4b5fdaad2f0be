//! What goes into a run, named with digests.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::batch::Plan;
use crate::cli::files;
use crate::report::record::{FileRead, OfPolicy, PROGRAM, Record, Role};
use crate::source::clean;

impl Record {
    /// What goes into a run by this plan over these files; one that cannot be read, or is no file, has no digest.
    pub(super) fn of(plan: &Plan<'_>, inputs: &[(Role, PathBuf)], command: &[String], folder: &Path) -> Record {
        let own = plan.setup.policies.iter().enumerate();
        let policies = own.map(|(place, policy)| {
            OfPolicy::of(policy, plan.readings.get(place).map_or(&[], Vec::as_slice), files::digest)
        });
        let inputs = inputs.iter().map(|(role, path)| FileRead {
            role: *role,
            name: clean(&path.display().to_string()),
            sha256: digest(&folder.join(path)).unwrap_or_default(),
        });
        let when = plan.setup.when;
        Record {
            program: PROGRAM.to_owned(),
            command: command.to_vec(),
            as_of: when.as_of,
            today: when.as_of.is_none().then_some(when.today),
            policies: policies.collect(),
            inputs: inputs.collect(),
        }
    }
}

/// Where the record of results goes: `results.csv.record.json`.
pub(in crate::cli) fn beside(results: &Path) -> PathBuf {
    let mut name = results.as_os_str().to_owned();
    name.push(".record.json");
    name.into()
}

/// The digest of a file; of a folder, that of its applicants' files one after the other, in the order of their names.
fn digest(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    if path.is_dir() {
        let entries = std::fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
        let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
        paths.sort();
        paths.iter().try_for_each(|path| take(path, &mut hash))?;
    } else if path.is_file() {
        take(path, &mut hash)?;
    } else {
        // A pipe gives what it has only once.
        return Ok(String::new());
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn take(path: &Path, hash: &mut Sha256) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut bytes = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut bytes)?;
        if count == 0 {
            return Ok(());
        }
        hash.update(bytes.get(..count).unwrap_or_default());
    }
}
