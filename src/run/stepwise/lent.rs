//! A worker as a scenario holds it.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::future::{Either, select};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use crate::host::Stream;
use crate::messages::{Envelope, TestRunHookFinished, TestStepResultStatus};

use super::super::RunError;
use super::super::attempt::Attempt;
use super::super::event::Event;
use super::super::leftovers::Leftovers;
use super::super::setup::Setup;
use super::super::watch::{Underway, Watch};
use super::super::worker::{self, Command};
use super::log::LogEntry;
use super::serve::{Action, Call};

/// How often it is looked whether a worker that runs hooks was given up.
const LOOK: Duration = Duration::from_millis(100);

/// A worker that is stuck: the call that it is stuck in, and what it told before.
pub(super) type Abandoned = (Underway, Vec<Event>);

/// The pool's end of a worker that may have to be given up.
pub(super) struct Guard {
    watch: Arc<Watch>,
    abandoned: Mutex<Option<oneshot::Sender<Abandoned>>>,
}

impl Guard {
    /// Gives the worker up if it is long past a deadline; whether it was.
    pub(super) fn look(&self, now: Instant) -> bool {
        let Some(abandoned) = self.watch.give_up_if_overdue(now) else { return false };
        let mut sender = self.abandoned.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = sender.take() {
            let _ = sender.send((abandoned.underway, abandoned.events));
        }
        true
    }
}

/// Dropping it ends the worker once its call is over.
pub(super) struct LentWorker {
    pub(super) guard: Arc<Guard>,
    /// In a mutex for nothing but to be shared between threads.
    events: Mutex<Receiver<Vec<Event>>>,
    abandoned: oneshot::Receiver<Abandoned>,
    commands: UnboundedSender<Command>,
}

/// How a call to a worker ended.
pub(super) enum Answer {
    Done(Attempt),
    /// The worker is stuck and of no use any more.
    Abandoned(Underway),
}

impl LentWorker {
    /// Starts the thread, which loads the step library.
    pub(super) fn spawn(setup: Setup) -> Result<Self, RunError> {
        let (commands, receiver) = unbounded_channel();
        let (sender, events) = channel();
        let (abandon, abandoned) = oneshot::channel();
        let watch = Arc::<Watch>::default();
        worker::spawn(setup, Arc::clone(&watch), None, receiver, sender)
            .map_err(RunError::Thread)?;
        let guard = Arc::new(Guard { watch, abandoned: Mutex::new(Some(abandon)) });
        Ok(Self { guard, events: Mutex::new(events), abandoned, commands })
    }

    /// What the step library defined, once it is loaded. Blocks.
    pub(super) fn loaded(&mut self, log: &mut Vec<LogEntry>) -> Result<String, RunError> {
        loop {
            for event in self.wait()? {
                match event {
                    Event::Loaded(loaded) => return loaded,
                    event => note(event, log, &mut |_| {})?,
                }
            }
        }
    }

    /// Has it run hooks around the run; the messages of those that failed. Blocks.
    pub(super) fn run_hooks(
        &mut self,
        command: Command,
        log: &mut Vec<LogEntry>,
    ) -> Result<Vec<String>, RunError> {
        let mut failures = Vec::new();
        self.send(command)?;
        loop {
            for event in self.wait()? {
                match event {
                    Event::Done { .. } => return Ok(failures),
                    event => note(event, log, &mut |envelope| {
                        let Envelope::TestRunHookFinished(TestRunHookFinished { result, .. }) =
                            envelope
                        else {
                            return;
                        };
                        if result.status == TestStepResultStatus::Failed {
                            failures.push(result.message.unwrap_or_default());
                        }
                    })?,
                }
            }
        }
    }

    /// Has it do something for a scenario. `seen` is given what the envelopes tell of it.
    pub(super) async fn call(
        &mut self,
        attempt: Attempt,
        action: Action,
        log: &mut Vec<LogEntry>,
        seen: &mut dyn FnMut(Envelope),
    ) -> Result<Answer, RunError> {
        let (reply, answer) = oneshot::channel();
        self.send(Command::Call(Call { attempt, action, reply }))?;
        match select(answer, &mut self.abandoned).await {
            Either::Left((answer, _)) => {
                self.read(log, seen)?;
                answer.map(Answer::Done).map_err(|_| RunError::WorkerGone)
            }
            Either::Right((abandoned, _)) => {
                self.read(log, seen)?;
                let (underway, events) = abandoned.map_err(|_| RunError::WorkerGone)?;
                for event in events {
                    note(event, log, seen)?;
                }
                Ok(Answer::Abandoned(underway))
            }
        }
    }

    /// Does something for a scenario that nobody waits for.
    pub(super) fn tell(&self, attempt: Attempt, action: Action) {
        let (reply, _) = oneshot::channel();
        let _ = self.send(Command::Call(Call { attempt, action, reply }));
    }

    fn send(&self, command: Command) -> Result<(), RunError> {
        self.commands.send(command).map_err(|_| RunError::WorkerGone)
    }

    /// Reads what the worker has told so far.
    fn read(
        &mut self,
        log: &mut Vec<LogEntry>,
        seen: &mut dyn FnMut(Envelope),
    ) -> Result<(), RunError> {
        let events = self.events.get_mut().unwrap_or_else(PoisonError::into_inner);
        events.try_iter().flatten().try_for_each(|event| note(event, log, seen))
    }

    /// Waits for the next events.
    fn wait(&mut self) -> Result<Vec<Event>, RunError> {
        let events = self.events.get_mut().unwrap_or_else(PoisonError::into_inner);
        loop {
            match events.recv_timeout(LOOK) {
                Ok(events) => return Ok(events),
                Err(RecvTimeoutError::Disconnected) => return Err(RunError::WorkerGone),
                Err(RecvTimeoutError::Timeout) if self.abandoned.try_recv().is_ok() => {
                    return Err(RunError::HookStuck);
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

fn note(
    event: Event,
    log: &mut Vec<LogEntry>,
    seen: &mut dyn FnMut(Envelope),
) -> Result<(), RunError> {
    match event {
        Event::Output { stream, text, .. } => log.push(LogEntry::Output(stream, text)),
        Event::Envelope(Envelope::Attachment(attachment)) => {
            log.push(LogEntry::Attachment(attachment));
        }
        Event::Envelope(envelope) => seen(envelope),
        Event::Left(left) => {
            let notice = Leftovers::from(left).notice(true);
            log.extend(
                notice.map(|text| LogEntry::Output(Stream::Stderr, format!("quickcuke: {text}\n"))),
            );
        }
        Event::Lost(error) => return Err(error),
        Event::Loaded(_) | Event::Done { .. } => {}
    }
    Ok(())
}
