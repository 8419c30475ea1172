//! What a command writes to one of its streams, kept within bounds while it comes.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::unix::pipe;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// Most bytes that one look at a pipe takes: what a pipe holds at most by default (`pipe-max-size`), so that a look at
/// the end of a command sees all that it wrote, and a writer without end does not keep us.
const LOOK_BYTES: usize = 1 << 20;

/// Which part of a stream is kept.
#[derive(Debug, Clone, Copy)]
pub(super) enum Keep {
    /// Up to so many bytes; more sets [`Output::overflowed`] and is dropped.
    First(usize),
    /// The last so many bytes.
    Last(usize),
    /// All, until [`Output::next`] takes it; so many bytes are read ahead at the most, then the writer has to wait.
    Ahead(usize),
}

/// One stream of a running command.
///
/// A task on the current tokio runtime reads it as it comes, so that the writer is not held up; it reads on (and drops)
/// when the command has ended and a descendant writes.
#[derive(Debug)]
pub(super) struct Output {
    stream: Arc<Stream>,
    /// None where there is nothing to read.
    reader: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Stream {
    state: Mutex<State>,
    /// Told when the stream has overflowed or ended, or what is waited for came.
    told: Notify,
    /// Told when there is room again for [`Keep::Ahead`].
    room: Notify,
}

#[derive(Debug)]
struct State {
    /// `None` at the end of the stream.
    pipe: Option<File>,
    keep: Keep,
    bytes: VecDeque<u8>,
    overflowed: bool,
    watch: Option<Watch>,
}

/// A text that some line is to contain.
#[derive(Debug)]
struct Watch {
    text: Vec<u8>,
    line: Vec<u8>,
    found: bool,
}

impl Output {
    /// Starts to read a pipe; `watch` is a text that a line is waited for.
    ///
    /// Must be called within a tokio runtime with its I/O driver.
    pub(super) fn read(
        pipe: impl Into<OwnedFd>,
        keep: Keep,
        watch: Option<&str>,
    ) -> io::Result<Self> {
        let pipe = pipe.into();
        // Two descriptors of one open file, which this makes non-blocking.
        let ours = pipe::Receiver::from_owned_fd(pipe.try_clone()?)?;
        let pipe = File::from(pipe);
        let watch = watch.map(|text| Watch { text: text.into(), line: Vec::new(), found: false });
        let stream = Arc::new(Stream::new(Some(pipe), keep, watch));
        let reader = Some(tokio::spawn(read_on(Arc::clone(&stream), ours)));
        Ok(Self { stream, reader })
    }

    /// A stream that has ended: nobody wants what is written.
    pub(super) fn none() -> Self {
        Self { stream: Arc::new(Stream::new(None, Keep::Last(0), None)), reader: None }
    }

    /// What was written so far and kept, as text.
    pub(super) fn text(&self) -> String {
        let mut state = self.stream.look();
        String::from_utf8_lossy(state.bytes.make_contiguous()).into_owned()
    }

    /// Whether more was written than [`Keep::First`] allows.
    pub(super) fn overflowed(&self) -> bool {
        self.stream.look().overflowed
    }

    /// Whether the watched text came.
    pub(super) fn found(&self) -> bool {
        self.stream.look().watch.as_ref().is_some_and(|watch| watch.found)
    }

    /// Drops what was kept, and from now on what comes.
    pub(super) fn forget(&self) {
        let mut state = self.stream.lock();
        state.keep = Keep::Last(0);
        state.bytes = VecDeque::new();
        self.stream.room.notify_one();
    }

    /// Reads what stands in the pipe, and wakes those who wait for it.
    pub(super) fn catch_up(&self) {
        drop(self.stream.look());
    }

    /// Takes what was written so far and kept.
    pub(super) fn take(&self) -> Vec<u8> {
        let bytes = std::mem::take(&mut self.stream.look().bytes);
        self.stream.room.notify_one();
        bytes.into()
    }

    /// Waits for something that was not taken yet, and takes it. Nothing at the end of the stream.
    pub(super) async fn next(&self) -> Vec<u8> {
        self.until(|output| {
            let state = output.stream.look();
            !state.bytes.is_empty() || state.pipe.is_none()
        })
        .await;
        self.take()
    }

