//! Compressed data, whole messages at a time: gzip, deflate with and without zlib's header, and Brotli to read.

use std::io::{self, Read, Write};

use flate2::bufread::{
    DeflateDecoder, DeflateEncoder, GzDecoder, GzEncoder, ZlibDecoder, ZlibEncoder,
};
use flate2::{Compression, write};

use super::{Host, Op, arguments};
use crate::isolate::{OpError, OpResult, OpValue};

pub(super) const OPS: &[(&str, Op)] = &[("zlib", convert), ("crc32", crc32)];

/// The most bytes a message may have once it is decompressed, unless the caller says less: a few kilobytes can hold
/// gigabytes.
const MOST_BYTES: u64 = 256 << 20;
/// What each member of a gzip file begins with.
const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];
const BUFFER: usize = 4096;

/// (format, message, level, most bytes or null) -> the message compressed or decompressed.
fn convert(_: &Host, args: &[OpValue]) -> OpResult {
    let (format, message) = (arguments::text(args, 0)?, arguments::bytes(args, 1)?);
    let level = arguments::optional_number(args, 2)?.filter(|level| (0.0..=9.0).contains(level));
    let level = level.map_or_else(Compression::default, |level| Compression::new(level as u32));
    let most = arguments::optional_number(args, 3)?.map_or(MOST_BYTES, |most| most as u64);
    let mut output = Vec::new();
    let mut read = |decoder: &mut dyn Read| take(decoder, most, &mut output);
    match format {
        "gzip" => read(&mut GzEncoder::new(message, level)),
        "deflate" => read(&mut ZlibEncoder::new(message, level)),
        "deflateRaw" => read(&mut DeflateEncoder::new(message, level)),
        "gunzip" => gunzip(message, most, &mut output),
        "inflate" => read(&mut ZlibDecoder::new(message)),
        "inflateRaw" => read(&mut DeflateDecoder::new(message)),
        "unzip" if message.starts_with(GZIP_MAGIC) => gunzip(message, most, &mut output),
        "unzip" => read(&mut ZlibDecoder::new(message)),
        "brotliDecompress" => read(&mut brotli_decompressor::Decompressor::new(message, BUFFER)),
        _ => return Err(OpError::type_error(format!("zlib: no format {format}"))),
    }?;
    Ok(OpValue::Bytes(output))
}

/// All members of a gzip file; what follows them is ignored, as in Node.
fn gunzip(mut message: &[u8], most: u64, output: &mut Vec<u8>) -> Result<(), OpError> {
    // Said before a message that is too short is called so.
    if !message.starts_with(&GZIP_MAGIC[..message.len().min(GZIP_MAGIC.len())]) {
        return Err(failed(&io::Error::other("header")));
    }
    loop {
        let mut decoder = GzDecoder::new(message);
        take(&mut decoder, most, output)?;
        message = decoder.into_inner();
        if !message.starts_with(GZIP_MAGIC) {
            return Ok(());
        }
    }
}

fn take(decoder: &mut dyn Read, most: u64, output: &mut Vec<u8>) -> Result<(), OpError> {
    let room = most.saturating_sub(output.len() as u64);
    let read = decoder.take(room.saturating_add(1)).read_to_end(output).map_err(|e| failed(&e))?;
    if read as u64 > room {
        let message = format!("Cannot create a Buffer larger than {most} bytes");
        return Err(OpError { name: "RangeError", ..OpError::new(message) }
            .with_code("ERR_BUFFER_TOO_LARGE"));
    }
    Ok(())
}

/// As zlib names it.
fn failed(error: &io::Error) -> OpError {
    let (message, code, errno) = match error.kind() {
        io::ErrorKind::UnexpectedEof => ("unexpected end of file".to_owned(), "Z_BUF_ERROR", -5),
        _ if error.to_string().contains("header") => {
            ("incorrect header check".to_owned(), "Z_DATA_ERROR", -3)
        }
        _ => (error.to_string(), "Z_DATA_ERROR", -3),
    };
    let mut failure = OpError::new(message).with_code(code);
    failure.properties.push(("errno", OpValue::Number(f64::from(errno))));
    failure
}

/// (message, crc of what came before or null) -> its CRC-32
fn crc32(_: &Host, args: &[OpValue]) -> OpResult {
    let before = arguments::optional_number(args, 1)?.unwrap_or(0.0) as u32;
    let mut crc = crc32fast::Hasher::new_with_initial(before);
    crc.update(arguments::bytes(args, 0)?);
    Ok(OpValue::Number(f64::from(crc.finalize())))
}

/// Decompresses the body of an answer as it comes.
pub(super) enum Decoder {
    Gzip(write::MultiGzDecoder<Vec<u8>>),
    Deflate(write::ZlibDecoder<Vec<u8>>),
    Brotli(Box<brotli_decompressor::DecompressorWriter<Vec<u8>>>),
}

impl Decoder {
    /// For the value of a `content-encoding`; none where there is nothing to decode, or nobody could.
    pub(super) fn of(encoding: &str) -> Option<Decoder> {
        Some(match encoding.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Decoder::Gzip(write::MultiGzDecoder::new(Vec::new())),
            "deflate" => Decoder::Deflate(write::ZlibDecoder::new(Vec::new())),
            "br" => Decoder::Brotli(Box::new(brotli_decompressor::DecompressorWriter::new(
                Vec::new(),
                BUFFER,
            ))),
            _ => return None,
        })
    }

    /// What more is known of the content after these bytes, which may be nothing.
    pub(super) fn decode(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Decoder::Gzip(decoder) => {
                decoder.write_all(bytes)?;
                decoder.flush()?;
                Ok(std::mem::take(decoder.get_mut()))
            }
            Decoder::Deflate(decoder) => {
                decoder.write_all(bytes)?;
                decoder.flush()?;
                Ok(std::mem::take(decoder.get_mut()))
            }
            Decoder::Brotli(decoder) => {
                decoder.write_all(bytes)?;
                Ok(std::mem::take(decoder.get_mut()))
            }
        }
    }
}
