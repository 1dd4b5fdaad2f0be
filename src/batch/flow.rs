//! The flow of a run: one thread reads and writes, the others work. Chunk n goes to worker n modulo their number, and results
//! are taken from them in the same turn, so that the order of the rows is kept and memory is bounded.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::batch::worker::{Chunk, Done, Worker};
use crate::batch::{Plan, Summary};
use crate::rows::{Fault, Next, Piece, Rows, Seen};
use crate::settle::Claims;

/// Rows in one chunk.
const CHUNK: usize = 1024;
/// More bytes than this are not in one chunk, unless a single row has them.
const HEAVIEST: usize = 1 << 20;
/// Chunks that each worker may have before it.
const AHEAD: usize = 2;

/// Where the results of a run go.
pub trait Sink {
    /// Takes what is written for the next rows.
    fn results(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Takes what is wrong with rows that could not be used.
    fn rejects(&mut self, faults: &[Fault]) -> io::Result<()>;
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

/// The way to a worker, with memory for its output, and the way back.
type Line = (SyncSender<(Chunk, Vec<u8>)>, Receiver<Done>);

/// Runs a plan over tables of rows with so many workers.
pub fn run(
    plan: &Plan<'_>,
    tables: &mut dyn Iterator<Item = Box<dyn Rows + '_>>,
    jobs: usize,
    sink: &mut dyn Sink,
) -> io::Result<Finished> {
    thread::scope(|scope| {
        let mut workers: Vec<Line> = Vec::new();
        let mut seen = Seen::default();
        for _ in 0..jobs.max(1) {
            let key = seen.key();
            let (give, take) = sync_channel::<(Chunk, Vec<u8>)>(AHEAD);
            let (finish, finished) = sync_channel(AHEAD);
            scope.spawn(move || {
                let mut worker = Worker::new(plan, key);
                for (chunk, output) in take {
                    if finish.send(worker.work(chunk, output)).is_err() {
                        return;
                    }
                }
            });
            workers.push((give, finished));
        }
        let mut reader = Reader::new(tables);
        let mut spare = Spare::default();
        let mut finished = Finished::default();
        let mut waiting: VecDeque<usize> = VecDeque::new();
        let mut turns = (0..workers.len()).cycle();
        let mut again = None;
        loop {
            let room = waiting.len() < workers.len() * AHEAD && !finished.stopped;
            let chunk = if room { reader.chunk(&mut spare) } else { None };
            if let Some(chunk) = chunk {
                let Some(turn) = turns.next() else { break };
                let output = spare.outputs.pop().unwrap_or_default();
                if let Some((give, _)) = workers.get(turn) {
                    // A worker ends only when this loop does.
                    let _ = give.send((chunk, output));
                }
                waiting.push_back(turn);
                continue;
            }
            let Some(turn) = waiting.pop_front() else { break };
            let Some(Ok(mut done)) = workers.get(turn).map(|(_, done)| done.recv()) else { break };
            done.chunk.refused = repeated(&done, &mut seen);
            if !done.chunk.refused.is_empty() {
                // Few chunks have such rows, and only here it is known which came first.
                let worker = again.get_or_insert_with(|| Worker::new(plan, seen.key()));
                done.output.clear();
                done = worker.work(done.chunk, done.output);
            }
            let Done { chunk, mut output, faults, summary, compiled, claims, changed, .. } = done;
            sink.results(&output)?;
            sink.rejects(&faults)?;
            finished.summary.extend(summary);
            finished.compiled += compiled;
            claims.into_iter().for_each(|claimant| finished.claims.add(claimant));
            finished.changed |= changed;
            finished.stopped |= changed || !sink.progress(finished.summary.read);
            output.clear();
            spare.outputs.push(output);
            if let Piece::Stretch(stretch) = chunk.piece {
                spare.stretches.push(stretch.bytes);
            }
        }
        if !finished.stopped {
            for fault in plan.setup.lists.left() {
                finished.summary.left += 1;
                sink.rejects(std::slice::from_ref(&fault))?;
            }
        }
        Ok(finished)
    })
}

/// The rows of a chunk whose ids were met before it, or twice in it, and where.
fn repeated(done: &Done, seen: &mut Seen) -> Vec<(usize, (Arc<str>, u64))> {
    let mut found = Vec::with_capacity(seen.count(done.met.iter().map(|met| met.fingerprint)));
    for met in &done.met {
        let sheet = &done.chunk.sheet;
        let file = match &done.chunk.piece {
            Piece::Rows(rows) => rows.get(met.row).map_or(&sheet.file, |row| row.file(sheet)),
            Piece::Stretch(_) => &sheet.file,
        };
        if let Some(first) = seen.first(met.fingerprint, file, met.line) {
            found.push((met.row, first));
        }
    }
    found
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
