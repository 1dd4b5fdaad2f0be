//! The flow of a run. One thread reads and writes; it works chunks out itself when the others have enough to do. Results are
//! written in the order of the rows, and no more than so many chunks are under way, which bounds the memory.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::thread;

use crate::batch::people::Known;
use crate::batch::worker::{Chunk, Done, Worker};
use crate::batch::{Budget, Made, Plan, Summary};
use crate::columns::Why;
use crate::diff::effect::Met;
use crate::rows::{Fault, Next, Piece, Rows, Seen};
use crate::settle::Claims;

/// Rows in one chunk.
const CHUNK: usize = 1024;
/// More bytes than this are not in one chunk, unless a single row has them.
const HEAVIEST: usize = 1 << 20;
/// Chunks that each thread may have before it.
const AHEAD: usize = 3;

/// Where the results of a run go.
pub trait Sink {
    /// Takes what is written for the next rows.
    fn results(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Takes what is wrong with rows that could not be used.
    fn rejects(&mut self, faults: &[Fault]) -> io::Result<()>;
    /// Takes the lines of a payment list.
    fn payments(&mut self, _bytes: &[u8]) -> io::Result<()> {
        Ok(())
    }
    /// Is told of the statements that were made for the next rows, and why one of them could not be.
    fn made(&mut self, _made: &[Made], failed: Option<io::Error>) -> io::Result<()> {
        failed.map_or(Ok(()), Err)
    }
    /// Takes what applicants came to under two policies.
    fn met(&mut self, _met: Vec<Met>) -> io::Result<()> {
        Ok(())
    }
    /// Is told how many rows have been read so far; says whether to go on.
    fn progress(&mut self, rows: u64) -> bool;
}

/// How a run ended.
#[derive(Debug, Default)]
pub struct Finished {
    /// What it came to.
    pub summary: Summary,
    /// How many rows were worked out by compiled policies.
    pub compiled: u64,
    /// How many lines were, and how many lines there are.
    pub lines: (u64, u64),
    /// How many were not, by the places of policy and clause, and why.
    pub left: BTreeMap<(usize, usize, Why), u64>,
    /// How many lines of JSON were read straight into values.
    pub quick: u64,
    /// Whether it was stopped before the end of the rows.
    pub stopped: bool,
    /// What is claimed of limits over all applicants, where that was to be gathered.
    pub claims: Claims,
    /// Whether a row is not the one whose claims were settled.
    pub changed: bool,
}

/// The memory of chunks that are done, to be used again.
#[derive(Default)]
struct Spare {
    stretches: Vec<Vec<u8>>,
    outputs: Vec<Vec<u8>>,
}

/// Runs a plan over tables of rows with so many threads, or as many of them as there are to be had.
pub fn run(
    plan: &Plan<'_>,
    tables: &mut dyn Iterator<Item = Box<dyn Rows + '_>>,
    jobs: usize,
    sink: &mut dyn Sink,
) -> io::Result<Finished> {
    thread::scope(|scope| {
        let seen = Seen::default();
        let mut others: Vec<Other> = Vec::new();
        for _ in 1..jobs {
            let key = seen.key();
            let (give, take) = sync_channel::<(Chunk, Vec<u8>)>(AHEAD);
            let (finish, finished) = sync_channel(AHEAD);
            let spawned = thread::Builder::new().spawn_scoped(scope, move || {
                let mut worker = Worker::new(plan, key);
                for (chunk, output) in take {
                    if finish.send(worker.work(chunk, output)).is_err() {
                        return;
                    }
                }
            });
            // Where there are no more threads to be had, those that there are do the work.
            if spawned.is_err() {
                break;
            }
            others.push(Other { give, finished });
        }
        let mut reader = Reader::new(tables);
        let mut own = Worker::new(plan, seen.key());
        let people = Known::default();
        let summary = Summary { budget: Budget::new(plan.budget), ..Summary::default() };
        let (spare, finished) = (Spare::default(), Finished { summary, ..Finished::default() });
        let mut results = Results { plan, seen, people, sink, spare, finished };
        let mut under_way: VecDeque<UnderWay> = VecDeque::new();
        let most = (others.len() + 1) * AHEAD;
        loop {
            let room = under_way.len() < most && !results.finished.stopped;
            let chunk = if room { reader.chunk(&mut results.spare) } else { None };
            // Where nothing can be begun, there is nothing to do but to wait.
            let mut waits = chunk.is_none();
            let is_over = waits && (room || results.finished.stopped);
            if let Some(chunk) = chunk {
                under_way.push_back(begin(chunk, &others, &mut own, &mut results.spare));
            }
            while let Some(first) = under_way.pop_front() {
                match first.done(&others, waits) {
                    Ready::Done(done) => results.take(*done, &mut own)?,
                    Ready::NotYet(first) => {
                        under_way.push_front(first);
                        break;
                    }
                    Ready::Never => return results.end(),
                }
                waits = false;
            }
            if is_over && under_way.is_empty() {
                break;
            }
        }
        results.end()
    })
}

/// The way to another thread, with memory for its output, and the way back.
struct Other {
    give: SyncSender<(Chunk, Vec<u8>)>,
    finished: Receiver<Done>,
}

/// A chunk whose results are not written yet.
enum UnderWay {
    /// With another thread, which gives its chunks back in order.
    At(usize),
    /// Worked out.
    Done(Box<Done>),
}

/// What became of a chunk.
enum Ready {
    Done(Box<Done>),
    NotYet(UnderWay),
    /// Its thread is gone.
    Never,
}

/// Gives a chunk to another thread, or works it out where all have enough to do.
fn begin(chunk: Chunk, others: &[Other], own: &mut Worker<'_>, spare: &mut Spare) -> UnderWay {
    let mut work = (chunk, spare.outputs.pop().unwrap_or_default());
    for (place, other) in others.iter().enumerate() {
        match other.give.try_send(work) {
            Ok(()) => return UnderWay::At(place),
            Err(TrySendError::Full(back) | TrySendError::Disconnected(back)) => work = back,
        }
    }
    UnderWay::Done(Box::new(own.work(work.0, work.1)))
}

impl UnderWay {
    fn done(self, others: &[Other], waits: bool) -> Ready {
        let place = match self {
            UnderWay::Done(done) => return Ready::Done(done),
            UnderWay::At(place) => place,
        };
        let Some(other) = others.get(place) else { return Ready::Never };
        if waits {
            return other.finished.recv().map_or(Ready::Never, |done| Ready::Done(Box::new(done)));
        }
        match other.finished.try_recv() {
            Ok(done) => Ready::Done(Box::new(done)),
            Err(TryRecvError::Empty) => Ready::NotYet(self),
            Err(TryRecvError::Disconnected) => Ready::Never,
        }
    }
}

/// Takes what chunks came to, in the order of the rows.
struct Results<'s, 'p> {
    plan: &'p Plan<'p>,
    seen: Seen,
    /// Who was met in the records of applicants.
    people: Known,
    sink: &'s mut dyn Sink,
    spare: Spare,
    finished: Finished,
}

impl<'p> Results<'_, 'p> {
    fn take(&mut self, mut done: Done, worker: &mut Worker<'p>) -> io::Result<()> {
        done.chunk.refused = repeated(&done, &mut self.seen);
        if !done.chunk.refused.is_empty() {
            // Few chunks have such rows, and only here it is known which came first.
            done.output.clear();
            done = worker.work(done.chunk, done.output);
        }
        let people = std::mem::take(&mut done.people);
        let shared = people.met(&mut self.people, &done.chunk.sheet.heads, |row| file(&done, row));
        let Done {
            chunk,
            mut output,
            faults,
            summary,
            compiled,
            lines,
            left,
            quick,
            claims,
            changed,
            payments,
            made,
            failed,
            met,
            ..
        } = done;
        self.sink.results(&output)?;
        self.sink.met(met)?;
        self.sink.payments(&payments)?;
        self.sink.made(&made, failed)?;
        self.sink.rejects(&faults)?;
        let finished = &mut self.finished;
        finished.summary.extend(summary);
        finished.summary.met.extend(shared);
        finished.compiled += compiled;
        finished.lines = (finished.lines.0 + lines.0, finished.lines.1 + lines.1);
        left.into_iter().for_each(|(of, count)| *finished.left.entry(of).or_default() += count);
        finished.quick += quick;
        claims.into_iter().for_each(|claimant| finished.claims.add(claimant));
        finished.changed |= changed;
        finished.stopped |= changed || !self.sink.progress(finished.summary.read);
        output.clear();
        self.spare.outputs.push(output);
        if let Piece::Stretch(stretch) = chunk.piece {
            self.spare.stretches.push(stretch.bytes);
        }
        Ok(())
    }

