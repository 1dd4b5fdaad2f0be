//! `duixian ask`: one applicant, question by question.

mod begin;
mod front;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use self::front::{Command, Prompt, Said, put};
use crate::applicant::{self, Applicant};
use crate::cli::asking::{Asking, Looking, is_wanted, known_clauses};
use crate::cli::batch::save::written;
use crate::cli::shelf::{Shelf, is_asked_for_somewhere};
use crate::cli::{Exit, Surroundings, files, say};
use crate::document::parse;
use crate::explain::model::Need;
use crate::explain::needs;
use crate::expr::types::Type;
use crate::interview::file::File;
use crate::interview::{Question, answer, next};
use crate::lang::{Lang, Text};
use crate::policy::Policy;
use crate::report::needs::{bearing, standing};
use crate::report::{TABLE, render};
use crate::rows::{Fault, without_quotes};
use crate::source::{Source, clean};

/// Ask for an applicant's facts one by one, and end with the breakdown and the applicant file / 逐项询问，得出核定结果和申请人文件
#[derive(Debug, Args)]
pub(super) struct Ask {
    /// The applicant file, taken up where it is there and written after every answer / 申请人文件：已有的接着问，每答一项即保存
    #[arg(value_name = "APPLICANT.toml")]
    file: Option<PathBuf>,
    #[command(flatten)]
    asking: Asking,
    /// Ask only for this clause / 只问此条款所需
    #[arg(long = "clause", value_name = "ID")]
    clauses: Vec<String>,
    #[command(flatten)]
    looking: Looking,
}

/// What is undone by going back: the file, and what was passed over.
type Before = (File, BTreeSet<String>);

