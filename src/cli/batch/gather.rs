//! The first of two passes: what is claimed of limits over all applicants.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::batch::{Plan, Sink, run};
use crate::cli::Surroundings;
use crate::cli::batch::correcting::Corrected;
use crate::cli::batch::forms::Forms;
use crate::cli::batch::lists::Gathered;
use crate::cli::batch::progress::{Digest, Progress};
use crate::cli::batch::standing::Tables;
use crate::cli::batch::{Batch, interrupt, lists, open, room};
use crate::lang::Lang;
use crate::rows::Fault;
use crate::rows::map::Map;
use crate::settle::{Decisions, decide};

/// Takes nothing: what is wrong with rows is told in the second pass.
pub(in crate::cli) struct Quiet;

impl Sink for Quiet {
    fn results(&mut self, _bytes: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn rejects(&mut self, _faults: &[Fault]) -> io::Result<()> {
        Ok(())
    }

    fn progress(&mut self, _rows: u64) -> bool {
        !interrupt::is_asked()
    }
}

impl Batch {
    /// Reads the lists.
    pub(super) fn gathered(
        &self,
        plan: &Plan<'_>,
        forms: Option<&Forms>,
        corrected: Option<&Corrected>,
        folder: &Path,
    ) -> Result<Gathered, Vec<Fault>> {
        let (policies, ignore, mut gathered) = (&plan.setup.policies, self.ignore_columns, Gathered::default());
        if let Some(forms) = forms {
            let paths: Vec<PathBuf> = self.inputs.iter().chain(&self.corrected).cloned().collect();
            for list in forms.lists(&paths, policies, ignore, folder)? {
                gathered.take(list, corrected)?;
            }
        }
        for asked in &self.lists {
            gathered.take(lists::list(asked, policies, ignore, folder)?, corrected)?;
        }
        for path in &self.corrected {
            for list in lists::returned(&self.lists, path, policies, ignore, folder)? {
                gathered.take(list, corrected)?;
            }
        }
        Ok(gathered)
    }

    /// Decides on limits over all applicants, and gives the digest of what was read, where a wanted clause has some and the inputs can be read twice.
    pub(super) fn gather(
        &self,
        plan: &Plan<'_>,
        forms: Option<&Forms>,
        map: Option<&Map>,
        corrected: Option<&Corrected>,
        lang: Lang,
        around: &Surroundings<'_>,
    ) -> Option<(Decisions, Option<Digest>)> {
        let folder = &around.folder;
        let stays = |path: &Path| {
            // Asked once; what is not there, or cannot be asked, is told when it is opened to be written about.
            let found = fs::metadata(folder.join(path));
            path != Path::new("-") && found.map_or(true, |found| found.is_file() || found.is_dir())
        };
        if self.unsettled || !plan.has_limits_across() || !self.inputs.iter().all(|path| stays(path)) {
            return None;
        }
        let plan = plan.for_claims();
        // The second pass, which takes longer, is the one whose progress is shown.
        let progress = Progress::new(&self.inputs, folder, false, lang).watched();
        let mut inputs = open::Inputs::new(self, (&plan, forms, map), folder, None, &progress);
        let mut tables = Tables::new(&mut inputs, corrected);
        let finished = run(&plan, &mut tables, room::jobs(self.jobs), &mut Quiet).ok()?;
        Some((decide(finished.claims, &plan.setup.policies), progress.digest()))
    }
}
