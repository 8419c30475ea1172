//! A run that is cut short by a signal.
//!
//! What runs is stopped, and no further case starts. Hooks that clean up (AfterStep, After, AfterAll) have
//! [`GRACE`] in all, each no longer than its own timeout. Whatever workers do, the run ends soon after that, and what
//! it began is told as finished.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::{Duration, Instant};

use crate::messages::{Envelope, Exception, HookType, TestRunFinished, Timestamp};
use crate::session::signal;

use super::RunError;
use super::call;
use super::coordinator::Coordinator;
use super::event::Event;
use super::worker::RunId;

/// How long the hooks that clean up have in all: less than the 7.5 s and 10 s after which GitHub Actions, nextest and
/// Docker kill.
const GRACE: Duration = Duration::from_secs(5);
/// How long after that workers may take to end, and be silent; what they still do then is not waited for.
const ABANDON_AFTER: Duration = Duration::from_secs(1);

/// Cuts a run short, from any thread. The default does so only when it is told to.
#[derive(Debug, Clone, Default)]
pub struct Interruption(Arc<AtomicI32>);

impl Interruption {
    /// Cuts the run short because of a signal, by its number. The first one counts.
    pub fn request(&self, signal: i32) {
        let _ = self.0.compare_exchange(0, signal, Ordering::AcqRel, Ordering::Acquire);
    }

    /// The number of the signal, once there was one.
    pub fn signal(&self) -> Option<i32> {
        Some(self.0.load(Ordering::Acquire)).filter(|signal| *signal != 0)
    }

    /// # Errors
    /// [`RunError::Interrupted`], once there was a signal.
    pub(super) fn check(&self) -> Result<(), RunError> {
        self.signal().map_or(Ok(()), |_| Err(RunError::Interrupted))
    }
}

/// Why a call is stopped, or not made, although its own timeout is not over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// The signal has come.
    Interrupted { signal: i32 },
    /// Hooks have had their time.
    GraceOver { signal: i32 },
}

impl Cut {
    /// Whether it concerns a call that cleans up or that does not.
    pub(super) fn concerns(self, cleans_up: bool) -> bool {
        !cleans_up || matches!(self, Self::GraceOver { .. })
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Interrupted { signal } => write!(f, "interrupted by {}", signal::text(signal)),
            Self::GraceOver { signal } => write!(
                f,
                "interrupted by {}: hooks have {} s to end after it",
                signal::text(signal),
                GRACE.as_secs()
            ),
        }
    }
}

/// Whether hooks of that kind run after an interruption.
pub(super) fn cleans_up(kind: HookType) -> bool {
    use HookType::{AfterTestCase, AfterTestRun, AfterTestStep};
    matches!(kind, AfterTestStep | AfterTestCase | AfterTestRun)
}

impl Coordinator<'_> {
    /// Does what an interruption asks for, if there is one; to be called again and again.
    ///
    /// # Errors
    /// [`RunError::Interrupted`], where there is nothing to wait for any more.
    pub(super) fn heed_interruption(&mut self) -> Result<(), RunError> {
        let Some(signal) = self.interruption.signal() else { return Ok(()) };
        if !self.has_started() {
            return Err(RunError::Interrupted);
        }
        let now = Instant::now();
        let since = *self.interrupted.get_or_insert(now);
        // What workers have told counts, however long the reports take to write it.
        if now > self.heard + ABANDON_AFTER && now > since + GRACE + ABANDON_AFTER {
            return Err(RunError::Interrupted);
        }
        let cut = match now > since + GRACE {
            true => Cut::GraceOver { signal },
            false => Cut::Interrupted { signal },
        };
        if self.cut != Some(cut) {
            self.cut = Some(cut);
            self.worker_handles().for_each(|worker| worker.watch.cut_short(cut));
            if let Some(queue) = &self.queue {
                queue.close();
            }
        }
        Ok(())
    }

    /// What the end of a run says of an interruption.
    pub(super) fn interruption_message(&self) -> Option<String> {
        let signal = signal::text(self.interruption.signal()?);
        let (scenarios, begun) = (self.scenarios, self.unfinished.begun_cases());
        Some(match scenarios.saturating_sub(begun) {
            0 => format!("Interrupted by {signal}"),
            left => format!("Interrupted by {signal}: {left} of {scenarios} scenarios did not run"),
        })
    }

    /// Ends a run that cannot go on: all that has begun, and the run itself. The workers are left alone.
    pub(super) fn finish_early(&mut self, problem: &str) {
        let run = match &self.support {
            Some((_, run)) => *run,
            None => {
                let run = self.ids.next();
                self.begin(run, &Arc::default());
                run
            }
        };
        let mut events: Vec<Event> = std::mem::take(&mut self.arrived).collect();
        events.extend(self.events.try_iter().flatten());
        events.extend(self.worker_handles().flat_map(|worker| worker.watch.abandon()));
        for event in events {
            match event {
                Event::Envelope(envelope) => self.emit(envelope),
                Event::Output { attempt, stream, text } => {
                    self.sink.output(attempt, stream, &text);
                }
                Event::Left(left) => self.leftovers.add(left),
                Event::Loaded(_) | Event::Done { .. } | Event::Lost(_) => {}
            }
        }
        let message = self.interruption_message().unwrap_or_else(|| problem.to_owned());
        self.finish(run, false, Some(message), None);
    }

    /// Tells of the end of the run, and before it of the end of what workers have not ended.
    pub(super) fn finish(
        &mut self,
        run: RunId,
        success: bool,
        message: Option<String>,
        exception: Option<Exception>,
    ) {
        let problem = message.as_deref().unwrap_or("the run ended before this did");
        for envelope in self.unfinished.finish(&call::unfinished(problem)) {
            self.emit(envelope);
        }
        self.emit(Envelope::TestRunFinished(TestRunFinished {
            message,
            success,
            timestamp: Timestamp::now(),
            exception,
            test_run_started_id: run,
        }));
    }
}
