//! The command: arguments in, an exit code out.

use std::error::Error;
use std::process::ExitCode;

use quickcuke::config::{Config, Flags, Stop};
use quickcuke::run::Interruption;
use quickcuke::session::prepare_process;
use quickcuke::terminal::{self, Terminal};
use quickcuke::{configure, i18n, run, signals};

fn main() -> ExitCode {
    let flags = match Flags::parse_arguments(std::env::args_os().skip(1)) {
        Ok(flags) => flags,
        Err(Stop::Print(text)) => {
            anstream::print!("{text}");
            return ExitCode::SUCCESS;
        }
        Err(Stop::Mistake(error)) => return fail(&error),
    };
    command(&flags).unwrap_or_else(|error| fail(error.as_ref()))
}

fn command(flags: &Flags) -> Result<ExitCode, Box<dyn Error>> {
    if flags.i18n_languages {
        print!("{}", i18n::languages());
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(language) = &flags.i18n_keywords {
        let keywords =
            i18n::keywords(language).ok_or_else(|| format!("no such language: {language}"))?;
        print!("{keywords}");
        return Ok(ExitCode::SUCCESS);
    }
    prepare_process();
    let config = configure::resolve(flags, &std::env::current_dir()?)?;
    for warning in &config.warnings {
        terminal::warn(warning);
    }
    if config.sandbox.grants {
        terminal::warn(
            "--grants: the sandbox is off for this run, so that steps can reach all files, hosts, variables and \
             programs; what they needed follows at the end",
        );
    }
    let interruption =
        signals::listen().map_err(|error| format!("failed to watch for signals: {error}"))?;
    let passed = run_features(&config, &interruption);
    let code = passed.map_or_else(
        |error| fail(error.as_ref()),
        |passed| if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE },
    );
    Ok(signals::exit_code(&interruption).unwrap_or(code))
}

/// Tells whether the run passed.
fn run_features(config: &Config, interruption: &Interruption) -> Result<bool, Box<dyn Error>> {
    let mut terminal = Terminal::open(config)?;
    let outcome = run::run(config, &|_| true, &mut terminal, interruption);
    let unwritten = terminal.finish();
    for error in &unwritten {
        terminal::error(error);
    }
    Ok(outcome?.success && unwritten.is_empty())
}

fn fail(error: &dyn Error) -> ExitCode {
    terminal::error(error);
    ExitCode::FAILURE
}
