//! What a worker does with its isolate, by the size of the step library: make it, take the snapshot, run a
//! scenario and go back.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use quickcuke::isolate::{
    Bytecode, Callee, Code, How, Isolate, Limits, LoadError, Loaded, ModuleKind, ModuleSource,
    OpValue, Ops, Position, Prelude,
};

use crate::measure::{Bench, whole};

const PRELUDE: Prelude = Prelude {
    scripts: &[
        ("core.js", include_str!("../../src/prelude/core.js")),
        ("modules.js", include_str!("../../src/prelude/modules.js")),
        ("bench.js", "globalThis.entry = internal.entry; globalThis.ops = internal.ops;"),
    ],
    builtins: &[],
};

/// Calls to `ops.nothing` in one call of the entry `ops`.
const OPS: usize = 10_000;

pub fn run(bench: &Bench) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    for (size, bytes) in [("20 KB", 20_000), ("200 KB", 200_000), ("1 MB", 1_000_000)] {
        let library = Rc::new(Library::new(bytes));
        let measure = |what: &str, work: &mut dyn FnMut(u32) -> f64| {
            let time = ("µs", |seconds| seconds * 1e6);
            bench.measure(&format!("isolate {size}, {what}"), time, &(), work);
        };
        let new = || runtime.block_on(loaded(&library));
        measure("new", &mut whole(new));
        // Each time a new one: what a snapshot takes out of use is not given back.
        let mut freeze = |_| {
            let mut isolate = new();
            whole(|| isolate.freeze().unwrap())(1)
        };
        measure("freeze", &mut |times| (0..times).map(&mut freeze).sum());
        let mut isolate = new();
        isolate.freeze().unwrap();
        measure(
            "call and restore",
            &mut whole(|| {
                runtime.block_on(async {
                    call(&isolate, "scenario").await;
                    restore(&mut isolate).await;
                });
            }),
        );
        let mut once = |_| {
            runtime.block_on(call(&isolate, "scenario"));
            whole(|| runtime.block_on(restore(&mut isolate)))(1)
        };
        measure("restore", &mut |times| (0..times).map(&mut once).sum());
    }
    let isolate = runtime.block_on(loaded(&Rc::new(Library::new(0))));
    let ops = whole(|| runtime.block_on(call(&isolate, "ops")));
    bench.measure("isolate op", ("ns", |seconds| seconds * 1e9 / OPS as f64), &(), ops);
}

/// An isolate with the library in it; from bytecode, but for the first.
async fn loaded(library: &Rc<Library>) -> Isolate {
    let mut ops = Ops::new();
    ops.sync("nothing", |_| Ok(OpValue::Null));
    let isolate = Isolate::new(&Limits::default(), ops, &PRELUDE, library.clone()).unwrap();
    isolate.import("/library.mjs", None).await.unwrap();
    isolate
}

async fn call(isolate: &Isolate, entry: &str) {
    isolate.call(Callee::Entry(entry), &[], None).await.unwrap();
}

async fn restore(isolate: &mut Isolate) {
    isolate.restore().await.unwrap();
}

/// One module of functions, and the entries. A scenario calls 20 functions from all over the library.
struct Library {
    source: Arc<str>,
    bytecode: RefCell<Option<Bytecode>>,
}

impl Library {
    fn new(bytes: usize) -> Library {
        let mut source = format!(
            "const library = []; let total = 0;
entry('scenario', () => {{
  for (let n = 0; n < 20; n++) {{
    const run = library[Math.floor((n * library.length) / 20)];
    total += run([{{ name: 'tea', price: n }}, {{ name: 'milk', price: 2 }}], 1).total;
  }}
}});
entry('ops', () => {{
  const {{ nothing }} = ops;
  for (let n = 0; n < {OPS}; n++) nothing(n);
}});\n"
        );
        for n in 0.. {
            source.push_str(&format!(
                "library.push(function basket{n}(items, discount) {{
  const dear = items.filter((item) => item.price > {n} % 3 && item.name !== 'gift-{n}');
  const total = dear.reduce((sum, item) => sum + item.price, -discount);
  return {{ total, names: dear.map(({{ name }}) => `${{name}} in basket {n}`) }};
}});\n"
            ));
            if source.len() >= bytes {
                break;
            }
        }
        Library { source: source.into(), bytecode: RefCell::default() }
    }
}

impl ModuleSource for Library {
    fn resolve(&self, specifier: &str, _: &str, _: How) -> Result<String, LoadError> {
        Ok(specifier.to_owned())
    }

    fn load(&self, _: &str) -> Result<Loaded, LoadError> {
        let bytecode = self.bytecode.borrow().clone().map(Code::Bytecode);
        let code = bytecode.unwrap_or_else(|| Code::Source(self.source.clone()));
        Ok(Loaded { kind: ModuleKind::EsModule, code })
    }

    fn keep_bytecode(&self, _: &str, bytecode: &Bytecode) {
        *self.bytecode.borrow_mut() = Some(bytecode.clone());
    }

    fn original_position(&self, _: &str, _: u32, _: u32) -> Option<Position> {
        None
    }
}
