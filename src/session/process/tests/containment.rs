//! Nothing outlives the session, however it tries.

use std::process::{Command, Stdio};

use super::*;

/// Starts a script as a persistent command, waits until `count` processes of it live, ends the session, and looks.
fn dies(script: &str, count: usize) {
    run(async {
        let project = project(json!({ "it": { "run": script, "persistent": true } }));
        project.start("it").await.unwrap();
        let living = project.wait_for(count).await;
        project.session.end().unwrap();
        assert!(project.living().is_empty(), "{script}: of {living:?} live {:?}", project.living());
        for pid in living {
            assert!(stat(pid).is_none_or(|_| !is_zombie(pid)), "{pid} is not reaped");
        }
    });
}

#[test]
fn a_child_and_a_pipeline() {
    dies("exec sleep 600", 1);
    dies("sleep 600 | sleep 600 | sleep 600; true", 4);
}

#[test]
fn one_that_ignores_signals() {
    dies("trap '' TERM INT HUP; sleep 600; sleep 600", 2);
}

#[test]
fn background_grandchildren_of_a_command_that_ended() {
    dies("sleep 600 & sleep 600 & exit 0", 2);
}

#[test]
fn one_that_left_the_group() {
    dies("setsid sleep 600 & wait", 2);
}

#[test]
fn a_double_fork_into_a_session_of_its_own() {
    dies("(setsid sh -c '(setsid sleep 600 &) ; exit 0' &) ; exit 0", 1);
}

#[test]
fn a_daemon_with_an_empty_environment_and_closed_files() {
    dies(
        "(setsid env -i /bin/sh -c 'trap \"\" TERM HUP; sleep 600; true' <&- >&- 2>&- &) ; exit 0",
        2,
    );
}

#[test]
fn stopped_processes() {
    dies("sleep 600 & kill -STOP $!; wait", 2);
}

#[test]
fn a_subreaper_below() {
    // A nested supervisor adopts orphans itself; they are descendants all the same.
    let python = "import ctypes,subprocess,time; ctypes.CDLL(None).prctl(36,1,0,0,0); \
                  subprocess.run([\"sh\",\"-c\",\"setsid sleep 600 & exit 0\"]); time.sleep(600)";
    dies(&format!("exec python3 -c '{python}'"), 2);
}

#[test]
fn processes_that_keep_forking() {
    run(async {
        // A chain: each starts the next and ends, in a session of its own each time.
        let chain = "n=$1; [ -e stop ] || setsid sh $0 $((n+1)) & exit 0";
        let project = project(json!({ "it": { "run": "sh ./chain 1", "persistent": true } }));
        std::fs::write(project.path("chain"), chain).unwrap();
        project.start("it").await.unwrap();
        tokio::time::sleep(Duration::from_millis(30)).await;
        project.session.end().unwrap();
        assert!(project.living().is_empty());
    });
}

#[test]
fn without_groups_every_process_is_signalled_by_itself() {
    run(async {
        let script = "trap 'echo outer >>told; exit' TERM; \
                      (trap 'echo inner >>told; exit' TERM; echo ready; while :; do sleep 0.01; done) & wait";
        let mut project = project(
            json!({ "it": { "run": script, "persistent": true, "ready": { "line": "ready" } } }),
        );
        project.session.processes_mut().surroundings.own_groups = false;
        let pid = project.start("it").await.unwrap().pid.unwrap();
        let [_, ours, _] = fields(std::process::id()).unwrap().1;
        assert_eq!(fields(pid).unwrap().1[1], ours, "no group of its own");
        let options = StopOptions { grace: Duration::from_secs(60), ..Default::default() };
        project.processes().stop("it", &options).await.unwrap();
        assert!(project.living().is_empty());
        let told = std::fs::read_to_string(project.path("told")).unwrap();
        assert_eq!(told.lines().collect::<BTreeSet<_>>(), BTreeSet::from(["inner", "outer"]));
    });
}

#[test]
fn many_processes_at_a_time() {
    dies("i=0; while [ $i -lt 60 ]; do (setsid sleep 600 &); i=$((i+1)); done; exec sleep 600", 61);
}

#[test]
fn dropping_the_session_is_enough_and_needs_no_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let Project { dir, session } = project(
        json!({ "it": { "run": "sleep 600 & setsid sleep 600 & wait", "persistent": true } }),
    );
    runtime.block_on(session.processes().start("it", &no_values())).unwrap();
    drop(runtime);
    let project = Project { dir, session };
    let dir = {
        let living = project.living();
        assert!(!living.is_empty());
        let Project { dir, session } = project;
        drop(session);
        dir
    };
    let look = Project { dir, session: Session::new(&SessionOptions::new(Arc::default(), "/")) };
    assert!(look.living().is_empty());
}

