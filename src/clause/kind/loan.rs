//! A loan ceiling: what may be borrowed, listed apart from money paid.

use super::{Counted, Kind, Measures};
use crate::lang::Text;

pub(super) static KIND: Kind = Kind {
    name: "loan",
    title: Text::new("贷款额度", "loan ceiling"),
    page: Text::new(
        "可以借入的最高额，与发放的款项分列，不计入合计",
        "what may be borrowed at most; listed apart from money paid",
    ),
    measures: Measures::Money,
    counted: Counted::Apart,
    met: Text::new("符合贷款条件", "qualifies for the loan"),
    stated: Text::new("条文载明", "stated"),
};
