//! The command, end to end: each test makes a project in a directory of its own and runs the real binary on it.

mod attachments;
mod beginnings;
mod cache;
mod child_process;
mod config;
mod discovery;
mod endings;
mod flags;
mod formatters;
mod gherkin;
mod handles;
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
mod sessions;
mod takeover;
mod timeouts;
