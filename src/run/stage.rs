//! What is on now in one worker, as the ops of a running step see it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use crate::gherkin::{FeatureText, dialect};
use crate::host::Stream;
use crate::isolate::{OpError, OpResult, OpValue, Ops, Position};
use crate::messages::{
    Attachment, AttachmentContentEncoding, Envelope, Feature, GherkinDocument, Id, Pickle,
    SourceReference,
};
use crate::plan::{Binding, Found, PlannedCase};
use crate::support::SupportCode;

use super::event::Event;
use super::options::RunOptions;
use super::watch::{Place, Watch};

/// The version of cucumber-js whose API the `version` export promises.
pub(super) const CUCUMBER_VERSION: &str = "13.3.0";

/// So many events are kept back at the most, to be sent as one.
const BATCH: usize = 512;
/// So long is an event kept back at the most while further ones come.
const PATIENCE: Duration = Duration::from_millis(20);

/// What is running, as attachments name it.
#[derive(Clone, Copy)]
enum AttachmentPlace {
    TestStep { test_case_started_id: Id, test_step_id: Id },
    TestRunHook { started_id: Id },
}

pub(super) struct Stage {
    events: Sender<Vec<Event>>,
    pub(super) watch: Arc<Watch>,
    flushed: Cell<Instant>,
    place: Cell<Option<AttachmentPlace>>,
    support: RefCell<Arc<SupportCode>>,
    case: RefCell<Option<(Arc<FeatureText>, Arc<Pickle>)>>,
    muted: Cell<bool>,
    /// Whether pickles and test cases are told as they start: see [`super::Sink::wants_plan`].
    tells_cases: bool,
}

impl Stage {
    pub(super) fn new(
        events: Sender<Vec<Event>>,
        watch: Arc<Watch>,
        tells_cases: bool,
    ) -> Rc<Self> {
        Rc::new(Self {
            events,
            watch,
            flushed: Cell::new(Instant::now()),
            place: Cell::new(None),
            support: RefCell::default(),
            case: RefCell::new(None),
            muted: Cell::new(false),
            tells_cases,
        })
    }

    pub(super) fn enter_case(&self, case: &PlannedCase) {
        let PlannedCase { feature, pickle, .. } = case;
        *self.case.borrow_mut() = Some((Arc::clone(feature), Arc::clone(pickle)));
    }

    /// The step library's definitions, among which what runs is found.
    pub(super) fn set_support(&self, support: &Arc<SupportCode>) {
        self.support.replace(Arc::clone(support));
    }

    /// Where the step or hook that runs is defined.
    pub(super) fn running(&self) -> Option<Position> {
        let support = self.support.borrow();
        let reference = self.watch.look(|place| match place {
            Place::TestStep { attempt, index } => match &attempt.case.bindings[*index] {
                Binding::Hook(hook) => Some(support.hooks[*hook].message.source_reference.clone()),
                Binding::Step { found: Found::One { definition, .. }, .. } => {
                    Some(support.steps[*definition].message.source_reference.clone())
                }
                Binding::Step { .. } => None,
            },
            Place::TestRunHook { .. } | Place::Assignment => None,
        });
        let SourceReference { uri, location } = reference?;
        Some(Position { file: uri, line: location?.line, column: 1 })
    }

    /// Tells what is about to run, if that is for the worker to do.
    pub(super) fn tell_case(&self, case: &PlannedCase) {
        if self.tells_cases {
            let now = Instant::now();
            self.emit(Envelope::Pickle(Arc::clone(&case.pickle)), now);
            self.emit(Envelope::TestCase(Arc::clone(&case.test_case)), now);
        }
    }

    pub(super) fn leave_case(&self) {
        *self.case.borrow_mut() = None;
    }

    pub(super) fn enter_step(&self, test_case_started_id: Id, test_step_id: Id) {
        self.place.set(Some(AttachmentPlace::TestStep { test_case_started_id, test_step_id }));
    }

    pub(super) fn enter_test_run_hook(&self, started_id: Id) {
        self.place.set(Some(AttachmentPlace::TestRunHook { started_id }));
    }

    /// To be called after a step or hook of either kind.
    pub(super) fn leave_step(&self) {
        self.place.set(None);
    }

    /// `now` is what the envelope's timestamp is made from.
    pub(super) fn emit(&self, envelope: Envelope, now: Instant) {
        self.send(Event::Envelope(envelope), now);
    }

    /// At once: who prints may be about to spin, or to be killed.
    pub(super) fn print(&self, stream: Stream, text: &str) {
        if !self.muted.get() {
            self.report(Event::Output(stream, text.to_owned()));
        }
    }

    /// Whether to drop what is printed and attached.
    pub(super) fn mute(&self, muted: bool) {
        self.muted.set(muted);
    }

    /// Tells the coordinator at once, and all that was kept back before it.
    pub(super) fn report(&self, event: Event) {
        self.send(event, Instant::now());
        self.flush();
    }

    /// Sends what was kept back: to be called whenever the worker is going to wait.
    pub(super) fn flush(&self) {
        self.flushed.set(Instant::now());
        let batch = self.watch.take();
        if !batch.is_empty() {
            // The coordinator is gone only when the run is over: nobody is left to tell.
            let _ = self.events.send(batch);
        }
    }

    fn send(&self, event: Event, now: Instant) {
        let count = self.watch.push(event);
        if count >= BATCH || now.saturating_duration_since(self.flushed.get()) >= PATIENCE {
            self.flush();
        }
    }