    fn end(mut self) -> io::Result<Finished> {
        self.finished.summary.met.extend(self.people.left_out(self.seen.unseen()));
        if !self.finished.stopped {
            let mut before = None;
            for fault in self.plan.setup.lists.left() {
                let place = Some((Arc::clone(&fault.file), fault.line));
                self.finished.summary.left += u64::from(place != before);
                before = place;
                self.sink.rejects(std::slice::from_ref(&fault))?;
            }
        }
        Ok(self.finished)
    }
}

/// The rows of a chunk whose ids were met before it, or twice in it, and where.
fn repeated(done: &Done, seen: &mut Seen) -> Vec<(usize, String)> {
    seen.met(&done.ids, &done.chunk.sheet.heads, |row| file(done, row))
}

/// The file of a row of a chunk.
fn file(done: &Done, row: usize) -> &Arc<str> {
    let sheet = &done.chunk.sheet;
    match &done.chunk.piece {
        Piece::Rows(rows) => rows.get(row).map_or(&sheet.file, |row| row.file(sheet)),
        Piece::Stretch(_) => &sheet.file,
    }
}

/// Takes rows from the tables, chunk by chunk.
struct Reader<'t, 'r> {
    tables: &'t mut dyn Iterator<Item = Box<dyn Rows + 'r>>,
    table: Option<Box<dyn Rows + 'r>>,
    /// What was taken and is not yet in a chunk.
    next: Option<Next>,
    /// A number above those of all rows so far.
    taken: u64,
}

