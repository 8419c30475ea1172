//! `progress-bar`: two bars that are drawn anew as the run goes on, below the problems so far, then the counts.
//!
//! It needs a terminal: whoever opens reports gives `progress` in its place where there is none.

use std::io::{self, Write};

use super::Formatter;
use super::line::exception_message;
use super::summary::{Problem, Summary};
use super::text::{indent, numbered};
use crate::messages::{Envelope, TestCaseFinished, TestRunFinished, TestStepResultStatus};

const MAX_BAR_WIDTH: usize = 50;
/// What is kept for the numbers beside a bar.
const LEGEND_WIDTH: usize = 30;
/// Up to the first of the four lines that bars and status take, and everything below it away.
const ERASE: &str = "\x1b[4A\x1b[0J";

pub(super) struct ProgressBar {
    summary: Summary,
    /// The columns of the terminal, asked whenever it is drawn to: they may change.
    columns: fn() -> usize,
    phase: Phase,
    /// How many were printed.
    problems: usize,
    /// Whether what the bars show is no longer so.
    stale: bool,
    running: usize,
    scenarios: Bar,
    steps: Bar,
}

#[derive(Clone, Copy, PartialEq)]
enum Phase {
    /// No line was drawn yet.
    Loading,
    Preparing,
    Running,
    Done,
}

#[derive(Default)]
struct Bar {
    finished: usize,
    total: usize,
}

impl ProgressBar {
    pub fn new(summary: Summary, columns: fn() -> usize) -> Self {
        Self {
            summary,
            columns,
            phase: Phase::Loading,
            problems: 0,
            stale: false,
            running: 0,
            scenarios: Bar::default(),
            steps: Bar::default(),
        }
    }

    fn finish_case(&mut self, finished: &TestCaseFinished) {
        self.running = self.running.saturating_sub(1);
        if !finished.will_be_retried {
            self.scenarios.finished += 1;
        }
    }

    /// Prints problems above the bars, or above where they will be.
    fn print(&mut self, problems: &[Problem], out: &mut dyn Write) -> io::Result<()> {
        if !matches!(self.phase, Phase::Loading) {
            out.write_all(ERASE.as_bytes())?;
        }
        for problem in problems {
            if self.problems == 0 {
                writeln!(out, "Problems:")?;
            }
            self.problems += 1;
            let (kind, details) = match problem {
                Problem::ParameterType(details) => ("Undefined parameter type", details),
                Problem::RunHook(details) => ("Global hook", details),
                Problem::Scenario(details) => ("Scenario", details),
                Problem::Run(details) => ("Test run", details),
            };
            let look = &self.summary.look;
            let kind = look.painter.paint(format!("{kind}:"), &look.theme.affix);
            writeln!(out, "{}", numbered(&format!("{kind} {details}"), self.problems))?;
        }
        Ok(())
    }

    fn draw(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.stale = false;
        let width = (self.columns)().saturating_sub(LEGEND_WIDTH).min(MAX_BAR_WIDTH);
        let status = match self.phase {
            Phase::Loading | Phase::Preparing => "Getting ready...".to_owned(),
            Phase::Running => format!("Running {} scenarios...", self.running),
            Phase::Done => "Done".to_owned(),
        };
        let (scenarios, steps) = (self.scenarios.drawn(width), self.steps.drawn(width));
        write!(out, "\n{scenarios} scenarios\n{steps} steps\n{status}\n")
    }

    fn finish_run(
        &mut self,
        finished: &TestRunFinished,
        mut problems: Vec<Problem>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if let Some(exception) = &finished.exception {
            let message = exception_message(exception).unwrap_or("Unknown error");
            let error = self.summary.look.error(message, TestStepResultStatus::Failed);
            problems.push(Problem::Run(format!("\n{}", indent(&error, 4))));
        }
        self.print(&problems, out)?;
        self.phase = Phase::Done;
        self.summary.write_counts(finished, out)?;
        self.summary.write_snippets(out)
    }
}

impl Bar {
    fn drawn(&self, width: usize) -> String {
        let Self { finished, total } = *self;
        let filled = match total {
            0 => 0,
            _ => (finished as f64 / total as f64 * width as f64).round() as usize,
        };
        let filled = filled.min(width);
        format!("{}{} {finished}/{total}", "█".repeat(filled), "░".repeat(width - filled))
    }
}

impl Formatter for ProgressBar {
    fn handle(&mut self, envelope: &Envelope, out: &mut dyn Write) -> io::Result<()> {
        let before_retry = match envelope {
            Envelope::TestCaseFinished(finished) if finished.will_be_retried => {
                let attempt = self.summary.query.attempt(finished.test_case_started_id);
                attempt.map_or(0, |attempt| attempt.test_case.test_steps.len())
            }
            _ => 0,
        };
        let problems: Vec<Problem> = self.summary.update(envelope).into_iter().collect();
        match envelope {
            Envelope::TestCase(case) => {
                self.scenarios.total += 1;
                self.steps.total += case.test_steps.len();
            }
            Envelope::TestCaseStarted(_) => {
                self.running += 1;
                self.phase = Phase::Running;
            }
            Envelope::TestStepFinished(_) => self.steps.finished += 1,
            Envelope::TestCaseFinished(finished) => {
                self.finish_case(finished);
                self.steps.finished = self.steps.finished.saturating_sub(before_retry);
            }
            Envelope::TestRunStarted(_) => {
                self.draw(out)?;
                self.phase = Phase::Preparing;
            }
            Envelope::TestRunFinished(finished) => return self.finish_run(finished, problems, out),
            _ => {}
        }
        self.stale |= !matches!(self.phase, Phase::Loading | Phase::Done);
        if problems.is_empty() {
            return Ok(());
        }
        self.print(&problems, out)?;
        if self.phase == Phase::Loading { Ok(()) } else { self.draw(out) }
    }

    /// Draws the bars once for all that has happened since the last time.
    fn flush(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.stale {
            out.write_all(ERASE.as_bytes())?;
            self.draw(out)?;
        }
        out.flush()
    }

    fn wants_plan(&self) -> bool {
        true
    }

    fn wants_terminal(&self) -> bool {
        matches!(self.phase, Phase::Preparing | Phase::Running)
    }
}
