//! Benchmarks of the parts: `cargo bench`, or `cargo bench -- gherkin isolate` for some of them.
//!
//! `benches/compare` has those of the whole, beside cucumber-js.

mod gherkin;
mod isolate;
mod matching;
mod measure;
mod messages;
mod script;
mod template;

use measure::Bench;

type Part = (&'static str, fn(&Bench));

const PARTS: [Part; 6] = [
    ("gherkin", gherkin::run),
    ("matching", matching::run),
    ("isolate", isolate::run),
    ("messages", messages::run),
    ("script", script::run),
    ("template", template::run),
];

fn main() {
    // Isolates need a deep stack.
    let worker = quickcuke::isolate::spawn_worker("bench", || {
        let bench = Bench::from_args();
        for (_, run) in PARTS.into_iter().filter(|(name, _)| bench.wants(name)) {
            run(&bench);
        }
    });
    if let Err(panic) = worker.expect("a thread starts").join() {
        std::panic::resume_unwind(panic);
    }
}
