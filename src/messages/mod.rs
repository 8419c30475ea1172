//! Cucumber Messages: the one event currency.
//!
//! The runner emits [`Envelope`]s as things happen and every report is a fold over them; there is
//! no second event model. The types follow the official protocol, field for field and in the order
//! of its schema (`messages.schema.json` in the npm package `@cucumber/messages`, version
//! [`PROTOCOL_VERSION`]), so that `serde_json::to_string` of an envelope is one line of the NDJSON
//! that other Cucumber tools read.

mod attachment;
mod gherkin_document;
mod id;
mod meta;
mod pickle;
mod source;
mod support;
mod test_case;
mod test_run;
mod time;

pub use attachment::*;
pub use gherkin_document::*;
pub use id::*;
pub use meta::*;
pub use pickle::*;
pub use source::*;
pub use support::*;
pub use test_case::*;
pub use test_run::*;
pub use time::*;

use std::sync::Arc;

use serde::Serialize;

/// The version of the protocol these types follow.
pub const PROTOCOL_VERSION: &str = "34.2.1";

/// One event of a run. Exactly one thing happened per envelope.
///
/// What several parts of a run hold on to (documents, pickles, definitions, test cases) is shared,
/// so an envelope is cheap to clone and to send between threads.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Envelope {
    Attachment(Arc<Attachment>),
    GherkinDocument(Arc<GherkinDocument>),
    Hook(Arc<Hook>),
    Meta(Arc<Meta>),
    ParameterType(Arc<ParameterType>),
    ParseError(Arc<ParseError>),
    Pickle(Arc<Pickle>),
    Suggestion(Arc<Suggestion>),
    Source(Arc<Source>),
    StepDefinition(Arc<StepDefinition>),
    TestCase(Arc<TestCase>),
    TestCaseFinished(TestCaseFinished),
    TestCaseStarted(TestCaseStarted),
    TestRunFinished(TestRunFinished),
    TestRunStarted(TestRunStarted),
    TestStepFinished(TestStepFinished),
    TestStepStarted(TestStepStarted),
    TestRunHookStarted(TestRunHookStarted),
    TestRunHookFinished(TestRunHookFinished),
    UndefinedParameterType(UndefinedParameterType),
}
