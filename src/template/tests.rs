mod mounts;
mod sessions;

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::StreamExt as _;
use serde_json::{Value, json};

use super::*;

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn module(text: &str) -> TemplateBuilder {
    Template::builder().module(Module::source(text))
}

async fn instance(builder: TemplateBuilder) -> Instance {
    pristine(&builder.build().await.unwrap()).await
}

async fn pristine(template: &Template) -> Instance {
    template.instantiate(InstanceOptions::default()).await.unwrap()
}

async fn value(instance: &mut Instance, function: &str, args: impl Into<Arguments>) -> Value {
    instance.call(function, args).await.unwrap().result
}

async fn error(instance: &mut Instance, function: &str) -> ScriptError {
    instance.call(function, ()).await.unwrap_err()
}

async fn error_of(instance: &mut Instance, bytes: usize) -> ScriptError {
    instance.call("fill", [bytes]).await.unwrap_err()
}

fn numbers(count: i32) -> impl futures::Stream<Item = Value> + Send + 'static {
    futures::stream::iter((1..=count).map(Value::from))
}

// ---- evaluation and instances ----

#[test]
fn a_function_is_an_export_or_a_global() {
    wait(async {
        let builder = module(
            "export const add = (a: number, b: number) => a + b; export default () => 'main'",
        )
        .source("function twice(n: number) { return 2 * n }  var hidden = 1")
        .module(Module::named("second.js", "export async function later() { return await 7 }"));
        let mut instance = instance(builder).await;
        assert_eq!(value(&mut instance, "add", [1, 2]).await, 3);
        assert_eq!(value(&mut instance, "default", ()).await, "main");
        assert_eq!(value(&mut instance, "twice", [4]).await, 8);
        assert_eq!(value(&mut instance, "later", ()).await, 7);
        let missing = error(&mut instance, "ad").await;
        let expected = "There is no function 'ad': the template exports add, default, later, and no global has this name";
        assert_eq!(missing.message, expected);
        let none = error(&mut instance, "hidden").await;
        assert_eq!(none.message, "'hidden' is no function but of type number");
    });
}

#[test]
fn files_are_entries_too_and_the_cache_is_filled() {
    wait(async {
        let project = tempfile::tempdir().unwrap();
        std::fs::write(project.path().join("lib.ts"), "export const base: number = 40").unwrap();
        let entry = "import { base } from './lib'\nexport const sum = (n: number) => base + n";
        std::fs::write(project.path().join("entry.ts"), entry).unwrap();
        let builder = Template::builder().project(project.path()).module("entry.ts").cache("cache");
        let mut instance = instance(builder).await;
        assert_eq!(value(&mut instance, "sum", [2]).await, 42);
        assert_ne!(std::fs::read_dir(project.path().join("cache")).unwrap().count(), 0);
        let absent = Template::builder().project(project.path()).module("absent.ts").build().await;
        assert!(absent.unwrap_err().message.contains("absent.ts"));
    });
}

#[test]
fn the_prelude_runs_first_and_all_of_it_once_for_each_vm() {
    wait(async {
        let evaluations = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&evaluations);
        let template = module(
            "evaluated(); export const seen = globalThis.base + 1; export const get = () => seen",
        )
        .prelude("globalThis.base = 41")
        .function("evaluated", move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            Ok::<_, String>(Value::Null)
        })
        .build()
        .await
        .unwrap();
        for _ in 0..100 {
            assert_eq!(value(&mut pristine(&template).await, "get", ()).await, 42);
        }
        assert_eq!(evaluations.load(Ordering::SeqCst), 1);
        let _both = (pristine(&template).await, pristine(&template).await);
        assert_eq!(evaluations.load(Ordering::SeqCst), 2);
    });
}

