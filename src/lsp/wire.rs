//! Messages over a pair of streams: a head with the length, an empty line, and JSON.

use std::collections::VecDeque;
use std::io::{Read, Write};

use serde_json::{Value, json};

use crate::source::visible;

/// A larger message is none of a text editor's.
const LARGEST: usize = 64 * 1024 * 1024;
const LONGEST_HEAD: usize = 4096;
const PIECE: usize = 64 * 1024;

/// What came in.
pub(super) enum Incoming {
    /// JSON.
    Message(Value),
    /// A message whose body is no JSON.
    Nonsense,
    /// Nothing more can be read: the client is gone, or what it sends has no heads.
    Ended,
}

/// Both streams. Everything that has arrived is taken in before the first of it is answered, so that a request that was called
/// off meanwhile is never begun.
pub(super) struct Wire<'a> {
    input: &'a mut dyn Read,
    output: &'a mut dyn Write,
    bytes: Vec<u8>,
    waiting: VecDeque<Incoming>,
}

impl<'a> Wire<'a> {
    /// On these streams.
    pub(super) fn new(input: &'a mut dyn Read, output: &'a mut dyn Write) -> Wire<'a> {
        Wire { input, output, bytes: Vec::new(), waiting: VecDeque::new() }
    }

    /// The next message; waits for it.
    pub(super) fn next(&mut self) -> Incoming {
        loop {
            self.take_whole();
            if let Some(first) = self.waiting.pop_front() {
                return first;
            }
            let mut piece = vec![0; PIECE];
            match self.input.read(&mut piece) {
                Ok(0) => return Incoming::Ended,
                Ok(count) => self.bytes.extend_from_slice(piece.get(..count).unwrap_or(&[])),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => return Incoming::Ended,
            }
        }
    }

    /// Whether nothing has arrived that is not handed out yet.
    pub(super) fn is_quiet(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether a request that was handed out is called off by what arrived after it.
    pub(super) fn is_cancelled(&self, id: &Value) -> bool {
        self.waiting.iter().any(|one| match one {
            Incoming::Message(message) => {
                message.get("method").and_then(Value::as_str) == Some("$/cancelRequest")
                    && message.pointer("/params/id") == Some(id)
            }
            _ => false,
        })
    }

    fn take_whole(&mut self) {
        let mut at = 0;
        loop {
            let rest = self.bytes.get(at..).unwrap_or(&[]);
            let Some(end) = rest.windows(4).take(LONGEST_HEAD).position(|four| four == b"\r\n\r\n") else {
                if rest.len() > LONGEST_HEAD {
                    self.waiting.push_back(Incoming::Ended);
                    at = self.bytes.len();
                }
                break;
            };
            let head = String::from_utf8_lossy(rest.get(..end).unwrap_or(&[])).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            let length = length.and_then(|text| text.trim().parse::<usize>().ok()).filter(|length| *length <= LARGEST);
            let Some(length) = length else {
                self.waiting.push_back(Incoming::Ended);
                at = self.bytes.len();
                break;
            };
            let Some(body) = rest.get(end + 4..end + 4 + length) else { break };
            let message = serde_json::from_slice(body).map_or(Incoming::Nonsense, Incoming::Message);
            self.waiting.push_back(message);
            at += end + 4 + length;
        }
        self.bytes.drain(..at);
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        // A client that is gone reads nothing; the next read ends the session.
        let _ = write!(self.output, "Content-Length: {}\r\n\r\n{text}", text.len());
        let _ = self.output.flush();
    }

    /// Answers a request.
    pub(super) fn answer(&mut self, id: &Value, result: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": result }));
    }

    /// Answers a request that cannot be met.
    pub(super) fn refuse(&mut self, id: &Value, code: i64, message: &str) {
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": visible(message) } }));
    }

    /// Tells something.
    pub(super) fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }
}
