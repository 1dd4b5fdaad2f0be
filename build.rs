//! Lists the policies and vocabularies of `policies/` so that the program carries them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn entry(list: &mut String, id: &Path, shown: &str, file: &Path) {
    let id = id.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let _ = writeln!(list, "    ({id:?}, {shown:?}, include_str!({:?})),", file.to_string_lossy());
}

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("policies");
    println!("cargo::rerun-if-changed=policies");
    let (mut policies, mut vocabularies) = (String::new(), String::new());
    for path in sorted(&root)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let file = path.join("policy.toml");
        if file.is_file() {
            entry(&mut policies, &path, &format!("policies/{name}/policy.toml"), &file);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            entry(&mut vocabularies, &path, &format!("policies/{name}"), &path);
        }
    }
    let ty = "&[(&str, &str, &str)]";
    let text = format!("static POLICIES: {ty} = &[\n{policies}];\nstatic VOCABULARIES: {ty} = &[\n{vocabularies}];\n");
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("builtin.rs"), text)
}