#[test]
fn an_instance_is_pristine_and_keeps_what_its_calls_leave() {
    wait(async {
        let template =
            module("let count = 0; export const next = () => ++count").build().await.unwrap();
        for _ in 0..100 {
            let mut instance = pristine(&template).await;
            assert_eq!(value(&mut instance, "next", ()).await, 1);
            assert_eq!(value(&mut instance, "next", ()).await, 2);
        }
        let (mut a, mut b) = (pristine(&template).await, pristine(&template).await);
        assert_eq!(value(&mut a, "next", ()).await, 1);
        assert_eq!(value(&mut b, "next", ()).await, 1);
        drop((a, b));
        assert_eq!(template.waiting_vm_count(), 2);
    });
}

#[test]
fn env_replaces_by_key_and_only_for_the_instance() {
    wait(async {
        let code =
            "const early = process.env.A; export const env = () => [early, { ...process.env }]";
        let template = module(code).env("A", "1").env("B", "2").build().await.unwrap();
        for _ in 0..10 {
            let env = vec![("A".to_owned(), "3".to_owned()), ("C".to_owned(), "4".to_owned())];
            let options = InstanceOptions { env, ..InstanceOptions::default() };
            let mut other = template.instantiate(options).await.unwrap();
            let expected = json!(["1", {"B": "2", "A": "3", "C": "4"}]);
            assert_eq!(value(&mut other, "env", ()).await, expected);
            drop(other);
            let env = value(&mut pristine(&template).await, "env", ()).await;
            assert_eq!(env, json!(["1", {"A": "1", "B": "2"}]));
        }
    });
}

#[test]
fn the_memory_limit_of_an_instance_wins() {
    wait(async {
        let code = "export const fill = n => new Uint8Array(n).length";
        let template = module(code).memory(64 << 20).build().await.unwrap();
        let mut instance = pristine(&template).await;
        let refused = instance.call("fill", [100 << 20]).await.unwrap_err();
        assert_eq!((refused.kind, refused.poisoned), (ErrorKind::Memory, true));
        // Goes on in a pristine VM.
        assert_eq!(value(&mut instance, "fill", [8]).await, 8);
        let options = InstanceOptions { memory: Some(256 << 20), ..InstanceOptions::default() };
        let mut large = template.instantiate(options).await.unwrap();
        assert_eq!(value(&mut large, "fill", [100 << 20]).await, 100 << 20);
        let with = |memory| InstanceOptions { memory: Some(memory), ..InstanceOptions::default() };
        // Less than the template's, too: to begin with and to go on with.
        let mut small = template.instantiate(with(16 << 20)).await.unwrap();
        assert_eq!(value(&mut small, "fill", [8 << 20]).await, 8 << 20);
        assert_eq!(error_of(&mut small, 32 << 20).await.kind, ErrorKind::Memory);
        assert_eq!(error_of(&mut small, 32 << 20).await.kind, ErrorKind::Memory);
        for memory in [0, 1, 1 << 16, usize::MAX / 2, usize::MAX] {
            let refused = template.instantiate(with(memory)).await.unwrap_err();
            assert_eq!(refused.kind, ErrorKind::Memory, "{memory}: {}", refused.message);
            assert!(refused.message.contains("memory"), "{memory}: {}", refused.message);
        }
    });
}

#[test]
fn memory_usage_tells_the_bytes_in_use() {
    wait(async {
        let code = "let kept; export const keep = n => void (kept = new Uint8Array(n)); export const drop = () => void (kept = null)";
        let template = module(code).build().await.unwrap();
        let begun = template.memory_usage();
        assert!(begun > 0);
        let mut instance = pristine(&template).await;
        instance.call("keep", [8 << 20]).await.unwrap();
        assert!(instance.memory_usage() >= begun + (8 << 20), "{}", instance.memory_usage());
        instance.call("drop", ()).await.unwrap();
        assert!(instance.memory_usage() < begun + (1 << 20), "{}", instance.memory_usage());
        drop(instance);
        assert_eq!(pristine(&template).await.memory_usage(), begun);
    });
}

