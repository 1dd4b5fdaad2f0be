//! Why lines are left to the general evaluation.

/// Why the general evaluation works a line out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Its whole row goes that way: several policies, earlier payments, other schemes' money, or cells that must be read.
    Row,
    /// It is one of the lines for each record, and these are not all known, or many.
    Records,
    /// Another clause may stand in its place, or be higher.
    Linked,
    /// A limit may take something from it.
    Limits,
    /// It is a term of which some is used, or a figure that grows or may be below 0.
    Kind,
    /// What it awards is divided.
    Divided,
    /// A part of it has no columns, and cannot be asked for row by row.
    Part,
    /// The same, under an option of a reading that is not taken.
    Option,
    /// Something is open in this row, or too large, under the options taken or another.
    Open,
}

impl Why {
    /// In words.
    pub fn text(self) -> &'static str {
        match self {
            Why::Row => "the whole row: several policies, earlier payments, other schemes' money",
            Why::Records => "a line for each record, and these are not all known, or many",
            Why::Linked => "another clause may stand in its place, or be higher",
            Why::Limits => "a limit may take something",
            Why::Kind => "a term of which some is used, or a figure that grows or may be below 0",
            Why::Divided => "what is awarded is divided by payer or by year",
            Why::Part => "a part without columns",
            Why::Option => "a part without columns under another option of a reading",
            Why::Open => "something is open in the row",
        }
    }
}
