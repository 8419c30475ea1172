//! What a run tells its user once it is over, beside its reports.

/// What a notice is about, in the order in which notices are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Topic {
    /// No scenario was selected, or a path led to none.
    Selection,
    /// Work was left pending and cancelled.
    Pending,
    /// Steps are undefined, and step files may be missing.
    Undefined,
    /// What the sandbox refused.
    Refusals,
    /// The compile cache is not used.
    Cache,
}

/// The notices of one run: each a text of one or several lines, without a line break at its end.
///
/// Whatever has something to say at the end of a run adds it here. [`run`](super::run) passes all of them to
/// [`Sink::notice`](super::Sink::notice) after the last envelope, also where the run ended with an error.
#[derive(Debug, Default)]
pub(crate) struct Notices(Vec<(Topic, String)>);

impl Notices {
    pub(crate) fn add(&mut self, topic: Topic, text: impl Into<String>) {
        self.0.push((topic, text.into()));
    }

    /// The texts, by topic; those of one topic in the order in which they were added.
    pub(crate) fn into_texts(mut self) -> impl Iterator<Item = String> {
        self.0.sort_by_key(|(topic, _)| *topic);
        self.0.into_iter().map(|(_, text)| text)
    }
}