#[test]
fn files_are_reached_where_they_are_granted() {
    wait(async {
        let project = tempfile::tempdir().unwrap();
        std::fs::write(project.path().join("a.txt"), "text").unwrap();
        let code =
            "import fs from 'fs'; export const read = () => fs.readFileSync('a.txt', 'utf8');
                    export const write = () => fs.writeFileSync('a.txt', 'x')";
        let mut granted = instance(module(code).project(project.path()).read(".")).await;
        assert_eq!(value(&mut granted, "read", ()).await, "text");
        assert!(error(&mut granted, "write").await.message.contains("EACCES"));
        let mut bare = instance(module(code).project(project.path())).await;
        assert!(error(&mut bare, "read").await.message.contains("EACCES"));
    });
}

// ---- errors ----

#[test]
fn errors_have_their_kind_and_their_author_s_position() {
    wait(async {
        let broken = module("export const a = ;").build().await.unwrap_err();
        assert_eq!((broken.kind, broken.line), (ErrorKind::Syntax, Some(1)));
        let thrown = module("\nthrow new TypeError('no')").build().await.unwrap_err();
        assert_eq!((&*thrown.name, thrown.message.as_str()), ("TypeError", "no"));
        assert_eq!((thrown.file.as_deref(), thrown.line), (Some("[module]"), Some(2)));
        let code =
            "type A = number\n\nexport function fail(): A {\n  throw new RangeError('far')\n}
                    export const circle = () => { const a = {}; a.a = a; return a }
                    export function* circles() { try { yield circle() } finally { closed = true } }
                    let closed = false; export const isClosed = () => closed";
        let mut instance = instance(Template::builder().module(Module::named("a.ts", code))).await;
        let thrown = error(&mut instance, "fail").await;
        assert_eq!((thrown.kind, &*thrown.name), (ErrorKind::Runtime, "RangeError"));
        assert_eq!((thrown.line, thrown.poisoned), (Some(4), false));
        assert!(thrown.file.unwrap().ends_with("a.ts"));
        assert!(!thrown.stack.contains("quickcuke:"), "{}", thrown.stack);
        let circle = error(&mut instance, "circle").await.message;
        assert!(circle.starts_with("The value that circle returned is not JSON: "), "{circle}");
        let item = error(&mut instance, "circles").await.message;
        assert!(item.starts_with("An item that was yielded is not JSON: "), "{item}");
        assert_eq!(value(&mut instance, "isClosed", ()).await, true);
    });
}

#[test]
fn a_timeout_ends_what_spins_and_what_waits() {
    wait(async {
        let code = "let calls = 0; export const count = () => ++calls; export const spin = () => { for (;;); };
                    export const hang = () => new Promise(() => setInterval(() => {}, 1))";
        let template = module(code).build().await.unwrap();
        let timeout = Some(Duration::from_millis(100));
        let options = InstanceOptions { timeout, ..InstanceOptions::default() };
        let mut instance = template.instantiate(options).await.unwrap();
        for function in ["spin", "hang"] {
            assert_eq!(value(&mut instance, "count", ()).await, 1);
            let late = error(&mut instance, function).await;
            assert_eq!((late.kind, late.poisoned), (ErrorKind::Timeout, true));
            assert!(late.message.ends_with("a longer `timeout` may help"), "{}", late.message);
        }
        let late = module("for (;;);").timeout(Duration::from_millis(100)).build().await;
        assert_eq!(late.unwrap_err().kind, ErrorKind::Timeout);
    });
}

#[test]
fn a_host_function_that_does_not_return_is_given_up() {
    wait(async {
        let (release, gate) = std::sync::mpsc::channel::<()>();
        let gate = Mutex::new(gate);
        let code =
            "let calls = 0; export const count = () => ++calls; export const hang = () => block()";
        let builder =
            module(code).timeout(Duration::from_millis(300)).function("block", move |_| {
                let _ = gate.lock().unwrap().recv();
                Ok::<_, String>(Value::Null)
            });
        let mut instance = instance(builder).await;
        assert_eq!(value(&mut instance, "count", ()).await, 1);
        let late = error(&mut instance, "hang").await;
        assert_eq!((late.kind, late.poisoned), (ErrorKind::Timeout, true));
        assert_eq!(value(&mut instance, "count", ()).await, 1);
        drop(release);
    });
}

