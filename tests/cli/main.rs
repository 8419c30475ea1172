//! The command, end to end: each test makes a project in a directory of its own and runs the real binary on it.

mod attachments;
mod beginnings;
mod cache;
mod config;
mod discovery;
mod endings;
mod escapes;
mod fetch;
mod flags;
mod formatters;
mod gherkin;
mod hooks;
mod library;
mod messages;
mod modules;
mod outcomes;
mod output;
mod parallel;
mod processes;
mod project;
mod run;
mod sandbox;
mod selection;
mod server;
mod takeover;
mod timeouts;
