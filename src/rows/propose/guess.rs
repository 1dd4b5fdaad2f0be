//! What the columns of a table probably are.

use std::collections::BTreeSet;

use crate::expr::names::Origin;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;
use crate::rows::asked::{self, Asked};
use crate::rows::cell::As;
use crate::rows::map::{Layout, brackets};
use crate::rows::propose::words::says;
use crate::rows::propose::{Found, Grid, To};
use crate::rows::reserved::is_reserved;
use crate::rows::{Column, ListFields, citizen, units};
use crate::source::folded;

/// Heads over several columns that are about the applicant.
const APPLICANT: [&str; 10] =
    ["申请人", "申报人", "本人", "个人", "人才", "基本情况", "基本信息", "个人信息", "人员信息", "申请人信息"];
/// What is often written in place of an applicant's own words.
const OWN: [(&str, &str); 6] = [
    ("申请编号", "id"),
    ("申报编号", "id"),
    ("档案编号", "id"),
    ("申请人姓名", "name"),
    ("申报人姓名", "name"),
    ("人才姓名", "name"),
];
/// The number of a row: an id that holds within the table.
const NUMBERS: [&str; 3] = ["序号", "编号", "no."];
/// Identity numbers; what is carried along.
const CITIZEN: [&str; 3] = ["身份证", "公民身份号码", "身份号码"];
const KEPT: [&str; 9] = ["账号", "帐号", "账户", "卡号", "开户", "银行", "单位", "电话", "手机"];

pub(super) struct Guessed {
    pub keep: Vec<String>,
    pub leave: Vec<String>,
    pub found: Vec<Found>,
}

struct Guess<'a> {
    grid: &'a Grid,
    layout: &'a Layout,
    policies: &'a [&'a Policy],
    found: Vec<Found>,
}

pub(super) fn guess(grid: &Grid, layout: &Layout, names: &[String], policies: &[&Policy]) -> Guessed {
    let mut guess = Guess { grid, layout, policies, found: Vec::new() };
    let named = || names.iter().enumerate().filter(|(_, name)| !name.is_empty() && !is_reserved(name));
    // What is sure goes first, so that nothing else is taken for it.
    let mut is_open: BTreeSet<usize> = named().map(|(place, _)| place).collect();
    for (place, name) in named() {
        if guess.sure(place, name) || guess.listed(place, name) {
            is_open.remove(&place);
        }
    }
    let (mut keep, mut leave) = (Vec::new(), Vec::new());
    for (place, name) in named().filter(|(place, _)| is_open.contains(place)) {
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        if has(&CITIZEN) {
            if !guess.citizen(place, name) {
                leave.push(name.clone());
            }
        } else if NUMBERS.iter().any(|word| bare(name, policies).eq_ignore_ascii_case(word)) {
            if !guess.number(place, name) {
                leave.push(name.clone());
            }
        } else if has(&KEPT) {
            keep.push(name.clone());
        } else if !guess.perhaps(place, name) {
            leave.push(name.clone());
        }
    }
    guess.twice();
    Guessed { keep, leave, found: guess.found }
}

/// A head without units, marks and blanks.
fn bare(name: &str, policies: &[&Policy]) -> String {
    let mut bare = name.to_owned();
    for within in brackets(name) {
        if units::is_a_unit(within, policies) || ["必填", "选填", "是/否", "是否"].contains(&within.trim()) {
            for (open, close) in [("(", ")"), ("（", "）"), ("[", "]"), ("［", "］"), ("【", "】")] {
                bare = bare.replace(&format!("{open}{within}{close}"), "");
            }
        }
    }
    folded(&bare).chars().filter(|character| !character.is_whitespace() && *character != '*').collect()
}

/// A head as what stands over several columns, and its own.
fn parts(bare: &str) -> (&str, &str) {
    bare.rsplit_once('/').map_or(("", bare), |(group, own)| (group, own))
}

/// How alike two words are, in hundredths: the pairs of neighbours that they share.
fn alike(a: &str, b: &str) -> usize {
    let pairs = |text: &str| {
        let characters: Vec<char> = text.to_lowercase().chars().collect();
        characters.windows(2).map(<[char]>::to_vec).collect::<BTreeSet<_>>()
    };
    let (a, b) = (pairs(a), pairs(b));
    let all = a.len() + b.len();
    (a.intersection(&b).count() * 200).checked_div(all).unwrap_or(0)
}