#[test]
fn a_function_s_text_is_no_entry() {
    let refused = wait(Template::builder().source(Source::function("() => 1")).build());
    assert!(refused.unwrap_err().message.contains("no entry of a template"));
}

#[test]
fn a_call_that_is_dropped_stops_and_the_next_one_is_pristine() {
    wait(async {
        let code = "let calls = 0; export const count = () => ++calls; export const spin = () => { for (;;); }";
        let mut instance = instance(module(code)).await;
        for _ in 0..20 {
            assert_eq!(value(&mut instance, "count", ()).await, 1);
            let dropped = tokio::time::timeout(Duration::from_millis(5), instance.call("spin", ()));
            assert!(dropped.await.is_err());
        }
    });
}

// ---- arguments ----

#[test]
fn arguments_are_positional_and_named_values_and_streams() {
    wait(async {
        let code = "export const echo = (...args) => args;
            export async function all(a, { b, c }) {
                const items = [];
                for await (const item of a) items.push(item);
                for await (const item of b) items.push(item);
                return [items, c];
            }";
        let mut instance = instance(module(code)).await;
        assert_eq!(value(&mut instance, "echo", ()).await, json!([]));
        assert_eq!(
            value(&mut instance, "echo", [json!(null), json!({"a": [1]})]).await,
            json!([null, {"a": [1]}])
        );
        let args =
            Arguments::new().positional("x").named("n", 1).named("n", 2).named("__proto__", 3);
        assert_eq!(
            value(&mut instance, "echo", args).await.to_string(),
            r#"["x",{"n":2,"__proto__":3}]"#
        );
        let args = Arguments::new()
            .positional(Argument::stream(numbers(2)))
            .named("b", Argument::stream(numbers(3)))
            .named("c", "d");
        assert_eq!(value(&mut instance, "all", args).await, json!([[1, 2, 1, 2, 3], "d"]));
    });
}

#[test]
fn a_stream_is_pulled_item_by_item_and_closed_when_its_loop_ends() {
    struct Dropped(Arc<AtomicBool>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }
    wait(async {
        let (pulled, dropped) = (Arc::new(AtomicUsize::new(0)), Arc::<AtomicBool>::default());
        let (count, gone) = (Arc::clone(&pulled), Arc::clone(&dropped));
        let builder = module(
            "export async function take(items, n) {
                 const seen = [];
                 for await (const item of items) { seen.push([item, pulled()]); if (seen.length === n) break }
                 return [seen, isDropped()];
             }
             let kept; export const keep = items => void (kept = items); export const next = () => kept.next()",
        )
        .function("pulled", move |_| Ok::<_, String>(count.load(Ordering::SeqCst).into()))
        .function("isDropped", move |_| Ok::<_, String>(gone.load(Ordering::SeqCst).into()));
        let mut instance = instance(builder).await;
        for _ in 0..100 {
            pulled.store(0, Ordering::SeqCst);
            dropped.store(false, Ordering::SeqCst);
            let (count, guard) = (Arc::clone(&pulled), Dropped(Arc::clone(&dropped)));
            let items = numbers(100).inspect(move |_| {
                let _ = &guard;
                count.fetch_add(1, Ordering::SeqCst);
            });
            let args = Arguments::new().positional(Argument::stream(items)).positional(3);
            let seen = value(&mut instance, "take", args).await;
            assert_eq!(seen, json!([[[1, 1], [2, 2], [3, 3]], true]));
        }
        // One that is kept beyond its call is gone.
        instance.call("keep", [Argument::stream(numbers(1))]).await.unwrap();
        let gone = error(&mut instance, "next").await.message;
        assert_eq!(gone, "this stream is gone: it ended with the call that it was an argument of");
    });
}

