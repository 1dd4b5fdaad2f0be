//! A total that a unit may spend, such as its performance pay: listed apart from money paid.

use super::{Counted, Kind, Measures};
use crate::lang::Text;

pub(super) static KIND: Kind = Kind {
    name: "budget",
    title: Text::new("经费总量", "budget"),
    page: Text::new(
        "单位可以支出的总量，与发放的款项分列，不计入合计",
        "a total that a unit may spend; listed apart from money paid",
    ),
    measures: Measures::Money,
    counted: Counted::Apart,
    met: Text::new("符合总量规定", "qualifies for the budget"),
    stated: Text::new("条文载明", "stated"),
};
