//! Which inputs are no longer those that a result names.

use crate::lang::Text;
use crate::report::record::{FileRead, OfPolicy, Record};
use crate::source::clean;

/// What is another, or is not there any more.
pub(super) fn changes(named: &Record, now: &Record) -> Vec<Text> {
    let mut found = Vec::new();
    if named.program != now.program {
        let (was, is) = (clean(&named.program), clean(&now.program));
        found
            .push(Text::made(format!("程序：当时是 {was}，现在是 {is}"), format!("program: it was {was}, it is {is}")));
    }
    files(&named.inputs, &now.inputs, &mut found);
    for policy in &named.policies {
        let id = clean(&policy.id);
        match now.policies.iter().find(|other| other.id == policy.id) {
            None => {
                found.push(Text::made(format!("现在没有用到政策 {id}"), format!("the policy {id} is not used now")))
            }
            Some(other) => of_policy(policy, other, &mut found),
        }
    }
    for policy in now.policies.iter().filter(|policy| !named.policies.iter().any(|known| known.id == policy.id)) {
        let id = clean(&policy.id);
        found.push(Text::made(format!("当时没有用到政策 {id}"), format!("the policy {id} was not used then")));
    }
    found
}

fn of_policy(was: &OfPolicy, is: &OfPolicy, found: &mut Vec<Text>) {
    let before = found.len();
    files(&was.files, &is.files, found);
    let id = clean(&was.id);
    if found.len() == before && was.fingerprint != is.fingerprint {
        found.push(Text::made(
            format!("政策 {id} 与当时的不同（记下的指纹不符）"),
            format!("the policy {id} is not the one of then (another fingerprint)"),
        ));
    }
    let option = |option: Option<&str>| clean(option.unwrap_or("open"));
    for taken in &was.readings {
        let reading = clean(&taken.id);
        match is.readings.iter().find(|other| other.id == taken.id) {
            Some(other) if other == taken => {}
            Some(other) => {
                let (old, new) = (option(taken.option.as_deref()), option(other.option.as_deref()));
                found.push(Text::made(
                    format!("读法 {id}.{reading}：结果记为 {old}，现取 {new}"),
                    format!("reading {id}.{reading}: the result names {old}, {new} is taken now"),
                ));
            }
            None => found.push(Text::made(
                format!("读法 {id}.{reading}：现在的政策没有"),
                format!("reading {id}.{reading}: the policy of now has none"),
            )),
        }
    }
    for taken in is.readings.iter().filter(|taken| !was.readings.iter().any(|known| known.id == taken.id)) {
        let reading = clean(&taken.id);
        found.push(Text::made(
            format!("读法 {id}.{reading}：结果没有记下"),
            format!("reading {id}.{reading}: the result does not name it"),
        ));
    }
}

/// Files of one kind after the other, in the order in which they were given: they may be called otherwise.
fn files(was: &[FileRead], is: &[FileRead], found: &mut Vec<Text>) {
    let place = |file: &FileRead, all: &[FileRead]| {
        all.iter().filter(|other| other.role == file.role).position(|other| other == file).unwrap_or(0)
    };
    let of = |file: &FileRead, place: usize, all: &[FileRead]| {
        all.iter().filter(|other| other.role == file.role).nth(place).cloned()
    };
    for file in was {
        let (role, name) = (file.role.words(), clean(&file.name));
        match of(file, place(file, was), is) {
            Some(other) if other.sha256 == file.sha256 && !file.sha256.is_empty() => {}
            Some(other) if other.sha256.is_empty() || file.sha256.is_empty() => found.push(Text::made(
                format!("{}：{name} 没有记下校验值，是否有变无从核对", role.zh),
                format!("{}: no digest of {name} is known, so whether it changed cannot be seen", role.en),
            )),
            Some(other) => {
                let now = clean(&other.name);
                found.push(if now == name {
                    Text::made(
                        format!("{}：{name} 与当时的不同（校验值不符）", role.zh),
                        format!("{}: {name} is not the one of then (another digest)", role.en),
                    )
                } else {
                    Text::made(
                        format!("{}：现用 {now}，与当时的 {name} 不同（校验值不符）", role.zh),
                        format!("{}: {now} now, which is not {name} of then (another digest)", role.en),
                    )
                });
            }
            None => found.push(Text::made(
                format!("{}：现在没有用到 {name}", role.zh),
                format!("{}: {name} is not used now", role.en),
            )),
        }
    }
    for file in is.iter().filter(|file| of(file, place(file, is), was).is_none()) {
        let (role, name) = (file.role.words(), clean(&file.name));
        found.push(Text::made(
            format!("{}：当时没有用到 {name}", role.zh),
            format!("{}: {name} was not used then", role.en),
        ));
    }
}
