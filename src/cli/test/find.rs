//! What is to be tested: policies with their cases, and samples.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};

use crate::cli::{Surroundings, files};
use crate::diagnostic::did_you_mean;
use crate::document::{Table, parse};
use crate::lang::Lang;
use crate::policy::builtin::{self, Builtin};
use crate::source::{Source, clean};

/// Deeper than anybody keeps policies.
const DEEPEST: usize = 16;

/// A policy with its cases.
pub(in crate::cli) struct Testable {
    /// Its file.
    pub source: Arc<Source>,
    /// Its files of cases.
    pub cases: Vec<Arc<Source>>,
    /// What they cannot reach or notice.
    pub untested: Option<Arc<Source>>,
}

/// Everything that was found.
#[derive(Default)]
pub(in crate::cli) struct Found {
    /// Policies.
    pub policies: Vec<Testable>,
    /// Applicant files, as they are called.
    pub samples: Vec<PathBuf>,
}

impl Found {
    /// Everything that is read: files, and the folders of samples with their expected outputs.
    pub fn files(&self) -> Vec<PathBuf> {
        let of = |found: &Testable| {
            let sources = std::iter::once(&found.source).chain(&found.cases).chain(&found.untested);
            sources.map(|source| PathBuf::from(&source.name)).collect::<Vec<_>>()
        };
        let beside = self.samples.iter().filter_map(|sample| sample.parent()).map(Path::to_owned);
        let mut files: Vec<PathBuf> = self.policies.iter().flat_map(of).chain(beside).collect();
        files.dedup();
        files
    }
}

/// What a file is, by what stands in it.
enum Content {
    Policy,
    Cases,
    Sample,
    Other,
}

/// Finds what the paths name; without any, what lies below the folder.
pub(in crate::cli) fn all(paths: &[String], around: &mut Surroundings<'_>, lang: Lang) -> Result<Found> {
    let mut finder = Finder { folder: around.folder.clone(), lang, found: Found::default() };
    if paths.is_empty() {
        let usual = ["policy.toml", "policies", "samples"].map(Path::new);
        let there: Vec<&Path> = usual.into_iter().filter(|path| finder.folder.join(path).exists()).collect();
        if there.is_empty() {
            let known: Vec<&str> = builtin::policies().iter().map(|known| known.id).collect();
            let known = known.join(" ");
            bail!(match lang {
                Lang::Zh =>
                    format!("当前文件夹没有 policies/、samples/ 或 policy.toml；请给出路径，或内置政策的编号：{known}"),
                Lang::En => format!(
                    "this folder has no policies/, samples/ or policy.toml; name a path, or a built-in policy: {known}"
                ),
            });
        }
        for path in there {
            finder.take(path)?;
        }
        return Ok(finder.found);
    }
    for asked in paths {
        match builtin::policy(asked) {
            Some(known) => finder.found.policies.push(built_in(known)),
            None => finder.take(Path::new(asked))?,
        }
    }
    Ok(finder.found)
}

fn built_in(known: &Builtin) -> Testable {
    let source = |(path, text): &(&str, &str)| Source::new(*path, *text);
    Testable {
        source: Source::new(known.path, known.text),
        cases: known.cases.iter().map(source).collect(),
        untested: known.untested.as_ref().map(source),
    }
}

struct Finder {
    folder: PathBuf,
    lang: Lang,
    found: Found,
}

impl Finder {
    fn read(&self, path: &Path) -> Result<Arc<Source>> {
        files::read(path, &self.folder, &mut std::io::empty(), self.lang)
    }

    /// A path that was asked for.
    fn take(&mut self, path: &Path) -> Result<()> {
        let full = self.folder.join(path);
        if full.is_dir() {
            if is_in_policy(&full) && full.file_name().is_some_and(|name| name == "cases") {
                let cases = self.toml_files(path)?;
                return self.cases(path.parent().unwrap_or(Path::new("")), &cases);
            }
            return self.walk(path, 0);
        }
        if !full.exists() {
            let name = path.display().to_string();
            let ids: Vec<&str> = builtin::policies().iter().map(|known| known.id).collect();
            let near = did_you_mean(&name, ids).map_or(String::new(), |near| format!("\n  {}", near.get(self.lang)));
            let name = clean(&name);
            bail!(match self.lang {
                Lang::Zh => format!("没有“{name}”：既不是内置政策，也不是文件或文件夹{near}"),
                Lang::En => format!("there is no “{name}”: neither a built-in policy, nor a file, nor a folder{near}"),
            });
        }
        let source = self.read(path)?;
        match content(&source) {
            Content::Policy => self.policy(path, source),
            Content::Cases => {
                let beside = path.parent().unwrap_or(Path::new(""));
                let policy = [beside.join(".."), beside.to_owned()];
                let parent = beside.parent().filter(|_| beside.file_name().is_some()).map(Path::to_owned);
                let policy = parent
                    .into_iter()
                    .chain(policy)
                    .find(|folder| self.folder.join(folder).join("policy.toml").is_file());
                match policy {
                    Some(folder) => self.cases(&folder, &[path.to_owned()]),
                    None => {
                        let name = clean(&path.display().to_string());
                        bail!(match self.lang {
                            Lang::Zh => format!("{name}：旁边没有 policy.toml，不知这些案例属于哪件政策"),
                            Lang::En => format!("{name}: there is no policy.toml beside it to run these cases against"),
                        })
                    }
                }
            }
            Content::Sample => {
                self.found.samples.push(path.to_owned());
                Ok(())
            }
            Content::Other => {
                let name = clean(&path.display().to_string());
                bail!(match self.lang {
                    Lang::Zh => format!("{name}：既不是政策，也不是案例或申请人文件"),
                    Lang::En => format!("{name}: neither a policy, nor cases, nor an applicant"),
                })
            }
        }
    }

