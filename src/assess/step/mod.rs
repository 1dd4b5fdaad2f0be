//! The steps of a calculation. Their order is the one in [`World::run`](crate::assess::world::World::run): a clause's own
//! steps (event, conditions, amount, floor and cap, rounding), then those across its lines and across clauses.

pub(in crate::assess) mod accrual;
mod amount;
pub mod condition;
pub mod displaced;
pub mod highest_only;
mod installments;
pub mod limits;
pub mod order;
pub mod overlap;
pub mod own;
pub mod payable;
pub mod set_off;

pub(in crate::assess) use amount::step;
