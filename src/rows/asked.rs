//! What the words over columns, and the keys of JSON, ask for.

use crate::diagnostic::did_you_mean;
use crate::document::{Entry, Item, Raw, Table};
use crate::expr::names::{Money, Origin, is_label};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::{Policy, instead_of_age, is_age};
use crate::rows::Column;
use crate::rows::cell::As;
use crate::source::{Span, clean, folded};

/// What a word asks for.
#[derive(Clone, Debug)]
pub enum Asked {
    /// One value.
    Column(Column),
    /// A list of records.
    List(ListFields),
}

/// A list and the fields of its records.
#[derive(Clone, Debug)]
pub struct ListFields {
    /// The list's name; `paid` for what was paid.
    pub name: String,
    fields: Vec<(Field, Text)>,
    /// How to state an age of its records, where a policy asks for one.
    age: Option<Text>,
}

/// A field of a list's records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Fact(Type),
    Day,
    Whole,
    /// A text that is one of these, by its name or label.
    OneOf(Vec<(String, Text)>),
}

/// Words for what is no fact.
const OWN: [(&str, &str, Column); 5] = [
    ("id", "编号", Column::Id),
    ("name", "姓名", Column::Name),
    ("kind", "申请人类型", Column::Kind),
    ("place", "地点", Column::Place),
    ("as_of", "评估日期", Column::AsOf),
];

/// Whether a head is that of the applicant's id.
pub(super) fn is_id(name: &str) -> bool {
    let name = folded(name);
    name.eq_ignore_ascii_case("id") || name == "编号"
}

/// What to say of a row without an id where the table has a column for it.
pub(super) fn no_id() -> Text {
    Text::new("缺少编号", "the id is missing")
}

/// What to say of a sheet of a form without a column of ids.
pub(super) fn no_id_column() -> Text {
    Text::new("缺少编号列；补上，列名写 编号", "the column of ids is missing; put it back, its head is ID")
}

/// What to say of a row that is no text.
pub(super) fn no_text() -> Text {
    Text::new(
        "有无法识别的字符：整份文件请统一存为 UTF-8 或 GB18030",
        "some of its bytes are no text; save the whole file as UTF-8 or as GB18030",
    )
}

/// What a word asks for, by name or label; an error where it can mean two things.
pub(super) fn asked(name: &str, policies: &[&Policy]) -> Option<Result<Asked, Text>> {
    let name = folded(name);
    let name = name.as_ref();
    let own = |(en, zh, _): &&(&str, &str, Column)| name.eq_ignore_ascii_case(en) || name == *zh;
    let mut found: Vec<(&str, usize, usize)> = Vec::new();
    for (place, policy) in policies.iter().enumerate() {
        let facts = policy.names.facts(name).into_iter();
        found.extend(facts.filter_map(|slot| Some((policy.names.inputs.get(slot)?.name.as_str(), place, slot))));
    }
    // A fact's own name goes before a label that another fact happens to have.
    if found.iter().any(|(known, _, _)| *known == name) {
        found.retain(|(known, _, _)| *known == name);
    }
    let Some((first, _, _)) = found.first().copied() else {
        if let Some((_, _, column)) = OWN.iter().find(own) {
            return Some(Ok(Asked::Column(column.clone())));
        }
        return ListFields::of(name, policies).map(|list| Ok(Asked::List(list)));
    };
    if let Some((other, _, _)) = found.iter().find(|(known, _, _)| *known != first) {
        let reason = Text::made(
            format!("可指 {first} 或 {other}；请写事实的英文名"),
            format!("this is the label of {first} and of {other}; write the fact's own name"),
        );
        return Some(Err(reason));
    }
    if let Some(list) = ListFields::of(first, policies) {
        return Some(Ok(Asked::List(list)));
    }
    let places: Vec<(usize, usize)> = found.iter().map(|(_, policy, slot)| (*policy, *slot)).collect();
    let (policy, slot) = places.first().copied()?;
    let ty = policies.get(policy)?.names.inputs.get(slot)?.ty.clone();
    Some(Ok(Asked::Column(Column::Fact(first.to_owned(), places, ty))))
}

/// What a word that asks for nothing may have been meant for.
pub(super) fn near(name: &str, policies: &[&Policy]) -> Option<Text> {
    let inputs = policies.iter().flat_map(|policy| policy.names.inputs.iter());
    let facts = inputs.filter(|input| input.origin == Origin::Fact);
    let words = facts.flat_map(|input| [input.name.as_str(), input.label.zh.as_ref(), input.label.en.as_ref()]);
    let own = OWN.iter().flat_map(|(en, zh, _)| [*en, *zh]);
    instead_of_age(name, None, policies).or_else(|| did_you_mean(name, words.chain(own)))
}

