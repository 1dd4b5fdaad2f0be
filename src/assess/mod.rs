//! Policy and applicant to assessment.

pub mod model;
