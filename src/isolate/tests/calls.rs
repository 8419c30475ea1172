//! Ops, timers, promises, deadlines.

use super::*;

#[test]
fn an_entry_gets_and_gives_json() {
    on_worker(|| async {
        let world = World::new(&[]);
        assert_eq!(
            world.run("[1, 'x', null, { a: undefined }]").await.unwrap(),
            r#"[1,"x",null,{}]"#
        );
        assert_eq!(world.run("undefined").await.unwrap(), "");
        assert_eq!(world.run("Promise.resolve('é😀')").await.unwrap(), "\"é😀\"");
        let missing = world.isolate.call(Callee::Entry("nowhere"), &[], None).await.unwrap_err();
        assert!(missing.message.contains("nowhere"), "{missing}");
    });
}

#[test]
fn ops_take_and_give_plain_values() {
    on_worker(|| async {
        let world = World::new(&[]);
        let source = "[ops.echo(1.5), ops.echo('a\\0b'), ops.echo(true), ops.echo(null) === undefined,
            ops.echo(new Uint8Array([1, 2, 255])) instanceof Uint8Array, [...ops.echo(new Uint8Array([1, 2, 255]))],
            [...ops.echo(new Uint8Array([1, 2, 3]).buffer)], [...ops.echo(new Uint8Array([1, 2, 3, 4]).subarray(1, 3))],
            ops.echo(new Uint8Array()).length, ops.json('{\"a\":[1]}').a]";
        assert_eq!(
            world.run(source).await.unwrap(),
            r#"[1.5,"a\u0000b",true,true,true,[1,2,255],[1,2,3],[2,3],0,[1]]"#
        );
        for wrong in ["{}", "Symbol()", "() => 1", "new Float64Array(1)", "1n"] {
            let error = world.run(&format!("ops.echo({wrong})")).await.unwrap_err();
            assert_eq!(&*error.name, "TypeError", "{wrong}");
        }
    });
}

#[test]
fn op_errors_become_errors_with_properties() {
    on_worker(|| async {
        let world = World::new(&[]);
        let source = "try { ops.fail(); } catch (e) {
            return [e instanceof TypeError, e.message, e.code, e.errno, e.path, e.stack.split('\\n')[0]]; }";
        assert_eq!(
            world.body(source).await.unwrap(),
            r#"[true,"no such thing","ENOENT",-2,"/x","TypeError: no such thing"]"#
        );
        let source = "try { await ops.fails(); } catch (e) { return [e instanceof Error, e.message, e.code]; }";
        assert_eq!(world.body(source).await.unwrap(), r#"[true,"failed later","ELATER"]"#);
        assert!(world.run("ops.panic()").await.unwrap_err().message.contains("an op panicked"));
        assert!(
            world.run("ops.panics()").await.unwrap_err().message.contains("an async op panicked")
        );
        assert_eq!(world.run("1").await.unwrap(), "1");
    });
}

#[test]
fn async_ops_run_side_by_side() {
    on_worker(|| async {
        let world = World::new(&[]);
        let source = "const order = [];
            await Promise.all([300, 10, 150].map(async (ms) => order.push(await ops.sleep(ms, ms))));
            return order;";
        assert_eq!(world.body(source).await.unwrap(), "[10,150,300]");
    });
}

#[test]
#[cfg_attr(feature = "memcheck", ignore = "rests on the machine's speed")]
fn macrotasks_and_microtasks_come_in_nodes_order() {
    on_worker(|| async {
        let world = World::new(&[]);
        let source = "const log = [];
            const tell = (x) => () => { log.push(x); Promise.resolve().then(() => log.push(x + ' micro')); };
            setTimeout(tell('t1'), 1); setTimeout(tell('t0'), 0); setTimeout(tell('t5'), 5);
            setImmediate(tell('i1')); setImmediate(tell('i2'));
            queueMicrotask(() => log.push('micro'));
            log.push('sync');
            await new Promise((resolve) => setTimeout(resolve, 15));
            return log.filter((x) => !x.startsWith('t')).concat(log.filter((x) => x.startsWith('t')));";
        assert_eq!(
            world.body(source).await.unwrap(),
            r#"["sync","micro","i1","i1 micro","i2","i2 micro","t1","t1 micro","t0","t0 micro","t5","t5 micro"]"#
        );
    });
}

