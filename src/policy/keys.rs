//! The keys that each table of a policy file may have, in the order in which they are written. What reads a table, what
//! lays it out and what describes it look here.

/// The keys of one kind of table.
#[derive(Debug)]
pub struct Keys {
    /// Where such tables stand: the keys that lead to them, `*` for a name that the file chooses. Entries of a list add
    /// nothing.
    pub at: &'static [&'static str],
    /// The keys, in the order in which they are written.
    pub keys: &'static [&'static str],
}

impl Keys {
    /// The place of a key among them.
    pub fn place(&self, key: &str) -> Option<usize> {
        self.keys.iter().position(|known| *known == key)
    }

    /// Those of a fact of this type.
    pub fn of_type(&self, ty: &str) -> Vec<&'static str> {
        let fits = |key: &&str| {
            let mut types = OF_TYPE.iter().filter(|(_, keys)| keys.contains(key)).map(|(ty, _)| *ty).peekable();
            types.peek().is_none() || types.any(|known| known == ty)
        };
        self.keys.iter().copied().filter(fits).collect()
    }

    fn stands_at(&self, path: &[&str]) -> bool {
        let fits = |pattern: &str| {
            pattern.split('.').count() == path.len()
                && pattern.split('.').zip(path).all(|(wanted, key)| wanted == "*" || wanted == *key)
        };
        self.at.iter().any(|pattern| fits(pattern))
    }
}

/// Keys that only facts of one type have.
const OF_TYPE: &[(&str, &[&str])] = &[
    ("date", &["never"]),
    ("quantity", &["unit", "min", "max", "integer"]),
    ("list", &["unit", "label_by", "fields"]),
];

/// A policy file.
pub static DOCUMENT: Keys = Keys {
    at: &[],
    keys: &[
        "policy",
        "units",
        "enums",
        "applicants",
        "categories",
        "facts",
        "parameters",
        "readings",
        "define",
        "consistent",
        "overlap",
        "highest_only",
        "accepted",
        "clauses",
    ],
};

/// A vocabulary.
pub static VOCABULARY_DOCUMENT: Keys =
    Keys { at: &[], keys: &["vocabulary", "units", "enums", "applicants", "categories", "facts"] };

/// A supplement.
pub static SUPPLEMENT_DOCUMENT: Keys = Keys {
    at: &[],
    keys: &["policy", "units", "enums", "applicants", "categories", "facts", "parameters", "readings", "clauses"],
};

/// `[policy]`, of a policy.
pub static POLICY: Keys = Keys {
    at: &["policy"],
    keys: &[
        "id",
        "title",
        "issuer",
        "place",
        "level",
        "status",
        "effective",
        "uses",
        "triggers_until",
        "payable_until",
        "notes",
    ],
};

/// `[policy]`, of a supplement.
pub static SUPPLEMENT: Keys = Keys { at: &["policy"], keys: &["id", "title", "supplements", "invented"] };

/// `[vocabulary]`
pub static VOCABULARY: Keys = Keys { at: &["vocabulary"], keys: &["id", "title"] };

/// `{ from, to }`
pub static WINDOW: Keys = Keys { at: &["policy.effective", "clauses.effective"], keys: &["from", "to"] };

/// `{ zh, en }`
pub static WORDS: Keys = Keys {
    at: &[
        "policy.title",
        "policy.issuer",
        "policy.place",
        "policy.notes",
        "vocabulary.title",
        "enums.*.label",
        "enums.*.words.*",
        "applicants.*.label",
        "categories.*.label",
        "facts.*.label",
        "facts.*.ask",
        "facts.*.fields.*.label",
        "facts.*.fields.*.ask",
        "parameters.*.label",
        "parameters.*.ask",
        "readings.*.question",
        "readings.*.options.*",
        "readings.*.because",
        "overlap.title",
        "clauses.title",
        "clauses.summary",
        "clauses.notes",
    ],
    keys: &["zh", "en"],
};

/// `[units."人"]`
pub static UNIT: Keys = Keys { at: &["units.*"], keys: &["en", "counts", "aliases", "equals"] };

/// How a unit is called in English.
pub static UNIT_NAMES: Keys = Keys { at: &["units.*.en"], keys: &["one", "many"] };

/// `[enums.degree]`
pub static ENUM: Keys = Keys { at: &["enums.*"], keys: &["label", "ordered", "words"] };

/// `[applicants.person]`, `[categories.housing]`
pub static LABEL: Keys = Keys { at: &["applicants.*", "categories.*"], keys: &["label"] };

/// `[facts.degree]` and the fields of lists: every key, whatever the type.
pub static FACT: Keys = Keys {
    at: &["facts.*", "facts.*.fields.*"],
    keys: &["type", "unit", "label_by", "min", "max", "integer", "absent", "never", "label", "ask", "fields"],
};

