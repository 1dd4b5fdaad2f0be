//! The rows of a run, with corrected ones in the places of those for which they stand in.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use crate::cli::batch::correcting::{At, Becomes, Corrected, Taken, unpack};
use crate::cli::batch::lists::List;
use crate::cli::batch::open::Inputs;
use crate::rows::{Next, Records, Row, Rows, Sheet};

/// A list, without the rows for which others stand in.
pub(super) struct Sifted<'r> {
    pub inner: Box<dyn Rows + 'r>,
    pub by: &'r Corrected,
    /// Which of the corrected tables it is of.
    corrected: Option<usize>,
    /// The list.
    list: Option<String>,
    held: Records,
    waiting: VecDeque<Row>,
    /// Rows that cannot stand where they do; they end the run.
    pub refused: Vec<Row>,
}

impl<'r> Sifted<'r> {
    /// The rows of a list that count.
    pub fn new(list: List<'r>, by: &'r Corrected) -> Sifted<'r> {
        let (path, table) = &list.stands;
        Sifted {
            by,
            corrected: by.paths.iter().position(|own| own == path),
            list: table.list.clone(),
            inner: list.rows,
            held: Records::default(),
            waiting: VecDeque::new(),
            refused: Vec::new(),
        }
    }
}

impl Rows for Sifted<'_> {
    fn sheet(&self) -> &Arc<Sheet> {
        self.inner.sheet()
    }

    fn next(&mut self, _: Vec<u8>) -> Option<Next> {
        let sheet = Arc::clone(self.inner.sheet());
        loop {
            while let Some(row) = self.waiting.pop_front() {
                match self.by.becomes_of((&sheet.file, row.line), self.list.as_deref(), row.id(&sheet), self.corrected)
                {
                    Becomes::Kept => return Some(Next::Row(row)),
                    Becomes::Gone => {}
                    Becomes::Refused(reason) => self.refused.push(row.refused(&sheet, reason)),
                }
            }
            let next = self.inner.next(Vec::new())?;
            let waiting = &mut self.waiting;
            unpack(next, &sheet, &mut self.held, &mut |row| waiting.push_back(row));
        }
    }
}

/// The tables of a run, with corrected rows in the places of those for which they stand in.
pub(super) struct Tables<'t, 'a> {
    inputs: &'t mut Inputs<'a>,
    by: Option<&'a Corrected>,
    now: Option<Rc<RefCell<Cut<'a>>>>,
    after: usize,
}

impl<'t, 'a> Tables<'t, 'a> {
    pub fn new(inputs: &'t mut Inputs<'a>, by: Option<&'a Corrected>) -> Tables<'t, 'a> {
        Tables { inputs, by, now: None, after: 0 }
    }
}

/// A table, cut where another row stands in.
struct Cut<'a> {
    table: Box<dyn Rows + 'a>,
    sheet: Arc<Sheet>,
    held: Records,
    waiting: VecDeque<Row>,
    by: &'a Corrected,
}

impl Cut<'_> {
    /// Where its next row stands.
    fn at(&mut self) -> Option<At> {
        while self.waiting.is_empty() {
            let next = self.table.next(Vec::new())?;
            let waiting = &mut self.waiting;
            unpack(next, &self.sheet, &mut self.held, &mut |row| waiting.push_back(row));
        }
        self.waiting.front().map(|row| (Arc::clone(&self.sheet.file), row.line))
    }
}

/// The rows up to the next cut.
struct Part<'a> {
    sheet: Arc<Sheet>,
    cut: Rc<RefCell<Cut<'a>>>,
}

impl Rows for Part<'_> {
    fn sheet(&self) -> &Arc<Sheet> {
        &self.sheet
    }

    fn next(&mut self, _: Vec<u8>) -> Option<Next> {
        let mut cut = self.cut.borrow_mut();
        let at = cut.at()?;
        if cut.by.instead.contains_key(&at) { None } else { cut.waiting.pop_front().map(Next::Row) }
    }
}

/// A row by itself.
struct Single {
    sheet: Arc<Sheet>,
    row: Option<Row>,
}

impl Rows for Single {
    fn sheet(&self) -> &Arc<Sheet> {
        &self.sheet
    }

    fn next(&mut self, _: Vec<u8>) -> Option<Next> {
        self.row.take().map(Next::Row)
    }
}

impl<'a> Iterator for Tables<'_, 'a> {
    type Item = Box<dyn Rows + 'a>;

    fn next(&mut self) -> Option<Box<dyn Rows + 'a>> {
        let Some(by) = self.by else { return self.inputs.next() };
        let single = |(sheet, row): &Taken| -> Box<dyn Rows + 'a> {
            Box::new(Single { sheet: Arc::clone(sheet), row: Some(row.clone()) })
        };
        loop {
            if let Some(now) = &self.now {
                let mut cut = now.borrow_mut();
                match cut.at() {
                    Some(at) => {
                        if let Some((_, taken)) = by.instead.get(&at) {
                            cut.waiting.pop_front();
                            return Some(single(taken));
                        }
                        return Some(Box::new(Part { sheet: Arc::clone(&cut.sheet), cut: Rc::clone(now) }));
                    }
                    None => drop(cut),
                }
                self.now = None;
            }
            let Some(table) = self.inputs.next() else {
                self.after += 1;
                return by.after.get(self.after - 1).map(single);
            };
            let (sheet, waiting) = (Arc::clone(table.sheet()), VecDeque::new());
            self.now = Some(Rc::new(RefCell::new(Cut { table, sheet, held: Records::default(), waiting, by })));
        }
    }
}