/// What to say of a head that shows that the file is of another form than its name says.
fn of_another_form(head: &str) -> Option<Text> {
    if head.starts_with(['[', '{']) {
        return Some(Text::new(
            "文件内容像 JSON，不是表；每行写一个对象，存为 .jsonl",
            "this looks like JSON and not like a table; write one object a line, in a file named .jsonl",
        ));
    }
    let separator = head.chars().find(|sign| matches!(sign, ';' | '；' | '，' | '|'))?;
    Some(Text::made(
        format!("各列似以“{separator}”分隔；另存为以英文逗号或制表符分隔的 CSV"),
        format!("its columns seem to be separated by “{separator}”; save it as CSV, separated by commas or tabs"),
    ))
}

/// What to say of a word that asks for nothing.
pub(super) fn unknown(name: &str, policies: &[&Policy]) -> Text {
    if let Some(form) = of_another_form(name) {
        return form;
    }
    let near = near(name, policies);
    let known = Text::new(
        "所用政策没有这一项；改正名称，或加 --ignore-columns",
        "no policy in use asks for this; correct it, or use --ignore-columns",
    );
    Text::join(&near.into_iter().chain([known]).collect::<Vec<_>>(), "；", "; ")
}

/// The document of an applicant, of which the parts are known.
pub(super) fn document(whole: &Span, own: Vec<Entry>, facts: Vec<Entry>, top: Vec<Entry>) -> Table {
    let entry = |key: &str, item: Item| Entry { key: key.to_owned(), key_span: whole.clone(), item };
    let table = |entries: Vec<Entry>| Item { value: Raw::Table(Table::new(whole, entries)), span: whole.clone() };
    let mut entries = vec![entry("applicant", table(own)), entry("facts", table(facts))];
    entries.extend(top);
    Table::new(whole, entries)
}

/// Clauses as a form's drop-down names them: `19.2 青年人才生活补贴`.
fn clauses(policies: &[&Policy]) -> Vec<(String, Text)> {
    let of = |policy: &&Policy| {
        let id = policy.id.clone();
        let named = policy.clauses.iter().map(move |clause| {
            let (own, title) = (clean(&clause.id), &clause.title);
            let label = Text::made(format!("{own} {}", clean(&title.zh)), format!("{own} {}", clean(&title.en)));
            (format!("{id}/{}", clause.id), label)
        });
        named.collect::<Vec<_>>()
    };
    policies.iter().flat_map(of).collect()
}

