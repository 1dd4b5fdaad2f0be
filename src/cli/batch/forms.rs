//! Forms among the inputs: each says itself by which policy it is worked out, and brings its lists along.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::cli::asking::is_wanted;
use crate::cli::batch::lists::List;
use crate::cli::batch::open::stands;
use crate::cli::files;
use crate::lang::{Lang, Text};
use crate::policy::{Policy, builtin};
use crate::rows::form::{About, Form, Known};
use crate::rows::{Fault, LARGEST, ListFields, Others, Rows, Xlsx};
use crate::source::clean;
use crate::template::Template;

/// What the forms of a run were made for.
pub(in crate::cli) struct Forms {
    about: About,
    /// The first of them, as the user called it.
    file: Arc<str>,
    /// The digest of each, by its path: it is read several times.
    digests: BTreeMap<PathBuf, [u8; 32]>,
}

/// A form that was read, and the digest of its bytes.
type Opened = (Form<Cursor<Vec<u8>>>, [u8; 32]);

fn called(path: &Path) -> Arc<str> {
    clean(&path.display().to_string()).into()
}

fn open(path: &Path, folder: &Path) -> Result<Option<Opened>, Vec<Fault>> {
    let is_a_workbook =
        path.extension().is_some_and(|ending| ["xlsx", "xlsm"].iter().any(|known| ending.eq_ignore_ascii_case(known)));
    // A pipe is not opened here: it would wait, and give what it has only once.
    if !is_a_workbook || !folder.join(path).is_file() {
        return Ok(None);
    }
    // What cannot be read is told where it is opened as a table; one that is too large, by its beginning.
    let mut bytes = Vec::new();
    let read = File::open(folder.join(path)).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    if read.is_err() {
        return Ok(None);
    }
    let digest = Sha256::digest(&bytes).into();
    Ok(Form::open(Cursor::new(bytes), &called(path))?.map(|form| (form, digest)))
}

impl Forms {
    /// What the forms among the inputs were made for; `None` where there is none. They must be all of the inputs, and of one
    /// making.
    pub fn of(inputs: &[PathBuf], folder: &Path) -> Result<Option<Forms>, Vec<Fault>> {
        let mut found: Option<Forms> = None;
        let mut others: Vec<Arc<str>> = Vec::new();
        for path in inputs {
            let file = called(path);
            let Some((form, digest)) = open(path, folder)? else {
                others.push(file);
                continue;
            };
            match &mut found {
                None => {
                    let digests = BTreeMap::from([(path.clone(), digest)]);
                    found = Some(Forms { about: form.about().clone(), file, digests });
                }
                Some(first) if first.about == *form.about() => {
                    first.digests.insert(path.clone(), digest);
                }
                Some(first) => {
                    let first = &first.file;
                    let reason = Text::made(
                        format!("与 {first} 不是同一政策、同一版本、同样条款的申请表；分开核算"),
                        format!(
                            "this form was not made for the same policy, version and clauses as {first}; work them out apart"
                        ),
                    );
                    return Err(vec![Fault::of_line(&file, 0, reason)]);
                }
            }
        }
        if let (Some(form), Some(other)) = (&found, others.first()) {
            let form = &form.file;
            let reason = Text::made(
                format!("申请表 {form} 自带名单，不能与其他名册一起核算；分开核算"),
                format!(
                    "the form {form} brings its own lists and cannot be worked out together with other tables; work them out apart"
                ),
            );
            return Err(vec![Fault::of_line(other, 0, reason)]);
        }
        Ok(found)
    }

    /// The policy that they were made for, where no other was asked for; an error where the program does not have it.
    pub fn policy(&self) -> Result<Vec<String>, Vec<Fault>> {
        let id = clean(&self.about.policy);
        if builtin::policy(&id).is_some() {
            return Ok(vec![id]);
        }
        let reason = Text::made(
            format!("这张申请表为政策“{id}”制作，它不在内置政策之中；用 --policy 指定其文件"),
            format!("this form was made for the policy “{id}”, which is not built in; name its file with --policy"),
        );
        Err(vec![Fault::of_line(&self.file, 0, reason)])
    }

    /// The clauses that they were made for.
    pub fn clauses(&self) -> &[String] {
        &self.about.clauses
    }

    /// The kind of all their applicants.
    pub fn kind(&self) -> Option<String> {
        self.about.kind.clone()
    }

