//! Pickles bound to definitions: what will run, in which order, bound to what.
//!
//! A plan is made before anything runs and is not changed by what happens. This module must not
//! run anything.

mod case;

pub(crate) use case::{Binding, Found, PlannedCase};