    /// Waits for the end of the stream: nobody holds it open any more.
    pub(super) async fn ended(&self) {
        self.until(|output| output.stream.look().pipe.is_none()).await;
    }

    /// Waits until `done`, which is asked again whenever the stream overflowed or ended, or what is waited for came.
    pub(super) async fn until(&self, done: impl Fn(&Self) -> bool) {
        loop {
            let told = self.stream.told.notified();
            tokio::pin!(told);
            told.as_mut().enable();
            if done(self) {
                return;
            }
            told.await;
        }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Some(reader) = &self.reader {
            reader.abort();
        }
    }
}

async fn read_on(stream: Arc<Stream>, pipe: pipe::Receiver) {
    loop {
        while stream.lock().room() == 0 {
            stream.room.notified().await;
        }
        if pipe.readable().await.is_err() || !stream.read_on(&pipe) {
            return;
        }
        // A writer that never stops must not keep the runtime from everything else.
        tokio::task::yield_now().await;
    }
}

impl Stream {
    fn new(pipe: Option<File>, keep: Keep, watch: Option<Watch>) -> Self {
        let state = State { pipe, keep, bytes: VecDeque::new(), overflowed: false, watch };
        Self { state: Mutex::new(state), told: Notify::new(), room: Notify::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state after what stands in the pipe now was read, whether or not the task came to it.
    fn look(&self) -> MutexGuard<'_, State> {
        let mut state = self.lock();
        if let Some(pipe) = state.pipe.take() {
            let open = self.take(&mut state, |buffer| (&pipe).read(buffer));
            state.pipe = open.then_some(pipe);
        }
        state
    }

    /// What the task does when the pipe is readable. False at the end of the stream.
    fn read_on(&self, pipe: &pipe::Receiver) -> bool {
        let mut state = self.lock();
        let open = state.pipe.is_some() && self.take(&mut state, |buffer| pipe.try_read(buffer));
        if !open {
            state.pipe = None;
        }
        open
    }

    /// Reads, and tells those who wait what it brought. Whoever reads must tell: the runtime does not report a pipe that
    /// was emptied before it looked.
    fn take(&self, state: &mut State, read: impl FnMut(&mut [u8]) -> io::Result<usize>) -> bool {
        let before = state.signs();
        let open = state.take(read);
        if !open || state.signs() != before {
            self.told.notify_waiters();
        }
        open
    }
}

impl State {
    /// What is waited for: overflow, the watched text, something to take.
    fn signs(&self) -> (bool, bool, bool) {
        let found = self.watch.as_ref().is_some_and(|watch| watch.found);
        let has_more = matches!(self.keep, Keep::Ahead(_)) && !self.bytes.is_empty();
        (self.overflowed, found, has_more)
    }

    /// How many bytes may be read now.
    fn room(&self) -> usize {
        match self.keep {
            Keep::First(_) | Keep::Last(_) => LOOK_BYTES,
            Keep::Ahead(limit) => limit.saturating_sub(self.bytes.len()),
        }
    }

