//! One of the oracles of `tests/hostile`, named by `DUIXIAN_ORACLE`, on whatever reaches code that nothing reached before.

#![no_main]

#[path = "../tests/hostile/oracles.rs"]
mod oracles;
#[path = "../tests/program/mod.rs"]
mod program;

use std::cell::RefCell;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oracles::{ORACLES, Oracle, Place};

static ORACLE: LazyLock<&Oracle> = LazyLock::new(|| {
    let name = std::env::var("DUIXIAN_ORACLE").unwrap_or_default();
    let names: Vec<&str> = ORACLES.iter().map(|oracle| oracle.name).collect();
    ORACLES.iter().find(|oracle| oracle.name == name).unwrap_or_else(|| panic!("DUIXIAN_ORACLE is one of {names:?}"))
});

thread_local! {
    static PLACE: RefCell<Place> = RefCell::new(Place::new());
}

fuzz_target!(|data: &[u8]| PLACE.with_borrow(|place| (ORACLE.hold)(place, data)));
