//! What the command shows of a run: its reports, and in order with them what its steps print.

use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};

use crate::config::{Color, Config};
use crate::host::Stream;
use crate::messages::Envelope;
use crate::report::{self, DEFAULT_FORMATTER, Options, ReportError, Reports};
use crate::run::Sink;

/// The [`Sink`] of the command.
pub struct Terminal {
    reports: Reports,
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
        Ok(Self { reports: Reports::open(&formats, &options, &config.cwd)? })
    }

    /// Ends the reports; what could not be written, each a reason for the exit code 1.
    #[must_use = "a report that could not be written must not be lost silently"]
    pub fn finish(self) -> Vec<ReportError> {
        self.reports.finish()
    }
}

impl Sink for Terminal {
    fn envelope(&mut self, envelope: &Envelope) {
        self.reports.handle(envelope);
    }

    /// What a step prints is lost quietly where its reader went away, and, as in cucumber-js, where it would get into
    /// a progress bar.
    fn output(&mut self, stream: Stream, text: &str) {
        self.reports.flush();
        if self.reports.want_terminal() {
            return;
        }
        let _ = match stream {
            Stream::Stdout => {
                io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush())
            }
            Stream::Stderr => io::stderr().write_all(text.as_bytes()),
        };
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

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// Tells of something that does not stop the run.
pub fn warn(text: &str) {
    anstream::eprintln!("{WARNING}warning:{WARNING:#} {text}");
}

/// Tells of what the user must mend.
pub fn error(error: &dyn std::error::Error) {
    anstream::eprintln!("{ERROR}error:{ERROR:#} {error}");
}
