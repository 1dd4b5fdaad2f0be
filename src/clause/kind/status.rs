//! An accreditation, nomination or certificate.

use super::{Counted, Kind, Measures};
use crate::lang::Text;

pub(super) static KIND: Kind = Kind {
    name: "status",
    title: Text::new("资格认定", "accreditation"),
    page: Text::new(
        "认定、推荐或证书：是否具备条件，不产生金额",
        "an accreditation, nomination or certificate: met or not, without an amount",
    ),
    measures: Measures::Nothing,
    counted: Counted::Not,
    met: Text::new("符合认定条件", "meets the conditions for it"),
    stated: Text::new("条文载明，没有条件可核对", "stated without conditions to be met"),
};