    /// What they were made from, where that is still the same.
    pub fn template<'p>(&self, policies: &[&'p Policy]) -> Option<Template<'p>> {
        let About { policy: id, digest, clauses, kind, .. } = &self.about;
        let is_it = |policy: &&&Policy| policy.id == *id && files::digest(&policy.source) == *digest;
        let policy = policies.iter().find(is_it).copied()?;
        let kinds = &policy.names.applicant_kinds;
        let kind = kind.as_ref().and_then(|kind| kinds.iter().position(|(known, _)| known == kind));
        Template::new(policy, &|clause| is_wanted(clauses, id, clause), kind)
    }

    /// Holds them against the policies of the run: what to tell where they were made from another version of it; an error where
    /// it is another policy, or facts have changed.
    pub fn fit(&self, policies: &[&Policy], lang: Lang) -> Result<Option<String>, Vec<Fault>> {
        let About { policy: id, digest, columns, .. } = &self.about;
        let own = |column: &&&Known| {
            !matches!(
                (column.table.as_str(), column.key.as_str()),
                ("paid", _) | (_, "paid" | "id" | "name" | "kind" | "as_of" | "times")
            )
        };
        let facts = || columns.iter().filter(|column| own(&column));
        let fault = |reason: Text| vec![Fault::of_line(&self.file, 0, reason)];
        let id = clean(id);
        let Some(policy) = policies.iter().find(|policy| policy.id == id) else {
            let mut known = policies.iter();
            let asks = |policy: &&Policy, table: &str, key: &str| Template::holds(policy, table, key).is_some();
            let fitting = facts().filter(|column| known.clone().any(|policy| asks(policy, &column.table, &column.key)));
            let (fitting, all) = (fitting.count(), facts().count());
            let others = known.next().map_or("", |policy| policy.id.as_str());
            return Err(fault(Text::made(
                format!(
                    "这张申请表为政策“{id}”制作，本次核算用的是“{others}”（表中 {all} 项事实，它只问其中 {fitting} 项）；用为其制作的申请表"
                ),
                format!(
                    "this form was made for the policy “{id}”, and this run is by “{others}”, which asks for {fitting} of its {all} facts; use a form that was made for it"
                ),
            )));
        };
        if *digest == files::digest(&policy.source) {
            return Ok(None);
        }
        let is_the_same = |column: &&Known| {
            let holds = Template::holds(policy, &column.table, &column.key);
            holds.as_deref() == Some(&column.holds)
        };
        let changed: Vec<String> =
            facts().filter(|column| !is_the_same(column)).map(|column| clean(&column.key)).collect();
        let count = facts().count();
        if changed.is_empty() {
            let note = Text::made(
                format!("注意：{} 按“{id}”的另一版本制作；其 {count} 项事实现行版本都有，照常核算", self.file),
                format!(
                    "note: {} was made from another version of “{id}”; this version asks for all of its facts ({count}) in the same way",
                    self.file
                ),
            );
            return Ok(Some(note.get(lang).to_owned()));
        }
        let (some, names) = (changed.len(), Text::made(changed.join("、"), changed.join(", ")));
        Err(fault(Text::made(
            format!(
                "这张申请表按“{id}”的另一版本制作，其 {count} 项事实有 {some} 项与现行版本不符：{}；重新生成申请表",
                names.zh
            ),
            format!(
                "this form was made from another version of “{id}”; {some} of its facts ({count}) are no longer asked for in this way: {}; make the form anew",
                names.en
            ),
        )))
    }

    /// Opens a form again, which must still be what it was.
    fn open(&self, path: &Path, folder: &Path) -> Result<Form<Cursor<Vec<u8>>>, Vec<Fault>> {
        let opened = open(path, folder)?.filter(|(_, digest)| self.digests.get(path) == Some(digest));
        opened.map(|(form, _)| form).ok_or_else(|| {
            let reason = Text::new(
                "申请表在核算期间被改动；请重新核算",
                "the form was changed while it was being worked out; run this again",
            );
            vec![Fault::of_line(&called(path), 0, reason)]
        })
    }

    /// The applicants' sheets of a form, and what is wrong with the workbook besides.
    pub fn applicants(
        &self,
        path: &Path,
        policies: &[&Policy],
        others: Others<'_>,
        folder: &Path,
    ) -> Result<Sheets, Vec<Fault>> {
        let mut form = self.open(path, folder)?;
        let (strangers, mut notes) = form.strangers()?;
        let mut tables = form.applicants(policies, others)?;
        notes.extend(tables.iter_mut().flat_map(Xlsx::notes));
        Ok((tables, strangers, notes))
    }

    /// The lists of these forms.
    pub fn lists(
        &self,
        paths: &[PathBuf],
        policies: &[&Policy],
        ignore: bool,
        folder: &Path,
    ) -> Result<Vec<List<'static>>, Vec<Fault>> {
        let mut lists = Vec::new();
        for path in paths {
            let mut form = self.open(path, folder)?;
            for name in form.lists() {
                let Some(fields) = ListFields::of(&name, policies) else { continue };
                for mut table in form.list(&fields, policies, ignore.into())? {
                    let (fields, notes) = (fields.clone(), table.notes());
                    let stands = (path.clone(), stands(table.sheet(), Some(table.name()), None, Some(&name)));
                    lists.push(List { fields, rows: Box::new(table), layout: None, stands, notes });
                }
            }
        }
        Ok(lists)
    }
}

/// Sheets of applicants, what is wrong beside them, and what to tell of them.
type Sheets = (Vec<Xlsx>, Vec<Fault>, Vec<Fault>);