#[test]
fn a_stream_may_wait_and_may_panic() {
    wait(async {
        let code = "export async function sum(items) { let sum = 0; for await (const n of items) sum += n; return sum }";
        let mut instance = instance(module(code)).await;
        let (send, receive) = futures::channel::mpsc::channel(0);
        let feed = async move {
            futures::SinkExt::send_all(&mut { send }, &mut numbers(50).map(Ok)).await.unwrap();
        };
        let call = instance.call("sum", [Argument::stream(receive)]);
        let (output, ()) = futures::future::join(call, feed).await;
        assert_eq!(output.unwrap().result, 50 * 51 / 2);
        let panics = numbers(2).map(|n| if n == 2 { panic!("at two") } else { n });
        let failed = instance.call("sum", [Argument::stream(panics)]).await.unwrap_err();
        assert_eq!(failed.message, "the stream panicked: at two");
    });
}

#[test]
fn a_stream_may_fail_which_ends_it() {
    wait(async {
        let code = "export async function read(items) {
                const seen = [];
                try { for await (const n of items) seen.push(n) } catch (e) { seen.push(e instanceof Error, e.message) }
                return [...seen, await items.next()];
            }
            export async function sum(items) { for await (const n of items); }";
        let mut instance = instance(module(code)).await;
        let failing = || {
            let items = [Ok(json!(1)), Err("the socket is closed"), Ok(json!(2))];
            Argument::try_stream(futures::stream::iter(items))
        };
        let seen = value(&mut instance, "read", [failing()]).await;
        assert_eq!(seen, json!([1, true, "the socket is closed", {"done": true}]));
        let failed = instance.call("sum", [failing()]).await.unwrap_err();
        assert_eq!((failed.kind, failed.poisoned), (ErrorKind::Runtime, false));
        assert_eq!(failed.message, "the socket is closed");
    });
}

// ---- items ----

#[test]
fn generators_give_items_and_a_result() {
    wait(async {
        let code = "export async function* later() { yield 1; await null; yield { two: 2 }; yield undefined; return 'end' }
                    export function* now() { yield 1; yield Promise.resolve(2); return 'end' }
                    export async function given() { return later() }
                    export async function* fails() { yield 1; throw new Error('midway') }
                    export const plain = () => [1]";
        let mut instance = instance(module(code)).await;
        let output = CallOutput {
            items: vec![json!(1), json!({"two": 2}), Value::Null],
            result: json!("end"),
        };
        assert_eq!(instance.call("later", ()).await.unwrap(), output);
        assert_eq!(instance.call("given", ()).await.unwrap(), output);
        let output = CallOutput { items: vec![json!(1), json!(2)], result: json!("end") };
        assert_eq!(instance.call("now", ()).await.unwrap(), output);
        let output = CallOutput { items: vec![], result: json!([1]) };
        assert_eq!(instance.call("plain", ()).await.unwrap(), output);
        let mut items = Vec::new();
        let sink = |item| {
            items.push(item);
            std::future::ready(ControlFlow::Continue(()))
        };
        let failed = instance.call_with_sink("fails", (), sink).await.unwrap_err();
        assert_eq!((failed.message.as_str(), items), ("midway", vec![json!(1)]));
    });
}

