//! A limit in time, with what is used and left.

use super::{Counted, Kind, Measures};
use crate::lang::Text;

pub(super) static KIND: Kind = Kind {
    name: "term",
    title: Text::new("期限", "term"),
    page: Text::new("时间上的限度，不是金额", "a limit in time, not an amount of money"),
    measures: Measures::Anything,
    counted: Counted::Not,
    met: Text::new("期限适用", "the term applies"),
    stated: Text::new("条文载明", "stated"),
};