impl Guess<'_> {
    fn take(&mut self, found: Found) -> bool {
        self.found.push(found);
        true
    }

    /// Takes a column for what its head asks for by name or label, if its cells can be that.
    fn sure(&mut self, place: usize, name: &str) -> bool {
        let bare = bare(name, self.policies);
        let (group, own) = parts(&bare);
        let instead = |word: &str| {
            OWN.iter().find(|(known, _)| *known == word).map_or(word.to_owned(), |(_, id)| (*id).to_owned())
        };
        let is_own = group.is_empty() || APPLICANT.contains(&group);
        let column = |word: &str| match asked::asked(&instead(word), self.policies) {
            Some(Ok(Asked::Column(column))) => Some(column),
            _ => None,
        };
        // A label may hold a bracket, or a stroke, of its own.
        let found = column(name).or_else(|| column(&bare)).or_else(|| column(own).filter(|_| is_own));
        let Some(found) = found.filter(|column| *column != Column::Id || bare != "序号") else { return false };
        self.column(place, name, &found, None)
    }

    fn column(&mut self, place: usize, name: &str, column: &Column, doubt: Option<Text>) -> bool {
        let key = Asked::Column(column.clone()).name().to_owned();
        let read_as = if *column == Column::AsOf { As::Day } else { column.read_as() };
        let policy = match column {
            Column::Fact(_, places, _) => places.first().and_then(|(policy, _)| self.policies.get(*policy)).copied(),
            _ => None,
        };
        self.field(place, name, To::Fact(key), (read_as, policy), doubt)
    }

    /// Takes a column for something, if its cells can be that; says what they leave open.
    fn field(
        &mut self,
        place: usize,
        name: &str,
        to: To,
        (read_as, policy): (As<'_>, Option<&Policy>),
        doubt: Option<Text>,
    ) -> bool {
        let Some(says) = says(self.grid.column(self.layout, place), read_as, policy) else { return false };
        let mut unit = None;
        let mut doubts: Vec<Text> = doubt.into_iter().chain(says.doubt).collect();
        if let As::Fact(Type::Quantity(own)) = read_as
            && !says.units
            && !own.is_none()
            && !brackets(name).iter().any(|within| units::is_a_unit(within, self.policies))
        {
            let titles = self.grid.titles(self.layout);
            let in_title = ["亿元", "万元", "千元"].into_iter().find(|unit| titles.contains(unit));
            let guessed = in_title.map_or_else(|| own.symbol(), str::to_owned);
            doubts.push(Text::made(
                format!("表中没有写单位，核对是否为{guessed}"),
                format!("the table gives no unit; is it {guessed}?"),
            ));
            unit = Some(guessed);
        }
        let doubt = (!doubts.is_empty()).then(|| Text::join(&doubts, "；", "; "));
        self.take(Found { unit, words: says.words, doubt, ..Found::of(to, name) })
    }

    /// Takes a column for a field of a record that stands beside others of its kind: 子女1姓名, 第一子女/姓名.
    fn listed(&mut self, place: usize, name: &str) -> bool {
        /// How alike a field must be to its head where the head over it names the list.
        const LEAST: usize = 25;
        const MEASURES: [char; 6] = ['个', '名', '位', '项', '篇', '次'];
        let bare = bare(name, self.policies);
        let closed: String = bare.chars().filter(|character| *character != '/').collect();
        let numeral = |c: char| c.is_ascii_digit() || "一二三四五六七八九".contains(c);
        let Some(at) = closed.find(numeral) else { return false };
        let (before, rest) = closed.split_at(at);
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let (number, field) = if digits.is_empty() {
            let mut characters = rest.chars();
            let first = characters.next().unwrap_or(' ');
            let number = "一二三四五六七八九".chars().position(|numeral| numeral == first).map_or(0, |place| place + 1);
            (number, characters.as_str())
        } else {
            (digits.parse().unwrap_or(0), rest.get(digits.len()..).unwrap_or(""))
        };
        let (over, own) = parts(&bare);
        let (group, field) = match before.trim_end_matches('第') {
            // The number stands before what is counted.
            "" if !over.is_empty() => {
                (over.trim_start_matches('第').trim_start_matches(numeral).trim_start_matches(MEASURES), own)
            }
            group => (group, field.trim_start_matches(MEASURES)),
        };
        if number == 0 || number > 99 || field.is_empty() {
            return false;
        }
        let mut lists: Vec<(ListFields, bool)> = Vec::new();
        let inputs = |policy: &&Policy| {
            let lists = policy.names.lists.iter();
            let labelled =
                lists.filter_map(|list| Some((list.name.clone(), policy.names.inputs.get(list.input)?.label.clone())));
            labelled.collect::<Vec<_>>()
        };
        for (list, label) in self.policies.iter().flat_map(inputs) {
            let is_it = folded(&label.zh) == group || label.en.eq_ignore_ascii_case(group) || list == group;
            let about = !group.is_empty() && (label.zh.contains(group) || group.contains(&*label.zh));
            if (is_it || about) && !lists.iter().any(|(known, _)| known.name == list) {
                lists.extend(ListFields::of(&list, self.policies).map(|fields| (fields, is_it)));
            }
        }
        if lists.iter().any(|(_, is_it)| *is_it) {
            lists.retain(|(_, is_it)| *is_it);
        }
        let [(list, is_it)] = lists.as_slice() else { return false };
        let nearest = || {
            let scored = list.labelled().map(|(known, label)| (alike(&folded(&label.zh), field), known));
            scored.filter(|(score, _)| *score >= LEAST).max_by_key(|(score, _)| *score).map(|(_, known)| known)
        };
        let exact = list.field(field);
        let Some(known) = exact.or_else(nearest) else { return false };
        let doubts: Vec<Text> = [
            (!is_it).then(|| {
                let list = &list.name;
                Text::made(format!("是否为名单 {list} 的记录"), format!("are these records of {list}?"))
            }),
            exact.is_none().then(|| Text::new("按名称相近拟定", "by its name")),
        ]
        .into_iter()
        .flatten()
        .collect();
        let doubt = (!doubts.is_empty()).then(|| Text::join(&doubts, "；", "; "));
        let to = To::Field(list.name.clone(), number, known.name.clone());
        let has = |policy: &&&Policy| policy.names.lists.iter().any(|own| own.name == list.name);
        let policy = self.policies.iter().find(has).copied();
        self.field(place, name, to, (known.read_as(), policy), doubt)
    }

    /// Takes a column of identity numbers for the day of birth, where a policy asks for one and no column gives it.
    fn citizen(&mut self, place: usize, name: &str) -> bool {
        let facts = self.policies.iter().flat_map(|policy| policy.names.inputs.iter());
        let born = facts.filter(|input| {
            input.origin == Origin::Fact
                && input.ty == Type::Date
                && (input.name == "birth_date" || input.label.zh.contains("出生"))
        });
        let born: BTreeSet<&str> = born.map(|input| input.name.as_str()).collect();
        let mut born = born.into_iter();
        let (Some(fact), None) = (born.next(), born.next()) else { return false };
        let to = To::Fact(fact.to_owned());
        if self.found.iter().any(|found| found.to == to && found.doubt.is_none()) {
            return false;
        }
        let (group, _) = parts(name);
        let cells: Vec<&str> = self.grid.column(self.layout, place).filter(|cell| !cell.is_empty()).collect();
        let fit = cells.iter().filter(|cell| citizen::birth_date(cell).is_ok()).count();
        let is_sure = fit * 2 > cells.len() && (group.is_empty() || APPLICANT.contains(&group));
        let doubt = Text::new("是否为申请人本人的号码", "are these the applicants' own numbers?");
        self.take(Found { citizen_id: true, doubt: (!is_sure).then_some(doubt), ..Found::of(to, name) })
    }

    /// Takes a column of row numbers for the ids, where there are none, and no number stands twice.
    fn number(&mut self, place: usize, name: &str) -> bool {
        let id = To::Fact("id".to_owned());
        let cells: Vec<&str> = self.grid.column(self.layout, place).collect();
        let is_unique =
            cells.iter().all(|cell| !cell.is_empty()) && cells.iter().collect::<BTreeSet<_>>().len() == cells.len();
        if !is_unique || self.found.iter().any(|found| found.to == id) {
            return false;
        }
        self.take(Found::of(id, name))
    }

    /// Takes a column for the fact that its head is most like, if its cells can be that; somebody has to say whether it is.
    fn perhaps(&mut self, place: usize, name: &str) -> bool {
        const LEAST: usize = 34;
        let bare = bare(name, self.policies);
        let (_, own) = parts(&bare);
        let facts = self.policies.iter().flat_map(|policy| policy.names.inputs.iter());
        let mut best: Vec<(usize, String)> = Vec::new();
        for input in facts.filter(|input| input.origin == Origin::Fact && !matches!(input.ty, Type::List(_))) {
            let (zh, en) = (folded(&input.label.zh), folded(&input.label.en));
            let is_in = own.chars().count() > 1 && (zh.contains(own) || own.contains(zh.as_ref()));
            let score =
                [zh.as_ref(), en.as_ref(), &input.name].map(|word| alike(word, own)).into_iter().max().unwrap_or(0);
            let score = if is_in { score.max(LEAST) + 20 } else { score };
            if score >= LEAST && !best.iter().any(|(_, known)| *known == input.name) {
                best.push((score, input.name.clone()));
            }
        }
        best.sort_by(|a, b| b.cmp(a));
        let mut taken = false;
        let others: Vec<String> = best.iter().skip(1).take(3).map(|(_, fact)| fact.clone()).collect();
        for (_, fact) in best {
            let Some(Ok(Asked::Column(column))) = asked::asked(&fact, self.policies) else { continue };
            let others: Vec<&str> = others.iter().map(String::as_str).filter(|other| *other != fact).collect();
            let doubt = match others.as_slice() {
                [] => Text::new("按名称相近拟定", "by its name"),
                others => Text::made(
                    format!("按名称相近拟定；也可能是 {}", others.join("、")),
                    format!("by its name; or is it {}?", others.join(", ")),
                ),
            };
            taken = self.column(place, name, &column, Some(doubt));
            if taken {
                break;
            }
        }
        taken
    }

    /// What two columns are taken for, neither is for sure.
    fn twice(&mut self) {
        let all: Vec<To> = self.found.iter().map(|found| found.to.clone()).collect();
        for found in &mut self.found {
            if all.iter().filter(|to| **to == found.to).count() > 1 {
                let several = Text::new("有几列都像这一项", "several columns look like this");
                found.doubt =
                    Some(Text::join(&found.doubt.take().into_iter().chain([several]).collect::<Vec<_>>(), "；", "; "));
            }
        }
    }
}
