//! Guiding text.

use super::{Counted, Kind, Measures};
use crate::lang::Text;

pub(super) static KIND: Kind = Kind {
    name: "principle",
    title: Text::new("原则", "principle"),
    page: Text::new("指导性文字，本身不产生后果", "guiding text with no consequence of its own"),
    measures: Measures::Nothing,
    counted: Counted::Not,
    met: Text::new("原则性条款，本身不产生金额", "a principle; no amount of its own"),
    stated: Text::new("原则性条款，本身不产生金额", "a principle; no amount of its own"),
};
