//! The command: arguments in, an exit code out.

use std::error::Error;
use std::process::ExitCode;

use quickcuke::config::{Flags, Stop};
use quickcuke::terminal::{self, Terminal};
use quickcuke::{configure, i18n, run};

fn main() -> ExitCode {
    let flags = match Flags::parse_arguments(std::env::args_os().skip(1)) {
        Ok(flags) => flags,
        Err(Stop::Print(text)) => {
            anstream::print!("{text}");
            return ExitCode::SUCCESS;
        }
        Err(Stop::Mistake(error)) => return fail(&error),
    };
    match command(&flags) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => fail(error.as_ref()),
    }
}

/// Tells whether the run passed.
fn command(flags: &Flags) -> Result<bool, Box<dyn Error>> {
    if flags.i18n_languages {
        print!("{}", i18n::languages());
        return Ok(true);
    }
    if let Some(language) = &flags.i18n_keywords {
        let keywords =
            i18n::keywords(language).ok_or_else(|| format!("no such language: {language}"))?;
        print!("{keywords}");
        return Ok(true);
    }
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
    let mut terminal = Terminal::open(&config)?;
    let outcome = run::run(&config, &|_| true, &mut terminal);
    let unwritten = terminal.finish();
    for error in &unwritten {
        terminal::error(error);
    }
    let outcome = outcome?;
    Ok(outcome.success && unwritten.is_empty())
}

fn fail(error: &dyn Error) -> ExitCode {
    terminal::error(error);
    ExitCode::FAILURE
}
