//! What went into a run, so that it can be named, and worked out again: the same for results, statements and workbooks.

use serde::{Deserialize, Serialize};

use crate::expr::names::Origin;
use crate::expr::types::Type;
use crate::lang::{Lang, Text};
use crate::policy::Policy;
use crate::report::words::{self, say};
use crate::source::clean;
use crate::value::{Day, Value};

/// The program that works.
pub const PROGRAM: &str = concat!("duixian ", env!("CARGO_PKG_VERSION"));

/// What went into a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The program and its version.
    pub program: String,
    /// The command line, from the verb on.
    pub command: Vec<String>,
    /// The evaluation date of all applicants; `None`: each row's own.
    pub as_of: Option<Day>,
    /// The day of the run, for rows that have no date of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub today: Option<Day>,
    /// The policies, in the order of the run.
    pub policies: Vec<OfPolicy>,
    /// The files that applicants, their lists and the map of their columns were read from; of one applicant its own comes first.
    pub inputs: Vec<FileRead>,
}

/// What is known of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfPolicy {
    /// Its id.
    pub id: String,
    /// What tells it and all that it builds on from other versions.
    pub fingerprint: String,
    /// The files that it was read from.
    pub files: Vec<FileRead>,
    /// The readings that were taken.
    pub readings: Vec<Taken>,
}

/// A file that was read, by its name and what was in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRead {
    /// What it is.
    pub role: Role,
    /// As the user called it; a built-in policy by its path in the program's own repository.
    pub name: String,
    /// The SHA-256 digest of its text, in hexadecimal; empty where it could be read only once.
    pub sha256: String,
}

/// What a file is in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A policy.
    Policy,
    /// A vocabulary that a policy uses.
    Vocabulary,
    /// What supplements a policy.
    Supplement,
    /// A list of texts of a policy.
    Texts,
    /// An applicant, or a table of many.
    Applicants,
    /// A list's records.
    List,
    /// What the columns of a table hold.
    Columns,
    /// Who signs.
    Signing,
}

/// An option of a reading that was taken. In a record that was read back the words are not there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Taken {
    /// The reading's id.
    pub id: String,
    /// The question.
    #[serde(skip)]
    pub question: Text,
    /// The option's id; `None`: it was left open.
    pub option: Option<String>,
    /// The option's words.
    #[serde(skip)]
    pub words: Text,
    /// Whether it is another than the policy takes by itself.
    pub chosen: bool,
}

impl PartialEq for Taken {
    fn eq(&self, other: &Taken) -> bool {
        (&self.id, &self.option, self.chosen) == (&other.id, &other.option, other.chosen)
    }
}

impl Eq for Taken {}

static COMMAND: Text = Text::new("命令", "Command");
static READING: Text = Text::new("读法", "Reading");
static CHOSEN: Text = Text::new("读法（另选）", "Reading (chosen)");

static ROLES: [(Role, Text); 8] = [
    (Role::Policy, Text::new("政策文件", "Policy file")),
    (Role::Vocabulary, Text::new("词汇表", "Vocabulary")),
    (Role::Supplement, Text::new("补充文件", "Supplement")),
    (Role::Texts, Text::new("文字清单", "List of texts")),
    (Role::Applicants, Text::new("申请人文件", "Applicants' file")),
    (Role::List, Text::new("名单表", "List")),
    (Role::Columns, Text::new("列名对照表", "Map of columns")),
    (Role::Signing, Text::new("签章文件", "Signing file")),
];

impl Role {
    /// In words.
    pub fn words(self) -> Text {
        ROLES.iter().find(|(role, _)| *role == self).map(|(_, words)| words.clone()).unwrap_or_default()
    }
}

/// Whether a row of a page or sheet that begins so names what went into the run.
pub fn is_label(text: &str) -> bool {
    let own = [&words::PROGRAM, &COMMAND, &READING, &CHOSEN];
    let mut all = own.into_iter().chain(ROLES.iter().map(|(_, words)| words));
    all.any(|label| label.zh == *text || label.en == *text)
}

/// A row of a page or sheet: its label, what is named, and what tells it from others.
pub type Told = [String; 3];

fn told(label: &Text, lang: Lang, what: String, value: String) -> Told {
    [label.get(lang).to_owned(), what, value]
}

impl FileRead {
    /// As a row.
    pub fn told(&self, lang: Lang) -> Told {
        let digest = if self.sha256.is_empty() { String::new() } else { format!("SHA-256 {}", self.sha256) };
        told(&self.role.words(), lang, clean(&self.name), digest)
    }
}

impl Taken {
    /// How a row names it, whatever the language.
    pub fn named(&self) -> String {
        format!("{} = {}", clean(&self.id), clean(self.option.as_deref().unwrap_or("open")))
    }

