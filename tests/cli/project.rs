//! A suite to run quickcuke on.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::run::Run;

/// Steps for tests that are about something else.
const STEPS: &str = "
    import { Given } from '@cucumber/cucumber';

    Given('a step passes', () => {});
    Given('a step fails', () => { throw new Error('broken'); });
    Given('a step is pending', () => 'pending');
    Given('a step is skipped', () => 'skipped');
    Given('a step is ambiguous', () => {});
    Given(/^a step is ambig/, () => {});
    Given('a step prints {string}', (text: string) => console.log(text));
";

/// A project in a directory of its own, gone when this is dropped.
pub struct Project {
    directory: TempDir,
    /// For the temporary files of the run, which steps may read and write.
    temporary: TempDir,
    environment: Vec<(String, String)>,
}

impl Project {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
            temporary: tempfile::tempdir().unwrap(),
            environment: Vec::new(),
        }
    }

    /// One with this feature and steps such as "a step fails".
    pub fn with_feature(feature: &str) -> Self {
        Self::new().file("features/a.feature", feature).file("steps/steps.ts", STEPS)
    }

    /// One with the step "it happens" of this code, in a scenario "it", and a scenario "later" that passes.
    pub fn with_step(code: &str) -> Self {
        let feature = "
            Feature: F
              Scenario: it
                When it happens
              Scenario: later
                When nothing happens
        ";
        let import = "import { After, AfterAll, AfterStep, Before, BeforeAll, BeforeStep, When, setDefaultTimeout } from 'quickcuke';";
        let steps = format!("{import}\nWhen('nothing happens', () => {{}});\n{}", dedent(code));
        Self::new().file("features/a.feature", feature).file("steps/a.ts", &steps)
    }

    /// With a file; its text may be indented as the test's code is.
    pub fn file(self, path: &str, text: &str) -> Self {
        let file = self.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, dedent(text)).unwrap();
        self
    }

    /// With an environment variable; there are `PATH` and `TMPDIR` besides.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// What `TMPDIR` names.
    pub fn temporary(&self) -> &Path {
        self.temporary.path()
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The command, ready to run in the project.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_quickcuke"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("TMPDIR", self.temporary.path())
            // So that all of these tests can be run on each path of a restore.
            .envs(std::env::var_os("QUICKCUKE_RESTORE").map(|path| ("QUICKCUKE_RESTORE", path)))
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs the command to its end.
    pub fn run(&self, arguments: &[&str]) -> Run {
        Run::new(self, &self.command(arguments).output().unwrap())
    }

    /// The same, with the messages of the run kept for the assertions on scenarios and steps.
    pub fn tell(&self, arguments: &[&str]) -> Run {
        self.run(&[arguments, &["--format", "message:messages.ndjson"]].concat())
    }
}

/// The text without what all its lines are indented by, and without an empty line in front.
fn dedent(text: &str) -> String {
    let text = text.strip_prefix('\n').unwrap_or(text);
    let indentation = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let margin =
        text.lines().filter(|line| !line.trim().is_empty()).map(indentation).min().unwrap_or(0);
    let dedented: Vec<&str> = text.lines().map(|line| line.get(margin..).unwrap_or("")).collect();
    dedented.join("\n").trim_end().to_owned() + "\n"
}
