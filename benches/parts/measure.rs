//! Takes samples of a piece of work; prints their median and range.
//!
//! Without `--bench`, which `cargo bench` passes, everything runs once and nothing is timed. With
//! `--json`, results are lines of JSON with their inputs, for `benches/compare/parts.mjs`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::json;

const SAMPLES: usize = 15;
/// How long a sample takes, at least.
const SAMPLE: Duration = Duration::from_millis(20);

pub struct Bench {
    timed: bool,
    json: bool,
    /// The parts to run; none stands for all.
    parts: Vec<String>,
}

impl Bench {
    pub fn from_args() -> Bench {
        let (flags, parts): (Vec<_>, Vec<_>) =
            std::env::args().skip(1).partition(|arg| arg.starts_with("--"));
        let has = |flag| flags.iter().any(|given| given == flag);
        Bench { timed: has("--bench"), json: has("--json"), parts }
    }

    pub fn wants(&self, part: &str) -> bool {
        self.parts.is_empty() || self.parts.iter().any(|wanted| wanted == part)
    }

    /// `work` runs as often as it is told and gives the seconds that this took, or the part of it that
    /// counts; `value` makes a result of the seconds of one run. `input` is for a peer to work on.
    pub fn measure(
        &self,
        name: &str,
        (unit, value): (&str, impl Fn(f64) -> f64),
        input: &impl Serialize,
        mut work: impl FnMut(u32) -> f64,
    ) {
        let mut times = 1;
        let mut start = Instant::now();
        work(times);
        if !self.timed {
            return;
        }
        while start.elapsed() < SAMPLE {
            times *= 2;
            start = Instant::now();
            work(times);
        }
        let sample = |_| value(work(times) / f64::from(times));
        let mut samples: Vec<f64> = (0..SAMPLES).map(sample).collect();
        samples.sort_by(f64::total_cmp);
        let (low, median, high) = (samples[0], samples[SAMPLES / 2], samples[SAMPLES - 1]);
        if self.json {
            println!("{}", json!({ "name": name, "unit": unit, "median": median, "input": input }));
        } else {
            println!("{name:<32} {median:>9.1} {unit:<20} {low:.1} to {high:.1}");
        }
    }
}

/// Work whose runs count as a whole.
pub fn whole<T>(mut run: impl FnMut() -> T) -> impl FnMut(u32) -> f64 {
    move |times| {
        let start = Instant::now();
        for _ in 0..times {
            black_box(run());
        }
        start.elapsed().as_secs_f64()
    }
}
