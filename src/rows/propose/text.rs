//! A proposal as a file to edit.

use crate::lang::{Lang, Text};
use crate::rows::propose::{Found, Proposal, To};
use crate::source::clean;

/// A string of TOML.
fn quoted(text: &str) -> String {
    // The strings of JSON are strings of TOML.
    serde_json::Value::from(text).to_string()
}

fn list(words: &[String]) -> String {
    format!("[{}]", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", "))
}

fn key(name: &str) -> String {
    let is_bare =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if is_bare { name.to_owned() } else { quoted(name) }
}

pub(super) fn text(proposal: &Proposal, file: &str, lang: Lang) -> String {
    let say = |zh: &'static str, en: &'static str| Text::new(zh, en).get(lang).to_owned();
    let mut out = format!(
        "# {}: {}\n",
        clean(file),
        say(
            "各列的含义，核对后用于 duixian batch --columns",
            "what its columns hold; look it over, then duixian batch --columns"
        )
    );
    out += &format!("keep  = {} # {}\n", list(&proposal.keep), say("带到结果中", "carried along to the results"));
    out += &format!("leave = {} # {}\n", list(&proposal.leave), say("不用", "not used"));
    let layout = &proposal.layout;
    out += "\n[rows]\n";
    if let Some(sheet) = &layout.sheet {
        out += &format!("sheet  = {}\n", quoted(sheet));
    }
    let heads: Vec<String> = layout.heads.iter().map(u64::to_string).collect();
    out += &format!("heads  = [{}]\nfirst  = {}\n", heads.join(", "), layout.first);
    if !layout.beside.is_empty() {
        out += &format!("beside = {}\n", list(&layout.beside));
    }
    out += "\n[columns]\n";
    let own = |found: &&Found| matches!(found.to, To::Fact(_));
    let doubt = say(
        "不能确定：采用的去掉行首的 #，不用的列写入 keep 或 leave",
        "not sure: take the # away, or put the column under keep or leave",
    );
    let mut begun = false;
    let (sure, doubtful): (Vec<&Found>, Vec<&Found>) =
        proposal.found.iter().filter(own).partition(|found| found.doubt.is_none());
    for found in sure.iter().chain(&doubtful) {
        if found.doubt.is_some() && !std::mem::replace(&mut begun, true) {
            out += &format!("\n# {doubt}\n");
        }
        out += &line(found, lang);
    }
    let mut lists: Vec<(&str, usize)> = Vec::new();
    for found in &proposal.found {
        if let To::Field(list, number, _) = &found.to
            && !lists.contains(&(list, *number))
        {
            lists.push((list, *number));
        }
    }
    lists.sort_by_key(|(list, number)| ((*list).to_owned(), *number));
    for (list, number) in &lists {
        let own = |found: &&Found| matches!(&found.to, To::Field(own, at, _) if own == list && at == number);
        out += &format!("\n[[lists.{}]]\n", key(list));
        for found in proposal.found.iter().filter(own) {
            out += &line(found, lang);
        }
    }
    lists.dedup_by_key(|(list, _)| (*list).to_owned());
    if !lists.is_empty() {
        let about = say(
            "采用（去掉 #）则各列都空着的即为没有；否则为不知",
            "take the # away where empty columns mean that there is none; else that is not known",
        );
        out += &format!("\n[blank] # {about}\n");
        for (list, _) in &lists {
            out += &format!("# {} = \"none\"\n", key(list));
        }
    }
    out
}

fn line(found: &Found, lang: Lang) -> String {
    let (To::Fact(name) | To::Field(_, _, name)) = &found.to;
    let mut parts = vec![format!("from = {}", quoted(&found.from))];
    if found.citizen_id {
        parts.push("as = \"citizen_id\"".to_owned());
    }
    parts.extend(found.unit.as_ref().map(|unit| format!("unit = {}", quoted(unit))));
    if !found.words.is_empty() {
        let words = found.words.iter().map(|(word, meaning)| format!("{} = {}", quoted(word), quoted(meaning)));
        parts.push(format!("words = {{ {} }}", words.collect::<Vec<_>>().join(", ")));
    }
    let value = if parts.len() == 1 { quoted(&found.from) } else { format!("{{ {} }}", parts.join(", ")) };
    match &found.doubt {
        None => format!("{} = {value}\n", key(name)),
        Some(doubt) => format!("# {} = {value} # {}\n", key(name), clean(doubt.get(lang)).replace('\n', " ")),
    }
}
