//! What was still pending when the time to wait for it was over, for the end of the run.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use crate::discover::relative;
use crate::isolate::PendingWork;

/// Most lines of the notice; the rest is counted.
const MOST_LINES: usize = 20;

/// Work of one kind that was started at one position.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Leftover {
    what: &'static str,
    verb: &'static str,
    /// `file:line:column`, in the project a relative path.
    position: Option<String>,
    by: LeftBy,
}

/// Who left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum LeftBy {
    Scenario,
    /// BeforeAll hooks, or step files while they were loaded.
    BeforeAll,
    AfterAll,
}

impl LeftBy {
    /// After what it was pending.
    pub(super) fn end(self) -> &'static str {
        match self {
            LeftBy::Scenario => "after the scenario's last step or hook",
            LeftBy::BeforeAll => "after step files were loaded and BeforeAll hooks had run",
            LeftBy::AfterAll => "after the last AfterAll hook",
        }
    }
}

impl Leftover {
    pub(super) fn new(work: PendingWork, by: LeftBy, project: &Path) -> Self {
        let position = work.position.as_ref().map(|position| {
            let file = relative(project, Path::new(&position.file));
            format!("{file}:{}:{}", position.line, position.column)
        });
        Self { what: work.what, verb: work.verb(), position, by }
    }
}

/// All that a run left, in the order in which it was first left.
#[derive(Debug, Default)]
pub(super) struct Leftovers {
    counts: Vec<(Leftover, usize)>,
    indices: HashMap<Leftover, usize>,
}

impl Leftovers {
    pub(super) fn add(&mut self, left: Vec<Leftover>) {
        for one in left {
            let index = *self.indices.entry(one.clone()).or_insert(self.counts.len());
            match self.counts.get_mut(index) {
                Some((_, count)) => *count += 1,
                None => self.counts.push((one, 1)),
            }
        }
    }

    /// What the user is told of it; nothing if there is none. `waited` says whether it was waited for.
    pub(super) fn notice(&self, waited: bool) -> Option<String> {
        if self.counts.is_empty() {
            return None;
        }
        let mut text = String::from(match waited {
            true => "the run left work pending that did not end in time, so it was cancelled:",
            false => "the run left work pending, which --force-exit does not wait for:",
        });
        for (left, count) in self.counts.iter().take(MOST_LINES) {
            text.push_str(&format!("\n  {}", Line(left, *count)));
        }
        if let Some(more @ 1..) = self.counts.len().checked_sub(MOST_LINES) {
            text.push_str(&format!("\n  and more, started at {more} other places"));
        }
        text.push_str(
            "\nawait it, end it in an After or AfterAll hook, or keep a timer from counting with unref()",
        );
        Some(text)
    }
}

struct Line<'a>(&'a Leftover, usize);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Line(Leftover { what, verb, position, by }, count) = self;
        let what = if *count == 1 { (*what).to_owned() } else { plural(what) };
        write!(f, "{count} {what} still pending")?;
        if let Some(position) = position {
            write!(f, ", {verb} at {position}")?;
        }
        f.write_str(match by {
            LeftBy::Scenario => "",
            LeftBy::BeforeAll => ", before the first scenario",
            LeftBy::AfterAll => ", by AfterAll",
        })
    }
}

/// The plural of a noun with or without more words after it.
fn plural(what: &str) -> String {
    match what {
        "child process" => "child processes".to_owned(),
        "response body" => "response bodies".to_owned(),
        _ => match what.split_once(' ') {
            Some((noun, rest)) => format!("{noun}s {rest}"),
            None => format!("{what}s"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isolate::Position;

    fn left(what: &'static str, line: u32, by: LeftBy) -> Leftover {
        let position = Some(Position { file: "/p/steps/cart.js".to_owned(), line, column: 3 });
        Leftover::new(PendingWork { what, position }, by, Path::new("/p"))
    }

    #[test]
    fn what_was_started_at_one_place_is_counted() {
        let mut leftovers = Leftovers::default();
        assert_eq!(leftovers.notice(true), None);
        leftovers
            .add(vec![left("timer", 12, LeftBy::Scenario), left("timer", 3, LeftBy::BeforeAll)]);
        leftovers.add(vec![left("timer", 12, LeftBy::Scenario)]);
        let text = leftovers.notice(true).unwrap_or_default();
        assert!(text.contains("\n  2 timers still pending, set at steps/cart.js:12:3\n"), "{text}");
        assert!(
            text.contains("\n  1 timer still pending, set at steps/cart.js:3:3, before "),
            "{text}"
        );
    }

    #[test]
    fn a_long_list_is_cut() {
        let mut leftovers = Leftovers::default();
        leftovers.add((1..=25).map(|line| left("request", line, LeftBy::Scenario)).collect());
        let text = leftovers.notice(false).unwrap_or_default();
        assert_eq!(text.matches("1 request still pending, started at").count(), 20, "{text}");
        assert!(text.contains("and more, started at 5 other places"), "{text}");
    }

    #[test]
    fn plurals() {
        assert_eq!(plural("start of a command"), "starts of a command");
        assert_eq!(plural("child process"), "child processes");
    }
}