/// `[parameters.station_grant]`: every key, whatever the type.
pub static PARAMETER: Keys = Keys {
    at: &["parameters.*"],
    keys: &["type", "unit", "min", "max", "integer", "absent", "never", "value", "label", "ask", "stands_in"],
};

/// `[parameters.station_grant]`, of a supplement.
pub static PARAMETER_VALUE: Keys = Keys { at: &["parameters.*"], keys: &["value", "from", "written_in"] };

/// `[readings.article5_cap]`
pub static READING: Keys = Keys { at: &["readings.*"], keys: &["question", "options", "default", "because", "sure"] };

/// `[[consistent]]`
pub static CONSISTENT: Keys = Keys { at: &["consistent"], keys: &["each", "test", "zh", "en"] };

/// `[overlap]`
pub static OVERLAP: Keys = Keys { at: &["overlap"], keys: &["cite", "title", "counts", "method", "by_installment"] };

/// `[[highest_only]]`
pub static HIGHEST_ONLY: Keys = Keys { at: &["highest_only"], keys: &["clauses", "when", "cite", "zh", "en"] };

/// `[[accepted]]`
pub static ACCEPTED: Keys = Keys { at: &["accepted"], keys: &["check", "of", "zh", "en"] };

/// `[[clauses]]`
pub static CLAUSE: Keys = Keys {
    at: &["clauses"],
    keys: &[
        "id",
        "cite",
        "title",
        "summary",
        "for",
        "kind",
        "category",
        "effective",
        "event",
        "each",
        "requires",
        "let",
        "table",
        "scale",
        "amount",
        "at_least",
        "at_most",
        "accrual",
        "installments",
        "rounding",
        "limits",
        "instead_of",
        "used",
        "not_computed",
        "derived",
        "notes",
    ],
};

/// What `[[clauses]]` of a supplement has besides.
pub static REVISION: Keys = Keys { at: &["clauses"], keys: &["revises"] };

/// `requires`
pub static CONDITION: Keys = Keys { at: &["clauses.requires"], keys: &["test", "zh", "en"] };

/// `let.<name>`, shown as a step.
pub static LET: Keys = Keys { at: &["clauses.let.*"], keys: &["is", "zh", "en"] };

/// `accrual`
pub static ACCRUAL: Keys = Keys {
    at: &["clauses.accrual"],
    keys: &["per", "from", "until", "at_most", "part", "counts_from", "counts_until"],
};

/// `installments`
pub static INSTALLMENT: Keys = Keys { at: &["clauses.installments"], keys: &["id", "amount", "due", "zh", "en"] };

/// `rounding`
pub static ROUNDING: Keys = Keys { at: &["clauses.rounding"], keys: &["to", "direction"] };

/// `limits`
pub static LIMIT: Keys =
    Keys { at: &["clauses.limits"], keys: &["at_most", "per", "order", "when", "across", "zh", "en"] };

/// `instead_of`
pub static DISPLACES: Keys = Keys { at: &["clauses.instead_of"], keys: &["clause", "when"] };

/// `not_computed`, `derived`
pub static FIGURE: Keys = Keys { at: &["clauses.not_computed", "clauses.derived"], keys: &["figure", "zh", "en"] };

/// Every kind of table.
pub static ALL: &[&Keys] = &[
    &DOCUMENT,
    &VOCABULARY_DOCUMENT,
    &SUPPLEMENT_DOCUMENT,
    &POLICY,
    &SUPPLEMENT,
    &VOCABULARY,
    &WINDOW,
    &WORDS,
    &UNIT,
    &UNIT_NAMES,
    &ENUM,
    &LABEL,
    &FACT,
    &PARAMETER,
    &PARAMETER_VALUE,
    &READING,
    &CONSISTENT,
    &OVERLAP,
    &HIGHEST_ONLY,
    &ACCEPTED,
    &CLAUSE,
    &REVISION,
    &CONDITION,
    &LET,
    &ACCRUAL,
    &INSTALLMENT,
    &ROUNDING,
    &LIMIT,
    &DISPLACES,
    &FIGURE,
];

/// The keys of the table at a path, in order; of a policy and of a supplement, where both may stand there. Empty where the
/// file chooses the keys, and their order may mean something.
pub fn at(path: &[&str]) -> Vec<&'static str> {
    let mut keys: Vec<&'static str> = Vec::new();
    // Which clause is revised is said before what it becomes.
    let known = std::iter::once(&REVISION).chain(ALL.iter().copied()).filter(|known| known.stands_at(path));
    for key in known.flat_map(|known| known.keys) {
        if !keys.contains(key) {
            keys.push(key);
        }
    }
    keys
}
