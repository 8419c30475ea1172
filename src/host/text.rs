//! Text to bytes and back, in the encodings Node's `Buffer` knows.

use super::{Host, Op, arguments};
use crate::isolate::{OpError, OpResult, OpValue};

pub(super) const OPS: &[(&str, Op)] =
    &[("text_encode", encode), ("text_decode", decode), ("text_decode_strict", decode_strict)];

/// (text, encoding) -> bytes
fn encode(_: &Host, args: &[OpValue]) -> OpResult {
    let text = arguments::text(args, 0)?;
    Ok(OpValue::Bytes(match arguments::text(args, 1)? {
        "hex" => from_hex(text),
        "base64" | "base64url" => from_base64(text),
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
        "base64" => to_base64(bytes, STANDARD, true),
        "base64url" => to_base64(bytes, URL_SAFE, false),
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

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn to_base64(bytes: &[u8], alphabet: &[u8; 64], pad: bool) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk
            .iter()
            .enumerate()
            .fold(0u32, |group, (index, &byte)| group | u32::from(byte) << (16 - 8 * index));
        for index in 0..4 {
            if index <= chunk.len() {
                text.push(char::from(alphabet[(group >> (18 - 6 * index) & 63) as usize]));
            } else if pad {
                text.push('=');
            }
        }
    }
    text
}

/// As Node: both alphabets at once, other characters skipped, the end at the first `=`.
fn from_base64(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let (mut group, mut bits) = (0u32, 0);
    for &character in text.as_bytes() {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => continue,
        };
        group = group << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((group >> bits) as u8);
        }
    }
    bytes
}

/// As Node: up to the first pair that is not two hexadecimal digits.
fn from_hex(text: &str) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    text.as_bytes()
        .chunks_exact(2)
        .map_while(|pair| Some((digit(pair[0])? << 4 | digit(pair[1])?) as u8))
        .collect()
}
