//! What a script costs beyond its own work: with a new VM, with one from the pool, and in a session.

use quickcuke::script::{RunContext, RunOptions, ScriptEngine, ScriptEngineOptions};
use quickcuke::session::TableLimits;

use crate::measure::{Bench, whole};

const SCRIPT: &str = "const sum: number = args.reduce((a, b) => a + b, 0); return { sum }";

pub fn run(bench: &Bench) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (options, context) = (RunOptions::default(), RunContext::default());
    let args = [1.into(), 2.into()];
    let measure = |what: &str, work: &mut dyn FnMut(u32) -> f64| {
        bench.measure(&format!("script, {what}"), ("µs", |seconds| seconds * 1e6), &(), work);
    };
    let engine = |pool| {
        let project = std::env::temp_dir();
        ScriptEngine::new(ScriptEngineOptions { pool, ..ScriptEngineOptions::new(project) })
    };
    for (what, pool) in [("one shot, a new VM", 0), ("one shot, a VM of the pool", 1)] {
        let engine = engine(pool);
        let one =
            || runtime.block_on(engine.run(SCRIPT, &args, &options, &context)).result.unwrap();
        measure(what, &mut whole(one));
    }
    let sessions = engine(1).table(TableLimits::default());
    let mut session = runtime.block_on(sessions.acquire("a"));
    let mut call =
        || runtime.block_on(session.execute(SCRIPT, &args, &options, &context)).result.unwrap();
    measure("a call in a session", &mut whole(&mut call));
}