    /// Reads until there is nothing for the moment. False at the end of the stream.
    fn take(&mut self, mut read: impl FnMut(&mut [u8]) -> io::Result<usize>) -> bool {
        let mut buffer = [0u8; 16 * 1024];
        let mut room = self.room();
        while room > 0 {
            let wanted = buffer.len().min(room);
            match read(buffer.get_mut(..wanted).unwrap_or_default()) {
                Ok(0) => return false,
                Ok(length) => {
                    room -= length;
                    self.keep(buffer.get(..length).unwrap_or_default());
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return true,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
        }
        true
    }

    fn keep(&mut self, new: &[u8]) {
        if let Some(watch) = &mut self.watch {
            watch.take(new);
        }
        match self.keep {
            Keep::First(limit) => {
                let room = limit - self.bytes.len();
                self.overflowed |= new.len() > room;
                self.bytes.extend(new.iter().take(room));
            }
            Keep::Ahead(_) => self.bytes.extend(new),
            Keep::Last(limit) => {
                self.bytes.extend(new);
                let surplus = self.bytes.len().saturating_sub(limit);
                self.bytes.drain(..surplus);
            }
        }
    }
}

/// Most bytes of one line that a watched text is looked for in.
const LINE_BYTES: usize = 64 * 1024;

impl Watch {
    fn take(&mut self, new: &[u8]) {
        for part in new.split_inclusive(|byte| *byte == b'\n') {
            if self.found {
                return;
            }
            let room = LINE_BYTES.saturating_sub(self.line.len());
            self.line.extend(part.iter().take(room));
            // A line that is not complete counts as well: a prompt has no line end.
            self.found = self.text.is_empty()
                || self.line.windows(self.text.len()).any(|at| at == self.text);
            if part.ends_with(b"\n") {
                self.line.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::task::Poll;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
    }

    #[test]
    fn keeps_the_first_bytes_and_tells_of_more() {
        runtime().block_on(async {
            let (reader, mut writer) = io::pipe().unwrap();
            let output = Output::read(reader, Keep::First(4), None).unwrap();
            writer.write_all(b"abcd").unwrap();
            assert_eq!((output.text().as_str(), output.overflowed()), ("abcd", false));
            writer.write_all(b"e").unwrap();
            output.until(Output::overflowed).await;
            assert_eq!(output.text(), "abcd");
        });
    }

    #[test]
    fn keeps_the_last_bytes() {
        runtime().block_on(async {
            let (reader, mut writer) = io::pipe().unwrap();
            let output = Output::read(reader, Keep::Last(5), None).unwrap();
            writer.write_all(b"abcdefgh").unwrap();
            assert_eq!(output.text(), "defgh");
            writer.write_all(b"ij").unwrap();
            drop(writer);
            assert_eq!(output.text(), "fghij");
        });
    }

    #[test]
    fn reads_ahead_only_so_far_and_goes_on_when_that_is_taken() {
        runtime().block_on(async {
            let (reader, mut writer) = io::pipe().unwrap();
            let output = Output::read(reader, Keep::Ahead(4), None).unwrap();
            writer.write_all(b"abcdefghij").unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            assert_eq!(output.text(), "abcd");
            assert_eq!(output.next().await, b"abcd");
            assert_eq!(output.next().await, b"efgh");
            drop(writer);
            assert_eq!(output.next().await, b"ij");
            assert_eq!(output.next().await, b"");
            output.ended().await;
        });
    }

    #[test]
    fn what_nobody_takes_any_more_holds_nobody_up() {
        runtime().block_on(async {
            let (reader, mut writer) = io::pipe().unwrap();
            let output = Output::read(reader, Keep::Ahead(1), None).unwrap();
            writer.write_all(b"abc").unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            output.forget();
            drop(writer);
            output.ended().await;
            assert_eq!(output.text(), "");
        });
    }

    #[test]
    fn finds_a_text_that_comes_in_parts_but_not_across_lines() {
        runtime().block_on(async {
            let (reader, mut writer) = io::pipe().unwrap();
            let output = Output::read(reader, Keep::Last(10), Some("ready now")).unwrap();
            writer.write_all(b"ready \nnow\nis it rea").unwrap();
            assert!(!output.found());
            writer.write_all(b"dy now").unwrap();
            output.until(Output::found).await;
        });
    }

    /// A look that empties the pipe before the runtime polls it takes the runtime's event with it.
    #[test]
    fn a_look_of_another_wakes_those_who_wait() {
        runtime().block_on(async {
            let (reader, mut writer) = io::pipe().unwrap();
            let output = Output::read(reader, Keep::First(3), Some("now")).unwrap();
            // The task registers with the runtime and finds nothing.
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            let mut waits = std::pin::pin!(output.until(Output::found));
            assert!(
                std::future::poll_fn(|cx| Poll::Ready(waits.as_mut().poll(cx).is_pending())).await
            );
            writer.write_all(b"now").unwrap();
            assert_eq!(output.text(), "now");
            tokio::time::timeout(std::time::Duration::from_secs(20), waits)
                .await
                .expect("a wake-up was lost");
        });
    }
}
