//! The run of a law over many generated values: how many, of which seed, and what is shown where it breaks.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// How many cases, and of which seed: the usual number, or what `DUIXIAN_LAWS=20000:7` says.
pub fn size(usual: u32) -> (u32, u8) {
    let Ok(wanted) = std::env::var("DUIXIAN_LAWS") else { return (usual, 0) };
    let (cases, seed) = wanted.split_once(':').unwrap_or((&wanted, "0"));
    (cases.parse().unwrap(), seed.parse().unwrap())
}

/// Tries a property on so many values, and shows the smallest that breaks it.
pub fn run<S: Strategy>(usual: u32, values: &S, property: impl Fn(&S::Value) -> Result<(), String>) {
    let (cases, seed) = size(usual);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
    let broken = runner.run(values, |value| property(&value).map_err(TestCaseError::fail)).err();
    assert!(broken.is_none(), "{}", broken.map(|error| error.to_string()).unwrap_or_default());
}
