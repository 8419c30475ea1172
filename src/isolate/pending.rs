//! Work that a call leaves under way: timers, async ops, immediates; what of it is worth waiting for, where it
//! started, and its end.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use futures::{StreamExt, future::LocalBoxFuture, stream::FuturesUnordered};

use super::{
    event_loop::{EventLoop, Progress},
    host::Host,
    modules::{Called, Position},
    op::OpResult,
    raw::Hook,
    stack_trace,
};

/// Pieces of work whose position is looked for; of more than that the rest have none.
const MOST_POSITIONS: usize = 1000;
/// Pieces of work that an error names.
const MOST_NAMED: usize = 3;

/// A timer or an async op.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Started {
    /// JavaScript's id of the timer, or the number of the op.
    pub(super) id: u32,
    /// The call that started it, or that started what it continues.
    pub(super) call: u32,
    /// Whether [`Isolate::settle`](super::Isolate::settle) waits for it.
    pub(super) is_awaited: bool,
    /// How messages call it: "timer", "request", …
    pub(super) what: &'static str,
}

/// Work that is pending, as the user is shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingWork {
    /// "timer", "request", …
    pub what: &'static str,
    /// The author's line that started it; none if the author's code was not on the stack.
    pub position: Option<Position>,
}

/// How messages call timers and immediates, which are set; all else is started.
pub(super) const TIMER: &str = "timer";
pub(super) const IMMEDIATE: &str = "immediate";

impl PendingWork {
    /// What was done to it at its position: "set" or "started".
    pub fn verb(&self) -> &'static str {
        if matches!(self.what, TIMER | IMMEDIATE) { "set" } else { "started" }
    }
}

/// "timer set at FILE:LINE:COLUMN".
impl fmt::Display for PendingWork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)?;
        match &self.position {
            Some(Position { file, line, column }) => {
                write!(f, " {} at {file}:{line}:{column}", self.verb())
            }
            None => Ok(()),
        }
    }
}

/// Async ops under way.
#[derive(Default)]
pub(super) struct PendingOps {
    ops: FuturesUnordered<PendingOp>,
    awaited: usize,
}

struct PendingOp {
    started: Started,
    future: LocalBoxFuture<'static, OpResult>,
}

impl Future for PendingOp {
    type Output = (Started, OpResult);

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let started = self.started;
        self.future.as_mut().poll(context).map(|result| (started, result))
    }
}

