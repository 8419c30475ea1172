//! Attempts that run at the same time, each held back until it is over, so that it is shown as a whole with what its
//! steps printed.

use std::io::{self, Read, Seek, Write};

use tempfile::SpooledTempFile;

use crate::host::Stream;
use crate::messages::{Envelope, Id, IdMap};

/// So many bytes of what an attempt printed are kept in memory. What is beyond goes into a file without a name.
const IN_MEMORY: usize = 64 << 10;

/// The attempts that are under way.
#[derive(Default)]
pub(super) struct Attempts(IdMap<Attempt>);

/// What was told of an attempt so far.
pub(super) struct Attempt {
    told: Vec<Told>,
    /// What its steps printed.
    text: SpooledTempFile,
}

pub(super) enum Told {
    Envelope(Envelope),
    /// The next so many bytes of the text.
    Text(Stream, u64),
}

/// What to do with an envelope.
pub(super) enum Fate {
    /// Nothing yet.
    Held,
    /// It belongs to no attempt.
    Free,
    /// It was the last one of its attempt.
    Over(Attempt),
}

impl Attempts {
    pub(super) fn hold(&mut self, envelope: &Envelope) -> Fate {
        let started = match envelope {
            Envelope::TestCaseStarted(started) => {
                self.0.insert(started.id, Attempt::new());
                Some(started.id)
            }
            Envelope::TestStepStarted(started) => Some(started.test_case_started_id),
            Envelope::TestStepFinished(finished) => Some(finished.test_case_started_id),
            Envelope::TestCaseFinished(finished) => Some(finished.test_case_started_id),
            Envelope::Attachment(attachment) => attachment.test_case_started_id,
            _ => None,
        };
        let attempt = started.and_then(|started| self.0.get_mut(&started));
        let Some(attempt) = attempt else { return Fate::Free };
        attempt.told.push(Told::Envelope(envelope.clone()));
        match envelope {
            Envelope::TestCaseFinished(finished) => {
                self.0.remove(&finished.test_case_started_id).map_or(Fate::Free, Fate::Over)
            }
            _ => Fate::Held,
        }
    }

    /// Holds back what an attempt printed; false where it is to be shown at once.
    pub(super) fn hold_text(&mut self, attempt: Id, stream: Stream, text: &str) -> bool {
        self.0.get_mut(&attempt).is_some_and(|attempt| attempt.print(stream, text).is_ok())
    }
}

impl Attempt {
    fn new() -> Self {
        Self { told: Vec::new(), text: SpooledTempFile::new(IN_MEMORY) }
    }

    fn print(&mut self, stream: Stream, text: &str) -> io::Result<()> {
        self.text.write_all(text.as_bytes())?;
        match self.told.last_mut() {
            Some(Told::Text(last, bytes)) if *last == stream => *bytes += text.len() as u64,
            _ => self.told.push(Told::Text(stream, text.len() as u64)),
        }
        Ok(())
    }

    /// Shows it to both, in order.
    pub(super) fn show(self, mut show: impl FnMut(Part<'_>)) {
        let Self { told, mut text } = self;
        // What cannot be read back is lost, as what cannot be printed is.
        let _ = text.rewind();
        for told in told {
            match told {
                Told::Envelope(envelope) => show(Part::Envelope(&envelope)),
                Told::Text(stream, bytes) => {
                    show(Part::Text(stream, &mut Read::by_ref(&mut text).take(bytes)));
                }
            }
        }
    }
}

/// A part of an attempt that is over.
pub(super) enum Part<'a> {
    Envelope(&'a Envelope),
    Text(Stream, &'a mut dyn Read),
}
