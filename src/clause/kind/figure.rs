//! A result that is no payment: a rate, a tax, a score, a sum for information.

use super::{Counted, Kind, Measures};
use crate::lang::Text;

pub(super) static KIND: Kind = Kind {
    name: "figure",
    title: Text::new("数值", "figure"),
    page: Text::new(
        "只供参考或另作他用的数（税率、税额、得分等），不是发放的款项，不计入合计",
        "a number that is no payment, such as a rate, a tax or a score; never in a total",
    ),
    measures: Measures::Figure,
    counted: Counted::Not,
    met: Text::new("符合条件", "conditions met"),
    stated: Text::new("条文载明", "stated"),
};
