//! Reports: folds over Cucumber Messages.
//!
//! A [`Formatter`] is told of every envelope of a run and writes a report: text, as cucumber-js
//! 13.3 prints it byte for byte, or data. [`Reports`] holds those of one run and owns where they
//! write to. What a formatter keeps of a scenario it drops when the scenario is over, unless the
//! report ends with it.
//!
//! This module sees nothing but envelopes. It does not decide whether a run succeeded (that is
//! `TestRunFinished::success`), does not shorten stack traces, and generates no expressions: all of
//! these come ready in the messages.

mod color;
mod documents;
mod duration;
mod error;
mod issue;
mod json;
mod junit;
mod line;
mod message;
mod near_definition;
mod options;
mod outline;
mod pretty;
mod progress;
mod progress_bar;
mod query;
mod reports;
mod rerun;
mod snippets;
mod status;
mod style;
mod summary;
mod table;
mod text;
mod theme;
mod usage;
mod usage_json;
mod usage_table;
mod xml;

#[cfg(test)]
mod tests;

use std::io::{self, Write};

pub use error::ReportError;
pub use options::{JunitOptions, Options, PrettyOptions, RerunOptions};
pub use reports::Reports;
pub use theme::Theme;

use crate::messages::Envelope;
use json::Json;
use junit::Junit;
use message::Messages;
use pretty::Pretty;
use progress::Progress;
use progress_bar::ProgressBar;
use rerun::Rerun;
use snippets::Snippets;
use style::Painter;
use summary::Summary;
use usage_json::UsageJson;
use usage_table::UsageTable;

/// The formatters there are, for help and messages.
pub const FORMATTERS: [&str; 11] = [
    "json",
    "junit",
    "message",
    "pretty",
    "progress",
    "progress-bar",
    "rerun",
    "snippets",
    "summary",
    "usage",
    "usage-json",
];

/// The one on standard output where none was asked for.
pub const DEFAULT_FORMATTER: &str = "progress";

/// Those of cucumber-js that are not there yet.
const NOT_YET: [&str; 1] = ["html"];

/// A report in the making.
pub trait Formatter: Send {
    /// Takes in the next envelope of the run and writes what it has to say about it.
    ///
    /// # Errors
    /// Where `out` cannot be written to; the formatter gets no further envelope then.
    fn handle(&mut self, envelope: &Envelope, out: &mut dyn Write) -> io::Result<()>;

    /// Writes out what is buffered: there is nothing more to tell just now.
    ///
    /// # Errors
    /// As [`Self::handle`].
    fn flush(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.flush()
    }

    /// Whether what steps print would get into what it is drawing, so that it is better dropped.
    fn wants_terminal(&self) -> bool {
        false
    }

    /// Whether it shows pickles and test cases before they run: see [`Sink::wants_plan`](crate::run::Sink).
    fn wants_plan(&self) -> bool {
        false
    }
}

/// Makes sure that there is a formatter of that name.
///
/// # Errors
/// [`ReportError::UnknownFormatter`], [`ReportError::NotYet`] and [`ReportError::Custom`].
pub fn find(name: &str) -> Result<(), ReportError> {
    if FORMATTERS.contains(&name) { Ok(()) } else { Err(error::no_such_formatter(name)) }
}

/// The formatter of that name.
///
/// # Errors
/// As [`find`].
pub fn formatter(
    name: &str,
    colors: bool,
    options: &Options,
) -> Result<Box<dyn Formatter>, ReportError> {
    let painter = Painter { colors };
    let attachments = options.includes_attachments();
    let theme = || options.theme.clone().unwrap_or_else(Theme::cucumber);
    Ok(match name {
        "json" => Box::<Json>::default(),
        "junit" => Box::new(Junit::new(options.junit.clone())),
        "message" => Box::new(Messages),
        "pretty" => {
            let own = options.pretty.clone();
            let attachments = own.include_attachments.unwrap_or(attachments);
            let theme = own.theme.clone().unwrap_or_else(theme);
            Box::new(Pretty::new(Summary::new(theme, painter, attachments), attachments, own))
        }
        "progress" => Box::new(Progress::new(Summary::new(theme(), painter, attachments))),
        "progress-bar" => {
            Box::new(ProgressBar::new(Summary::new(theme(), painter, attachments), columns))
        }
        "rerun" => Box::new(Rerun::new(options.rerun.separator.clone())),
        "snippets" => Box::<Snippets>::default(),
        "summary" => Box::new(Summary::new(theme(), painter, attachments)),
        "usage" => Box::<UsageTable>::default(),
        "usage-json" => Box::<UsageJson>::default(),
        _ => return Err(error::no_such_formatter(name)),
    })
}

/// Of the terminal on standard output.
fn columns() -> usize {
    let size = rustix::termios::tcgetwinsize(io::stdout());
    size.ok().map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0).unwrap_or(80)
}
