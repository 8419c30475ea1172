//! The signals that cut a run short: INT, TERM and HUP.

use std::future::poll_fn;
use std::io;
use std::process::ExitCode;
use std::task::{Context, Poll};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::run::Interruption;
use crate::session;

const SIGNALS: [i32; 3] = [libc::SIGINT, libc::SIGTERM, libc::SIGHUP];

/// The same signal again within this time is the same wish: a terminal sends one to all its processes, and a parent
/// such as npm may pass its own on.
const SAME_WISH: Duration = Duration::from_millis(50);

/// Interrupts the run at the first of the signals. The second one ends this process at once, and the processes of all
/// sessions with it. A signal that this process was started to ignore, as `nohup` does, stays ignored.
///
/// # Errors
/// The system refuses to watch for signals.
pub fn listen() -> io::Result<Interruption> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let mut received = Received::watch(&runtime)?;
    let interruption = Interruption::default();
    let requests = interruption.clone();
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        let first = runtime.block_on(received.next());
        requests.request(first);
        let since = Instant::now();
        loop {
            let next = runtime.block_on(received.next());
            if next != first || since.elapsed() > SAME_WISH {
                session::end_all();
                std::process::exit(exit_status(next).into());
            }
        }
    })?;
    Ok(interruption)
}

/// What an interrupted program exits with, by the custom of shells, once what its threads may have left running is
/// gone: to be asked for at its very end.
pub fn exit_code(interruption: &Interruption) -> Option<ExitCode> {
    let signal = interruption.signal()?;
    session::end_all();
    Some(ExitCode::from(exit_status(signal)))
}

fn exit_status(signal: i32) -> u8 {
    u8::try_from(128 + signal).unwrap_or(u8::MAX)
}

/// The signals that are watched for, with their numbers.
struct Received(Vec<(i32, Signal)>);

impl Received {
    fn watch(runtime: &Runtime) -> io::Result<Self> {
        let _entered = runtime.enter();
        let watched = SIGNALS.into_iter().filter(|number| !session::signal::is_ignored(*number));
        let signals = watched.map(|number| Ok((number, signal(SignalKind::from_raw(number))?)));
        signals.collect::<io::Result<_>>().map(Self)
    }

    async fn next(&mut self) -> i32 {
        poll_fn(|context| self.poll_next(context)).await
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<i32> {
        let mut came = None;
        for (number, signal) in &mut self.0 {
            if came.is_none() && signal.poll_recv(context).is_ready() {
                came = Some(*number);
            }
        }
        came.map_or(Poll::Pending, Poll::Ready)
    }
}
