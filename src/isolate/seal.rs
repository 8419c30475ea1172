//! Bytecode on its way to a file and back.
//!
//! A file can be changed, swapped with another, or written by somebody else. So what goes to disk ends with an HMAC of
//! its name and all that is in it, under a key that JavaScript never sees: what opens again is what was sealed.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::bytecode::Bytecode;

/// Bytes of a key.
pub(crate) const KEY_LENGTH: usize = 32;
/// Bytes of the HMAC.
const CODE_LENGTH: usize = 32;

/// Seals bytecode, with data that belongs to it, and opens what was sealed with the same key.
pub(crate) struct Seal(Hmac<Sha256>);

impl Seal {
    pub(crate) fn new(key: &[u8; KEY_LENGTH]) -> Seal {
        // HMAC itself fills a key up with zeros to a block of its hash.
        let mut block = [0; 64];
        block[..KEY_LENGTH].copy_from_slice(key);
        Seal(Hmac::new(&block.into()))
    }

    /// The bytes to write under `name`.
    pub(crate) fn close<'a>(
        &self,
        name: &[u8],
        data: &'a [u8],
        bytecode: impl IntoIterator<Item = &'a Bytecode>,
    ) -> Vec<u8> {
        let mut bytes = Vec::new();
        let parts = bytecode.into_iter().map(Bytecode::as_bytes);
        for part in std::iter::once(data).chain(parts) {
            bytes.extend((part.len() as u64).to_le_bytes());
            bytes.extend(part);
        }
        bytes.extend(self.code(name, &bytes).finalize().into_bytes());
        bytes
    }

    /// What was sealed under `name`: the data and the bytecode. None if that is not what `bytes` are.
    pub(crate) fn open<'a>(
        &self,
        name: &[u8],
        bytes: &'a [u8],
    ) -> Option<(&'a [u8], Vec<Bytecode>)> {
        let (mut rest, code) = bytes.split_last_chunk::<CODE_LENGTH>()?;
        self.code(name, rest).verify_slice(code).ok()?;
        let mut part = || {
            let (length, after) = rest.split_first_chunk()?;
            let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
            let (part, after) = after.split_at_checked(length)?;
            rest = after;
            Some(part)
        };
        let data = part()?;
        let bytecode = std::iter::from_fn(part).map(Bytecode::new).collect();
        Some((data, bytecode))
    }

    fn code(&self, name: &[u8], bytes: &[u8]) -> Hmac<Sha256> {
        let mut code = self.0.clone();
        code.update(&(name.len() as u64).to_le_bytes());
        code.update(name);
        code.update(bytes);
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_sealed_opens() {
        let seal = Seal::new(&[7; KEY_LENGTH]);
        let code = [Bytecode::never_run(b"first"), Bytecode::never_run(b"")];
        let sealed = seal.close(b"name", b"data", &code);
        assert_eq!(seal.open(b"name", &sealed), Some((b"data".as_slice(), code.to_vec())));
        assert_eq!(seal.open(b"nam", &sealed), None, "under another name");
        assert_eq!(Seal::new(&[8; KEY_LENGTH]).open(b"name", &sealed), None, "with another key");
        for length in 0..sealed.len() {
            assert_eq!(seal.open(b"name", &sealed[..length]), None, "cut at {length}");
        }
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 0x40;
            assert_eq!(seal.open(b"name", &changed), None, "changed at {at}");
        }
    }
}