#[test]
fn another_thread_ends_the_session_of_one_that_hangs() {
    let project =
        Arc::new(project(json!({ "it": { "run": "sleep 600 & sleep 600", "persistent": true } })));
    let theirs = Arc::clone(&project);
    let (started, wait) = std::sync::mpsc::channel();
    let (release, hang) = std::sync::mpsc::channel::<()>();
    let worker = std::thread::spawn(move || {
        run(async {
            theirs.start("it").await.unwrap();
            started.send(()).unwrap();
            let _ = hang.recv();
            theirs.start("it").await.unwrap_err()
        })
    });
    wait.recv().unwrap();
    project.session.end().unwrap();
    assert!(project.living().is_empty());
    release.send(()).unwrap();
    assert_eq!(worker.join().unwrap().to_string(), "command \"it\": the session has ended");
}

#[test]
fn the_end_of_the_thread_that_started_it_is_not_the_end_of_the_command() {
    let project =
        Arc::new(project(json!({ "it": { "run": "exec sleep 600", "persistent": true } })));
    let theirs = Arc::clone(&project);
    let pid =
        std::thread::spawn(move || run(async { theirs.start("it").await.unwrap().pid.unwrap() }))
            .join()
            .unwrap();
    std::thread::sleep(Duration::from_millis(20));
    assert_eq!(project.living(), BTreeSet::from([pid]));
    assert!(project.processes().status("it").unwrap().running);
}

#[test]
fn no_process_and_no_descriptor_is_left() {
    let children = || {
        let us = std::process::id();
        std::fs::read_dir("/proc")
            .unwrap()
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter(|pid| fields(*pid).is_some_and(|(_, [parent, ..])| parent == us))
            .count()
    };
    // In a process of its own: other tests of this one have children and files, too.
    if std::env::var_os("QUICKCUKE_TEST_ALONE").is_none() {
        let output = alone("no_process_and_no_descriptor_is_left").output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && told.contains("1 passed"), "{told}");
        return;
    }
    let descriptors = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    // The first runtime opens what all of them share for signals.
    run(async {});
    let before = descriptors();
    for _ in 0..10 {
        run(async {
            let project = project(json!({
                "once": { "run": "sleep 600 & echo a" },
                "fails": { "run": ["no-such-program"] },
                "stays": { "run": "setsid sleep 600 & exec sleep 600", "persistent": true },
            }));
            project.run("once").await.unwrap();
            project.run("fails").await.unwrap_err();
            project.start("stays").await.unwrap();
            project.session.shutdown().await.unwrap();
        });
    }
    assert_eq!(descriptors(), before);
    assert_eq!(children(), 0);
}

#[test]
fn the_children_die_with_us_by_sigkill() {
    if std::env::var_os("QUICKCUKE_TEST_ALONE").is_some() {
        let script = "(setsid env -i sleep 600 &); trap '' TERM; sleep 600 & sleep 600";
        let project = project(json!({ "it": { "run": script, "persistent": true } }));
        run(async {
            project.start("it").await.unwrap();
            project.wait_for(4).await;
            println!("DIR={}", project.dir.path().display());
            std::thread::sleep(Duration::from_secs(600));
        });
    }
    let mut victim =
        alone("the_children_die_with_us_by_sigkill").stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(victim.stdout.take().unwrap()));
    let dir = lines
        .find_map(|line| line.unwrap().split_once("DIR=").map(|(_, dir)| dir.to_owned()))
        .unwrap();
    let look = |dir: &str| {
        let dir = Path::new(dir).canonicalize().unwrap();
        std::fs::read_dir("/proc")
            .unwrap()
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
            .filter(|pid| {
                std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == dir)
            })
            .count()
    };
    assert_eq!(look(&dir), 4);
    victim.kill().unwrap();
    victim.wait().unwrap();
    let until = Instant::now() + Duration::from_secs(20);
    while look(&dir) > 0 {
        assert!(Instant::now() < until, "{} processes live on", look(&dir));
        std::thread::sleep(Duration::from_millis(2));
    }
    std::fs::remove_dir_all(dir).unwrap();
}

/// This test binary again, with one test of this module in it.
fn alone(test: &str) -> Command {
    let (_crate, module) = module_path!().split_once("::").unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.arg(format!("{module}::{test}")).args(["--exact", "--nocapture", "--test-threads=1"]);
    command.env("QUICKCUKE_TEST_ALONE", "1");
    command
}
