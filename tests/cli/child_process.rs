//! `node:child_process`: on declared commands, and with trust on everything.

#![cfg(unix)]

use crate::project::Project;

const DECLARED: &str = r#"
[commands]
greet = { run = ["echo", "hello", "${name}"] }
count = { run = "printf 'a\nb\n' | wc -l" }
shout = { run = "echo ${word} | tr a-z A-Z" }
cat = { run = ["cat"] }
env = { run = ["sh", "-c", "echo $GIVEN-$SECRET"], env = ["GIVEN"] }
sleep = { run = ["sleep", "600"] }
fail = { run = "echo out; echo why >&2; exit 3" }
missing = { run = ["no-such-program"] }
where = { run = ["pwd"], cwd = "steps" }
"#;

fn project(code: &str) -> Project {
    let imports = "
        import { exec, execFile, execFileSync, execSync, fork, spawn, spawnSync } from 'node:child_process';
        import { once } from 'node:events';
        import { promisify } from 'node:util';
    ";
    Project::with_step(&format!("{}{code}", imports.replace("        ", "").trim_start()))
        .file("quickcuke.toml", DECLARED)
}

fn step(code: &str) -> Project {
    project(&format!("When('it happens', async () => {{ {code} }});"))
}

#[test]
fn a_call_that_is_a_declared_command_runs() {
    let code = "
        console.log(execFileSync('echo', ['hello', 'a b'], { encoding: 'utf8' }).trim());
        console.log(execSync('echo hello you').toString().trim());
        console.log(execSync(\"echo 'quoted; text' | tr a-z A-Z\").toString().trim());
        console.log(execSync('count', { encoding: 'utf8' }).trim());
        console.log((await promisify(exec)('count')).stdout.trim());
        console.log((await promisify(execFile)('echo', ['hello', '$x'])).stdout.trim());
        console.log(execSync('where', { encoding: 'utf8' }).trim().endsWith('/steps'));
    ";
    step(code)
        .run(&[])
        .passes()
        .prints("hello a b\nhello you\nQUOTED; TEXT\n2\n2\nhello $x\ntrue\n");
}

#[test]
fn a_call_that_is_not_declared_is_refused_with_the_lines_that_would_grant_it() {
    for (code, lines) in [
        ("execSync('git push')", "[commands]\ngit = { run = \"git push\" }"),
        ("spawn('git', ['push', 'a b'])", "git = { run = [\"git\", \"push\", \"a b\"] }"),
        ("await promisify(exec)('count; id')", "count2 = { run = \"count; id\" }"),
        ("execSync('echo hello $(id)')", "echo = { run = \"echo hello $(id)\" }"),
        ("spawnSync('/bin/cat')", "cat2 = { run = [\"/bin/cat\"] }"),
        ("spawn('cat', ['/etc/passwd'])", "cat2 = { run = [\"cat\", \"/etc/passwd\"] }"),
    ] {
        step(code)
            .tell(&[])
            .fails()
            .explains("it", "is not declared, so it may not run: add to quickcuke.toml")
            .explains("it", lines)
            .explains("it", "`[sandbox] trust = true` or --trust")
            .explains("it", "steps/a.ts");
    }
    let code = "try { execSync('git push'); } catch (error) { console.log(error.code, error.permission); }";
    step(code).run(&[]).passes().prints("ERR_ACCESS_DENIED ChildProcess\n");
}

#[test]
fn a_declared_command_runs_as_declared_and_not_otherwise() {
    for (code, text) in [
        ("execSync('count', { cwd: 'steps' })", "give it a `cwd` or use --trust"),
        (
            "execSync('count', { env: { LD_PRELOAD: 'x' } })",
            "[commands.count] env = [\"LD_PRELOAD\"]",
        ),
        ("spawnSync('env', { env: { PATH: 'x' } })", "whose PATH cannot be changed"),
        ("execSync('count', { shell: '/bin/bash' })", "which runs in sh and no other shell"),
        ("spawn('cat', { argv0: 'dog' })", "whose `argv0` cannot be set"),
        ("spawn('cat', { uid: 0 })", "leave options.uid out"),
        (
            "spawn('cat', { stdio: ['pipe', 'pipe', 'pipe', 'ipc'] })",
            "leave further streams and 'ipc' out",
        ),
        ("fork('x.js')", "there is no Node here"),
    ] {
        step(code).tell(&[]).fails().explains("it", text);
    }
    let code = "
        console.log(spawnSync('env', { encoding: 'utf8' }).stdout.trim());
        console.log(spawnSync('env', { encoding: 'utf8', env: { ...process.env, GIVEN: 'mine' } }).stdout.trim());
        console.log(spawnSync('cat', { encoding: 'utf8', input: 'in', cwd: '.' }).stdout);
    ";
    step(code)
        .env("GIVEN", "given")
        .env("SECRET", "secret")
        .run(&[])
        .passes()
        .prints("given-\nmine-\nin\n");
}

#[test]
fn with_trust_everything_runs_in_the_environment_of_the_process() {
    let code = "
        console.log(execSync('echo $SECRET; pwd', { cwd: '/usr', encoding: 'utf8' }));
        console.log(execSync('echo $A$SECRET', { env: { A: 'only' }, encoding: 'utf8' }));
        process.env.LATE = 'late';
        console.log(execFileSync('sh', ['-c', 'echo $LATE'], { encoding: 'utf8' }));
        console.log(execSync('count', { encoding: 'utf8' }).trim());
        console.log(spawnSync('echo $0', { shell: '/bin/bash', encoding: 'utf8' }).stdout);
    ";
    let run = step(code).env("SECRET", "secret").run(&["--trust"]);
    run.passes().prints("secret\n/usr\n\nonly\n\nlate\n\n2\n/bin/bash\n");
}

#[test]
fn a_child_is_an_emitter_with_streams() {
    let code = "
        const child = spawn('cat');
        const events: unknown[] = [];
        for (const name of ['spawn', 'exit', 'close']) child.on(name, (...values) => events.push([name, ...values]));
        child.stdout.setEncoding('utf8').on('data', (text) => events.push(text));
        child.stdin.write('one ');
        child.stdin.end('two');
        await once(child, 'close');
        console.log(JSON.stringify(events).replace('\"one \",\"two\"', '\"one two\"'));
        console.log(child.exitCode, child.signalCode, child.killed, child.spawnfile, child.spawnargs);
        const sleep = spawn('sleep', ['600']);
        console.log(sleep.exitCode, sleep.kill('SIGINT'), await once(sleep, 'exit'), sleep.kill());
        const [error] = await once(spawn('no-such-program'), 'error').catch((thrown) => [thrown]);
        console.log(error.message, error.code, error.syscall, error.path, error.spawnargs);
    ";
    step(code)
        .run(&[])
        .passes()
        .prints("[[\"spawn\"],\"one two\",[\"exit\",0,null],[\"close\",0,null]]\n0 null false cat [ 'cat' ]\n")
        .prints("null true [ null, 'SIGINT' ] false\n")
        .prints("spawn no-such-program ENOENT ENOENT spawn no-such-program no-such-program []\n");
}

#[test]
fn errors_are_those_of_node() {
    let code = "
        const show = (error) => console.log(error.message.trim(), '|', error.code, error.status, error.signal, error.killed, error.cmd, `${error.stdout}`.trim(), `${error.stderr}`.trim());
        await promisify(exec)('fail').catch(show);
        try { execSync('fail', { stdio: 'pipe' }); } catch (error) { show(error); }
        await promisify(execFile)('sleep', ['600'], { timeout: 30 }).catch(show);
        try { execFileSync('sleep', ['600'], { timeout: 30 }); } catch (error) { show(error); }
        await promisify(execFile)('echo', ['hello', 'long'], { maxBuffer: 3 }).catch(show);
        console.log(spawnSync('missing').error.message);
    ";
    step(code)
        .run(&[])
        .passes()
        .prints("Command failed: fail\nwhy | 3 undefined null false fail out why\n")
        .prints("Command failed: fail\nwhy | undefined 3 null undefined undefined out why\n")
        .prints("Command failed: sleep 600 | null undefined SIGTERM true sleep 600")
        .prints("spawnSync sleep ETIMEDOUT | ETIMEDOUT null SIGTERM undefined undefined")
        .prints("stdout maxBuffer length exceeded | ERR_CHILD_PROCESS_STDIO_MAXBUFFER undefined undefined undefined echo hello long hel")
        .prints("spawnSync missing ENOENT\n");
}

#[test]
fn inherited_streams_are_those_of_the_run() {
    let code = "
        execSync('fail', { stdio: ['ignore', 'inherit', 'pipe'] });
    ";
    step(code).run(&[]).fails().prints("out\n");
    let code = "
        const child = spawn('fail', { stdio: 'inherit' });
        console.log(child.stdout, await once(child, 'close'));
    ";
    let run = step(code).run(&[]);
    let run = run.passes().prints("null [ 3, null ]\n").prints("out\n");
    assert!(run.stderr().contains("why"), "{}", run.stderr());
}

#[test]
fn a_call_that_blocks_ends_with_the_step() {
    for code in [
        "execSync('sleep 600');",
        "for (;;) { try { execFileSync('sleep', ['600']); } catch {} }",
        "spawnSync('cat', { stdio: 'pipe', input: 'x' }); spawnSync('sleep', ['600'], { timeout: 60_000 });",
    ] {
        let code = format!("When('it happens', {{ timeout: 200 }}, () => {{ {code} }});");
        project(&code)
            .tell(&[])
            .fails()
            .explains(
                "it",
                "function timed out, ensure the function returns within 200 milliseconds",
            )
            .scenarios(&["it: failed", "later: passed"]);
    }
}

#[test]
fn programs_run_while_the_step_library_is_loaded_and_a_child_of_before_all_is_not_held_up() {
    let code = "
        const version = execSync('echo hello 7', { encoding: 'utf8' }).trim();
        let cat;
        BeforeAll(() => { cat = spawn('cat'); cat.stdout.on('data', () => {}); });
        When('it happens', async () => {
          console.log(version, cat.exitCode);
          const block = Buffer.alloc(300_000);
          await new Promise((done) => cat.stdin.write(block, done));
          console.log('written', cat.kill());
        });
    ";
    project(code).run(&[]).passes().prints("hello 7 null\nwritten true\n");
}

#[test]
fn process_kill_reaches_what_the_scenario_started_and_nothing_else() {
    let code = "
        const one = spawn('sleep', ['600']);
        const group = spawn('sleep', ['600'], { detached: true });
        const ends = Promise.all([once(one, 'exit'), once(group, 'exit')]);
        console.log(process.kill(one.pid, 0), process.kill(one.pid), process.kill(-group.pid, 'SIGINT'));
        console.log(...(await ends).map(([, signal]) => signal));
        for (const pid of [one.pid, process.pid, process.ppid, -process.pid, 1, 0, -1]) {
          try { process.kill(pid, 0); console.log('reached', pid); } catch (error) { console.log(error.code); }
        }
        try { process.kill('x'); } catch (error) { console.log(error.message); }
    ";
    step(code)
        .run(&[])
        .passes()
        .prints("true true true\nSIGTERM SIGINT\n")
        .prints(&format!("{}The \"pid\" argument must be of type number.", "ESRCH\n".repeat(7)));
}

#[test]
fn what_nobody_catches_of_a_child_fails_the_step() {
    step("spawn('no-such-program'); await new Promise((done) => setTimeout(done, 500));")
        .tell(&["--trust"])
        .fails()
        .explains("it", "spawn no-such-program ENOENT");
    step("spawn('cat').on('exit', () => { throw new Error('from a listener'); }).kill(); await new Promise(() => {});")
        .tell(&[])
        .fails()
        .explains("it", "from a listener");
}
