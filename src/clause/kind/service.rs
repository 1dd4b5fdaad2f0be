//! A service one is entitled to.

use super::{Counted, Kind, Measures};
use crate::lang::Text;

pub(super) static KIND: Kind = Kind {
    name: "service",
    title: Text::new("服务", "service"),
    page: Text::new("可以享受的服务，不产生金额", "a service one is entitled to, without an amount"),
    measures: Measures::Nothing,
    counted: Counted::Not,
    met: Text::new("可享受，不涉及金额", "open to the applicant; no amount attached"),
    stated: Text::new("条文载明，没有条件可核对，不涉及金额", "stated without conditions; no amount attached"),
};
