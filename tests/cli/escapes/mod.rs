//! What hostile steps try: each attempt ends as a clear error, tells them nothing, and leaves the next scenario a
//! pristine world.

mod builtins;
mod files;
mod resolver;
mod roots;

use crate::project::Project;

/// Each step is a scenario of its own, with a look at the world after it.
fn attempts(steps: &[(&str, &str)]) -> Project {
    let mut feature = "Feature: F\n".to_owned();
    let mut code = PRISTINE.to_owned();
    for (name, body) in steps {
        feature += &format!(
            "  Scenario: {name}\n    When {name}\n  Scenario: after {name}\n    When the world is pristine\n"
        );
        code += &format!("When('{name}', async function () {{\n{body}\n}});\n");
    }
    Project::new().file("features/a.feature", &feature).file("steps/a.ts", &code)
}

/// The step "the world is pristine": every property of every built-in is what it was when the library was loaded.
const PRISTINE: &str = r"
    import { When, vars, commands } from 'quickcuke';
    import assert from 'node:assert';
    import fs from 'node:fs';
    import os from 'node:os';
    import util from 'node:util';
    import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);

    // What everything is reached from; lazy globals are loaded first.
    const names = Reflect.ownKeys(globalThis);
    const roots = names.map((name) => globalThis[name]);
    roots.push(fs, util, assert, (function* () {})().__proto__, (async () => {}).__proto__, [][Symbol.iterator]().__proto__);
    const { getOwnPropertyDescriptor, getPrototypeOf, ownKeys, apply, has } = Reflect;
    const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
    function picture() {
      const seen = new Map();
      const pending = [globalThis, ...roots];
      while (pending.length > 0) {
        const object = pending.pop();
        if (!isObject(object) || seen.has(object)) continue;
        const properties = ownKeys(object).map((key) => [key, getOwnPropertyDescriptor(object, key)]);
        seen.set(object, properties);
        pending.push(getPrototypeOf(object));
        for (const [, { value, get, set }] of properties) pending.push(value, get, set);
      }
      return seen;
    }
    const before = picture();
    When('the world is pristine', () => {
      const now = picture();
      for (const [object, properties] of before) {
        const found = now.get(object) ?? [];
        assert.deepStrictEqual(found.map(([key]) => key), properties.map(([key]) => key));
        for (const [index, [key, was]] of properties.entries()) {
          const [, is] = found[index];
          for (const part of ownKeys(was)) assert.ok(Object.is(is[part], was[part]), `${String(key)}: ${part}`);
        }
      }
      assert.deepStrictEqual([...vars.keys()], []);
      assert.deepStrictEqual(fs.readdirSync(os.tmpdir()), []);
    });
    // What must be nobody's: what the prelude works with.
    const isSecret = (value) => isObject(value) && !util.types.isProxy(value)
      && ['natives', 'requireBuiltin', 'fs_read_file', 'formatStack', 'settleOp'].some((name) => has(value, name));
";
