//! For suites of the crate `cucumber`: what its users hold.
//!
//! [`World`] is what their steps are given. Rust steps beside JavaScript ones, and an adapter from
//! envelopes to the crate's writers, belong here and are not there yet.

mod world;

pub use world::World;
