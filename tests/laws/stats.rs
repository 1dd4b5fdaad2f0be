use crate::applicant::Telling;
use std::cell::RefCell;
use std::collections::BTreeMap;
#[test]
fn stats() {
    let seen: RefCell<BTreeMap<String, usize>> = RefCell::default();
    crate::case::hold(2000, |case| {
        let add = |k: String| *seen.borrow_mut().entry(k).or_insert(0) += 1;
        add(format!("defined {}", case.policy.is_defined(&case.applicant)));
        for (t, a) in [("complete", case.complete())]
            .into_iter()
            .chain(
                case.unsaid.iter().map(|n| ("told", case.assess(&case.applicant, &Telling::some(&case.applicant, n)))),
            )
            .chain(
                case.unsaid
                    .iter()
                    .map(|n| ("finite", case.assess(&case.applicant, &Telling::finite(&case.applicant, n)))),
            )
        {
            for line in &a.lines {
                add(format!("{t} lines"));
                add(format!("{t} {:?}", line.status));
                if line.ends.is_some() {
                    add(format!("{t} ends"));
                }
                if let Some(am) = &line.amounts {
                    if am.awarded.lo > duixian::value::Bound::ZERO {
                        add(format!("{t} awarded>0"));
                    }
                    if !am.awarded.is_point() {
                        add(format!("{t} awarded open"));
                        if am.awarded.hi == duixian::value::Bound::Above {
                            add(format!("{t} awarded unbounded"));
                        }
                    }
                }
                for s in &line.steps {
                    add(format!("{t} step {}", s.kind));
                }
                if line.notes.iter().any(|n| n.en.contains("cannot be computed")) {
                    add(format!("{t} problem"));
                }
            }
        }
        Ok(())
    });
    for (k, n) in seen.borrow().iter() {
        println!("{k}: {n}");
    }
}
