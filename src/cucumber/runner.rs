//! A runner of the crate `cucumber` that tells of what the crate's own cannot.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use ::cucumber::codegen::WorldInventory;
use ::cucumber::event::{self, Event, Hook, RetryableScenario, Scenario, Step, StepError};
use ::cucumber::parser;
use ::cucumber::runner::{Basic, basic};
use futures::stream::{self, LocalBoxStream, Stream, StreamExt as _};

use crate::run::stepwise::LogEntry;

use super::{StepLibrary, World, hooks, outcome};

type Item<W> = parser::Result<Event<event::Cucumber<W>>>;

/// Runs scenarios as the runner inside of it does, and passes on what it tells, with these differences:
///
/// - a step or hook of JavaScript that returned `'skipped'` or `'pending'` is told as skipped;
/// - what JavaScript printed, logged and attached is told as logs of the scenario, which writers print or keep;
/// - AfterAll hooks run at the end.
///
/// Made by [`StepLibrary::runner`] and [`StepLibrary::wrap`].
#[derive(Debug)]
pub struct Runner<R> {
    inner: R,
    library: StepLibrary,
}

impl StepLibrary {
    /// The crate's own runner with the steps of Rust and JavaScript and the JavaScript hooks, in a [`Runner`].
    pub fn runner<W>(
        &self,
    ) -> Runner<impl ::cucumber::Runner<W, Cli = basic::Cli, EventStream: 'static> + use<W>>
    where
        W: AsMut<World> + ::cucumber::World + WorldInventory + Debug,
    {
        let steps = self.steps_with(W::collection());
        self.wrap(Basic::default().steps(steps).before(self.before()).after(self.after()))
    }

    /// A runner of one's own, with settings or hooks of one's own. It must have the steps of
    /// [`steps_with`](Self::steps_with) and call [`before`](Self::before) and [`after`](Self::after).
    pub fn wrap<R>(&self, inner: R) -> Runner<R> {
        Runner { inner, library: self.clone() }
    }
}

impl<W: ::cucumber::World, R: ::cucumber::Runner<W, EventStream: 'static>> ::cucumber::Runner<W>
    for Runner<R>
{
    type Cli = R::Cli;
    type EventStream = LocalBoxStream<'static, Item<W>>;

    fn run<S>(self, features: S, cli: Self::Cli) -> Self::EventStream
    where
        S: Stream<Item = parser::Result<::cucumber::gherkin::Feature>> + 'static,
    {
        let running = Running::begin(self.library);
        let library = running.0.clone();
        let events = self.inner.run(features, cli);
        let told = events.flat_map(move |item| stream::iter(tell(&library.0.logs, item)));
        let end = stream::once(async move {
            let library = running.0.clone();
            drop(running);
            if let Err(error) = library.finish().await {
                // The writers have summed up already; this is what is left to fail the run by.
                panic!("{error}");
            }
        });
        told.map(Some).chain(end.map(|()| None)).filter_map(std::future::ready).boxed_local()
    }
}

/// A run, which ends when this is dropped.
struct Running(StepLibrary);

impl Running {
    fn begin(library: StepLibrary) -> Self {
        library.0.logs.runners.fetch_add(1, Ordering::Relaxed);
        Self(library)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.0.logs.runners.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What JavaScript said in the scenarios that run, until it is told.
#[derive(Default)]
pub(super) struct Logs {
    /// How many [`Runner`]s tell of it now.
    runners: AtomicUsize,
    entries: Mutex<HashMap<usize, Vec<LogEntry>>>,
}

impl Logs {
    pub(super) fn has_runner(&self) -> bool {
        self.runners.load(Ordering::Relaxed) > 0
    }

    pub(super) fn add(&self, scenario: usize, entries: Vec<LogEntry>) {
        if !entries.is_empty() {
            self.entries().entry(scenario).or_default().extend(entries);
        }
    }

    fn take(&self, scenario: usize) -> Vec<LogEntry> {
        self.entries().remove(&scenario).unwrap_or_default()
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<usize, Vec<LogEntry>>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The event, changed where it must be, after what JavaScript said before it.
fn tell<W>(logs: &Logs, item: Item<W>) -> Vec<Item<W>> {
    let (event, meta) = match item {
        Ok(event) => event.split(),
        Err(error) => return vec![Err(error)],
    };
    let event::Cucumber::Feature(feature, event) = event else {
        return vec![Ok(meta.wrap(event))];
    };
    let (rule, scenario, event) = match event {
        event::Feature::Scenario(scenario, event) => (None, scenario, event),
        event::Feature::Rule(rule, event::Rule::Scenario(scenario, event)) => {
            (Some(rule), scenario, event)
        }
        other => return vec![Ok(meta.wrap(event::Cucumber::Feature(feature, other)))],
    };
    let RetryableScenario { event, retries } = event;
    let said = match is_end(&event) {
        true => logs.take(hooks::key(&scenario)),
        false => Vec::new(),
    };
    let said = said.iter().map(|entry| Scenario::Log(format!("{}\n", entry.text())));
    let wrap = |event: Scenario<W>| {
        let event = event.with_retries(retries);
        let event =
            event::Cucumber::scenario(feature.clone(), rule.clone(), scenario.clone(), event);
        Ok(meta.wrap(event))
    };
    said.chain(with_skips(event, &scenario)).map(wrap).collect()
}

/// Whether the event ends a step or hook.
fn is_end<W>(event: &Scenario<W>) -> bool {
    match event {
        Scenario::Hook(_, hook) => !matches!(hook, Hook::Started),
        Scenario::Background(_, step) | Scenario::Step(_, step) => !matches!(step, Step::Started),
        Scenario::Finished => true,
        Scenario::Started | Scenario::Log(_) => false,
    }
}

/// The event, or what it is for a step or hook that was skipped.
fn with_skips<W>(event: Scenario<W>, scenario: &::cucumber::gherkin::Scenario) -> Vec<Scenario<W>> {
    let is_skipped = |step: &Step<W>| match step {
        Step::Failed(_, _, _, StepError::Panic(thrown)) => outcome::is_skipped(&**thrown),
        _ => false,
    };
    match event {
        Scenario::Step(step, end) if is_skipped(&end) => vec![Scenario::Step(step, Step::Skipped)],
        Scenario::Background(step, end) if is_skipped(&end) => {
            vec![Scenario::Background(step, Step::Skipped)]
        }
        Scenario::Hook(kind, Hook::Failed(_, thrown)) if outcome::is_skipped(&*thrown) => {
            let mut events = vec![Scenario::Hook(kind, Hook::Passed)];
            // The steps are not run: the first one says so for all.
            if let (event::HookType::Before, Some(first)) = (kind, scenario.steps.first()) {
                let first = event::Source::new(first.clone());
                events.push(Scenario::Step(first.clone(), Step::Started));
                events.push(Scenario::Step(first, Step::Skipped));
            }
            events
        }
        other => vec![other],
    }
}
