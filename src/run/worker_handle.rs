//! A worker as the coordinator holds it.

use std::sync::Arc;
use std::sync::mpsc::Sender;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::RunError;
use super::event::Event;
use super::setup::Setup;
use super::takeover::Takeover;
use super::watch::Watch;
use super::worker::{self, Command};

pub(super) struct WorkerHandle {
    pub(super) setup: Setup,
    pub(super) watch: Arc<Watch>,
    commands: UnboundedSender<Command>,
}

impl WorkerHandle {
    /// Starts the worker, which begins to load the step library at once.
    pub(super) fn spawn(setup: Setup, events: Sender<Vec<Event>>) -> Result<Self, RunError> {
        Self::start(setup, None, Arc::default(), events)
    }

    /// Replaces the worker, which was given up, by one that goes on in its place.
    pub(super) fn replace(
        &mut self,
        takeover: Takeover,
        events: Sender<Vec<Event>>,
    ) -> Result<(), RunError> {
        let mut setup = self.setup.clone();
        // The old thread may still write where it could.
        setup.scratch.push('+');
        let watch = Arc::new(self.watch.renewed());
        *self = Self::start(setup, Some(takeover), watch, events)?;
        Ok(())
    }

    fn start(
        setup: Setup,
        takeover: Option<Takeover>,
        watch: Arc<Watch>,
        events: Sender<Vec<Event>>,
    ) -> Result<Self, RunError> {
        let (commands, receiver) = unbounded_channel();
        worker::spawn(setup.clone(), Arc::clone(&watch), takeover, receiver, events)
            .map_err(RunError::Thread)?;
        Ok(Self { setup, watch, commands })
    }

    pub(super) fn send(&self, command: Command) -> Result<(), RunError> {
        self.commands.send(command).map_err(|_| RunError::WorkerGone)
    }
}
