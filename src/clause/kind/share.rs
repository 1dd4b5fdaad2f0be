//! A share of proceeds.

use super::{Counted, Kind, Measures};
use crate::lang::Text;

pub(super) static KIND: Kind = Kind {
    name: "share",
    title: Text::new("收益分成", "share of proceeds"),
    page: Text::new("收益中的份额，与发放的款项分列，不计入合计", "a share of proceeds; listed apart from money paid"),
    measures: Measures::Anything,
    counted: Counted::Apart,
    met: Text::new("符合分成条件", "qualifies for the share"),
    stated: Text::new("条文载明", "stated"),
};
