//! Runs a script with arguments: `cargo run --example script -- 'return args.length' a b`. It finds the working directory
//! at `/work`, to be read: `cargo run --example script -- 'return require("fs").readdirSync("/work")'`.

use quickcuke::script::{Mount, RunContext, RunOptions, ScriptEngine, ScriptEngineOptions};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let source = arguments.next().unwrap_or_else(|| "return `${args.length} arguments`".to_owned());
    let args: Vec<Value> = arguments.map(Value::from).collect();

    let engine = ScriptEngine::new(ScriptEngineOptions::new(std::env::current_dir()?));
    let context = RunContext { mounts: vec![Mount::new(".", "/work")], ..RunContext::default() };
    let run = engine.run(source, &args, &RunOptions::default(), &context).await;
    for entry in &run.console.entries {
        eprintln!("{}", entry.text);
    }
    match run.result {
        Ok(value) => println!("{value}"),
        Err(error) => return Err(error.stack.into()),
    }
    Ok(())
}
