//! Reports: folds over Cucumber Messages.
//!
//! A [`Formatter`] is told of every envelope of a run and writes a report: text, as cucumber-js
//! 13.2 prints it byte for byte, or data. [`Reports`] holds those of one run and owns where they
//! write to. What a formatter keeps of a scenario it drops when the scenario is over, unless the
//! report ends with it.
//!
//! This module sees nothing but envelopes. It does not decide whether a run succeeded (that is
//! `TestRunFinished::success`), does not shorten stack traces, and generates no expressions: all of
//! these come ready in the messages.

mod color;
mod duration;
mod error;
mod issue;
mod line;
mod message;
mod options;
mod outline;
mod pretty;
mod progress;
mod progress_bar;
mod query;
mod reports;
mod snippets;
mod status;
mod style;
mod summary;
mod table;
mod text;
mod theme;

#[cfg(test)]
mod tests;

use std::io::{self, Write};

pub use error::ReportError;
pub use options::{Options, PrettyOptions};
pub use reports::Reports;
pub use theme::Theme;

use crate::messages::Envelope;
use message::Messages;
use pretty::Pretty;
use progress::Progress;
use progress_bar::ProgressBar;
use snippets::Snippets;
use style::Painter;
use summary::Summary;

/// The formatters there are, for help and messages.
pub const FORMATTERS: [&str; 6] =
    ["message", "pretty", "progress", "progress-bar", "snippets", "summary"];

/// Those of cucumber-js that are not there yet.
const NOT_YET: [&str; 6] = ["html", "json", "junit", "rerun", "usage", "usage-json"];

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

/// The formatter of that name.
///
/// # Errors
/// [`ReportError::UnknownFormatter`] and [`ReportError::NotYet`].
pub fn formatter(
    name: &str,
    colors: bool,
    options: &Options,
) -> Result<Box<dyn Formatter>, ReportError> {
    let painter = Painter { colors };
    let attachments = options.includes_attachments();
    let theme = || options.theme.clone().unwrap_or_else(Theme::cucumber);
    Ok(match name {
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
        "snippets" => Box::<Snippets>::default(),
        "summary" => Box::new(Summary::new(theme(), painter, attachments)),
        _ => return Err(error::no_such_formatter(name)),
    })
}

/// Of the terminal on standard output.
fn columns() -> usize {
    let size = rustix::termios::tcgetwinsize(io::stdout());
    size.ok().map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0).unwrap_or(80)
}