#[test]
fn the_sink_is_awaited_before_the_generator_goes_on() {
    wait(async {
        let log = Arc::<Mutex<Vec<String>>>::default();
        let said = Arc::clone(&log);
        let builder = module(
            "export async function* count(n) {
                 try { for (let i = 1; i <= n; i++) { log(`yield ${i}`); yield i } return 'done' }
                 finally { log('closed') }
             }",
        )
        .function("log", move |args| {
            said.lock().unwrap().push(args[0].as_str().unwrap().to_owned());
            Ok::<_, String>(Value::Null)
        });
        let mut instance = instance(builder).await;
        for _ in 0..100 {
            log.lock().unwrap().clear();
            let log = &log;
            let sink = |item: Value| async move {
                tokio::task::yield_now().await;
                log.lock().unwrap().push(format!("got {item}"));
                if item == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            let result = instance.call_with_sink("count", [5], sink).await.unwrap();
            assert_eq!(result, Value::Null);
            let expected = ["yield 1", "got 1", "yield 2", "got 2", "closed"];
            assert_eq!(*log.lock().unwrap(), expected);
        }
    });
}

#[test]
fn what_a_call_left_behind_gives_nothing_to_the_next() {
    wait(async {
        let code = "let release; const gate = new Promise(resolve => release = resolve);
                    export async function* stuck() { setTimeout(() => { throw new Error('ended') }, 1); await gate; yield 'old'; return 'old' }
                    export async function next() { release(); await new Promise(r => setTimeout(r, 2)); return 'new' }";
        let template = module(code).build().await.unwrap();
        for _ in 0..50 {
            let mut instance = pristine(&template).await;
            assert_eq!(error(&mut instance, "stuck").await.message, "ended");
            let output = instance.call("next", ()).await.unwrap();
            assert_eq!(output, CallOutput { items: vec![], result: json!("new") });
        }
    });
}

// ---- host functions ----

#[test]
fn host_functions_take_and_give_json() {
    wait(async {
        let builder = module(
            "export const both = async (...args) => [sync(...args), await later(...args), sync.name, await later() ]",
        )
        .function("sync", |args| Ok::<_, String>(json!({ "sync": args })))
        .async_function("later", |args| async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            Ok::<_, String>(json!({ "later": args }))
        });
        let mut instance = instance(builder).await;
        let args = [json!(1), json!({"a": null})];
        let expected =
            json!([{"sync": [1, {"a": null}]}, {"later": [1, {"a": null}]}, "sync", {"later": []}]);
        assert_eq!(value(&mut instance, "both", args).await, expected);
    });
}

#[test]
fn an_error_or_a_panic_of_a_host_function_is_a_javascript_error() {
    wait(async {
        let fails = |args: Vec<Value>| match args[0] == 1 {
            true => Err("one is too many"),
            false => panic!("on purpose"),
        };
        let code = "export const direct = n => sync(n);\nexport async function awaited(n) {\n  await later(n)\n}
                    export const caught = async n => { try { await later(n) } catch (e) { return [e instanceof Error, e.message] } };
                    export const circle = () => { const a = []; a.push(a); sync(a) }";
        let builder =
            Template::builder().module(Module::named("a.ts", code)).function("sync", fails);
        let builder = builder.async_function("later", move |args| async move { fails(args) });
        let mut instance = instance(builder).await;
        for (function, name, line) in [("direct", "sync", 1), ("awaited", "later", 3)] {
            let failed = instance.call(function, [1]).await.unwrap_err();
            assert_eq!(
                (failed.kind, failed.message.as_str()),
                (ErrorKind::Runtime, "one is too many")
            );
            assert_eq!(failed.line, Some(line), "{}", failed.stack);
            let panicked = instance.call(function, [2]).await.unwrap_err();
            assert_eq!(panicked.message, format!("the host function {name} panicked: on purpose"));
        }
        assert_eq!(value(&mut instance, "caught", [1]).await, json!([true, "one is too many"]));
        let circle = error(&mut instance, "circle").await.message;
        assert!(circle.starts_with("An argument of sync is not JSON: "), "{circle}");
    });
}

#[test]
fn a_host_function_s_name_is_an_identifier_and_its_own() {
    wait(async {
        let built = |name: &str| {
            Template::builder().function(name, |_| Ok::<_, String>(Value::Null)).build()
        };
        assert!(built("a-b").await.unwrap_err().message.contains("\"a-b\""));
        assert!(built("").await.is_err());
        assert!(built("console").await.unwrap_err().message.contains("console"));
        assert!(built("$mine").await.is_ok());
    });
}

