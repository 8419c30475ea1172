//! Runs `features/` with quickcuke itself, each scenario as a test.

use std::process::ExitCode;

fn main() -> ExitCode {
    quickcuke::harness::main_with(|config| {
        // The command that features/behaviour runs: the one built along with this test.
        let program = env!("CARGO_BIN_EXE_quickcuke");
        config.world_parameters["quickcuke"] = program.into();
    })
}
