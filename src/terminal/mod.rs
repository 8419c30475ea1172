//! What the command shows of a run: its reports, and in order with them what its steps print.

mod attempts;

use std::fmt;
use std::io::{self, IsTerminal, Read, Write};

use anstyle::{AnsiColor, Style};

use crate::config::{Color, Config};
use crate::host::Stream;
use crate::messages::{Envelope, Id};
use crate::report::{self, DEFAULT_FORMATTER, Options, Reader, ReportError, Reports};
use crate::run::Sink;

use attempts::{Attempt, Attempts, Fate, Part};

/// The [`Sink`] of the command.
pub struct Terminal {
    reports: Reports,
    /// Where several run at the same time. Else each is shown as it goes.
    attempts: Option<Attempts>,
}

impl Terminal {
    /// Opens the reports that the configuration asks for, but for those whose formatters are not there.
    ///
    /// # Errors
    /// As [`Reports::open`], and format options that are not what they should be.
    pub fn open(config: &Config) -> Result<Self, ReportError> {
        let mut options = Options::parse(&config.format_options)?;
        options.colors_enabled = match config.color {
            Color::Auto => options.colors_enabled,
            Color::Always => Some(true),
            Color::Never => Some(false),
        };
        let formats: Vec<_> = config
            .formats
            .iter()
            .filter_map(|format| {
                let target =
                    format.target.as_ref().map(|target| target.to_string_lossy().into_owned());
                if let Err(error) = report::find(&format.name) {
                    warn(&match &target {
                        Some(file) => format!("{error}; the run goes on without {file}"),
                        None => format!("{error}; `{DEFAULT_FORMATTER}` takes its place"),
                    });
                    return None;
                }
                let is_terminal = target.is_none() && io::stdout().is_terminal();
                if format.name == "progress-bar" && !is_terminal {
                    warn(&format!(
                        "`progress-bar` needs a terminal, and {} is none: `progress` takes its place",
                        target.as_deref().unwrap_or("standard output")
                    ));
                    return Some(("progress".to_owned(), target));
                }
                Some((format.name.clone(), target))
            })
            .collect();
        let reports = Reports::open(&formats, &options, &config.cwd)?;
        Ok(Self { reports, attempts: (config.parallel > 1).then(Attempts::default) })
    }

    /// Ends the reports; what could not be written, each a reason for the exit code 1.
    #[must_use = "a report that could not be written must not be lost silently"]
    pub fn finish(self) -> Vec<ReportError> {
        self.reports.finish()
    }

    fn show(&mut self, attempt: Attempt) {
        attempt.show(|part| match part {
            Part::Envelope(envelope) => self.reports.handle(envelope, Reader::OfWholeAttempts),
            Part::Text(stream, text) => print(&mut self.reports, stream, text),
        });
    }
}

impl Sink for Terminal {
    fn envelope(&mut self, envelope: &Envelope) {
        self.reports.handle(envelope, Reader::OfEvents);
        match self.attempts.as_mut().map_or(Fate::Free, |attempts| attempts.hold(envelope)) {
            Fate::Held => {}
            Fate::Free => self.reports.handle(envelope, Reader::OfWholeAttempts),
            Fate::Over(attempt) => self.show(attempt),
        }
    }

    /// As in cucumber-js, what a step prints is dropped where it would get into a progress bar.
    fn output(&mut self, attempt: Option<Id>, stream: Stream, text: &str) {
        if self.reports.want_terminal() {
            return;
        }
        if let (Some(attempts), Some(attempt)) = (&mut self.attempts, attempt)
            && attempts.hold_text(attempt, stream, text)
        {
            return;
        }
        print(&mut self.reports, stream, &mut text.as_bytes());
    }

    fn idle(&mut self) {
        self.reports.flush();
    }

    fn notice(&mut self, text: &str) {
        self.reports.flush();
        warn(text);
    }

    fn wants_plan(&self) -> bool {
        self.reports.want_plan()
    }
}

/// Prints what a step printed, behind what reports have to say so far. It is lost quietly where its reader went away.
fn print(reports: &mut Reports, stream: Stream, text: &mut dyn Read) {
    reports.flush();
    let _ = match stream {
        Stream::Stdout => io::copy(text, &mut io::stdout()).and_then(|_| io::stdout().flush()),
        Stream::Stderr => io::copy(text, &mut io::stderr()).map(drop),
    };
}

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// Tells of something that does not stop the run.
pub fn warn(text: &str) {
    say(format_args!("{WARNING}warning:{WARNING:#} {text}"));
}

/// Tells of what the user must mend.
pub fn error(error: &dyn std::error::Error) {
    say(format_args!("{ERROR}error:{ERROR:#} {error}"));
}

/// Where nobody reads standard error any more, as after the end of the terminal, there is nobody to tell.
fn say(line: fmt::Arguments<'_>) {
    let _ = writeln!(anstream::stderr(), "{line}");
}