    /// Registers the ops that reach the report: see `prelude/cucumber/`.
    pub(super) fn install(self: &Rc<Self>, ops: &mut Ops, options: &RunOptions) {
        let info = serde_json::json!({
            "version": CUCUMBER_VERSION,
            "artifacts": options.artifacts,
            "defaultTimeout": options.default_timeout,
            "worldParameters": options.world_parameters,
            "backtrace": options.backtrace,
        });
        let info = info.to_string();
        ops.sync("runInfo", move |_| Ok(OpValue::Json(info.clone())));
        let stage = Rc::clone(self);
        ops.sync("attach", move |arguments| stage.attach(arguments));
        let stage = Rc::clone(self);
        ops.sync("currentDocument", move |_| {
            stage.with_case(|(feature, _)| json(&feature.document().map(without_children)))
        });
        let stage = Rc::clone(self);
        ops.sync("documentChildren", move |arguments| {
            stage.with_document(arguments, |document| {
                json(&document.feature.as_ref().map(|feature| &feature.children))
            })
        });
        let stage = Rc::clone(self);
        ops.sync("documentComments", move |arguments| {
            stage.with_document(arguments, |document| json(&document.comments))
        });
        let stage = Rc::clone(self);
        ops.sync("currentPickle", move |_| stage.with_case(|(_, pickle)| json(pickle.as_ref())));
        ops.sync("stepKeywords", step_keywords);
    }

    /// `attach(body, isBase64, mediaType, fileName | null)`
    fn attach(&self, arguments: &[OpValue]) -> OpResult {
        let [OpValue::Text(body), OpValue::Bool(is_base64), OpValue::Text(media_type), file_name] =
            arguments
        else {
            return Err(OpError::type_error(
                "attach takes a body, a flag, a media type and a file name",
            ));
        };
        if self.muted.get() {
            return Ok(OpValue::Null);
        }
        let Some(place) = self.place.get() else {
            return Err(OpError::new(
                "Cannot attach when a step/hook is not running. Ensure your step/hook waits for the attach to finish.",
            ));
        };
        let content_encoding = match is_base64 {
            true => AttachmentContentEncoding::Base64,
            false => AttachmentContentEncoding::Identity,
        };
        let file_name = match file_name {
            OpValue::Text(name) => Some(name.clone()),
            _ => None,
        };
        let (test_case_started_id, test_step_id, test_run_hook_started_id) = match place {
            AttachmentPlace::TestStep { test_case_started_id, test_step_id } => {
                (Some(test_case_started_id), Some(test_step_id), None)
            }
            AttachmentPlace::TestRunHook { started_id } => (None, None, Some(started_id)),
        };
        let now = Instant::now();
        let attachment = Attachment {
            body: body.clone(),
            content_encoding,
            file_name,
            media_type: media_type.clone(),
            test_case_started_id,
            test_step_id,
            test_run_started_id: None,
            test_run_hook_started_id,
            timestamp: now.into(),
        };
        self.emit(Envelope::Attachment(Arc::new(attachment)), now);
        Ok(OpValue::Null)
    }

    fn with_case(
        &self,
        tell: impl FnOnce(&(Arc<FeatureText>, Arc<Pickle>)) -> OpResult,
    ) -> OpResult {
        match &*self.case.borrow() {
            Some(case) => tell(case),
            None => Err(OpError::new("no scenario is running")),
        }
    }

    /// The document of the scenario that runs, by its URI.
    fn with_document(
        &self,
        arguments: &[OpValue],
        tell: impl FnOnce(&GherkinDocument) -> OpResult,
    ) -> OpResult {
        let uri = arguments.first().and_then(OpValue::as_text);
        self.with_case(|(feature, _)| match feature.document() {
            Some(document) if uri == Some(&*document.uri) => tell(document),
            _ => Err(OpError::new(format!(
                "the scenarios of {} are over: look at its gherkinDocument while one of them runs",
                uri.unwrap_or_default()
            ))),
        })
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.flush();
    }
}

/// The document but for what grows with the number of scenarios, which is fetched on its own.
fn without_children(document: &GherkinDocument) -> GherkinDocument {
    let GherkinDocument { uri, feature, comments: _ } = document;
    let feature = feature.as_ref().map(|feature| {
        let Feature { location, tags, language, keyword, name, description, children: _ } = feature;
        Feature {
            location: *location,
            tags: tags.clone(),
            language,
            keyword,
            name: name.clone(),
            description: description.clone(),
            children: Vec::new(),
        }
    });
    GherkinDocument { uri: uri.clone(), feature, comments: Vec::new() }
}

/// `stepKeywords(language)`: the step keywords of a spoken language by their headings.
fn step_keywords(arguments: &[OpValue]) -> OpResult {
    let code = arguments.first().and_then(OpValue::as_text).unwrap_or_default();
    let Some(dialect) = dialect::named(code) else {
        return Err(OpError::new(format!("there is no language {code:?} in Gherkin")));
    };
    json(&serde_json::json!({
        "given": dialect.given,
        "when": dialect.when,
        "then": dialect.then,
        "and": dialect.and,
        "but": dialect.but,
    }))
}

fn json(value: &impl serde::Serialize) -> OpResult {
    serde_json::to_string(value)
        .map(OpValue::Json)
        .map_err(|error| OpError::new(format!("cannot be told as JSON: {error}")))
}
