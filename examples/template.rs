//! A template whose function reads a stream of lines and yields what it makes of them, while Rust writes the one and
//! takes the other: `seq 3 | cargo run --example template`.

use std::io::BufRead as _;
use std::ops::ControlFlow;

use quickcuke::template::{Argument, Arguments, InstanceOptions, Module, Template};
use serde_json::{Value, json};

const CODE: &str = "
export async function* number(lines: AsyncIterable<string>, { from = 1 }) {
    let count = 0;
    for await (const line of lines) yield `${from + count++}: ${await shout(line)}`;
    return count;
}";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let template = Template::builder()
        .module(Module::named("number.ts", CODE))
        .async_function("shout", |args| async move {
            let text = args.first().and_then(Value::as_str).ok_or("shout takes a text")?;
            Ok::<_, &str>(json!(text.to_uppercase()))
        })
        .build()
        .await?;
    let mut instance = template.instantiate(InstanceOptions::default()).await?;

    // Holds one line until JavaScript asks for it.
    let (lines, mut received) = tokio::sync::mpsc::channel(1);
    let reader = std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if lines.blocking_send(Value::from(line)).is_err() {
                return;
            }
        }
    });
    let lines = futures::stream::poll_fn(move |context| received.poll_recv(context));
    let args = Arguments::new().positional(Argument::stream(lines)).named("from", 10);
    let print = |item: Value| async move {
        println!("{}", item.as_str().unwrap_or_default());
        ControlFlow::Continue(())
    };
    let count = instance.call_with_sink("number", args, print).await?;
    println!("{count} lines, {} bytes of memory", instance.memory_usage());
    let _ = reader.join();
    Ok(())
}
