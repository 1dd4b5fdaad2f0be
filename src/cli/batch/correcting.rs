//! Corrected rows that stand in for rejected ones: everything is worked out again as if they had been there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::batch::Plan;
use crate::cli::Surroundings;
use crate::cli::batch::forms::Forms;
use crate::cli::batch::lists::List;
use crate::cli::batch::open::{Form, Inputs, noted, said, shown};
use crate::cli::batch::progress::Progress;
use crate::cli::batch::returning::{self, TableRead};
use crate::cli::batch::save::is_standard;
use crate::cli::batch::{Batch, lists};
use crate::lang::Text;
use crate::rows::map::Map;
use crate::rows::raw::Stands;
use crate::rows::reserved::{is_row, row_name};
use crate::rows::{Fault, Next, Records, Row, Rows, Sheet};
use crate::source::{clean, folded};

/// A row and the table that it is of.
pub(super) type Taken = (Arc<Sheet>, Row);
/// The file, as faults name it, and the line.
pub(super) type At = (Arc<str>, u64);

/// A row of a corrected table.
struct Own {
    taken: Taken,
    /// Which of them.
    number: usize,
    id: Option<String>,
    /// The row of the input that it came from, as the table says.
    from: Option<String>,
}

/// What stands in for what.
#[derive(Default)]
pub(in crate::cli) struct Corrected {
    /// Rows by those for which they stand in.
    pub instead: BTreeMap<At, (usize, Taken)>,
    /// Rows that stand in for nobody, and are refused.
    pub after: Vec<Taken>,
    /// Where all of these stand.
    standing: BTreeSet<At>,
    /// The ids whose records in the inputs count no more, and those whose records in a corrected table do, with which.
    gone: BTreeSet<String>,
    come: BTreeMap<String, usize>,
    /// Rows of the inputs' lists that were given back and belong to nobody who stays, by their names, with the last table that has them.
    orphans: BTreeMap<String, usize>,
    /// Of the ids that matter here, those of applicants who stay.
    stay: BTreeSet<String>,
    /// Rows of lists in the corrected tables, with the rows that they came from.
    from: BTreeMap<At, String>,
    /// Ids that rows of applicants had when they went back, with those that they have now and where.
    renamed: BTreeMap<String, (String, String)>,
    /// By the ids of rows that stand in, or are stood in for, which of the tables have these.
    numbers: BTreeMap<String, BTreeSet<usize>>,
    /// Which of the tables have which lists.
    lists: BTreeSet<(usize, String)>,
    /// The files; a later one goes before those before it.
    pub paths: Vec<PathBuf>,
    /// Its tables of applicants.
    pub stands: Vec<TableRead>,
}

/// What becomes of a row of a list.
pub(in crate::cli) enum Becomes {
    Kept,
    Gone,
    Refused(Text),
}

fn key(id: &str) -> String {
    folded(id.trim()).into_owned()
}