impl<'t, 'r> Reader<'t, 'r> {
    fn new(tables: &'t mut dyn Iterator<Item = Box<dyn Rows + 'r>>) -> Self {
        Reader { table: tables.next(), tables, next: None, taken: 0 }
    }

    fn chunk(&mut self, spare: &mut Spare) -> Option<Chunk> {
        loop {
            let table = self.table.as_mut()?;
            let sheet = Arc::clone(table.sheet());
            let mut rows = Vec::new();
            let mut weight = 0;
            while rows.len() < CHUNK && weight < HEAVIEST {
                let mut next = || table.next(spare.stretches.pop().unwrap_or_default());
                match self.next.take().or_else(&mut next) {
                    Some(Next::Row(row)) => {
                        weight += row.weight();
                        rows.push(row);
                    }
                    Some(Next::Stretch(stretch)) if rows.is_empty() => {
                        let first = self.taken;
                        // No row is shorter than a byte.
                        self.taken += stretch.bytes.len() as u64;
                        return Some(Chunk { sheet, piece: Piece::Stretch(stretch), first, refused: Vec::new() });
                    }
                    next => {
                        self.next = next;
                        break;
                    }
                }
            }
            if !rows.is_empty() {
                let first = self.taken;
                self.taken += rows.len() as u64;
                return Some(Chunk { sheet, piece: Piece::Rows(rows), first, refused: Vec::new() });
            }
            self.table = self.tables.next();
        }
    }
}
