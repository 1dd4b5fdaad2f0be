//! The issuer's own goal.

use super::{Counted, Kind, Measures};
use crate::lang::Text;

pub(super) static KIND: Kind = Kind {
    name: "target",
    title: Text::new("工作目标", "target"),
    page: Text::new("发文机关自定的目标，不是申请人的权利", "the issuer's own goal, not an entitlement"),
    measures: Measures::Nothing,
    counted: Counted::Not,
    met: Text::new(
        "目标已达到（发文机关的工作目标，不产生权利）",
        "reached (a goal of the issuer; nobody is entitled to anything)",
    ),
    stated: Text::new("发文机关的工作目标，不产生权利", "a goal of the issuer; nobody is entitled to anything"),
};
