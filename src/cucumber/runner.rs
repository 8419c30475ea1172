//! A runner of the crate `cucumber` that tells of what the crate's own cannot.

use std::collections::HashMap;
use std::fmt::Debug;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};

use ::cucumber::codegen::WorldInventory;
use ::cucumber::event::{self, Event, Hook, RetryableScenario, Scenario, Step, StepError};
use ::cucumber::runner::{Basic, basic};
use ::cucumber::parser;
use futures::stream::{self, LocalBoxStream, Stream, StreamExt as _};

use crate::run::stepwise::LogEntry;

use super::library::Shared;
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
        let logs = Arc::<Logs>::default();
        let library = self.library;
        library.0.log_to(Some(Arc::clone(&logs)));
        let teller = Teller::<W> { logs, world: PhantomData };
        let events = self.inner.run(features, cli);
        let told = events.flat_map(move |item| stream::iter(teller.tell(item)));
        let end = stream::once(async move {
            library.0.log_to(None);
            if let Err(error) = library.finish().await {
                // The writers have summed up already; this is what is left to fail the run by.
                panic!("{error}");
            }
        });
        told.map(Some).chain(end.map(|()| None)).filter_map(std::future::ready).boxed_local()
    }
}

impl Shared {
    fn log_to(&self, logs: Option<Arc<Logs>>) {
        *self.logs.lock().unwrap_or_else(PoisonError::into_inner) = logs;
    }
}

/// What JavaScript said in the scenarios that run, until it is told.
#[derive(Default)]
pub(super) struct Logs(Mutex<HashMap<usize, Vec<LogEntry>>>);

impl Logs {
    pub(super) fn add(&self, scenario: usize, entries: Vec<LogEntry>) {
        let mut logs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        logs.entry(scenario).or_default().extend(entries);
    }

    fn take(&self, scenario: usize) -> Vec<LogEntry> {
        let mut logs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        logs.remove(&scenario).unwrap_or_default()
    }
}

/// Changes and adds events.
struct Teller<W> {
    logs: Arc<Logs>,
    world: PhantomData<W>,
}

impl<W> Teller<W> {
    fn tell(&self, item: Item<W>) -> Vec<Item<W>> {
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
        let logs = match is_end(&event) {
            true => self.logs.take(hooks::key(&scenario)),
            false => Vec::new(),
        };
        let logs = logs.iter().map(|entry| Scenario::Log(format!("{}\n", entry.text())));
        let events = logs.chain(with_skips(event, &scenario));
        let wrap = |event: Scenario<W>| {
            let event = event.with_retries(retries);
            let event = event::Cucumber::scenario(
                feature.clone(),
                rule.clone(),
                scenario.clone(),
                event,
            );
            Ok(meta.wrap(event))
        };
        events.map(wrap).collect()
    }
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
fn with_skips<W>(
    event: Scenario<W>,
    scenario: &::cucumber::gherkin::Scenario,
) -> Vec<Scenario<W>> {
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
