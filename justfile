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
conformance: _npm
    cargo build
    node tests/conformance/dialects.mjs --check
    node tests/conformance/run.mjs --quickcuke "$PWD/target/debug/quickcuke"

# 1,000 scenarios of 5 steps, timed beside cucumber-js (needs Node)
speed: _npm
    cargo build --release
    node tests/conformance/speed.mjs --quickcuke "$PWD/target/release/quickcuke"

# Everything that CI runs
ci:
    .ci/run

_npm:
    npm ci --prefix tests/conformance --no-audit --no-fund
