//! Results in the format that servers of continuous integration read.

use anyhow::Result;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::source::{clean, visible};

/// The tests of one file.
#[derive(Debug)]
pub struct Suite {
    /// The file.
    pub name: String,
    /// Its tests.
    pub cases: Vec<Case>,
}

/// One test.
#[derive(Debug)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// Its file and line.
    pub place: Option<(String, usize)>,
    /// The whole failure in words; none: it passed.
    pub failure: Option<String>,
}

/// The whole document. What cannot be seen is made visible, and what XML cannot hold is left out by the library.
///
/// # Errors
/// Where it cannot be written as XML.
pub fn junit(suites: &[Suite]) -> Result<String> {
    let mut report = Report::new("duixian");
    for suite in suites {
        let mut all = TestSuite::new(clean(&suite.name));
        for case in &suite.cases {
            let status = match &case.failure {
                None => TestCaseStatus::success(),
                Some(text) => {
                    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                    let text = visible(text);
                    status.set_message(text.lines().next().unwrap_or_default()).set_description(text.as_ref());
                    status
                }
            };
            let mut test = TestCase::new(clean(&case.name), status);
            test.set_classname(clean(&suite.name));
            if let Some((file, line)) = &case.place {
                test.extra.insert("file".into(), clean(file).as_str().into());
                test.extra.insert("line".into(), line.to_string().into());
            }
            all.add_test_case(test);
        }
        report.add_test_suite(all);
    }
    Ok(report.to_string()?)
}
