//! A run that goes on while the test does something to it.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::project::Project;
use crate::run::Run;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Running<'a> {
    project: &'a Project,
    child: Child,
    readers: Vec<JoinHandle<()>>,
    stdout: Arc<Mutex<Vec<u8>>>,
    stderr: Arc<Mutex<Vec<u8>>>,
}

impl<'a> Running<'a> {
    /// Starts the command in a process group of its own, as a shell does.
    pub fn start(project: &'a Project, arguments: &[&str]) -> Self {
        Self::start_command(project, project.command(arguments))
    }

    pub fn start_command(project: &'a Project, mut command: Command) -> Self {
        let command = command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (stdout, stderr) = (Arc::default(), Arc::default());
        let readers = vec![
            collect(child.stdout.take().unwrap(), Arc::clone(&stdout)),
            collect(child.stderr.take().unwrap(), Arc::clone(&stderr)),
        ];
        Self { project, child, readers, stdout, stderr }
    }

    /// Waits until the text was printed so often.
    #[track_caller]
    pub fn until(mut self, text: &str, count: usize) -> Self {
        let since = Instant::now();
        while self.printed().matches(text).count() < count {
            let is_over = self.child.try_wait().unwrap().is_some();
            let waits = !is_over && since.elapsed() < PATIENCE;
            assert!(waits, "{text:?} did not come:\n{}", self.printed());
            thread::sleep(Duration::from_millis(5));
        }
        self
    }

    /// Sends a signal to the command alone.
    pub fn signal(self, name: &str) -> Self {
        let target = self.child.id().to_string();
        self.kill(name, &target)
    }

    /// Sends a signal to its process group, as a terminal does.
    pub fn signal_group(self, name: &str) -> Self {
        let target = format!("-{}", self.child.id());
        self.kill(name, &target)
    }

    fn kill(self, name: &str, target: &str) -> Self {
        let killed = Command::new("kill").args(["-s", name, "--", target]).status().unwrap();
        assert!(killed.success(), "kill -s {name} {target}");
        self
    }

    /// Waits for its end, whatever its exit code is.
    #[track_caller]
    pub fn end(mut self) -> Run {
        let since = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if since.elapsed() > PATIENCE {
                let _ = self.child.kill();
                panic!("it does not end:\n{}", self.printed());
            }
            thread::sleep(Duration::from_millis(5));
        };
        self.readers.into_iter().for_each(|reader| reader.join().unwrap());
        let taken = |bytes: &Mutex<Vec<u8>>| std::mem::take(&mut *bytes.lock().unwrap());
        let output = Output { status, stdout: taken(&self.stdout), stderr: taken(&self.stderr) };
        Run::new(self.project, &output)
    }

    fn printed(&self) -> String {
        let text =
            |bytes: &Mutex<Vec<u8>>| String::from_utf8_lossy(&bytes.lock().unwrap()).into_owned();
        text(&self.stdout) + &text(&self.stderr)
    }
}

fn collect(mut pipe: impl Read + Send + 'static, bytes: Arc<Mutex<Vec<u8>>>) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = pipe.read(&mut buffer) {
            bytes.lock().unwrap().extend_from_slice(&buffer[..read]);
        }
    })
}