// ---- the end of a call ----

#[test]
fn unawaited_ops_are_cancelled_at_the_end_of_a_call() {
    struct Counted(Arc<AtomicUsize>);
    impl Drop for Counted {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    wait(async {
        let (dropped, ended) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let (guard, finished) = (Arc::clone(&dropped), Arc::clone(&ended));
        let builder = module(
            "let fired = 0;
             export function leave() {
                 forever().then(() => fired++); setTimeout(() => fired++, 0); setInterval(() => fired++, 0); setImmediate(() => fired++)
             }
             export async function fail() { leave(); throw new Error('x') }
             export async function look() { await new Promise(r => setTimeout(r, 3)); await new Promise(r => setImmediate(r)); return fired }",
        )
        .async_function("forever", move |_| {
            let (guard, finished) = (Counted(Arc::clone(&guard)), Arc::clone(&finished));
            async move {
                tokio::time::sleep(Duration::from_millis(1)).await;
                finished.fetch_add(1, Ordering::SeqCst);
                drop(guard);
                Ok::<_, String>(Value::Null)
            }
        });
        let mut instance = instance(builder).await;
        for round in 1..=100 {
            instance.call("leave", ()).await.unwrap();
            error(&mut instance, "fail").await;
            assert_eq!(dropped.load(Ordering::SeqCst), 2 * round);
        }
        assert_eq!(value(&mut instance, "look", ()).await, 0);
        assert_eq!(ended.load(Ordering::SeqCst), 0);
    });
}

#[test]
fn what_the_evaluation_left_under_way_is_cancelled() {
    wait(async {
        let code = "let fired = 0; setInterval(() => fired++, 0); setImmediate(() => fired++);
                    export const look = () => new Promise(r => setTimeout(() => r(fired), 5))";
        let template = module(code).build().await.unwrap();
        for _ in 0..5 {
            assert_eq!(value(&mut pristine(&template).await, "look", ()).await, 0);
        }
    });
}

#[test]
fn the_console_goes_where_the_builder_says() {
    wait(async {
        let printed = Arc::<Mutex<Vec<(Stream, String)>>>::default();
        let kept = Arc::clone(&printed);
        let builder =
            module("export const talk = () => { console.log('out', 1); console.error('err') }")
                .console(move |stream, text| kept.lock().unwrap().push((stream, text.to_owned())));
        let mut instance = instance(builder).await;
        instance.call("talk", ()).await.unwrap();
        let expected =
            [(Stream::Stdout, "out 1\n".to_owned()), (Stream::Stderr, "err\n".to_owned())];
        assert_eq!(*printed.lock().unwrap(), expected);
    });
}

#[test]
fn templates_cross_threads_and_calls_can_be_spawned() {
    fn crosses<T: Send + Sync>(_: &T) {}
    wait(async {
        let template = module("export const id = x => x; export function* ids(x) { yield x }")
            .build()
            .await
            .unwrap();
        crosses(&template);
        for round in 0..100 {
            let calls = (0..3).map(|n| {
                let template = template.clone();
                tokio::spawn(async move {
                    let mut instance = pristine(&template).await;
                    let mut items = Vec::new();
                    let sink = |item| {
                        items.push(item);
                        std::future::ready(ControlFlow::Continue(()))
                    };
                    instance.call_with_sink("ids", [n + round], sink).await.unwrap();
                    assert_eq!(items, [n + round]);
                    value(&mut instance, "id", [n + round]).await
                })
            });
            for (n, result) in futures::future::join_all(calls).await.into_iter().enumerate() {
                assert_eq!(result.unwrap(), n + round);
            }
        }
        assert_eq!(template.waiting_vm_count(), 3);
    });
}
