//! Envelopes of a run to the lines of the `message` formatter.

use std::sync::Arc;

use quickcuke::messages::{
    Envelope, IdGenerator, TestCaseFinished, TestCaseStarted, TestStepFinished, TestStepResult,
    TestStepStarted, Timestamp,
};
use quickcuke::report::{Options, formatter};

use crate::gherkin;
use crate::measure::{Bench, whole};

pub fn run(bench: &Bench) {
    let envelopes = envelopes();
    let mut formatter = formatter("message", false, &Options::default()).unwrap();
    let mut lines = Vec::new();
    let mut write = || {
        lines.clear();
        envelopes.iter().try_for_each(|envelope| formatter.handle(envelope, &mut lines)).unwrap();
        lines.len()
    };
    let speed = ("messages per ms", |seconds| envelopes.len() as f64 / 1e3 / seconds);
    bench.measure("messages to ndjson", speed, &(), whole(&mut write));
}

/// Pickles of 100 scenarios, and that each of their steps began and ended.
fn envelopes() -> Vec<Envelope> {
    let ids = IdGenerator::default();
    let timestamp = Timestamp::now();
    let mut envelopes = Vec::new();
    for pickle in gherkin::pickles(&gherkin::feature(100)).1 {
        let (id, test_case_id) = (ids.next(), ids.next());
        let steps = pickle.steps.len();
        envelopes.push(Envelope::Pickle(Arc::new(pickle)));
        envelopes.push(Envelope::TestCaseStarted(TestCaseStarted {
            attempt: 0,
            id,
            test_case_id,
            worker_id: None,
            timestamp,
        }));
        for test_step_id in (0..steps).map(|_| ids.next()) {
            envelopes.push(Envelope::TestStepStarted(TestStepStarted {
                test_case_started_id: id,
                test_step_id,
                timestamp,
            }));
            envelopes.push(Envelope::TestStepFinished(TestStepFinished {
                test_case_started_id: id,
                test_step_id,
                test_step_result: TestStepResult::default(),
                timestamp,
            }));
        }
        envelopes.push(Envelope::TestCaseFinished(TestCaseFinished {
            test_case_started_id: id,
            timestamp,
            will_be_retried: false,
        }));
    }
    envelopes
}
