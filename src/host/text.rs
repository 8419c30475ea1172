//! Text to bytes and back, in the encodings Node's `Buffer` knows.

use super::{Host, Op, arguments};
use crate::base64;
use crate::isolate::{OpError, OpResult, OpValue};

pub(super) const OPS: &[(&str, Op)] =
    &[("text_encode", encode), ("text_decode", decode), ("text_decode_strict", decode_strict)];

/// (text, encoding) -> bytes
fn encode(_: &Host, args: &[OpValue]) -> OpResult {
    let text = arguments::text(args, 0)?;
    Ok(OpValue::Bytes(match arguments::text(args, 1)? {
        "hex" => from_hex(text),
        "base64" | "base64url" => base64::decode(text),
        "latin1" | "ascii" => text.encode_utf16().map(|unit| unit as u8).collect(),
        "utf16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ => text.as_bytes().to_vec(),
    }))
}

/// (bytes, encoding) -> text; invalid UTF-8 becomes U+FFFD
fn decode(_: &Host, args: &[OpValue]) -> OpResult {
    let bytes = arguments::bytes(args, 0)?;
    Ok(OpValue::Text(match arguments::text(args, 1)? {
        "hex" => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        "base64" => base64::encode(bytes),
        "base64url" => base64::encode_url_safe(bytes),
        "latin1" => bytes.iter().map(|&byte| char::from(byte)).collect(),
        "ascii" => bytes.iter().map(|&byte| char::from(byte & 0x7f)).collect(),
        "utf16le" => {
            let units: Vec<u16> =
                bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }))
}

/// bytes -> text, or a TypeError where the bytes are not UTF-8
fn decode_strict(_: &Host, args: &[OpValue]) -> OpResult {
    match std::str::from_utf8(arguments::bytes(args, 0)?) {
        Ok(text) => Ok(OpValue::Text(text.to_owned())),
        Err(_) => Err(OpError {
            name: "TypeError",
            code: Some("ERR_ENCODING_INVALID_ENCODED_DATA".into()),
            message: "The encoded data was not valid for encoding utf-8".into(),
            properties: Vec::new(),
        }),
    }
}

/// As Node: up to the first pair that is not two hexadecimal digits.
fn from_hex(text: &str) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    text.as_bytes()
        .chunks_exact(2)
        .map_while(|pair| Some((digit(pair[0])? << 4 | digit(pair[1])?) as u8))
        .collect()
}
