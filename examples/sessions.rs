//! Two users of a shop, each with a session that keeps what the last call left: `cargo run --example sessions`.

use quickcuke::script::{RunContext, RunOptions, ScriptEngine, ScriptEngineOptions};
use quickcuke::session::TableLimits;
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = ScriptEngine::new(ScriptEngineOptions::new(std::env::current_dir()?));
    let sessions = engine.table(TableLimits::default());
    let (options, context) = (RunOptions::default(), RunContext::default());

    for (user, item) in [("alice", "apple"), ("bob", "pear"), ("alice", "plum")] {
        let mut session = sessions.acquire(user).await;
        let put = "var basket = globalThis.basket ?? []; basket.push(args[0]); return basket";
        let run = session.execute(put, &[json!(item)], &options, &context).await;
        println!("{user}: {}", run.result?);
    }
    sessions.shutdown().await?;
    Ok(())
}
