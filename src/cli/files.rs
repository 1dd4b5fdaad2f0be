//! Reading files and standard input, with bounds, finding policies and vocabularies, and replacing a file.

use std::fs::{self, DirEntry, File};
use std::io::{self, ErrorKind, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use sha2::{Digest, Sha256};

use crate::cli::Surroundings;
use crate::diagnostic::did_you_mean;
use crate::lang::{Lang, Text};
use crate::paper::{self, Paper};
use crate::policy::{builtin, places_of_vocabulary};
use crate::source::{Source, clean};

/// Policies and applicants are written by people; a larger file is something else.
const LARGEST: u64 = 4 * 1024 * 1024;

/// An official text with its pictures.
const LARGEST_TEXT: u64 = 16 * 1024 * 1024;

fn in_lang(lang: Lang, zh: String, en: String) -> anyhow::Error {
    anyhow!(Text::made(zh, en).get(lang).to_owned())
}

fn read_all(from: &mut dyn Read, name: &str, lang: Lang) -> Result<Arc<Source>> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes).with_context(|| match lang {
        Lang::Zh => format!("{name}：读取失败"),
        Lang::En => format!("{name}: cannot be read"),
    })?;
    if bytes.len() as u64 > LARGEST {
        let zh = format!("{name}：文件超过 4 MiB；一位申请人、一项政策、一份原文都没有这么大，请核对是不是给错了文件");
        let en = format!(
            "{name}: the file is larger than 4 MiB, which no applicant, no policy and no official text is; perhaps it is another file"
        );
        return Err(in_lang(lang, zh, en));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let line =
            error.as_bytes().iter().take(error.utf8_error().valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
        let zh = format!("{name}:{line}：不是 UTF-8 文本；请另存为 UTF-8");
        in_lang(lang, zh, format!("{name}:{line}: this is not UTF-8 text; save it as UTF-8"))
    })?;
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    Ok(Source::new(name, text))
}

/// The text of a file, or of standard input for `-`. A relative path starts from `folder`; messages call it as it was given.
pub(super) fn read(path: &Path, folder: &Path, input: &mut dyn Read, lang: Lang) -> Result<Arc<Source>> {
    if path == Path::new("-") {
        return read_all(input, "-", lang);
    }
    let name = clean(&path.display().to_string());
    let path = folder.join(path);
    if path.is_dir() {
        let zh = format!("{name}：这是文件夹，不是文件");
        return Err(in_lang(lang, zh, format!("{name}: this is a folder, not a file")));
    }
    let mut file = File::open(&path).map_err(|error| {
        let why = not_opened(&error);
        in_lang(lang, format!("{name}：{}", why.zh), format!("{name}: {}", why.en))
    })?;
    read_all(&mut file, &name, lang)
}

/// An official text, in whatever form [`paper`] reads; what is to be told of it is said.
pub(super) fn official(path: &Path, lang: Lang, around: &mut Surroundings<'_>) -> Result<Arc<Source>> {
    let paper = read_paper(path, &around.folder, around.input, lang)?;
    let name = &paper.text.name;
    for note in &paper.notes {
        let _ = match lang {
            Lang::Zh => writeln!(around.errors, "注意：{name}：{}", note.zh),
            Lang::En => writeln!(around.errors, "note: {name}: {}", note.en),
        };
    }
    if paper.is_read_out {
        let _ = match lang {
            Lang::Zh => writeln!(around.errors, "注意：{name}：行号按读出的文字计，`duixian draft --text` 可以写出来"),
            Lang::En => writeln!(
                around.errors,
                "note: {name}: lines are those of the text as it was read, which `duixian draft --text` writes out"
            ),
        };
    }
    Ok(paper.text)
}

fn read_paper(path: &Path, folder: &Path, input: &mut dyn Read, lang: Lang) -> Result<Paper> {
    let name = clean(&path.display().to_string());
    let mut bytes = Vec::new();
    let opened = if path == Path::new("-") { None } else { Some(File::open(folder.join(path))) };
    let read = match opened {
        None => input.take(LARGEST_TEXT + 1).read_to_end(&mut bytes),
        Some(Ok(file)) => file.take(LARGEST_TEXT + 1).read_to_end(&mut bytes),
        Some(Err(error)) => {
            let why = not_opened(&error);
            return Err(in_lang(lang, format!("{name}：{}", why.zh), format!("{name}: {}", why.en)));
        }
    };
    if let Err(error) = read {
        return Err(in_lang(lang, format!("{name}：读取失败（{error}）"), format!("{name}: cannot be read ({error})")));
    }
    if bytes.len() as u64 > LARGEST_TEXT {
        let zh = format!("{name}：文件超过 16 MiB；没有这么大的官方文本，请核对是不是给错了文件");
        let en =
            format!("{name}: the file is larger than 16 MiB, which no official text is; perhaps it is another file");
        return Err(in_lang(lang, zh, en));
    }
    paper::read(&name, bytes).map_err(|why| in_lang(lang, format!("{name}：{}", why.zh), format!("{name}: {}", why.en)))
}

/// Why a file cannot be opened.
pub(super) fn not_opened(error: &io::Error) -> Text {
    match error.kind() {
        ErrorKind::NotFound => Text::new("没有这个文件", "there is no such file"),
        ErrorKind::PermissionDenied => Text::new("没有读取权限", "it may not be read by this user"),
        _ => Text::made(format!("打不开（{error}）"), format!("cannot be opened ({error})")),
    }
}

