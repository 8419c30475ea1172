//! What an instance of a template costs, with a VM of the pool and with a new one, and a call in it.

use quickcuke::template::{Argument, InstanceOptions, Module, Template};
use serde_json::Value;

use crate::measure::{Bench, whole};

const CODE: &str = "export const add = (a: number, b: number) => a + b;
export async function* twice(items: AsyncIterable<number>) { for await (const item of items) yield 2 * item }";

/// Items that go in and come out in one call.
const ITEMS: u64 = 1000;

pub fn run(bench: &Bench) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let measure = |what: &str, work: &mut dyn FnMut(u32) -> f64| {
        bench.measure(&format!("template, {what}"), ("µs", |seconds| seconds * 1e6), &(), work);
    };
    let template = |pool| {
        let builder = Template::builder().module(Module::source(CODE)).pool(pool);
        runtime.block_on(builder.build()).unwrap()
    };
    let instantiate = |template: &Template| {
        runtime.block_on(template.instantiate(InstanceOptions::default())).unwrap()
    };
    for (what, pool) in [("an instance, a new VM", 0), ("an instance, a VM of the pool", 1)] {
        let template = template(pool);
        // With a call, so that there is something to restore.
        let one = || runtime.block_on(instantiate(&template).call("add", [1, 2])).unwrap();
        measure(what, &mut whole(one));
    }
    let mut instance = instantiate(&template(1));
    let mut call = || runtime.block_on(instance.call("add", [1, 2])).unwrap();
    measure("a call", &mut whole(&mut call));
    let mut stream = || {
        let items = futures::stream::iter((0..ITEMS).map(Value::from));
        runtime.block_on(instance.call("twice", [Argument::stream(items)])).unwrap()
    };
    measure("1,000 items in and out", &mut whole(&mut stream));
}
