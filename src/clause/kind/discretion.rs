//! Support promised without amount or measure.

use super::{Counted, Kind, Measures};
use crate::lang::Text;

pub(super) static KIND: Kind = Kind {
    name: "discretion",
    title: Text::new("酌定支持", "discretionary support"),
    page: Text::new(
        "文件承诺支持但未定金额或标准，金额不能核算",
        "support promised without amount or measure: nothing can be computed",
    ),
    measures: Measures::Nothing,
    counted: Counted::Not,
    met: Text::new(
        "文件未定金额和标准，由主管部门酌定",
        "the document states no amount or measure; left to the authority",
    ),
    stated: Text::new(
        "文件未定金额和标准，由主管部门酌定",
        "the document states no amount or measure; left to the authority",
    ),
};
