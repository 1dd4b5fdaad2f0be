//! Money paid to the applicant.

use super::{Counted, Kind, Measures};
use crate::lang::Text;

pub(super) static KIND: Kind = Kind {
    name: "grant",
    title: Text::new("补助", "grant"),
    page: Text::new("支付给申请人的款项，计入合计", "money paid to the applicant, in the total"),
    measures: Measures::Money,
    counted: Counted::Total,
    met: Text::new("符合条件", "conditions met"),
    stated: Text::new("条文载明", "stated"),
};
