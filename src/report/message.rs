//! `message`: every envelope as a line of JSON.

use std::io::{self, Write};

use super::Formatter;
use crate::messages::Envelope;

pub(super) struct Messages;

impl Formatter for Messages {
    fn handle(&mut self, envelope: &Envelope, mut out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer(&mut out, envelope)?;
        writeln!(out)
    }

    fn wants_plan(&self) -> bool {
        true
    }
}
