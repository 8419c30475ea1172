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

/// As `println!`, but that where nobody reads any more, as after the end of the terminal, the run goes on to its end.
macro_rules! print_line {
    ($($text:tt)*) => { drop(writeln!(io::stdout(), $($text)*)) };
}

/// Prints the tests' names as libtest does, which nextest reads.
pub(super) fn list<'a>(pickles: impl Iterator<Item = &'a Arc<Pickle>>) {
    for pickle in pickles {
        print_line!("{}: test", name(pickle));
    }
}

/// The [`Sink`] of a suite run as tests.
pub(super) struct Report {
    started: Instant,
    /// Tells of what failed, at the end.
    summary: Box<dyn Formatter>,
    /// What `summary` wrote.
    details: Vec<u8>,
    /// Whether what scenarios print is kept back, until one fails.
    capture: bool,
    /// What was printed around the scenarios, where it is kept back.
    around: String,
    pickles: IdMap<Arc<Pickle>>,
    /// The pickle of a test case, by the id of the test case.
    cases: IdMap<Id>,
    attempts: IdMap<Attempt>,
    /// What failed attempts printed, by their test case, for the next ones.
    retried: IdMap<String>,
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
    /// What it and earlier attempts printed, where that is kept back.
    captured: String,
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
            capture,
            around: String::new(),
            pickles: IdMap::default(),
            cases: IdMap::default(),
            attempts: IdMap::default(),
            retried: IdMap::default(),
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
            if !self.around.is_empty() {
                print_line!("\n---- printed around the scenarios ----\n{}", self.around);
            }
            print_line!("\nfailures:\n\n{}", String::from_utf8_lossy(&self.details));
            print_line!("failures:");
            for name in &self.failed {
                print_line!("    {name}");
            }
        }
        print_line!(
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
            print_line!("test {name} ... ok");
            return;
        }
        let what = if attempt.status == Pending { "FAILED (pending)" } else { "FAILED" };
        print_line!("test {name} ... {what}");
        if !attempt.captured.is_empty() {
            print_line!("---- {name} printed ----\n{}", attempt.captured);
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
            Envelope::TestRunStarted(_) => print_line!("\nrunning {} tests", self.selected),
            Envelope::TestCaseStarted(started) => {
                let attempt = Attempt {
                    test_case_id: started.test_case_id,
                    status: TestStepResultStatus::Unknown,
                    captured: self.retried.remove(&started.test_case_id).unwrap_or_default(),
                };
                self.attempts.insert(started.id, attempt);
            }
            Envelope::TestStepFinished(finished) => {
                if let Some(attempt) = self.attempts.get_mut(&finished.test_case_started_id) {
                    attempt.status = attempt.status.max(finished.test_step_result.status);
                }
            }
            Envelope::TestCaseFinished(finished) => {
                match self.attempts.remove(&finished.test_case_started_id) {
                    Some(attempt) if finished.will_be_retried => {
                        self.retried.insert(attempt.test_case_id, attempt.captured);
                    }
                    Some(attempt) => self.end_case(&attempt),
                    None => {}
                }
            }
            _ => {}
        }
    }

    fn output(&mut self, attempt: Option<Id>, stream: Stream, text: &str) {
        match stream {
            _ if self.capture => {
                let attempt = attempt.and_then(|attempt| self.attempts.get_mut(&attempt));
                attempt.map_or(&mut self.around, |attempt| &mut attempt.captured).push_str(text);
            }
            Stream::Stdout => drop(io::stdout().write_all(text.as_bytes())),
            Stream::Stderr => drop(io::stderr().write_all(text.as_bytes())),
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
