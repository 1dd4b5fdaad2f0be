//! Told briefly or in full, a calculation is the same.

use duixian::assess::model::{Assessment, Line, Working};
use duixian::assess::{Detail, assess_some};

use crate::applicant::Telling;
use crate::case::{Case, Law, hold, name};

/// A line without what is told only in full.
fn brief(line: &Line) -> Line {
    Line {
        steps: Vec::new(),
        installments: Vec::new(),
        readings: Vec::new(),
        working: Working::default(),
        ..line.clone()
    }
}

fn alike(brief_told: &Assessment, full: &Assessment) -> Law {
    let same = |what: &str, brief: String, full: String| {
        if brief == full { Ok(()) } else { Err(format!("{what}\nbriefly: {brief}\nin full: {full}")) }
    };
    let head = |assessment: &Assessment| {
        let Assessment { applicant, as_of, policies, lines, .. } = assessment;
        format!("{applicant:?} {as_of:?} {policies:?} {}", lines.len())
    };
    same("the head", head(brief_told), head(full))?;
    for (told, line) in brief_told.lines.iter().zip(&full.lines) {
        same(&name(line), format!("{:#?}", brief(told)), format!("{:#?}", brief(line)))?;
    }
    same("the totals", format!("{:#?}", brief_told.totals), format!("{:#?}", full.totals))
}

#[test]
fn what_is_told_briefly_is_told_in_full() {
    hold(150, |case: &Case| {
        let tellings = case.unsaid.iter().map(|numbers| Telling::some(&case.applicant, numbers));
        for telling in std::iter::once(Telling::all(&case.applicant)).chain(tellings) {
            let applicant = case.applicant.read(&telling, &case.read);
            let told = |detail| assess_some(&[&case.read], &applicant, &|_, _| true, detail);
            let (brief, full) = (told(Detail::Brief), told(Detail::Full));
            alike(&brief, &full).map_err(|what| case.broken(&what, &telling))?;
        }
        Ok(())
    });
}
