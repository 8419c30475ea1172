//! `session(name)`: sandboxes beside the scenario's own.

use crate::project::Project;

/// A project whose step "it happens" has `alice` and `bob`.
fn with_step(options: &str, code: &str) -> Project {
    Project::with_step(&format!(
        "import {{ session, vars, commands }} from 'quickcuke';
         import assert from 'node:assert';
         When('it happens', {options}, async function () {{
           const alice = this.session('alice');
           const bob = session('bob');
           {code}
         }});"
    ))
}

#[test]
fn a_session_has_its_own_variables_globals_and_sandbox() {
    let code = "
        alice.vars.set('a', [1]);
        vars.set('own', 1);
        assert.deepEqual([alice.vars.keys(), bob.vars.keys(), vars.keys()], [['a'], [], ['own']]);
        await alice.run('var a = vars.get(\"a\"); vars.set(\"b\", args)', 1, null);
        assert.deepEqual(await alice.run('return [a, vars.get(\"b\")]'), [[1], [1, null]]);
        assert.equal(await bob.run('return typeof a'), 'undefined');
        assert.equal(typeof globalThis.a, 'undefined');
        assert.deepEqual(await bob.run('return [ferridriver.host, typeof Given, args]'), ['bdd', 'undefined', []]);
        assert.equal(await bob.run('try { require(\"fs\").readFileSync(\"/etc/passwd\") } catch (e) { return e.code }'), 'EACCES');
    ";
    with_step("{}", code).run(&[]).passes();
}

#[test]
fn what_a_session_prints_is_printed() {
    with_step("{}", "await alice.run('console.log(1, [2])'); console.log('after');")
        .run(&[])
        .passes()
        .prints("1 [ 2 ]\nafter");
}

#[test]
fn what_cannot_run_in_a_session_is_refused() {
    for (call, message) in [
        ("this.session('')", "session: the name must be a text that is not empty, not ''"),
        (
            "alice.run(1)",
            "session.run takes source text, an arrow function or a function expression, not a value of type number",
        ),
        ("alice.run(class A {})", "not a class or method: class A {}"),
        ("alice.run(Math.max)", "not a native or bound function"),
        ("alice.run('1', () => {})", "session.run: argument 1 is a function, which is not JSON"),
        ("alice.run('let a = ;')", "SyntaxError: [script]:1:9: "),
        (
            "alice.run('export const a = 1')",
            "A script exports nothing: `return` its value, or run it as a module",
        ),
        (
            "alice.run(() => bob.name)",
            "bob is not defined: a function that runs in a session closes over nothing",
        ),
        ("alice.run('return 1n')", "The value that was returned is not JSON"),
        (
            "alice.run('const a = []; for (;;) a.push(Array(1e4).fill(0))')",
            "raise `memory` in [sandbox] of quickcuke.toml",
        ),
    ] {
        with_step("{}", &format!("await {call};"))
            .run(&["--memory", "32MiB"])
            .fails()
            .prints(message);
    }
}

#[test]
fn an_error_of_a_session_is_an_error_of_the_step() {
    let code = "
        await assert.rejects(alice.run(() => { throw new RangeError('r', { cause: new Error('c') }) }), (error) => {
          assert.ok(error instanceof RangeError);
          assert.equal(error.cause.message, 'c');
          return /a\\.ts:\\d+/.test(error.stack);
        });
        await assert.rejects(alice.run('throw \"text\"'), /text/);
    ";
    with_step("{}", code).run(&[]).passes();
}

#[test]
fn sessions_end_with_their_scenario_whatever_they_do() {
    let code = "
        alice.run('for (;;);');
        bob.run('await new Promise((resolve) => setTimeout(resolve, 1e7))').catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, 20));
    ";
    for isolation in ["scenario", "worker"] {
        with_step("{ timeout: -1 }", code).run(&["--isolation", isolation]).passes();
    }
}

#[test]
fn a_session_of_a_run_hook_lasts_until_the_end_of_the_run() {
    Project::with_step(
        "import { session } from 'quickcuke';
         BeforeAll(async () => { await session('alice').run('globalThis.n = 1') });
         When('it happens', async () => console.log('in it', await session('alice').run('return typeof n')));
         AfterAll(async () => console.log('at the end', await session('alice').run('return n')));",
    )
    .run(&[])
    .passes()
    .prints("in it undefined")
    .prints("at the end 1");
}

#[cfg(unix)]
#[test]
fn processes_of_a_session_are_its_own_and_die_with_the_scenario() {
    let server = "
        [commands.server]
        run = \"echo $$ >> pids; echo ready; exec sleep 600\"
        persistent = true
        ready = { line = \"ready\" }
    ";
    let code = "
        const { pid } = await alice.commands.start('server');
        assert.equal((await alice.run('return commands.status(\"server\")')).pid, pid);
        assert.equal(commands.status('server').running, false);
        await bob.run('await commands.start(\"server\")');
        assert.notEqual(bob.commands.status('server').pid, pid);
    ";
    let project = with_step("{}", code).file("quickcuke.toml", server);
    project.run(&[]).passes();
    let written = project.read("pids");
    assert_eq!(written.lines().count(), 2, "{written}");
    for pid in written.lines() {
        assert!(!std::path::Path::new(&format!("/proc/{pid}")).exists(), "{pid} is alive");
    }
}
