//! Hashes and HMACs over whole messages.

use hmac::{Hmac, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};
use sha3::{Sha3_224, Sha3_256, Sha3_384, Sha3_512};

use super::{Host, Op, arguments};
use crate::isolate::{OpError, OpResult, OpValue};

pub(super) const OPS: &[(&str, Op)] = &[("digest", digest), ("hmac", hmac)];

/// (algorithm, message) -> digest
fn digest(_: &Host, args: &[OpValue]) -> OpResult {
    let (algorithm, message) = (arguments::text(args, 0)?, arguments::bytes(args, 1)?);
    Ok(OpValue::Bytes(match algorithm {
        "md5" => Md5::digest(message).to_vec(),
        "sha1" => Sha1::digest(message).to_vec(),
        "sha224" => Sha224::digest(message).to_vec(),
        "sha256" => Sha256::digest(message).to_vec(),
        "sha384" => Sha384::digest(message).to_vec(),
        "sha512" => Sha512::digest(message).to_vec(),
        "sha512-224" => Sha512_224::digest(message).to_vec(),
        "sha512-256" => Sha512_256::digest(message).to_vec(),
        "sha3-224" => Sha3_224::digest(message).to_vec(),
        "sha3-256" => Sha3_256::digest(message).to_vec(),
        "sha3-384" => Sha3_384::digest(message).to_vec(),
        "sha3-512" => Sha3_512::digest(message).to_vec(),
        _ => return Err(unknown(algorithm)),
    }))
}

/// (algorithm, key, message) -> authentication code
fn hmac(_: &Host, args: &[OpValue]) -> OpResult {
    let (key, message) = (arguments::bytes(args, 1)?, arguments::bytes(args, 2)?);
    macro_rules! code {
        ($hash:ty) => {{
            // HMAC takes a key of any length.
            let mut mac = Hmac::<$hash>::new_from_slice(key).map_err(|_| unknown("hmac"))?;
            mac.update(message);
            mac.finalize().into_bytes().to_vec()
        }};
    }
    Ok(OpValue::Bytes(match arguments::text(args, 0)? {
        "md5" => code!(Md5),
        "sha1" => code!(Sha1),
        "sha224" => code!(Sha224),
        "sha256" => code!(Sha256),
        "sha384" => code!(Sha384),
        "sha512" => code!(Sha512),
        "sha512-224" => code!(Sha512_224),
        "sha512-256" => code!(Sha512_256),
        "sha3-224" => code!(Sha3_224),
        "sha3-256" => code!(Sha3_256),
        "sha3-384" => code!(Sha3_384),
        "sha3-512" => code!(Sha3_512),
        other => return Err(unknown(other)),
    }))
}

fn unknown(algorithm: &str) -> OpError {
    OpError {
        name: "Error",
        code: Some("ERR_CRYPTO_INVALID_DIGEST".into()),
        message: format!(
            "Invalid digest: {algorithm} (quickcuke has md5, sha1, and the sizes of sha2 and sha3)"
        ),
        properties: Vec::new(),
    }
}
