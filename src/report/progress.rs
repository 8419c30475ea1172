//! `progress`: a character for each step and hook as it ends, then the summary.

use std::io::{self, Write};

use super::Formatter;
use super::summary::Summary;
use crate::messages::Envelope;

pub(super) struct Progress {
    summary: Summary,
}

impl Progress {
    pub fn new(summary: Summary) -> Self {
        Self { summary }
    }
}

impl Formatter for Progress {
    fn handle(&mut self, envelope: &Envelope, out: &mut dyn Write) -> io::Result<()> {
        self.summary.update(envelope);
        let look = &self.summary.look;
        match envelope {
            Envelope::TestStepFinished(finished) => {
                out.write_all(look.progress(finished.test_step_result.status).as_bytes())
            }
            Envelope::TestRunHookFinished(finished) => {
                out.write_all(look.progress(finished.result.status).as_bytes())
            }
            Envelope::TestRunFinished(finished) => {
                writeln!(out)?;
                self.summary.write(finished, out)
            }
            _ => Ok(()),
        }
    }

    fn wants_whole_attempts(&self) -> bool {
        true
    }
}
