//! The thread that reads what the processes of scripts and instances print: they outlive the VM whose script started them.

use std::io;
use std::sync::mpsc;

use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// A thread with a runtime, until this is dropped.
#[derive(Debug)]
pub(crate) struct Background {
    pub(crate) runtime: Handle,
    /// Ends the thread when it goes.
    _alive: oneshot::Sender<()>,
}

impl Background {
    /// # Errors
    /// The system has no thread, or no event queue, to give.
    pub(crate) fn start() -> io::Result<Self> {
        let (alive, gone) = oneshot::channel();
        let (told, started) = mpsc::channel();
        let serve = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            match runtime {
                Err(error) => drop(told.send(Err(error))),
                Ok(runtime) => {
                    let _ = told.send(Ok(runtime.handle().clone()));
                    // Ends with an error when the sender goes, as it is meant to.
                    let _: Result<(), _> = runtime.block_on(gone);
                }
            }
        };
        std::thread::Builder::new().name("processes".to_owned()).spawn(serve)?;
        let runtime = started.recv().map_err(io::Error::other)??;
        Ok(Self { runtime, _alive: alive })
    }
}
