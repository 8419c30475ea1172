//! A project in a directory of its own, and a suite that runs it.

use std::fmt::Debug;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use cucumber::writer::{self, Coloring};
use cucumber::{World as _, WriterExt as _, given, then, when};
use quickcuke::StepLibrary;
use quickcuke::cucumber::{StepLibraryBuilder, StepLibraryError};
use serde_json::json;
use tempfile::TempDir;

/// The World of most suites here, with a few Rust steps.
#[derive(Debug, Default, cucumber::World)]
pub struct Shop {
    pub js: quickcuke::World,
    pub count: u32,
}

impl AsMut<quickcuke::World> for Shop {
    fn as_mut(&mut self) -> &mut quickcuke::World {
        &mut self.js
    }
}

#[given(expr = "Rust sets {word} to {int}")]
#[when(expr = "Rust sets {word} to {int}")]
fn set(shop: &mut Shop, name: String, value: i64) {
    shop.js.vars().set(name, json!(value));
}

#[then(expr = "Rust reads {word} as {int}")]
fn read(shop: &mut Shop, name: String, value: i64) {
    assert_eq!(shop.js.vars().get(&name), Some(&json!(value)));
}

#[when("Rust counts")]
fn count(shop: &mut Shop) {
    shop.count += 1;
}

#[then(expr = "Rust has counted to {int}")]
fn counted(shop: &mut Shop, expected: u32) {
    assert_eq!(shop.count, expected);
}

#[when("Rust panics")]
fn panics(_: &mut Shop) {
    panic!("a panic of Rust");
}

#[when(regex = "^both know this$")]
fn both(_: &mut Shop) {}

pub struct Project(TempDir);

/// What a run printed, without colours, and its figures.
pub struct Told {
    pub text: String,
    pub passed: usize,
    pub skipped: usize,
    pub failed: usize,
    pub retried: usize,
    pub hook_errors: usize,
}

impl Project {
    /// With these files: pairs of path and text.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    /// With one feature of that text and one file of steps.
    pub fn with(steps: &str, scenarios: &str) -> Self {
        let feature = format!("Feature: f\n{scenarios}");
        Self::new(&[("steps/steps.ts", steps), ("features/a.feature", &feature)])
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap_or_default()
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn builder(&self) -> StepLibraryBuilder {
        // The environment of the test may set one, and its cache is nobody's business.
        StepLibrary::builder().project(self.path()).steps("steps").config(|config| {
            config.cache = quickcuke::config::Cache::Off;
        })
    }

    pub async fn library(&self) -> StepLibrary {
        self.builder().load().await.unwrap_or_else(|error| panic!("{error}"))
    }

    pub async fn error(&self) -> StepLibraryError {
        self.builder().load().await.expect_err("the library must not load")
    }

    /// Runs the suite with the functions of the library.
    pub async fn run(&self) -> Told {
        self.run_with(&self.library().await).await
    }

    pub async fn run_with(&self, library: &StepLibrary) -> Told {
        let (writer, output) = basic();
        let suite = Shop::cucumber()
            .steps(library.steps_with(Shop::collection()))
            .before(library.before())
            .after(library.after())
            .with_writer(writer);
        told(suite.with_default_cli().run(self.path().join("features")).await, &output)
    }

    /// Runs it with the library's own runner.
    pub async fn run_by_runner(&self) -> Told {
        let library = self.library().await;
        let (writer, output) = basic();
        let suite = Shop::cucumber().with_runner(library.runner()).with_writer(writer);
        told(suite.with_default_cli().run(self.path().join("features")).await, &output)
    }
}

pub type BasicWriter = writer::Summarize<writer::Normalize<Shop, writer::Basic<Output>>>;

/// The crate's own writer, and where it writes.
pub fn basic() -> (BasicWriter, Output) {
    let output = Output::default();
    let writer = writer::Basic::raw(output.clone(), Coloring::Never, 0);
    (writer.normalized().summarized(), output)
}

pub fn told<Wr: writer::Stats<Shop>>(writer: Wr, output: &Output) -> Told {
    Told {
        text: output.text(),
        passed: writer.passed_steps(),
        skipped: writer.skipped_steps(),
        failed: writer.failed_steps(),
        retried: writer.retried_steps(),
        hook_errors: writer.hook_errors(),
    }
}

impl Told {
    /// Passed, skipped and failed steps.
    pub fn steps(&self) -> (usize, usize, usize) {
        (self.passed, self.skipped, self.failed)
    }

    pub fn assert(&self, steps: (usize, usize, usize)) -> &Self {
        assert_eq!((self.steps(), self.hook_errors), (steps, 0), "{}", self.text);
        self
    }

    pub fn says(&self, text: &str) -> &Self {
        assert!(self.text.contains(text), "{text:?} is not in:\n{}", self.text);
        self
    }
}

/// A text that writers write to.
#[derive(Clone, Default, Debug)]
pub struct Output(Arc<Mutex<Vec<u8>>>);

impl Output {
    pub fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