/// The SHA-256 digest of a source's text, in hexadecimal; for a file without a byte order mark that of its bytes.
pub(super) fn digest(source: &Source) -> String {
    Sha256::digest(source.text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A policy that was asked for: the id of a built-in one, a file, or a folder with a `policy.toml`.
pub(super) fn policy(asked: &str, folder: &Path, input: &mut dyn Read, lang: Lang) -> Result<Arc<Source>> {
    if let Some(found) = builtin::policy(asked) {
        return Ok(Source::new(found.path, found.text));
    }
    let path = Path::new(asked);
    let file = if folder.join(path).is_dir() { path.join("policy.toml") } else { path.to_owned() };
    if folder.join(&file).is_file() {
        return read(&file, folder, input, lang);
    }
    if folder.join(path).is_dir() {
        let name = clean(asked);
        let zh = format!("{name}：文件夹中没有 policy.toml");
        return Err(in_lang(lang, zh, format!("{name}: there is no policy.toml in this folder")));
    }
    let ids: Vec<&str> = builtin::policies().iter().map(|known| known.id).collect();
    let near = did_you_mean(asked, ids).map_or(String::new(), |near| format!("\n  {}", near.get(lang)));
    let asked = clean(asked);
    bail!(match lang {
        Lang::Zh => format!("没有政策“{asked}”：既不是内置政策，也不是文件或文件夹{near}"),
        Lang::En => format!("there is no policy “{asked}”: neither a built-in one, nor a file, nor a folder{near}"),
    })
}

/// A vocabulary that a policy uses: beside its file, beside its folder where the file is the folder's policy, or a built-in one;
/// or a list of texts beside it.
pub(super) fn vocabulary(name: &str, policy: &Source, folder: &Path) -> Option<Arc<Source>> {
    if !builtin::is_builtin(policy)
        && let Some(path) =
            (places_of_vocabulary(name, Path::new(&policy.name)).iter()).find(|path| folder.join(path).is_file())
    {
        return read(path, folder, &mut std::io::empty(), Lang::En).ok();
    }
    let texts = builtin::texts(name, &policy.name).filter(|_| builtin::is_builtin(policy));
    texts.or_else(|| builtin::vocabulary(name)).map(|(path, text)| Source::new(path, text))
}

/// The policy files and vocabularies of a path, each with its text: the file itself, or those in a folder and the folders
/// in it.
pub(super) fn policy_files(
    path: &Path,
    folder: &Path,
    input: &mut dyn Read,
    lang: Lang,
) -> Result<Vec<(PathBuf, Arc<Source>)>> {
    let name = clean(&path.display().to_string());
    if folder.join(path).is_dir() {
        let mut found = Vec::new();
        walk(path, folder, lang, &mut found).with_context(|| match lang {
            Lang::Zh => format!("{name}：文件夹读不了"),
            Lang::En => format!("{name}: the folder cannot be read"),
        })?;
        if found.is_empty() {
            let zh = format!("{name}：文件夹中没有政策文件");
            return Err(in_lang(lang, zh, format!("{name}: there is no policy file in this folder")));
        }
        return Ok(found);
    }
    let is_built_in = path.to_str().is_some_and(|id| builtin::policy(id).is_some());
    if is_built_in && !folder.join(path).exists() {
        let zh = format!("{name} 是内置政策，不能改写；请给出文件或文件夹");
        return Err(in_lang(
            lang,
            zh,
            format!("{name} is built in and cannot be rewritten; name a file or a folder instead"),
        ));
    }
    Ok(vec![(path.to_owned(), read(path, folder, input, lang)?)])
}

/// Collects the policy files of a folder. Links to folders and hidden folders are passed over.
fn walk(path: &Path, folder: &Path, lang: Lang, found: &mut Vec<(PathBuf, Arc<Source>)>) -> Result<()> {
    let mut entries: Vec<DirEntry> = fs::read_dir(folder.join(path))?.collect::<std::io::Result<_>>()?;
    entries.sort_by_key(DirEntry::file_name);
    for entry in entries {
        let inner = path.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() && !entry.file_name().to_string_lossy().starts_with('.') {
            walk(&inner, folder, lang, found)?;
        } else if !kind.is_dir() && inner.extension().is_some_and(|extension| extension == "toml") {
            let source = read(&inner, folder, &mut std::io::empty(), lang)?;
            // Cases and applicants stand in the same folders.
            let heading = |line: &str| line.starts_with("[policy]") || line.starts_with("[vocabulary]");
            if source.text.lines().any(heading) {
                found.push((inner, source));
            }
        }
    }
    Ok(())
}

/// Puts a new text in the place of a file: written beside it and renamed, so that nobody ever sees half of it. A link stays
/// a link.
pub(super) fn replace(path: &Path, text: &str) -> Result<()> {
    let path = fs::canonicalize(path)?;
    let permissions = fs::metadata(&path)?.permissions();
    let beside = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".unfinished-").tempfile_in(beside)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(permissions)?;
    file.as_file().sync_all()?;
    file.persist(&path)?;
    Ok(())
}