impl Ask {
    /// Asks until nothing is open, or enough; then prints the breakdown.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.looking.lang(lang);
        self.interview(lang, around).unwrap_or_else(|exit| exit)
    }

    fn interview(&self, lang: Lang, around: &mut Surroundings<'_>) -> Result<Exit, Exit> {
        let said = |around: &mut Surroundings<'_>, text: String| {
            say(around, lang, &text);
            Exit::Unusable
        };
        let mut file = match &self.file {
            Some(path) if path == Path::new("-") => {
                let text = Text::new(
                    "标准输入用来回答问题，不能再作申请人文件",
                    "standard input has the answers and cannot be the applicant file",
                );
                return Err(said(around, text.get(lang).to_owned()));
            }
            Some(path) if around.folder.join(path).exists() => {
                let source = files::read(path, &around.folder, around.input, lang)
                    .map_err(|error| said(around, format!("{error:#}")))?;
                File::read(&source.text).map_err(|error| {
                    let name = clean(&path.display().to_string());
                    said(around, format!("{name}: {}", clean(error.message())))
                })?
            }
            _ => File::default(),
        };
        let mut shelf = Shelf::default();
        let asked = self.asking.places(&mut shelf, lang, around)?;
        let places = match asked {
            Some(places) => places,
            None => {
                begin::region(&mut file, lang, around)?;
                let source = self.source(&file);
                let document = parse(&source, &mut Vec::new()).ok_or(Exit::Unusable)?;
                shelf.fitting(&document, lang, around).ok_or(Exit::Unusable)?.places
            }
        };
        let policies: Vec<&Policy> = places.iter().filter_map(|place| shelf.get(*place)).collect();
        known_clauses(&self.clauses, &policies).map_err(|text| said(around, text.get(lang).to_owned()))?;
        begin::head(&mut file, &policies, lang, around)?;
        begin::date(&mut file, self.asking.when(around), lang, around);
        self.questions(&mut file, &policies, lang, around)?;
        self.save(&file, lang, around)?;
        let source = self.source(&file);
        let places = self.asking.places(&mut shelf, lang, around)?;
        let asked = self.asking.read(&source, places.as_deref(), &self.clauses, &mut shelf, lang, around);
        let assessment = asked.ok_or(Exit::Unusable)?.assessed(&self.clauses);
        let look = self.looking.look(lang, !self.clauses.is_empty(), around);
        let _ = write!(around.output, "{}", render(&assessment, &TABLE, &look));
        if self.file.is_none() {
            let _ = write!(around.output, "\n{}", file.text());
        }
        Ok(Exit::Done)
    }

    /// The file so far, as messages name it.
    fn source(&self, file: &File) -> Arc<Source> {
        let name = self.file.as_ref().map_or_else(|| "-".to_owned(), |path| clean(&path.display().to_string()));
        Source::new(name, file.text())
    }

    fn save(&self, file: &File, lang: Lang, around: &mut Surroundings<'_>) -> Result<(), Exit> {
        let Some(path) = &self.file else { return Ok(()) };
        written(path, &around.folder, file.text().as_bytes(), lang).map_err(|text| {
            say(around, lang, &text);
            Exit::Unusable
        })
    }

    /// The questions, one after the other.
    fn questions(
        &self,
        file: &mut File,
        policies: &[&Policy],
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Result<(), Exit> {
        let (mut passed, mut before): (BTreeSet<String>, Vec<Before>) = (BTreeSet::new(), Vec::new());
        let wanted = |policy: &str, clause: &str| is_wanted(&self.clauses, policy, clause);
        loop {
            let applicant = match self.read(file, policies, lang, around)? {
                Ok(applicant) => applicant,
                // Only what was there before can be at fault: answers are tried first.
                Err(faults) => {
                    faults.iter().for_each(|fault| say(around, lang, fault));
                    return Err(Exit::Unusable);
                }
            };
            let found = needs(policies, &applicant, &wanted);
            let Some(need) = next(&found, &passed) else { return Ok(()) };
            let Some(question) = Question::of(&need.fact.name, policies) else {
                passed.insert(need.fact.name.clone());
                continue;
            };
            let prompt = Prompt {
                standing: standing(&found, found.needs.len().saturating_sub(passed.len()), lang),
                text: asked(need, &question, lang),
                hint: if question.choices(lang).is_empty() { question.hint(lang) } else { String::new() },
                choices: question.choices(lang),
                commands: &[Command::Skip, Command::Why, Command::Back, Command::End],
            };
            match put(&prompt, lang, around) {
                Said::Command(Command::End) => return Ok(()),
                Said::Command(Command::Skip) => {
                    before.push((file.clone(), passed.clone()));
                    passed.insert(need.fact.name.clone());
                }
                Said::Command(Command::Back) => {
                    let Some((was, had)) = before.pop() else {
                        let text = Text::new("  这是第一题", "  this is the first question");
                        let _ = writeln!(around.errors, "{}", text.get(lang));
                        continue;
                    };
                    (*file, passed) = (was, had);
                    self.save(file, lang, around)?;
                }
                Said::Command(Command::Why) => {
                    let _ =
                        writeln!(around.errors, "{}", bearing(&found, need, &self.looking.look(lang, true, around)));
                }
                Said::Answer(typed) => {
                    let mut tried = file.clone();
                    match question.list() {
                        Some(_) => {
                            let of = (need.fact.name.as_str(), &question, &applicant);
                            if !self.records(&mut tried, of, &typed, policies, lang, around)? {
                                continue;
                            }
                        }
                        None => {
                            let is = answer::value(&typed, question.input, &question.policy.names, applicant.as_of);
                            // Of other kinds the reader of the file says more.
                            if question.input.ty == Type::Bool && !is_answer(&is, &question, lang, around) {
                                continue;
                            }
                            tried.put(&need.fact.name, is);
                        }
                    }
                    match self.read(&tried, policies, lang, around)? {
                        Ok(_) => {
                            before.push((file.clone(), passed.clone()));
                            *file = tried;
                            self.save(file, lang, around)?;
                        }
                        Err(faults) => refuse(&faults, around),
                    }
                }
            }
        }
    }

    /// The applicant of the file so far, or what is wrong with it.
    fn read(
        &self,
        file: &File,
        policies: &[&Policy],
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Result<Result<Applicant, Vec<String>>, Exit> {
        let source = self.source(file);
        let mut faults = Vec::new();
        let document = parse(&source, &mut faults);
        let read = document.map(|document| {
            applicant::from_document(
                &source.name,
                &document,
                policies,
                self.asking.when(around),
                &is_asked_for_somewhere,
            )
        });
        let (applicant, more) = read.unwrap_or_default();
        faults.extend(more);
        let Some(mut applicant) = applicant else {
            return Ok(Err(faults.iter().map(|fault| clean(without_quotes(&Fault::words(fault)).get(lang))).collect()));
        };
        applicant.replace(&self.asking.readings(policies, lang, around)?);
        Ok(Ok(applicant))
    }

    /// Fills a list record by record; says whether it was not given up.
    fn records(
        &self,
        file: &mut File,
        (name, question, applicant): (&str, &Question<'_>, &Applicant),
        typed: &str,
        policies: &[&Policy],
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Result<bool, Exit> {
        match answer::chosen(typed, [answer::NO, answer::YES]) {
            Some(0) => {
                file.put_none(name);
                return Ok(true);
            }
            Some(_) => {}
            None => {
                begin::nothing_like_it(lang, around);
                return Ok(false);
            }
        }
        let fields = question.fields();
        for number in 1.. {
            let mut record: Vec<(String, toml_edit::Value)> = Vec::new();
            let mut place = 0;
            while let Some(field) = fields.get(place) {
                let prompt = Prompt {
                    standing: match lang {
                        Lang::Zh => format!("{} 第{number}条", clean(&question.input.label.zh)),
                        Lang::En => format!("{}, no. {number}", clean(&question.input.label.en)),
                    },
                    text: field.text(lang),
                    hint: if field.choices(lang).is_empty() { field.hint(lang) } else { String::new() },
                    choices: field.choices(lang),
                    commands: &[Command::Skip, Command::Back],
                };
                match put(&prompt, lang, around) {
                    Said::Answer(typed) => {
                        let is = answer::value(&typed, field.input, &field.policy.names, applicant.as_of);
                        if !is_answer(&is, field, lang, around) {
                            continue;
                        }
                        // What cannot be is asked again at once: later the whole record would have to be.
                        let with = [&record[..], &[(field.input.name.clone(), is)]].concat();
                        let mut tried = file.clone();
                        tried.add(name, with.clone());
                        if let Err(faults) = self.read(&tried, policies, lang, around)? {
                            refuse(&faults, around);
                            continue;
                        }
                        record = with;
                    }
                    Said::Command(Command::Skip) => {}
                    Said::Command(_) if place == 0 => return Ok(false),
                    Said::Command(_) => {
                        place -= 1;
                        record.retain(|(field, _)| fields.get(place).is_none_or(|last| last.input.name != *field));
                        continue;
                    }
                }
                place += 1;
            }
            file.add(name, record);
            let yes_or_no = [Text::new("还有", "yes"), Text::new("没有了", "no")];
            let prompt = Prompt {
                standing: String::new(),
                text: Text::new("还有下一条吗？", "Is there another one?").get(lang).to_owned(),
                hint: String::new(),
                choices: yes_or_no.iter().map(|text| text.get(lang).to_owned()).collect(),
                commands: &[],
            };
            match put(&prompt, lang, around) {
                Said::Answer(more) if answer::chosen(&more, [answer::YES]).is_some() => {}
                _ => return Ok(true),
            }
        }
        Ok(true)
    }
}

/// Says why an answer cannot be.
fn refuse(faults: &[String], around: &mut Surroundings<'_>) {
    for fault in faults {
        let _ = writeln!(around.errors, "  ✗ {fault}");
    }
}

/// Whether it is an answer to the question; says so where it is none.
fn is_answer(is: &toml_edit::Value, question: &Question<'_>, lang: Lang, around: &mut Surroundings<'_>) -> bool {
    let is_one = answer::is_one(is, question.input, &question.policy.names);
    match question.choices(lang).is_empty() {
        _ if is_one => {}
        false => begin::nothing_like_it(lang, around),
        true => {
            let wanted = if lang == Lang::Zh { "应为" } else { "wanted: " };
            let _ = writeln!(around.errors, "  ✗ {wanted}{}", question.hint(lang));
        }
    }
    is_one
}

/// The question; of a record with what the record is called.
fn asked(need: &Need, question: &Question<'_>, lang: Lang) -> String {
    match need.fact.name.contains('[') {
        true => format!("{}：{}", clean(need.fact.label.get(lang)), question.text(lang)),
        false => question.text(lang),
    }
}