    /// As a row.
    pub fn told(&self, lang: Lang) -> Told {
        let words = if self.option.is_some() { &self.words } else { &words::OPEN };
        let value = match lang {
            Lang::Zh => format!("{}（{}）", self.named(), say(words, lang)),
            Lang::En => format!("{} ({})", self.named(), say(words, lang)),
        };
        told(if self.chosen { &CHOSEN } else { &READING }, lang, say(&self.question, lang), value)
    }
}

impl OfPolicy {
    /// A policy with the options that were chosen (the input and its value); `digest` is that of a text.
    pub fn of(
        policy: &Policy,
        chosen: &[(usize, Value)],
        digest: impl Fn(&crate::source::Source) -> String,
    ) -> OfPolicy {
        let inputs = policy.names.inputs.iter().enumerate();
        let readings = inputs.filter_map(|(place, input)| {
            let (Origin::Reading(reading), Type::Enum(options)) = (&input.origin, &input.ty) else { return None };
            let own = chosen.iter().rfind(|(of, _)| *of == place).map(|(_, value)| value);
            let option = match own.unwrap_or(&input.absent) {
                Value::Words(words) => words.point(),
                _ => None,
            };
            let words = policy.names.enums.get(*options);
            let (option, words) = option.and_then(|option| words?.words.get(option)).cloned().unzip();
            Some(Taken {
                id: reading.id.clone(),
                question: input.label.clone(),
                option,
                words: words.unwrap_or_default(),
                chosen: own.is_some_and(|own| *own != input.absent),
            })
        });
        // Vocabularies come first, then what supplements, then lists of texts.
        let texts = policy.beside.iter().filter(|source| source.name.ends_with(".txt")).count();
        let first = policy.beside.len().saturating_sub(texts + policy.supplements.len());
        let role = |place: usize| match place.checked_sub(first) {
            None => Role::Vocabulary,
            Some(place) if place < policy.supplements.len() => Role::Supplement,
            Some(_) => Role::Texts,
        };
        let beside = policy.beside.iter().enumerate().map(|(place, source)| (role(place), source));
        let files = std::iter::once((Role::Policy, &policy.source)).chain(beside);
        let files = files.map(|(role, source)| FileRead { role, name: source.name.clone(), sha256: digest(source) });
        OfPolicy {
            id: policy.id.clone(),
            fingerprint: policy.fingerprint(),
            files: files.collect(),
            readings: readings.collect(),
        }
    }

    /// Its files and readings as rows.
    pub fn told(&self, lang: Lang) -> Vec<Told> {
        let files = self.files.iter().map(|file| file.told(lang));
        files.chain(self.readings.iter().map(|taken| taken.told(lang))).collect()
    }
}

impl Record {
    /// The program and the command as rows.
    pub fn head(&self, lang: Lang) -> Vec<Told> {
        let plain = |c: char| c.is_alphanumeric() || "-_./=:,+@%".contains(c);
        let quoted = |word: &String| match word.chars().all(plain) && !word.is_empty() {
            true => word.clone(),
            false => format!("'{}'", clean(word).replace('\'', "'\\''")),
        };
        let command: Vec<String> = self.command.iter().map(quoted).collect();
        vec![
            told(&words::PROGRAM, lang, self.program.clone(), String::new()),
            told(&COMMAND, lang, format!("duixian {}", command.join(" ")), String::new()),
        ]
    }

    /// Everything as rows, where there is little room: a file of several policies once, and of the readings only those that were
    /// chosen.
    pub fn told(&self, lang: Lang) -> Vec<Told> {
        let mut rows = self.head(lang);
        let policies = self.policies.iter().flat_map(|policy| {
            let files = policy.files.iter().map(|file| file.told(lang));
            files.chain(policy.readings.iter().filter(|taken| taken.chosen).map(|taken| taken.told(lang)))
        });
        for row in self.inputs.iter().map(|file| file.told(lang)).chain(policies) {
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
        rows
    }

    /// What the rows of a page or sheet must hold, if it names what went into the run; `all`: with readings that nobody chose.
    pub fn names(&self, all: bool) -> Vec<String> {
        let policies = self.policies.iter();
        let readings = policies.clone().flat_map(|policy| &policy.readings);
        let readings = readings.filter(|taken| all || taken.chosen).map(Taken::named);
        let files = self.inputs.iter().chain(policies.flat_map(|policy| &policy.files));
        let files = files.flat_map(|file| [clean(&file.name), file.sha256.clone()]);
        let head = self.head(Lang::Zh).into_iter().map(|[_, what, _]| what);
        let all = head.chain(files).chain(readings);
        let plain = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        all.map(plain).filter(|text| !text.is_empty()).collect()
    }

    /// As one line of JSON.
    pub fn as_data(&self) -> String {
        // Texts and lists always have a JSON form.
        serde_json::to_string(self).unwrap_or_default()
    }
}