#[test]
fn timers_behave_as_nodes() {
    on_worker(|| async {
        let world = World::new(&[]);
        let source = "const log = [];
            let beats = 0, done;
            const interval = setInterval((x) => { log.push(x); if (++beats === 3) { clearInterval(interval); setTimeout(() => done(), 5); } }, 1, 'i');
            const gone = setTimeout(() => log.push('gone'), 1); clearTimeout(gone);
            const byNumber = setTimeout(() => log.push('gone'), 1); clearTimeout(+byNumber); clearTimeout(undefined);
            const immediate = setImmediate(() => log.push('gone')); clearImmediate(immediate);
            const self = setTimeout(function () { log.push(this === self); }, 2);
            await new Promise((resolve) => { done = resolve; });
            return [log.sort(), self.hasRef(), self.unref().hasRef(), self.ref() === self, typeof (+self)];";
        assert_eq!(
            world.body(source).await.unwrap(),
            r#"[["i","i","i",true],true,false,true,"number"]"#
        );
        let error = world.run("setTimeout('code', 1)").await.unwrap_err();
        assert_eq!(&*error.name, "TypeError");
    });
}

#[test]
fn work_left_over_goes_on_in_later_calls() {
    on_worker(|| async {
        let world = World::new(&[]);
        world.body("globalThis.log = []; setTimeout(() => log.push('late'), 5); void ops.sleep(5, 'op').then((x) => log.push(x));").await.unwrap();
        let source =
            "while (log.length < 2) await new Promise((r) => setTimeout(r, 1)); return log.sort();";
        assert_eq!(world.body(source).await.unwrap(), r#"["late","op"]"#);
    });
}

#[test]
fn what_nobody_caught_fails_the_call() {
    on_worker(|| async {
        let world = World::new(&[]);
        for source in [
            "setTimeout(() => { throw new RangeError('nobody') }, 1); await new Promise(() => {});",
            "setImmediate(() => { throw new RangeError('nobody') }); await new Promise(() => {});",
            "queueMicrotask(() => { throw new RangeError('nobody') }); await new Promise(() => {});",
            "Promise.reject(new RangeError('nobody')); await new Promise(() => {});",
            "Promise.reject(new RangeError('nobody'));",
            "void (async () => { await null; throw new RangeError('nobody') })(); await ops.sleep(1000);",
        ] {
            let error = world.body(source).await.unwrap_err();
            assert_eq!(
                (&*error.name, error.message.as_str()),
                ("RangeError", "nobody"),
                "{source}"
            );
            assert!(!error.poisoned);
        }
        let handled = "const p = Promise.reject(new Error('x')); p.catch(() => {}); return 1;";
        assert_eq!(world.body(handled).await.unwrap(), "1");
        let error = world.body("Promise.reject(); await new Promise(() => {});").await.unwrap_err();
        assert_eq!(error.message, "undefined");
    });
}

#[test]
#[cfg_attr(feature = "memcheck", ignore = "rests on the machine's speed")]
fn a_pending_promise_times_out_without_poison() {
    on_worker(|| async {
        let world = World::new(&[]);
        let error = world.within("await new Promise(() => {});", 20).await.unwrap_err();
        assert_eq!((error.kind, error.poisoned), (ErrorKind::Timeout, false));
        let error = world
            .within("setInterval(() => {}, 1); await ops.sleep(10000);", 20)
            .await
            .unwrap_err();
        assert_eq!((error.kind, error.poisoned), (ErrorKind::Timeout, false));
        assert_eq!(world.run("1 + 1").await.unwrap(), "2");
        let forever = [Argument::Text("new Promise(() => {})")];
        world.body("globalThis.clearAll = 1").await.unwrap();
        let fresh = World::new(&[]);
        let error = fresh.isolate.call(Callee::Entry("run"), &forever, None).await.unwrap_err();
        assert!(error.message.contains("never settle"), "{error}");
    });
}

#[test]
#[cfg_attr(feature = "memcheck", ignore = "rests on the machine's speed")]
fn spinning_code_is_cut_off() {
    on_worker(|| async {
        for source in [
            "for (;;) {}",
            "for (;;) { try { for (;;) {} } catch {} finally { for (;;) {} } }",
            "await null; for (;;) {}",
            "setTimeout(() => { for (;;) {} }, 1); await new Promise(() => {});",
            "const again = () => Promise.resolve().then(again); again(); await new Promise(() => {});",
            "try { await (async () => { for (;;) {} })(); } catch { return 'caught'; }",
            "[1, 2].map(() => { for (;;) {} });",
            "/(a+)+$/.test('a'.repeat(40) + 'b');",
            "const f = () => new Promise((r) => r()).then(f); await f();",
        ] {
            let world = World::new(&[]);
            let error = world.within(source, 30).await.unwrap_err();
            assert_eq!(
                (error.kind, error.poisoned),
                (ErrorKind::Timeout, true),
                "{source}: {error}"
            );
        }
    });
}