fn distinct(words: impl Iterator<Item = (String, Text)>) -> Vec<(String, Text)> {
    let mut found: Vec<(String, Text)> = Vec::new();
    for word in words {
        if !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

impl Asked {
    /// The name that a document has for it.
    pub(super) fn name(&self) -> &str {
        match self {
            Asked::List(list) => &list.name,
            Asked::Column(column) => match column {
                Column::Id => "id",
                Column::Name => "name",
                Column::Kind => "kind",
                Column::Place => "place",
                Column::AsOf => "as_of",
                Column::Fact(name, ..) => name,
                Column::Field(field) => &field.name,
                Column::Listed(name) => name,
                Column::Part { list, .. } => list,
                Column::Ignored | Column::Kept => "",
            },
        }
    }
}

impl ListFields {
    /// The list of a name or label that one of the policies asks for; `paid` is what was paid.
    pub fn of(name: &str, policies: &[&Policy]) -> Option<ListFields> {
        let name = folded(name);
        let name = name.as_ref();
        if name == "paid" || name == "已发放" {
            let money = policies.first().map_or_else(|| Money::default().ty(), |policy| policy.names.money.ty());
            let field = |name: &str, zh: &'static str, en: &'static str, kind| {
                (Field { name: name.to_owned(), kind }, Text::new(zh, en))
            };
            let fields = vec![
                field("clause", "条款", "clause", Kind::OneOf(clauses(policies))),
                field("record", "记录", "record", Kind::Whole),
                field("amount", "金额", "amount", Kind::Fact(money)),
                field("on", "发放日期", "paid on", Kind::Day),
                field("award", "所属核定", "award", Kind::Fact(Type::Text)),
                field("note", "备注", "note", Kind::Fact(Type::Text)),
            ];
            return Some(ListFields { name: "paid".to_owned(), fields, age: None });
        }
        let found = policies.iter().find_map(|policy| {
            let facts = policy.names.facts(name);
            policy.names.lists.iter().find(|list| list.name == name || facts.contains(&list.input))
        })?;
        let mut fields: Vec<(Field, Text)> = Vec::new();
        let of_that_name =
            policies.iter().flat_map(|policy| policy.names.lists.iter()).filter(|list| list.name == found.name);
        for field in of_that_name.flat_map(|list| &list.fields) {
            if !fields.iter().any(|(known, _)| known.name == field.name) {
                let categories = || policies.iter().flat_map(|policy| policy.names.categories.iter().cloned());
                let kind = match (found.name.as_str(), field.name.as_str()) {
                    ("other_benefits", "category") => Kind::OneOf(distinct(categories())),
                    _ => Kind::Fact(field.ty.clone()),
                };
                fields.push((Field { name: field.name.clone(), kind }, field.label.clone()));
            }
        }
        let times = Field { name: "times".to_owned(), kind: Kind::Whole };
        fields.push((times, Text::new("相同条数", "equal records")));
        if found.name != "other_benefits" {
            let more = Field { name: "more".to_owned(), kind: Kind::Fact(Type::Bool) };
            fields.push((more, Text::new("另有", "others beside these")));
        }
        let age = instead_of_age("age", Some(&found.name), policies);
        Some(ListFields { name: found.name.clone(), fields, age })
    }

    /// The names of all lists that the policies ask for.
    pub fn names<'a>(policies: &[&'a Policy]) -> Vec<&'a str> {
        let mut names: Vec<&str> = policies
            .iter()
            .flat_map(|policy| policy.names.lists.iter())
            .map(|list| list.name.as_str())
            .chain(["paid"])
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether it stands among the facts of a document.
    pub fn is_a_fact(&self) -> bool {
        ListFields::name_is_a_fact(&self.name)
    }

    /// Whether the list of a name stands among the facts of a document.
    pub(super) fn name_is_a_fact(name: &str) -> bool {
        name != "paid" && name != "other_benefits"
    }

    /// Its fields, and what they are called.
    pub(super) fn labelled(&self) -> impl Iterator<Item = (&Field, &Text)> {
        self.fields.iter().map(|(field, label)| (field, label))
    }

    /// The field of a name or label.
    pub(super) fn field(&self, word: &str) -> Option<&Field> {
        let word = folded(word);
        let word = word.as_ref();
        let named = self.fields.iter().find(|(field, _)| field.name == word);
        let labelled = || self.fields.iter().find(|(_, label)| is_label(label, word));
        named.or_else(labelled).map(|(field, _)| field)
    }

    /// What to say of a word that names no field.
    pub(super) fn unknown(&self, word: &str) -> Text {
        let words = self.fields.iter();
        let words = words.flat_map(|(field, label)| [field.name.as_str(), label.zh.as_ref(), label.en.as_ref()]);
        let age = self.age.clone().filter(|_| is_age(word));
        let near = age.or_else(|| did_you_mean(word, words));
        let name = &self.name;
        let known =
            Text::made(format!("名单 {name} 没有“{word}”这一项"), format!("the records of {name} have no “{word}”"));
        Text::join(&[known].into_iter().chain(near).collect::<Vec<_>>(), "；", "; ")
    }

    /// What to say where it stands over a column.
    pub(super) fn of_its_own(&self) -> Text {
        let name = &self.name;
        Text::made(
            format!("这是一份名单，另列一表：--list {name}=文件.csv"),
            format!("this is a list; give it as a table of its own: --list {name}=FILE.csv"),
        )
    }
}

impl Field {
    /// A value with the name in place of its label.
    pub(super) fn named(&self, item: Item) -> Item {
        let (Kind::OneOf(words), Raw::Text(text)) = (&self.kind, &item.value) else { return item };
        if words.iter().any(|(word, _)| word == text) {
            return item;
        }
        let same = |label: &Text| label.zh == *text || label.en.eq_ignore_ascii_case(text);
        let mut found = words.iter().filter(|(_, label)| same(label));
        match (found.next(), found.next()) {
            (Some((word, _)), None) => Item { value: Raw::Text(word.clone()), span: item.span },
            _ => item,
        }
    }

    /// What its cells are read as.
    pub(super) fn read_as(&self) -> As<'_> {
        match &self.kind {
            Kind::Fact(ty) => As::Fact(ty),
            Kind::Day => As::Day,
            Kind::Whole => As::Whole,
            Kind::OneOf(_) => As::Fact(&Type::Text),
        }
    }
}
