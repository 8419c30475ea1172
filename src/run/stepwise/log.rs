//! What JavaScript printed and attached while it ran for a scenario.

use std::sync::Arc;

use crate::host::Stream;
use crate::messages::{Attachment, AttachmentContentEncoding};

/// In the order in which it came.
#[derive(Debug, Clone)]
pub(crate) enum LogEntry {
    Output(Stream, String),
    Attachment(Arc<Attachment>),
}

/// What `this.log` attaches.
const LOG: &str = "text/x.cucumber.log+plain";

impl LogEntry {
    /// Where nothing else takes it: output goes where it would have gone, an attachment is a line.
    pub(crate) fn print(&self) {
        match self {
            Self::Output(Stream::Stdout, text) => print!("{text}"),
            Self::Output(Stream::Stderr, text) => eprint!("{text}"),
            Self::Attachment(_) => println!("{}", self.text()),
        }
    }

    /// One or more lines, without the last line break. What is not text is named by its type and size.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Output(_, text) => text.trim_end_matches('\n').to_owned(),
            Self::Attachment(attachment) => described(attachment),
        }
    }
}

fn described(attachment: &Attachment) -> String {
    let Attachment { body, media_type, file_name, content_encoding, .. } = attachment;
    if media_type == LOG {
        return body.clone();
    }
    let name = file_name.as_ref().map(|name| format!(" {name:?}")).unwrap_or_default();
    match content_encoding {
        AttachmentContentEncoding::Identity => format!("attachment{name} ({media_type}): {body}"),
        AttachmentContentEncoding::Base64 => {
            let padding = body.bytes().rev().take_while(|byte| *byte == b'=').count();
            let bytes = (body.len() / 4 * 3).saturating_sub(padding);
            format!("attachment{name} ({media_type}): {bytes} bytes")
        }
    }
}
