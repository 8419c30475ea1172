//! Threads that isolates can live on.

use std::{io, thread};

/// The stack of a worker thread, in bytes: four times the default limit of an isolate, since native code
/// (sorting, regular expressions, JSON) goes on past the depth at which JavaScript is stopped.
pub const STACK_SIZE: usize = 16 * 1024 * 1024;

/// Starts a thread whose stack is deep enough for an isolate with the default limits.
pub fn spawn_worker<T: Send + 'static>(
    name: &str,
    run: impl FnOnce() -> T + Send + 'static,
) -> io::Result<thread::JoinHandle<T>> {
    thread::Builder::new().name(name.to_owned()).stack_size(STACK_SIZE).spawn(run)
}
