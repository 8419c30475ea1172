//! What came of a run, with assertions that can be chained.

use std::path::PathBuf;
use std::process::Output;

use crate::messages::Messages;
use crate::project::Project;

/// A run that is over.
pub struct Run {
    /// The project's, which may be gone.
    directory: PathBuf,
    /// What the formatter `message` wrote.
    messages: Option<String>,
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Run {
    pub fn new(project: &Project, output: &Output) -> Self {
        // Temporary directories may be symbolic links, and messages may name either path.
        let real = project.path().canonicalize().unwrap();
        let text = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).expect("output in UTF-8");
            [real.as_path(), project.path()].iter().fold(text, |text, directory| {
                text.replace(&*directory.to_string_lossy(), "/project")
            })
        };
        Self {
            messages: std::fs::read_to_string(real.join("messages.ndjson")).ok(),
            directory: real.clone(),
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// Standard output, with the project's directory as `/project` and times as `<time>`.
    pub fn stdout(&self) -> String {
        let times = |line: &str| match line.split_once(" executing your code)") {
            Some((before, _)) if before.starts_with(|first: char| first.is_ascii_digit()) => {
                "<time> (<time> executing your code)".to_owned()
            }
            _ => line.trim_end().to_owned(),
        };
        self.stdout.lines().map(times).collect::<Vec<_>>().join("\n")
    }

    /// Standard error, with the project's directory as `/project`.
    pub fn stderr(&self) -> &str {
        &self.stderr
    }

    /// What `--format message` wrote, if it was asked for with [`Project::tell`].
    pub fn messages(&self) -> Messages {
        let text =
            self.messages.as_deref().unwrap_or_else(|| panic!("no messages\n{}", self.all()));
        Messages::parse(text)
    }

    #[track_caller]
    pub fn passes(self) -> Self {
        self.exits_with(0)
    }

    #[track_caller]
    pub fn fails(self) -> Self {
        self.exits_with(1)
    }

    #[track_caller]
    pub fn exits_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "the exit code\n{}", self.all());
        self
    }

    #[track_caller]
    pub fn prints(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "expected on stdout: {text}\n{}", self.all());
        self
    }

    #[track_caller]
    pub fn does_not_print(self, text: &str) -> Self {
        assert!(!self.stdout.contains(text), "not expected on stdout: {text}\n{}", self.all());
        self
    }

    /// On standard error.
    #[track_caller]
    pub fn complains(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "expected on stderr: {text}\n{}", self.all());
        self
    }

    /// Nothing on standard error.
    #[track_caller]
    pub fn stays_quiet(self) -> Self {
        assert_eq!(self.stderr, "", "{}", self.all());
        self
    }

    /// Every attempt at a scenario as `name: status`, in order.
    #[track_caller]
    pub fn scenarios(self, expected: &[&str]) -> Self {
        assert_eq!(self.messages().scenarios(), expected, "{}", self.all());
        self
    }

    /// Every step of the scenario's last attempt as `text: status`, hooks as `Before: status`.
    #[track_caller]
    pub fn steps(self, scenario: &str, expected: &[&str]) -> Self {
        assert_eq!(self.messages().steps(scenario), expected, "{}", self.all());
        self
    }

    /// The message of a step of the scenario contains the text.
    #[track_caller]
    pub fn explains(self, scenario: &str, text: &str) -> Self {
        let told = self
            .messages()
            .explanations(scenario)
            .replace(&*self.directory.to_string_lossy(), "/project");
        assert!(
            told.contains(text),
            "expected of the scenario: {text}\ntold: {told}\n{}",
            self.all()
        );
        self
    }

    fn all(&self) -> String {
        format!(
            "--- exit code {:?}\n--- stdout\n{}\n--- stderr\n{}",
            self.code, self.stdout, self.stderr
        )
    }
}
