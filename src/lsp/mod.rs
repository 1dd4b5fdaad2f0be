//! A language server: the questions of an editor about policies, vocabularies, supplements, cases and applicant files. Each kind
//! of request is one file. Nothing here touches files: the [`Host`] does.

mod actions;
mod applicant;
mod completion;
mod cursor;
mod definition;
mod diagnostics;
mod files;
mod format;
mod hover;
mod index;
mod lens;
mod names;
mod outline;
mod rename;
mod text;
mod tokens;
mod wire;

use std::io::{Read, Write};

use serde_json::{Value, json};

use crate::document::Table;
use crate::lang::Lang;
use crate::lsp::files::Files;
use crate::lsp::wire::{Incoming, Wire};

/// What the server asks of its surroundings.
pub trait Host {
    /// The text of a file.
    fn read(&self, path: &str) -> Option<String>;
    /// The TOML files and the folders in a folder, each by its path.
    fn list(&self, folder: &str) -> Vec<String>;
    /// The built-in policies, by their places, that fit an applicant.
    fn fitting(&self, applicant: &Table) -> Vec<usize>;
    /// The page of a code.
    fn page(&self, code: &str, lang: Lang) -> Option<String>;
}

const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;
const NO_METHOD: i64 = -32601;
const NOT_READY: i64 = -32002;
const CANCELLED: i64 = -32800;
const FAILED: i64 = -32803;

/// A session.
struct Server<'h> {
    files: Files<'h>,
    lang: Lang,
    /// Whether the command line says which language; then the client does not.
    fixed: bool,
    ready: bool,
    ending: bool,
}

/// Serves a client until it says that it leaves, or is gone. Whether it left in order: with `shutdown` before `exit`.
pub fn serve(input: &mut dyn Read, output: &mut dyn Write, host: &dyn Host, lang: Lang, fixed: bool) -> bool {
    let mut wire = Wire::new(input, output);
    let mut server = Server { files: Files::new(host), lang, fixed, ready: false, ending: false };
    loop {
        let message = match wire.next() {
            Incoming::Message(message) => message,
            Incoming::Nonsense => {
                wire.refuse(&Value::Null, PARSE_ERROR, "not JSON");
                continue;
            }
            Incoming::Ended => return server.ending,
        };
        let method = message.get("method").and_then(Value::as_str).map(str::to_owned);
        let params = message.get("params").cloned().unwrap_or(Value::Null);
        match (message.get("id").filter(|id| !id.is_null()), method) {
            (Some(id), Some(method)) => server.request(id, &method, &params, &mut wire),
            (None, Some(method)) if method == "exit" => return server.ending,
            (None, Some(method)) => server.told(&method, &params),
            // An answer to what was never asked, or nonsense.
            (Some(_), None) if message.get("result").is_some() || message.get("error").is_some() => {}
            (id, None) => wire.refuse(id.unwrap_or(&Value::Null), INVALID_REQUEST, "no method"),
        }
        if wire.is_quiet() {
            server.publish(&mut wire);
        }
    }
}

