//! What workers tell the coordinator, and what becomes of those that are stuck.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use super::RunError;
use super::assignment::timed_out;
use super::coordinator::Coordinator;
use super::event::Event;
use super::takeover::Takeover;
use super::watch::{GivenUp, Place};
use super::worker::{Command, load_timed_out};

/// How often it is looked whether a worker must be given up.
const LOOK: Duration = Duration::from_millis(100);

impl Coordinator<'_> {
    /// What the step library defined in one more VM.
    pub(super) fn next_loaded(&mut self) -> Result<String, RunError> {
        match self.next_report()? {
            Event::Loaded(loaded) => loaded,
            _ => Err(RunError::WorkerGone),
        }
    }

    /// Passes on what happens until a worker reports back.
    fn next_report(&mut self) -> Result<Event, RunError> {
        loop {
            match self.next_event()? {
                Event::Envelope(envelope) => self.emit(envelope),
                Event::Output { attempt, stream, text } => {
                    self.sink.output(attempt, stream, &text);
                }
                Event::Left(left) => self.leftovers.add(left),
                Event::Lost(error) => return Err(error),
                report => return Ok(report),
            }
        }
    }

    fn next_event(&mut self) -> Result<Event, RunError> {
        loop {
            if let Some(event) = self.arrived.next() {
                return Ok(event);
            }
            if self.looked.elapsed() >= LOOK {
                self.look_after_workers()?;
                continue;
            }
            let batch = match self.events.try_recv() {
                Ok(batch) => batch,
                Err(TryRecvError::Disconnected) => return Err(RunError::WorkerGone),
                Err(TryRecvError::Empty) => {
                    self.sink.idle();
                    match self.events.recv_timeout(LOOK) {
                        Ok(batch) => batch,
                        Err(RecvTimeoutError::Timeout) => continue,
                        Err(RecvTimeoutError::Disconnected) => return Err(RunError::WorkerGone),
                    }
                }
            };
            self.heard = Instant::now();
            self.arrived = batch.into_iter();
        }
    }

    /// Gives workers up that are stuck, and has others take over.
    fn look_after_workers(&mut self) -> Result<(), RunError> {
        self.looked = Instant::now();
        self.heed_interruption()?;
        // What has come already goes before what a worker kept back.
        let mut arrived: Vec<Event> = self.events.try_iter().flatten().collect();
        if !arrived.is_empty() {
            self.heard = self.looked;
        }
        for worker in self.workers.iter_mut().chain(&mut self.own) {
            let Some(GivenUp { underway, cut, events }) =
                worker.watch.give_up_if_overdue(self.looked)
            else {
                continue;
            };
            arrived.extend(events);
            let timeout = underway.timing.timeout;
            // Another worker would get no further, or what is to run next cannot be known.
            let lost = match (&underway.place, cut, &self.support) {
                (Place::Loading(file), None, _) => Some(load_timed_out(file, timeout, "")),
                (Place::Loading(_), Some(_), _) => Some(RunError::Interrupted),
                (Place::Assignment, None, _) => Some(timed_out(timeout)),
                (_, _, None) => Some(RunError::WorkerGone),
                _ => None,
            };
            if let Some(error) = lost {
                arrived.push(Event::Lost(error));
                continue;
            }
            let Some((support, run)) = &self.support else { continue };
            let takeover = Takeover {
                support: Arc::clone(support),
                run: *run,
                queue: self.queue.clone(),
                underway,
                cut,
            };
            worker.replace(takeover, self.sender.clone())?;
        }
        self.arrived = arrived.into_iter();
        Ok(())
    }

    /// Has every worker carry out a command; tells whether all of them succeeded.
    pub(super) fn phase(&mut self, command: impl Fn() -> Command) -> Result<bool, RunError> {
        for worker in &self.workers {
            worker.send(command())?;
        }
        self.done(self.workers.len())
    }

    /// Has the coordinator's own VM, if there is one, carry out a command; tells whether it succeeded.
    pub(super) fn own_phase(&mut self, command: Command) -> Result<bool, RunError> {
        let Some(own) = &self.own else { return Ok(true) };
        own.send(command)?;
        self.done(1)
    }

    /// Waits for the answers to commands; tells whether all of them succeeded.
    pub(super) fn done(&mut self, commands: usize) -> Result<bool, RunError> {
        let mut success = true;
        for _ in 0..commands {
            match self.next_report()? {
                Event::Done { success: done } => success &= done,
                _ => return Err(RunError::WorkerGone),
            }
        }
        Ok(success)
    }
}