impl PendingOps {
    pub(super) fn push(&mut self, started: Started, future: LocalBoxFuture<'static, OpResult>) {
        self.awaited += usize::from(started.is_awaited);
        self.ops.push(PendingOp { started, future });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    /// The next op that is over.
    pub(super) fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<(Started, OpResult)>> {
        let polled = self.ops.poll_next_unpin(context);
        if let Poll::Ready(Some((started, _))) = &polled {
            self.awaited -= usize::from(started.is_awaited);
        }
        polled
    }

    pub(super) fn set_awaited(&mut self, number: u32, is_awaited: bool) {
        for op in self.ops.iter_mut().filter(|op| op.started.id == number) {
            self.awaited -= usize::from(op.started.is_awaited);
            self.awaited += usize::from(is_awaited);
            op.started.is_awaited = is_awaited;
        }
    }

    pub(super) fn awaited(&self) -> usize {
        self.awaited
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Started> {
        self.ops.iter().map(|op| &op.started)
    }

    fn drop_awaited(&mut self) {
        let ops = std::mem::take(&mut self.ops);
        self.ops = ops.into_iter().filter(|op| !op.started.is_awaited).collect();
        self.awaited = 0;
    }

    pub(super) fn clear(&mut self) {
        self.ops.clear();
        self.awaited = 0;
    }
}

impl Host {
    /// Whether something is pending that is awaited.
    pub(super) fn has_awaited(&self) -> bool {
        self.timers.borrow().awaited() > 0
            || self.pending.borrow().awaited() > 0
            // Whose they are is not known: they may all be of a call that was given up, such as one that polls.
            || (self.has_immediates.get() && self.abandoned.borrow().is_empty())
    }

    /// What a call started is not awaited any more, nor what that goes on to start.
    pub(super) fn abandon(&self, call: u32) {
        self.abandoned.borrow_mut().push(call);
        let mut timers = self.timers.borrow_mut();
        let of_call = |started: &&Started| started.call == call && started.is_awaited;
        let ids: Vec<u32> = timers.iter().filter(of_call).map(|timer| timer.id).collect();
        ids.into_iter().for_each(|id| timers.set_awaited(id, false));
        let mut ops = self.pending.borrow_mut();
        let ids: Vec<u32> = ops.iter().filter(of_call).map(|op| op.id).collect();
        ids.into_iter().for_each(|id| ops.set_awaited(id, false));
    }
}

impl EventLoop<'_> {
    /// The work that is awaited, in the order in which it was started; of one call, or of all.
    pub(super) fn awaited_work(&self, call: Option<u32>) -> Vec<PendingWork> {
        let is_meant =
            |started: &&Started| started.is_awaited && call.is_none_or(|call| started.call == call);
        let mut all: Vec<Started> =
            self.host.timers.borrow().iter().filter(is_meant).copied().collect();
        all.sort_unstable_by_key(|timer| timer.id);
        let timers = all.len();
        all.extend(self.host.pending.borrow().iter().filter(is_meant));
        all[timers..].sort_unstable_by_key(|op| op.id);
        if self.host.has_immediates.get() && self.host.abandoned.borrow().is_empty() {
            let call = self.host.call.get();
            all.push(Started { id: 0, call, is_awaited: true, what: IMMEDIATE });
        }
        let find = |(index, started): (usize, Started)| PendingWork {
            what: started.what,
            position: (index < MOST_POSITIONS).then(|| self.position_of(started)).flatten(),
        };
        all.into_iter().enumerate().map(find).collect()
    }

    fn position_of(&self, Started { id, what, .. }: Started) -> Option<Position> {
        let (what, id) = (self.vm.string(what).ok()?, self.vm.number(f64::from(id)));
        let frames = Hook::StartOf.call(self.vm, self.host, &[&what, &id]).ok()?;
        self.host.author_position(&frames.as_string()?)
    }

    /// What the code that runs continues, given the frames at which that was started.
    pub(super) fn fired_work(&self, frames: &str) -> Option<PendingWork> {
        let what = self.host.fired.get()?;
        Some(PendingWork { what, position: self.host.author_position(frames) })
    }

    /// The work that the running call waits for, for its error: "still pending: request started at …"; empty if
    /// nothing is known.
    pub(super) fn awaited_by_call(&self) -> String {
        let work = self.awaited_work(Some(self.host.call.get()));
        if work.is_empty() {
            return String::new();
        }
        let named: Vec<String> = work.iter().take(MOST_NAMED).map(PendingWork::to_string).collect();
        let more = match work.len() - named.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!("still pending: {}{more}", named.join(", "))
    }

    /// Drops the work that is awaited. Promises that waited for it stay pending.
    pub(super) fn drop_awaited(&self) -> Progress {
        let timers: Vec<u32> = {
            let timers = self.host.timers.borrow();
            timers.iter().filter(|timer| timer.is_awaited).map(|timer| timer.id).collect()
        };
        self.vm.enter();
        for id in timers {
            self.host.timers.borrow_mut().clear(id);
            let id = self.vm.number(f64::from(id));
            self.look(Hook::ForgetTimer.call(self.vm, self.host, &[&id]))?;
        }
        let ops: Vec<u32> = {
            let mut pending = self.host.pending.borrow_mut();
            let ops = pending.iter().filter(|op| op.is_awaited).map(|op| op.id).collect();
            pending.drop_awaited();
            ops
        };
        for number in ops {
            let number = self.vm.number(f64::from(number));
            self.look(Hook::ForgetOp.call(self.vm, self.host, &[&number]))?;
        }
        self.look(Hook::ForgetImmediates.call(self.vm, self.host, &[]))?;
        self.host.has_immediates.set(false);
        Ok(())
    }
}

impl Host {
    /// The author's position of QuickJS's frames: not in a package, if any of them is not.
    fn author_position(&self, frames: &str) -> Option<Position> {
        let formatted = stack_trace::format(frames, Called::LeftOut, |function, place, called| {
            self.original_frame(function, place, called, false)
        });
        stack_trace::starting_position(&formatted)
    }
}
