//! The report of a suite run as tests: libtest's lines, and for failures what `summary` shows.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Instant;

use crate::host::Stream;
use crate::messages::{Envelope, Id, IdMap, Pickle, TestStepResultStatus};
use crate::report::{Formatter, Options, ReportError, formatter};
use crate::run::{Outcome, Sink};
use crate::terminal;

use super::name;

/// Prints the tests' names as libtest does, which nextest reads.
pub(super) fn list<'a>(pickles: impl Iterator<Item = &'a Arc<Pickle>>) {
    for pickle in pickles {
        println!("{}: test", name(pickle));
    }
}

/// The [`Sink`] of a suite run as tests.
pub(super) struct Report {
    started: Instant,
    /// Tells of what failed, at the end.
    summary: Box<dyn Formatter>,
    /// What `summary` wrote.
    details: Vec<u8>,
    /// What the scenario that is running printed, where it is kept back.
    captured: Option<String>,
    pickles: IdMap<Arc<Pickle>>,
    /// The pickle of a test case, by the id of the test case.
    cases: IdMap<Id>,
    attempts: IdMap<Attempt>,
    passed: usize,
    failed: Vec<String>,
    /// Whether a pending scenario failed.
    strict: bool,
    selected: usize,
    filtered_out: usize,
}

struct Attempt {
    test_case_id: Id,
    status: TestStepResultStatus,
}

impl Report {
    /// A report on `selected` scenarios, those that were `filtered_out` aside.
    pub(super) fn new(
        selected: usize,
        filtered_out: usize,
        strict: bool,
        capture: bool,
    ) -> Result<Self, ReportError> {
        Ok(Self {
            started: Instant::now(),
            summary: formatter("summary", false, &Options::default())?,
            details: Vec::new(),
            captured: capture.then(String::new),
            pickles: IdMap::default(),
            cases: IdMap::default(),
            attempts: IdMap::default(),
            passed: 0,
            failed: Vec::new(),
            strict,
            selected,
            filtered_out,
        })
    }

    /// Prints the failures and the closing line; tells whether the suite passed.
    pub(super) fn finish(self, outcome: Outcome) -> bool {
        if !outcome.success {
            if let Some(printed) = self.captured.as_ref().filter(|printed| !printed.is_empty()) {
                println!("\n---- printed around the scenarios ----\n{printed}");
            }
            println!("\nfailures:\n\n{}", String::from_utf8_lossy(&self.details));
            println!("failures:");
            for name in &self.failed {
                println!("    {name}");
            }
        }
        println!(
            "\ntest result: {}. {} passed; {} failed; 0 ignored; 0 measured; {} filtered out; finished in {:.2}s\n",
            if outcome.success { "ok" } else { "FAILED" },
            self.passed,
            self.failed.len(),
            self.filtered_out,
            self.started.elapsed().as_secs_f64(),
        );
        outcome.success
    }

    /// The last attempt of a scenario decides about its test.
    fn end_case(&mut self, attempt: &Attempt) {
        use TestStepResultStatus::{Passed, Pending, Skipped, Unknown};
        let case = self.cases.remove(&attempt.test_case_id);
        let pickle = case.and_then(|pickle_id| self.pickles.remove(&pickle_id));
        let name = pickle.map_or_else(String::new, |pickle| name(&pickle));
        let pending_passes = attempt.status == Pending && !self.strict;
        if pending_passes || matches!(attempt.status, Unknown | Passed | Skipped) {
            self.passed += 1;
            println!("test {name} ... ok");
            self.captured.as_mut().map(String::clear);
            return;
        }
        let what = if attempt.status == Pending { "FAILED (pending)" } else { "FAILED" };
        println!("test {name} ... {what}");
        if let Some(captured) = self.captured.as_mut().filter(|captured| !captured.is_empty()) {
            println!("---- {name} printed ----\n{captured}");
            captured.clear();
        }
        self.failed.push(name);
    }
}

impl Sink for Report {
    fn envelope(&mut self, envelope: &Envelope) {
        // Writing to memory does not fail.
        let _ = self.summary.handle(envelope, &mut self.details);
        match envelope {
            Envelope::Pickle(pickle) => {
                self.pickles.insert(pickle.id, Arc::clone(pickle));
            }
            Envelope::TestCase(case) => {
                self.cases.insert(case.id, case.pickle_id);
            }
            Envelope::TestRunStarted(_) => println!("\nrunning {} tests", self.selected),
            Envelope::TestCaseStarted(started) => {
                // What BeforeAll hooks printed is none of the first scenario's.
                if self.passed + self.failed.len() == 0 && self.attempts.is_empty() {
                    self.captured.as_mut().map(String::clear);
                }
                let status = TestStepResultStatus::Unknown;
                let attempt = Attempt { test_case_id: started.test_case_id, status };
                self.attempts.insert(started.id, attempt);
            }
            Envelope::TestStepFinished(finished) => {
                if let Some(attempt) = self.attempts.get_mut(&finished.test_case_started_id) {
                    attempt.status = attempt.status.max(finished.test_step_result.status);
                }
            }
            Envelope::TestCaseFinished(finished) => {
                let attempt = self.attempts.remove(&finished.test_case_started_id);
                if let Some(attempt) = attempt.filter(|_| !finished.will_be_retried) {
                    self.end_case(&attempt);
                }
            }
            _ => {}
        }
    }

    fn output(&mut self, stream: Stream, text: &str) {
        match (&mut self.captured, stream) {
            (Some(captured), _) => captured.push_str(text),
            (None, Stream::Stdout) => print!("{text}"),
            (None, Stream::Stderr) => eprint!("{text}"),
        }
    }

    fn notice(&mut self, text: &str) {
        let _ = io::stdout().flush();
        terminal::warn(text);
    }

    fn wants_plan(&self) -> bool {
        false
    }

    fn idle(&mut self) {
        // As libtest: who reads the names does not want to wait for them.
        let _ = io::stdout().flush();
    }
}
