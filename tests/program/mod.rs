//! The program, run inside the test's process.

#![allow(dead_code, reason = "each test uses what it needs")]

pub mod agreement;
pub mod demo;
pub mod filling;
pub mod form;
pub mod tries;
pub mod workbook;

use std::ffi::OsString;
use std::io::Read;
use std::path::Path;

use duixian::cli::{Exit, Surroundings, run};
use duixian::lang::Lang;
use duixian::value::Day;

/// The day on which every test takes place.
pub const TODAY: &str = "2025-06-30";

/// What a run leaves behind.
pub struct Outcome {
    pub output: String,
    pub errors: String,
    pub exit: Exit,
}

/// Runs a command line (without the program's name) with relative paths from `folder` and this standard input.
pub fn run_in(folder: &Path, arguments: &[&str], input: &mut dyn Read) -> Outcome {
    run_where(folder, arguments, input, false)
}

/// The same, where `CI` is set or not.
pub fn run_where(folder: &Path, arguments: &[&str], input: &mut dyn Read, ci: bool) -> Outcome {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let line = std::iter::once("duixian").chain(arguments.iter().copied()).map(OsString::from);
    let exit = run(
        line,
        &mut Surroundings {
            input,
            output: &mut output,
            errors: &mut errors,
            folder: folder.to_owned(),
            terminal: None,
            progress: false,
            locale: Lang::Zh,
            no_color: false,
            ends: false,
            ci,
            today: Day::parse(TODAY).unwrap(),
        },
    );
    Outcome { output: String::from_utf8(output).unwrap(), errors: String::from_utf8(errors).unwrap(), exit }
}
