//! The stdin of a running command.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;

use tokio::io::AsyncWriteExt;
use tokio::net::unix::pipe::Sender;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

/// What a command reads.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stdin<'a> {
    /// Nothing at all.
    Null,
    /// These bytes.
    Bytes(&'a [u8]),
    /// What is written as it runs.
    Open,
}

/// Our end of the pipe. Whoever comes first writes first; what is to close it waits for its turn.
#[derive(Debug)]
pub(super) struct Input {
    /// `None` once it is closed.
    pipe: Arc<Mutex<Option<Sender>>>,
    /// Writes what was known when the command was started.
    feeder: Option<JoinHandle<()>>,
}

impl Input {
    /// Must be called within a tokio runtime with its I/O driver.
    pub(super) fn new(pipe: impl Into<OwnedFd>, stdin: Stdin<'_>) -> io::Result<Self> {
        let pipe = Arc::new(Mutex::new(Some(Sender::from_owned_fd(pipe.into())?)));
        let feeder = match stdin {
            Stdin::Bytes(bytes) => {
                let (pipe, bytes) = (Arc::clone(&pipe), bytes.to_owned());
                Some(tokio::spawn(async move {
                    // A command need not read its input.
                    if let Some(mut pipe) = pipe.lock().await.take() {
                        let _ = pipe.write_all(&bytes).await;
                    }
                }))
            }
            Stdin::Null | Stdin::Open => None,
        };
        Ok(Self { pipe, feeder })
    }

    /// Writes; comes back when the pipe has taken it all. Errors: `BrokenPipe` once it is closed on either side.
    pub(super) async fn write(&self, bytes: &[u8]) -> io::Result<()> {
        match &mut *self.pipe.lock().await {
            Some(pipe) => pipe.write_all(bytes).await,
            None => Err(io::Error::from_raw_os_error(libc::EPIPE)),
        }
    }

    /// Closes the pipe once all that is being written is written.
    pub(super) async fn close(&self) {
        *self.pipe.lock().await = None;
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        if let Some(feeder) = &self.feeder {
            feeder.abort();
        }
    }
}
