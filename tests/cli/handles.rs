//! `commands.spawn`: commands that run beside the step.

#![cfg(unix)]

use crate::project::Project;

const DECLARED: &str = r#"
[commands]
cat = { run = ["cat"] }
sleep = { run = ["sleep", "600"] }
server = { run = ["sleep", "600"], persistent = true }
say = { run = "echo ${word}; echo aside >&2; exit 3" }
talk = { run = "echo begun; read -r line; echo \"got $line\"; exec sleep 600" }
short = { run = ["sleep", "600"], timeout = "50ms" }
"#;

fn step(code: &str) -> Project {
    let code = format!(
        "import {{ commands }} from 'quickcuke';\nWhen('it happens', async () => {{ {code} }});"
    );
    Project::with_step(&code).file("quickcuke.toml", DECLARED)
}

#[test]
fn a_handle_tells_how_its_command_is_while_it_runs() {
    let code = "
        const handle = commands.spawn('talk');
        console.log(Object.keys(handle).join(), handle.command, handle.status, handle.pid > 0, Date.now() - handle.startedAt < 60_000);
        while (!commands.poll(handle.id).stdout.includes('begun')) await new Promise((done) => setTimeout(done, 1));
        await commands.write(handle.id, 'this\\n');
        let status;
        do { status = commands.poll(handle.id); } while (!status.stdout.includes('got this'));
        console.log(status.status, status.exitCode, JSON.stringify(status.stdout));
        const killed = await commands.kill(handle.id);
        console.log(killed.status, killed.exitCode, killed.signal);
        await commands.release(handle.id);
    ";
    step(code)
        .run(&[])
        .passes()
        .prints("id,pid,status,startedAt,command talk running true true\n")
        .prints("running null \"begun\\ngot this\\n\"\n")
        .prints("killed null SIGKILL\n");
}

#[test]
fn waiting_gives_the_end_and_kills_nothing() {
    let code = "
        const say = await commands.wait(commands.spawn('say', { word: 'hi' }).id);
        console.log(say.status, say.exitCode, say.signal, JSON.stringify([say.stdout, say.stderr]));
        const sleep = commands.spawn('sleep');
        const late = await commands.wait(sleep.id, { timeoutMs: 30 });
        console.log(late.status, commands.poll(sleep.id).status);
    ";
    step(code)
        .run(&[])
        .passes()
        .prints("exited 3 null [\"hi\\n\",\"aside\\n\"]\n")
        .prints("running running\n");
}

#[test]
fn a_timeout_ends_a_handle_that_of_the_call_or_the_declared_one() {
    let code = "
        const called = commands.spawn('sleep', {}, { timeoutMs: 50 });
        const declared = commands.spawn('short');
        console.log((await commands.wait(called.id)).status, (await commands.wait(declared.id)).status);
    ";
    step(code).run(&[]).passes().prints("timed_out timed_out\n");
}

#[test]
fn what_is_written_is_read_to_its_end() {
    let code = "
        const { id } = commands.spawn('cat');
        const text = 'x'.repeat(200_000);
        await commands.write(id, 'one ');
        await commands.write(id, 'two');
        await commands.closeStdin(id);
        console.log((await commands.wait(id)).stdout);
        await commands.write(id, 'three').catch((error) => console.log(error.code, error.message));
        const much = commands.spawn('cat');
        await Promise.all([commands.write(much.id, text), commands.closeStdin(much.id)]);
        console.log((await commands.wait(much.id)).stdout.length);
    ";
    step(code)
        .run(&[])
        .passes()
        .prints("one two\n")
        .prints("EPIPE command \"cat\": the stdin of handle")
        // The last 64 KiB.
        .prints("65536\n");
}

#[test]
fn a_session_keeps_64_handles_and_lets_go_of_none_that_runs() {
    let code = "
        const first = commands.spawn('say', { word: 1 });
        const second = commands.spawn('say', { word: 2 });
        await Promise.all([commands.wait(first.id), commands.wait(second.id)]);
        const running = [];
        while (running.length < 63) running.push(commands.spawn('sleep'));
        console.log(commands.poll(second.id).stdout.trim());
        try { commands.poll(first.id); } catch (error) { console.log(error.code, error.message); }
        running.push(commands.spawn('sleep'));
        try { commands.spawn('sleep'); } catch (error) { console.log(error.code, error.message); }
        console.log(running.every(({ id }) => commands.poll(id).status === 'running'));
        await commands.release(running[0].id);
        console.log(commands.spawn('sleep').status);
    ";
    step(code)
        .run(&["--timeout", "60s"])
        .passes()
        .prints("2\nERR_COMMAND_HANDLE there is no handle 1 in this session")
        .prints("ERR_COMMAND_LIMIT command \"sleep\" would be handle number 65 of this session; 64 run already: kill or release one first\ntrue\nrunning\n");
}

#[test]
fn at_most_16_persistent_commands_run_however_they_were_started() {
    let code = "
        await commands.start('server');
        const all = [];
        while (all.length < 15) all.push(commands.spawn('server'));
        try { commands.spawn('server'); } catch (error) { console.log(error.message); }
        await commands.kill(all[0].id);
        console.log(commands.spawn('server').status);
    ";
    step(code).run(&["--timeout", "60s"]).passes().prints(
        "command \"server\" would be persistent process number 17 of this session; at most 16 may run at a time: stop one first\nrunning\n",
    );
}

#[test]
fn a_mistake_with_a_handle_names_the_mend() {
    let cases = [
        (
            "commands.poll('x')",
            "a handle is known by its number, the `id` that commands.spawn gives",
        ),
        ("await commands.wait(77)", "there is no handle 77 in this session"),
        ("await commands.wait(77)", "commands.spawn gives the number as `id`"),
        ("commands.spawn('slep')", "did you mean \"sleep\"?"),
        ("commands.spawn('say')", "${word} has no value"),
        (
            "commands.spawn('sleep', {}, { timeout: 5 })",
            "unknown option \"timeout\"; known is timeoutMs",
        ),
        ("await commands.wait(commands.spawn('sleep').id, { timeoutMs: -1 })", "commands.wait("),
    ];
    for (code, text) in cases {
        step(code).tell(&[]).fails().explains("it", text);
    }
}

#[test]
fn a_handle_of_the_run_is_known_in_scenarios_and_one_of_a_scenario_only_there() {
    let code = "
        import { commands } from 'quickcuke';
        let server: { id: number };
        BeforeAll(() => { server = commands.spawn('cat'); });
        Before(async ({ pickle }) => {
          await commands.write(server.id, `${pickle.name}\\n`);
        });
        When('it happens', () => { commands.spawn('sleep'); });
        AfterAll(async () => {
          await commands.closeStdin(server.id);
          console.log((await commands.wait(server.id)).stdout);
          try { commands.poll(server.id + 1); } catch (error) { console.log(error.message); }
        });
    ";
    let run = Project::with_step(code.trim_start()).file("quickcuke.toml", DECLARED).run(&[]);
    run.passes().prints("it\nlater\n").prints("there is no handle 2 in this session");
}
