//! The timers of one isolate: which number is due when. The callbacks stay in JavaScript.
//!
//! As in Node, a timer counts from the time its turn of the event loop began, in whole milliseconds, and
//! timers of one due time fire in the order they were made.

use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};

use super::pending::Started;

#[derive(Debug)]
pub(super) struct Timers {
    /// What milliseconds are counted from.
    start: Instant,
    /// Begin of the current turn, in milliseconds from `start`; none until it is asked for, since most turns
    /// of a suite have no timer.
    turn: Option<u64>,
    next_order: u64,
    /// (due, order) -> the timer.
    queue: BTreeMap<(u64, u64), Started>,
    /// id -> its key in `queue`.
    keys: HashMap<u32, (u64, u64)>,
    /// How many are awaited.
    awaited: usize,
}

impl Timers {
    pub(super) fn new() -> Timers {
        Timers {
            start: Instant::now(),
            turn: None,
            next_order: 0,
            queue: BTreeMap::new(),
            keys: HashMap::new(),
            awaited: 0,
        }
    }

    /// Begins a turn of the event loop.
    pub(super) fn begin_turn(&mut self) {
        self.turn = None;
    }

    fn turn(&mut self) -> u64 {
        let now = || u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        *self.turn.get_or_insert_with(now)
    }

    /// Makes a timer due `delay` milliseconds after the begin of this turn, anew if it exists.
    pub(super) fn set(&mut self, timer: Started, delay: f64) {
        self.clear(timer.id);
        // Node: anything that is not from 1 to 2^31-1 is 1.
        let delay = if (1.0..=2_147_483_647.0).contains(&delay) { delay as u64 } else { 1 };
        let key = (self.turn().saturating_add(delay), self.next_order);
        self.next_order += 1;
        self.awaited += usize::from(timer.is_awaited);
        self.queue.insert(key, timer);
        self.keys.insert(timer.id, key);
    }

    pub(super) fn clear(&mut self, id: u32) {
        let Some(key) = self.keys.remove(&id) else { return };
        let timer = self.queue.remove(&key);
        self.awaited -= usize::from(timer.is_some_and(|timer| timer.is_awaited));
    }

    /// Changes whether a timer is awaited, if it is set.
    pub(super) fn set_awaited(&mut self, id: u32, is_awaited: bool) {
        let Some(timer) = self.keys.get(&id).and_then(|key| self.queue.get_mut(key)) else {
            return;
        };
        self.awaited -= usize::from(timer.is_awaited);
        self.awaited += usize::from(is_awaited);
        timer.is_awaited = is_awaited;
    }

    /// Takes the next timer that was due when this turn began.
    pub(super) fn take_due(&mut self) -> Option<Started> {
        let (&key, &timer) = self.queue.first_key_value()?;
        if key.0 > self.turn() {
            return None;
        }
        self.clear(timer.id);
        Some(timer)
    }

    /// How many are awaited.
    pub(super) fn awaited(&self) -> usize {
        self.awaited
    }

    /// The timers, by due time.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Started> {
        self.queue.values()
    }

    /// When the next timer is due.
    pub(super) fn next_due(&self) -> Option<Instant> {
        let (&(due, _), _) = self.queue.first_key_value()?;
        self.start.checked_add(Duration::from_millis(due))
    }

    pub(super) fn clear_all(&mut self) {
        self.queue.clear();
        self.keys.clear();
        self.awaited = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timer(id: u32) -> Started {
        Started { id, call: 1, is_awaited: true, what: "timer" }
    }

    fn due(timers: &mut Timers, turn: u64) -> Vec<u32> {
        timers.turn = Some(turn);
        std::iter::from_fn(|| timers.take_due()).map(|timer| timer.id).collect()
    }

    #[test]
    fn fire_by_due_time_then_by_order_of_making() {
        let mut timers = Timers { turn: Some(0), ..Timers::new() };
        timers.set(timer(1), 20.0);
        timers.set(timer(2), 10.0);
        timers.set(timer(3), 10.0);
        timers.set(timer(4), 0.0);
        assert_eq!(due(&mut timers, 9), [4]);
        assert_eq!(due(&mut timers, 20), [2, 3, 1]);
        assert!(timers.next_due().is_none());
    }

    #[test]
    fn clearing_and_setting_anew() {
        let mut timers = Timers { turn: Some(0), ..Timers::new() };
        timers.set(timer(1), 5.0);
        timers.set(timer(2), 5.0);
        timers.clear(1);
        timers.set(timer(2), f64::NAN);
        assert_eq!(due(&mut timers, 1), [2]);
        assert_eq!(due(&mut timers, 100), [] as [u32; 0]);
    }

    #[test]
    fn awaited_timers_are_counted() {
        let mut timers = Timers { turn: Some(0), ..Timers::new() };
        timers.set(timer(1), 5.0);
        timers.set(timer(1), 6.0);
        timers.set(timer(2), 5.0);
        timers.set(Started { is_awaited: false, ..timer(3) }, 5.0);
        assert_eq!(timers.awaited(), 2);
        timers.set_awaited(2, false);
        timers.set_awaited(2, false);
        timers.set_awaited(3, true);
        timers.set_awaited(9, true);
        assert_eq!(timers.awaited(), 2);
        assert_eq!(due(&mut timers, 100), [2, 3, 1]);
        assert_eq!(timers.awaited(), 0);
    }
}
