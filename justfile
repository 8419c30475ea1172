# What people run. `just` lists the recipes.

_default:
    @just --list

# Run our own features, which are the examples too
features *ARGS:
    cargo run --quiet -- {{ARGS}}

# Unit tests, the command line, our own features
test:
    cargo test

# Formatting and lints, as CI has them
lint:
    cargo fmt --all --check
    cargo clippy --all-targets -- -D warnings

# quickcuke beside the official packages from npm (needs Node)
conformance: (_npm "tests/conformance")
    cargo build
    node tests/conformance/dialects.mjs --check
    node tests/conformance/run.mjs --quickcuke "$PWD/target/debug/quickcuke"

# The parts, timed: `just bench gherkin isolate` for some of them
bench *ARGS:
    cargo bench -- {{ARGS}}

# Whole runs, timed beside cucumber-js (needs Node); the options stand in compare.mjs
compare *ARGS: (_npm "benches/compare")
    cargo build --release
    node benches/compare/compare.mjs --quickcuke "$PWD/target/release/quickcuke" {{ARGS}}

# Parsing and matching, timed beside the official packages (needs Node)
compare-parts: (_npm "benches/compare")
    node benches/compare/parts.mjs

# 200,000 hostile scenarios with a restore after each, on each path: nothing that the process holds may grow
stress ROUNDS="200000":
    QUICKCUKE_STRESS={{ROUNDS}} cargo test --release --lib hundreds_of_thousands -- --ignored --nocapture

# By which power the cost of a run grows with its input, of every kind; those whose name holds a text
growth ONLY="":
    QUICKCUKE_GROWTH="{{ONLY}}" cargo test --release --test cli growth -- --ignored --nocapture

# 100,000 scenarios with vars, sessions, files and processes: flat memory, and nothing left (Linux)
soak SCENARIOS="100000":
    QUICKCUKE_SOAK={{SCENARIOS}} cargo test --release --test cli soak -- --ignored --nocapture

# The isolate's tests under valgrind, which is told of the VM's heap (x86_64 Linux); others by name
memcheck TESTS="isolate::":
    CFLAGS=-D__SANITIZE_ADDRESS__ \
    CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER="valgrind --quiet --error-exitcode=9 --num-callers=30 --suppressions=$PWD/src/isolate/arena/memcheck.supp" \
    cargo test --lib --features memcheck --target-dir target/memcheck {{TESTS}} -- --test-threads 1

# Everything that CI runs
ci:
    .ci/run

_npm DIRECTORY:
    npm ci --prefix {{DIRECTORY}} --no-audit --no-fund