impl Batch {
    /// Reads the corrected table, and finds for what its rows stand in; what is told of it goes to standard error.
    pub(super) fn corrected(
        &self,
        (plan, forms, map): (&Plan<'_>, Option<&Forms>, Option<&Map>),
        around: &mut Surroundings<'_>,
    ) -> Result<Option<Corrected>, Vec<String>> {
        let Some(path) = self.corrected.first() else { return Ok(None) };
        let folder = around.folder.clone();
        let words = |faults: Vec<Fault>| -> Vec<String> {
            faults.iter().map(|fault| said(&shown(fault, self.unmasked), plan.lang)).collect()
        };
        let is_no_table = |path: &&PathBuf| {
            let form = self.from.unwrap_or_else(|| Form::of(path));
            is_standard(path) || folder.join(path).is_dir() || !matches!(form, Form::Csv | Form::Xlsx)
        };
        if let Some(path) = self.inputs.iter().chain(&self.corrected).find(is_no_table) {
            let reason = Text::new(
                "--corrected 用于表格文件（CSV、XLSX）；其他输入直接改原文件",
                "--corrected is for tables in files (CSV, XLSX); correct other inputs where they are",
            );
            return Err(words(vec![Fault::of_line(&clean(&path.display().to_string()).into(), 0, reason)]));
        }
        let (mut own, mut stands) = (Vec::new(), Vec::new());
        for number in 0..self.corrected.len() {
            let (rows, tables) = self.own((plan, forms, map), number, &folder, around)?;
            own.extend(rows);
            stands.extend(tables);
        }
        let mut found = Corrected { paths: self.corrected.clone(), stands, ..Corrected::default() };
        let mut ids: BTreeSet<String> = own.iter().filter_map(|own| own.id.clone()).collect();
        let names: BTreeSet<String> = own.iter().filter_map(|own| own.from.clone()).collect();
        let mut nobodys: Vec<(String, usize, Option<String>)> = Vec::new();
        let mut wanted: BTreeMap<String, usize> = BTreeMap::new();
        for (number, path) in self.corrected.iter().enumerate() {
            let lists = self.lists_of(std::slice::from_ref(path), (plan, forms), true, &folder).map_err(words)?;
            let stands: Vec<TableRead> = lists.iter().map(|list| list.stands.clone()).collect();
            let from = origins(&stands, &folder).map_err(words)?;
            wanted.extend(from.values().map(|name| (name.clone(), number)));
            found.from.extend(from);
            found.lists.extend(stands.iter().filter_map(|(_, table)| Some((number, table.list.clone()?))));
            for mut list in lists {
                each(list.rows.as_mut(), &mut |row, sheet| ids.extend(row.id(sheet).map(key)));
            }
        }
        // Whose rows in the inputs they were.
        for mut list in self.lists_of(&self.inputs, (plan, forms), false, &folder).map_err(words)? {
            each(list.rows.as_mut(), &mut |row, sheet| {
                let name = row_name(&sheet.file, row.line);
                if let Some(number) = wanted.get(&name) {
                    let id = row.id(sheet).map(key);
                    ids.extend(id.clone());
                    nobodys.push((name, *number, id));
                }
            });
        }
        let lacks = |asked: &String| {
            let name = asked.split_once('=').map_or("", |(name, _)| name);
            !(0..self.corrected.len()).all(|number| found.lists.contains(&(number, name.to_owned())))
        };
        if let Some(asked) = self.lists.iter().find(|asked| lacks(asked)) {
            let (zh, en) = (clean(asked), clean(asked));
            let note = Text::made(
                format!("改正后的表中没有 --list {zh} 的工作表，这份名单仍从原文件读取"),
                format!("a corrected table has no sheet of --list {en}, which is still read from its own file"),
            );
            let note = Fault::of_line(&clean(&path.display().to_string()).into(), 0, note);
            let _ = writeln!(around.errors, "{}", noted(&note, plan.lang));
        }
        let mut by_name: BTreeMap<String, (At, Option<String>)> = BTreeMap::new();
        if !names.is_empty() {
            self.rows_of_inputs((plan, forms, map), &folder, &mut |place, id| {
                let name = row_name(&place.0, place.1);
                if names.contains(&name) {
                    ids.extend(id.clone());
                    by_name.insert(name, (place, id));
                }
            });
        }
        let mut at: BTreeMap<String, Vec<At>> = BTreeMap::new();
        self.rows_of_inputs((plan, forms, map), &folder, &mut |place, id| {
            if let Some(id) = id.filter(|id| ids.contains(id)) {
                at.entry(id).or_default().push(place);
            }
        });
        let rows: Vec<(String, usize)> = own.iter().filter_map(|own| Some((own.id.clone()?, own.number))).collect();
        found.put(own, &at, &by_name);
        let standing = found.instead.values().map(|(_, taken)| taken).chain(&found.after);
        found.standing = standing.map(|(sheet, row)| (Arc::clone(&sheet.file), row.line)).collect();
        let is_gone = |all: &[At]| all.iter().all(|at| found.instead.contains_key(at));
        let (gone, stay): (Vec<_>, Vec<_>) = at.into_iter().partition(|(_, all)| is_gone(all));
        for (id, all) in &gone {
            let by = all.iter().filter_map(|at| found.instead.get(at).map(|(number, _)| *number));
            found.numbers.entry(id.clone()).or_default().extend(by);
        }
        found.stay = stay.into_iter().map(|(id, _)| id).collect();
        let stays = |id: &Option<String>| id.as_ref().is_some_and(|id| found.stay.contains(id));
        let nobodys = nobodys.into_iter().filter(|(.., id)| !stays(id));
        found.orphans = nobodys.map(|(name, number, _)| (name, number)).collect();
        let come = found.instead.values();
        let come = come.filter_map(|(number, (sheet, row))| row.id(sheet).map(|id| (key(id), *number)));
        found.come = come.filter(|(id, _)| !found.stay.contains(id)).collect();
        for (id, number) in rows.into_iter().chain(found.come.iter().map(|(id, number)| (id.clone(), *number))) {
            found.numbers.entry(id).or_default().insert(number);
        }
        // What the corrected table has of an applicant's records is all of them.
        found.gone = gone.into_iter().map(|(id, _)| id).chain(found.come.keys().cloned()).collect();
        Ok(Some(found))
    }

    /// The lists that go with these tables: of forms their own, else those of `--list`, which a corrected workbook has on sheets.
    fn lists_of(
        &self,
        paths: &[PathBuf],
        (plan, forms): (&Plan<'_>, Option<&Forms>),
        corrected: bool,
        folder: &Path,
    ) -> Result<Vec<List<'static>>, Vec<Fault>> {
        let (policies, ignore) = (&plan.setup.policies, self.ignore_columns);
        let mut found = Vec::new();
        match forms {
            Some(forms) => found = forms.lists(paths, policies, ignore, folder)?,
            None if corrected => {
                for path in paths {
                    found.extend(lists::returned(&self.lists, path, policies, ignore, folder)?);
                }
            }
            None => {
                for asked in &self.lists {
                    found.push(lists::list(asked, policies, ignore, folder)?);
                }
            }
        }
        Ok(found)
    }

    /// Tells where the rows of the inputs stand, with their ids; what is wrong with inputs is told when they are worked out.
    fn rows_of_inputs(
        &self,
        (plan, forms, map): (&Plan<'_>, Option<&Forms>, Option<&Map>),
        folder: &Path,
        tell: &mut dyn FnMut(At, Option<String>),
    ) {
        let progress = Progress::new(&[], folder, false, plan.lang);
        let mut inputs = Inputs::new(self, (plan, forms, map), folder, None, &progress);
        for mut table in inputs.by_ref() {
            each(table.as_mut(), &mut |row, sheet| tell((Arc::clone(&sheet.file), row.line), row.id(sheet).map(key)));
        }
    }

    /// The rows of a corrected table.
    fn own(
        &self,
        (plan, forms, map): (&Plan<'_>, Option<&Forms>, Option<&Map>),
        number: usize,
        folder: &Path,
        around: &mut Surroundings<'_>,
    ) -> Result<(Vec<Own>, Vec<TableRead>), Vec<String>> {
        let progress = Progress::new(&[], folder, false, plan.lang);
        let mut inputs = Inputs::new(self, (plan, forms, map), folder, None, &progress);
        inputs.paths = self.corrected.get(number..=number).unwrap_or_default().iter();
        let mut rows: Vec<Taken> = Vec::new();
        for mut table in inputs.by_ref() {
            each(table.as_mut(), &mut |row, sheet| rows.push((Arc::clone(sheet), row)));
        }
        for note in inputs.told() {
            let _ = writeln!(around.errors, "{note}");
        }
        if !inputs.said.is_empty() {
            return Err(inputs.said);
        }
        let words = |faults: Vec<Fault>| faults.iter().map(|fault| said(fault, plan.lang)).collect::<Vec<_>>();
        let from = origins(&inputs.stands, folder).map_err(words)?;
        let own = rows.into_iter().map(|(sheet, row)| Own {
            id: row.id(&sheet).map(key),
            from: from.get(&(Arc::clone(&sheet.file), row.line)).cloned(),
            taken: (sheet, row),
            number,
        });
        Ok((own.collect(), inputs.stands))
    }
}

/// The rows that the rows of tables came from, as a column of these tables says.
fn origins(stands: &[TableRead], folder: &Path) -> Result<BTreeMap<At, String>, Vec<Fault>> {
    let mut found = BTreeMap::new();
    for (path, table) in stands {
        let Some(column) = table.sheet.heads.names.iter().position(|name| is_row(name)) else { continue };
        let copied = returning::open(path, folder, table)?.rows(table, &|line| line >= table.layout.first)?;
        for (line, cells) in copied.rows {
            let text = cells.iter().find(|(place, ..)| *place == column).and_then(|(_, raw, _)| raw.text());
            if let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) {
                found.insert((Arc::clone(&table.sheet.file), line), text.to_owned());
            }
        }
    }
    Ok(found)
}

/// Takes a table to its last row.
fn each(table: &mut dyn Rows, take: &mut dyn FnMut(Row, &Arc<Sheet>)) {
    let sheet = Arc::clone(table.sheet());
    let mut held = Records::default();
    while let Some(next) = table.next(Vec::new()) {
        unpack(next, &sheet, &mut held, &mut |row| take(row, &sheet));
    }
}

/// Takes what a table gives apart.
pub(super) fn unpack(next: Next, sheet: &Sheet, held: &mut Records, take: &mut dyn FnMut(Row)) {
    held.take(next.into(), sheet);
    for place in held.rows() {
        take(held.row(place, sheet).into_owned());
    }
    held.give_back();
}

impl Corrected {
    /// Puts each row where it stands in. `at`: where the ids stand in the inputs; `by_name`: rows by their names.
    fn put(&mut self, own: Vec<Own>, at: &BTreeMap<String, Vec<At>>, by_name: &BTreeMap<String, (At, Option<String>)>) {
        let mut times: BTreeMap<(usize, String), Vec<String>> = BTreeMap::new();
        for own in &own {
            let name = row_name(&own.taken.0.file, own.taken.1.line);
            own.id.iter().for_each(|id| times.entry((own.number, id.clone())).or_default().push(name.clone()));
        }
        for Own { taken: (sheet, row), number, id, from } in own {
            let places = id.as_ref().and_then(|id| at.get(id)).map_or(&[][..], Vec::as_slice);
            let came_from = from.as_ref().and_then(|from| by_name.get(from));
            if let Some((_, Some(before))) = came_from.filter(|(_, before)| *before != id) {
                let place = sheet.row_place(row.line);
                self.renamed.insert(before.clone(), (id.clone().unwrap_or_default(), place));
            }
            let several = |id: &String| at.get(id).is_none_or(|places| places.len() > 1);
            let target = match (came_from, places) {
                // The same row; or one whose own id was at fault.
                (Some((place, before)), _) if *before == id || before.as_ref().is_none_or(several) => Ok(place),
                (_, [only]) => Ok(only),
                (_, []) if id.is_none() => Err(None),
                (_, []) => Err(Some(Text::new(
                    "原表中没有这个编号，不知替换哪一行；改回原来的编号，新的申请人请加在原表中",
                    "the inputs have no such id, so that nobody knows for which row this stands in; put back the id that it had, and add new applicants to the input",
                ))),
                (_, several) => {
                    let all = several.iter().map(|(file, line)| row_name(file, *line)).collect::<Vec<_>>();
                    Err(Some(Text::made(
                        format!(
                            "原表中这个编号有 {} 行（{}），不知替换哪一行；在原表中改正编号",
                            all.len(),
                            all.join("、")
                        ),
                        format!(
                            "the inputs have this id in {} rows ({}), so that nobody knows for which this stands in; correct the ids there",
                            all.len(),
                            all.join(", ")
                        ),
                    )))
                }
            };
            let twice =
                id.as_ref().and_then(|id| times.get(&(number, id.clone()))).filter(|all| all.len() > 1).map(|all| {
                    Text::made(
                        format!("改正后的表中这个编号有 {} 行（{}）；只留一行", all.len(), all.join("、")),
                        format!(
                            "the corrected table has this id in {} rows ({}); leave one",
                            all.len(),
                            all.join(", ")
                        ),
                    )
                });
            let row = match (&twice, &target) {
                (Some(reason), _) | (None, Err(Some(reason))) => row.refused(&sheet, reason.clone()),
                _ => row,
            };
            match target {
                Ok(place) if self.instead.get(place).is_none_or(|(before, _)| *before < number) => {
                    self.instead.insert(place.clone(), (number, (sheet, row)));
                }
                Ok(place) => {
                    let name = row_name(&place.0, place.1);
                    let reason = Text::made(
                        format!("原表的 {name} 已由上面的一行替换；只留一行"),
                        format!("a row above stands in for {name} already; leave one"),
                    );
                    self.after.push((Arc::clone(&sheet), row.refused(&sheet, reason)));
                }
                Err(_) => self.after.push((sheet, row)),
            }
        }
    }

    /// Whether a row of a table that was read was left out: another stands in for it.
    pub fn is_left_out(&self, path: &Path, table: &Stands, line: u64, id: Option<&str>) -> bool {
        match &table.list {
            _ if self.paths.iter().any(|own| own == path) => self.is_overruled(path, table, line, id),
            None => self.instead.contains_key(&(Arc::clone(&table.sheet.file), line)),
            Some(list) => {
                matches!(self.becomes_of((&table.sheet.file, line), Some(list.as_str()), id, None), Becomes::Gone)
            }
        }
    }

    /// Whether a row of a corrected table was left out: a later one stands in for it.
    fn is_overruled(&self, path: &Path, table: &Stands, line: u64, id: Option<&str>) -> bool {
        let number = self.paths.iter().position(|own| own == path);
        let file = &table.sheet.file;
        if let Some(list) = &table.list {
            return matches!(self.becomes_of((file, line), Some(list.as_str()), id, number), Becomes::Gone);
        }
        !self.standing.contains(&(Arc::clone(file), line))
    }

    /// Whether a table that comes after this one has the row of an applicant, and the list.
    fn has_later(&self, id: &str, list: Option<&str>, after: Option<usize>) -> bool {
        let has = |number: &&usize| list.is_none_or(|list| self.lists.contains(&(**number, list.to_owned())));
        let later = |number: &&usize| after.is_none_or(|after| **number > after);
        self.numbers.get(id).is_some_and(|numbers| numbers.iter().any(|number| later(&number) && has(&number)))
    }

    /// What becomes of a row of a list; `corrected`: which of the corrected tables it is of.
    pub fn becomes_of(
        &self,
        (file, line): (&Arc<str>, u64),
        list: Option<&str>,
        id: Option<&str>,
        corrected: Option<usize>,
    ) -> Becomes {
        let orphan = match corrected {
            None => self.orphans.get(&row_name(file, line)),
            Some(_) => self.from.get(&(Arc::clone(file), line)).and_then(|from| self.orphans.get(from)),
        };
        if orphan.is_some_and(|last| corrected.is_none_or(|number| *last > number)) {
            return Becomes::Gone;
        }
        let Some(id) = id.map(key) else { return Becomes::Kept };
        let Some(number) = corrected else {
            let is_out = self.gone.contains(&id) && self.has_later(&id, list, None);
            return if is_out { Becomes::Gone } else { Becomes::Kept };
        };
        match (self.come.get(&id), orphan) {
            (Some(of), _) if *of > number && self.has_later(&id, list, Some(number)) => return Becomes::Gone,
            (Some(of), _) if *of >= number => return Becomes::Kept,
            (None, _) if !self.stay.contains(&id) => return Becomes::Kept,
            (_, Some(_)) => return Becomes::Kept,
            _ => {}
        }
        if let Some((now, place)) = self.renamed.get(&id) {
            let (id, now) = (clean(&id), clean(now));
            return Becomes::Refused(Text::made(
                format!("{place} 的编号已由“{id}”改为“{now}”，名单里还是“{id}”；两处改成一致"),
                format!("{place} has “{now}” where it had “{id}”, which still stands here; make them one"),
            ));
        }
        Becomes::Refused(Text::new(
            "此编号的申请人没有退回，其名单以原表为准；改在原表中，并从这里删去这一行",
            "the applicant with this id was not returned, and the list of the input holds; correct it there, and take this row out",
        ))
    }
}