impl Server<'_> {
    fn request(&mut self, id: &Value, method: &str, params: &Value, wire: &mut Wire<'_>) {
        if wire.is_cancelled(id) {
            return wire.refuse(id, CANCELLED, "cancelled");
        }
        match method {
            "initialize" => {
                let answer = self.initialize(params);
                return wire.answer(id, answer);
            }
            "shutdown" => {
                self.ending = true;
                return wire.answer(id, Value::Null);
            }
            _ if self.ending => return wire.refuse(id, INVALID_REQUEST, "shut down"),
            _ if !self.ready => return wire.refuse(id, NOT_READY, "not initialized"),
            _ => {}
        }
        let uri = params.pointer("/textDocument/uri").and_then(Value::as_str).unwrap_or("");
        let path = text::path_of(uri);
        let position = params.get("position").cloned().unwrap_or(Value::Null);
        let (files, lang) = (&mut self.files, self.lang);
        let result = match method {
            "textDocument/completion" => Ok(completion::at(files, &path, &position, lang)),
            "textDocument/hover" => Ok(hover::at(files, &path, &position, lang)),
            "textDocument/definition" => Ok(definition::definition(files, &path, &position)),
            "textDocument/references" => {
                let whole = params.pointer("/context/includeDeclaration").and_then(Value::as_bool).unwrap_or(true);
                Ok(definition::references(files, &path, &position, whole))
            }
            "textDocument/documentHighlight" => Ok(definition::highlights(files, &path, &position)),
            "textDocument/prepareRename" => rename::prepare(files, &path, &position, lang),
            "textDocument/rename" => {
                let name = params.get("newName").and_then(Value::as_str).unwrap_or("");
                rename::rename(files, &path, &position, name, lang)
            }
            "textDocument/documentSymbol" => Ok(outline::of(files, &path, lang)),
            "textDocument/codeAction" => {
                Ok(actions::at(files, &path, params.get("range").unwrap_or(&Value::Null), lang))
            }
            "textDocument/semanticTokens/full" => Ok(tokens::of(files, &path)),
            "textDocument/codeLens" => Ok(lens::of(files, &path, lang)),
            "textDocument/formatting" => Ok(format::of(files, &path)),
            _ => return wire.refuse(id, NO_METHOD, &format!("no such request: {method}")),
        };
        match result {
            Ok(result) => wire.answer(id, result),
            Err(why) => wire.refuse(id, FAILED, &why),
        }
    }

    fn initialize(&mut self, params: &Value) -> Value {
        let asked = params.pointer("/initializationOptions/lang").or_else(|| params.get("locale"));
        if let (false, Some(locale)) = (self.fixed, asked.and_then(Value::as_str)) {
            self.lang = Lang::of_locale(locale);
        }
        let encodings = params.pointer("/capabilities/general/positionEncodings").and_then(Value::as_array);
        self.files.bytes = encodings.is_some_and(|known| known.iter().any(|one| one == "utf-8"));
        self.ready = true;
        json!({
            "serverInfo": { "name": "duixian", "version": env!("CARGO_PKG_VERSION") },
            "capabilities": {
                "positionEncoding": if self.files.bytes { "utf-8" } else { "utf-16" },
                "textDocumentSync": { "openClose": true, "change": 2, "save": true },
                "completionProvider": { "triggerCharacters": ["\"", ".", "=", " ", "{"] },
                "hoverProvider": true,
                "definitionProvider": true,
                "referencesProvider": true,
                "documentHighlightProvider": true,
                "renameProvider": { "prepareProvider": true },
                "documentSymbolProvider": true,
                "codeActionProvider": { "codeActionKinds": ["quickfix"] },
                "codeLensProvider": {},
                "documentFormattingProvider": true,
                "semanticTokensProvider": {
                    "legend": { "tokenTypes": tokens::TYPES, "tokenModifiers": ["declaration"] },
                    "full": true,
                },
            },
        })
    }

    fn told(&mut self, method: &str, params: &Value) {
        let uri = params.pointer("/textDocument/uri").and_then(Value::as_str).unwrap_or("");
        let path = text::path_of(uri);
        match method {
            "textDocument/didOpen" => {
                let text = params.pointer("/textDocument/text").and_then(Value::as_str).unwrap_or("");
                self.files.note(uri);
                self.files.open(&path, text);
            }
            "textDocument/didChange" => {
                let changes = params.get("contentChanges").and_then(Value::as_array);
                self.files.change(&path, changes.map_or(&[][..], Vec::as_slice));
            }
            "textDocument/didSave" => self.files.saved(&path),
            "textDocument/didClose" => self.files.close(&path),
            "workspace/didChangeWatchedFiles" => self.files.forget_unopened(),
            _ => {}
        }
    }

    /// Tells what is wrong with every open file whose text, or that of a file it depends on, has changed.
    fn publish(&mut self, wire: &mut Wire<'_>) {
        for (path, faults) in diagnostics::changed(&mut self.files, self.lang) {
            let params = json!({ "uri": self.files.uri(&path), "diagnostics": faults });
            wire.tell("textDocument/publishDiagnostics", params);
        }
    }
}
