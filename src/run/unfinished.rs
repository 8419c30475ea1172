//! What of a run has begun and not ended, as its envelopes tell, so that a run that ends early can still end it.

use crate::messages::{
    Envelope, Id, TestCaseFinished, TestRunHookFinished, TestStepFinished, TestStepResult,
    Timestamp,
};

/// What has begun and not ended. There are no more attempts than workers.
#[derive(Default)]
pub(super) struct Unfinished {
    attempts: Vec<Attempt>,
    test_run_hooks: Vec<Id>,
    begun_cases: usize,
}

struct Attempt {
    started: Id,
    test_step: Option<Id>,
}

impl Unfinished {
    pub(super) fn update(&mut self, envelope: &Envelope) {
        match envelope {
            Envelope::TestCaseStarted(started) => {
                self.begun_cases += usize::from(started.attempt == 0);
                self.attempts.push(Attempt { started: started.id, test_step: None });
            }
            Envelope::TestStepStarted(started) => {
                self.set_step(started.test_case_started_id, Some(started.test_step_id));
            }
            Envelope::TestStepFinished(finished) => {
                self.set_step(finished.test_case_started_id, None);
            }
            Envelope::TestCaseFinished(finished) => {
                self.attempts.retain(|attempt| attempt.started != finished.test_case_started_id);
            }
            Envelope::TestRunHookStarted(started) => self.test_run_hooks.push(started.id),
            Envelope::TestRunHookFinished(finished) => {
                self.test_run_hooks.retain(|hook| *hook != finished.test_run_hook_started_id);
            }
            _ => {}
        }
    }

    fn set_step(&mut self, started: Id, test_step: Option<Id>) {
        let attempt = self.attempts.iter_mut().find(|attempt| attempt.started == started);
        if let Some(attempt) = attempt {
            attempt.test_step = test_step;
        }
    }

    /// How many test cases have begun, ended or not.
    pub(super) fn begun_cases(&self) -> usize {
        self.begun_cases
    }

    /// Ends all of it: a step or hook with that result.
    pub(super) fn finish(&mut self, result: &TestStepResult) -> Vec<Envelope> {
        let timestamp = Timestamp::now();
        let mut envelopes = Vec::new();
        for Attempt { started, test_step } in self.attempts.drain(..) {
            envelopes.extend(test_step.map(|test_step_id| {
                Envelope::TestStepFinished(TestStepFinished {
                    test_case_started_id: started,
                    test_step_id,
                    test_step_result: result.clone(),
                    timestamp,
                })
            }));
            envelopes.push(Envelope::TestCaseFinished(TestCaseFinished {
                test_case_started_id: started,
                timestamp,
                will_be_retried: false,
            }));
        }
        envelopes.extend(self.test_run_hooks.drain(..).map(|test_run_hook_started_id| {
            Envelope::TestRunHookFinished(TestRunHookFinished {
                test_run_hook_started_id,
                result: result.clone(),
                timestamp,
            })
        }));
        envelopes
    }
}