    /// Policies and samples below a folder.
    fn walk(&mut self, path: &Path, depth: usize) -> Result<()> {
        let file = path.join("policy.toml");
        if self.folder.join(&file).is_file() {
            let source = self.read(&file)?;
            return self.policy(&file, source);
        }
        for path in self.toml_files(path)? {
            // Files that cannot be read here are told where they are used.
            if self.read(&path).is_ok_and(|source| matches!(content(&source), Content::Sample)) {
                self.found.samples.push(path);
            }
        }
        if depth < DEEPEST {
            for folder in self.listed(path, |entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))? {
                self.walk(&folder, depth + 1)?;
            }
        }
        Ok(())
    }

    fn policy(&mut self, file: &Path, source: Arc<Source>) -> Result<()> {
        let beside = file.parent().unwrap_or(Path::new(""));
        let folder = beside.join("cases");
        let cases = if self.folder.join(&folder).is_dir() { self.toml_files(&folder)? } else { Vec::new() };
        let cases = cases.iter().map(|path| self.read(path)).collect::<Result<Vec<_>>>()?;
        self.add(beside, source, cases)
    }

    /// Some of the cases of the policy in a folder.
    fn cases(&mut self, folder: &Path, cases: &[PathBuf]) -> Result<()> {
        let source = self.read(&folder.join("policy.toml"))?;
        let cases = cases.iter().map(|path| self.read(path)).collect::<Result<Vec<_>>>()?;
        self.add(folder, source, cases)
    }

    fn add(&mut self, folder: &Path, source: Arc<Source>, cases: Vec<Arc<Source>>) -> Result<()> {
        if let Some(known) = self.found.policies.iter_mut().find(|known| known.source.name == source.name) {
            let have: BTreeSet<String> = known.cases.iter().map(|source| source.name.clone()).collect();
            known.cases.extend(cases.into_iter().filter(|source| !have.contains(&source.name)));
            return Ok(());
        }
        let untested = folder.join("untested.toml");
        let untested = if self.folder.join(&untested).is_file() { Some(self.read(&untested)?) } else { None };
        self.found.policies.push(Testable { source, cases, untested });
        Ok(())
    }

    fn toml_files(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        let is_toml = |entry: &fs::DirEntry| {
            entry.file_type().is_ok_and(|kind| kind.is_file())
                && entry.path().extension().is_some_and(|extension| extension == "toml")
        };
        self.listed(folder, is_toml)
    }

    /// Entries of a folder in the order of their names, hidden ones and links left out.
    fn listed(&self, folder: &Path, wanted: impl Fn(&fs::DirEntry) -> bool) -> Result<Vec<PathBuf>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.folder.join(folder))? {
            let entry = entry?;
            if wanted(&entry) && !entry.file_name().to_string_lossy().starts_with('.') {
                names.push(folder.join(entry.file_name()));
            }
        }
        names.sort();
        Ok(names)
    }
}

fn is_in_policy(folder: &Path) -> bool {
    folder.parent().is_some_and(|parent| parent.join("policy.toml").is_file())
}

/// What a file is. One that is no TOML may still be meant as a case or policy, and is told where it is read.
fn content(source: &Arc<Source>) -> Content {
    let has = |document: &Table, key: &str| document.get(key).is_some();
    match parse(source, &mut Vec::new()) {
        Some(document) if has(&document, "cases") => Content::Cases,
        Some(document) if has(&document, "policy") && has(&document, "clauses") => Content::Policy,
        Some(document) if has(&document, "applicant") => Content::Sample,
        Some(_) => Content::Other,
        None if source.text.contains("[[cases]]") => Content::Cases,
        None if source.text.contains("[policy]") => Content::Policy,
        None => Content::Other,
    }
}
