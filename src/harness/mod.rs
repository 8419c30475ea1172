//! Runs a feature suite under `cargo test` and `cargo nextest`: every scenario is a test.
//!
//! A test target of a few lines, with `harness = false` in `Cargo.toml`:
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     quickcuke::harness::main()
//! }
//! ```
//!
//! It runs what the command `quickcuke` would run in the package's directory, configuration files
//! included but for their formats, and speaks the protocol of libtest: filters, `--exact`, `--skip`,
//! `--list`, `--test-threads`, `--nocapture`, `--ignored`. A test is named after its feature file,
//! line and scenario: `features/login.feature:12: Signing in`.

mod arguments;
mod report;

use std::env;
use std::error::Error;
use std::process::ExitCode;

use crate::config::{Config, Flags};
use crate::messages::Pickle;
use crate::{configure, run, terminal};

use arguments::Arguments;
use report::Report;

/// What libtest exits with when a test failed.
const FAILED: u8 = 101;

/// Runs the suite that stands in the working directory, as the process's arguments say.
pub fn main() -> ExitCode {
    main_with(|_| {})
}

/// The same, with a last word on the configuration: for a suite that does not stand in `features/`,
/// say, or that steps get parameters of the test's own making for.
///
/// ```no_run
/// fn main() -> std::process::ExitCode {
///     quickcuke::harness::main_with(|config| config.paths = vec!["tests/features".into()])
/// }
/// ```
pub fn main_with(adjust: impl FnOnce(&mut Config)) -> ExitCode {
    match test(adjust) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(FAILED),
        Err(error) => {
            terminal::error(error.as_ref());
            ExitCode::from(FAILED)
        }
    }
}

fn test(adjust: impl FnOnce(&mut Config)) -> Result<bool, Box<dyn Error>> {
    let arguments = Arguments::parse(env::args().skip(1))?;
    let mut config = configure::resolve(&Flags::default(), &env::current_dir()?)?;
    config.parallel = arguments.threads.unwrap_or(config.parallel);
    adjust(&mut config);
    for warning in &config.warnings {
        terminal::warn(warning);
    }
    let pickles = run::select(&config)?;
    // For a filter nothing is green that was not run: libtest tells how many were filtered out. A suite without features
    // is a mistake of its configuration.
    if pickles.is_empty()
        && let Some(why) = run::missing_features(&config)?
    {
        return Err(why.into());
    }
    if arguments.list {
        report::list(pickles.iter().filter(|pickle| arguments.selects(&name(pickle))));
        return Ok(true);
    }
    let selected = pickles.iter().filter(|pickle| arguments.selects(&name(pickle))).count();
    let filtered_out = pickles.len() - selected;
    let mut report = Report::new(selected, filtered_out, config.strict, arguments.capture)?;
    let outcome = run::run(&config, &|pickle| arguments.selects(&name(pickle)), &mut report)?;
    Ok(report.finish(outcome))
}

/// The name of a scenario's test.
fn name(pickle: &Pickle) -> String {
    format!("{}:{}: {}", pickle.uri, pickle.location.line, pickle.name)
}
