//! The bytecode of the prelude's files: compiled once in a process, and kept for later processes of the same
//! build where the module source has a place for it.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
};

use xxhash_rust::xxh3::Xxh3;

use super::modules::ModuleSource;

/// What is known of all preludes of this process.
#[derive(Default)]
struct PreludeCode {
    /// By hash of id and source.
    functions: HashMap<u128, Arc<[u8]>>,
    /// What an earlier process kept was looked for.
    is_read: bool,
    /// Something was compiled that is not kept yet.
    is_new: bool,
}

fn shared() -> MutexGuard<'static, PreludeCode> {
    static SHARED: LazyLock<Mutex<PreludeCode>> = LazyLock::new(Mutex::default);
    SHARED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn key(id: &str, source: &str) -> u128 {
    let mut hash = Xxh3::new();
    hash.update(&(id.len() as u64).to_le_bytes());
    hash.update(id.as_bytes());
    hash.update(source.as_bytes());
    hash.digest128()
}

/// The bytecode of a file, if it is known.
pub(super) fn find(modules: &dyn ModuleSource, id: &str, source: &str) -> Option<Arc<[u8]>> {
    let mut code = shared();
    if !std::mem::replace(&mut code.is_read, true)
        && let Some(functions) = modules.prelude_bytecode().and_then(|bytes| decode(&bytes))
    {
        code.functions.extend(functions);
    }
    code.functions.get(&key(id, source)).cloned()
}

/// Takes note of what was compiled.
pub(super) fn add(id: &str, source: &str, bytecode: Vec<u8>) {
    let mut code = shared();
    code.functions.insert(key(id, source), bytecode.into());
    code.is_new = true;
}

/// Keeps all that is known for later processes, if some of it is new.
pub(super) fn keep(modules: &dyn ModuleSource) {
    let mut code = shared();
    if std::mem::take(&mut code.is_new) {
        modules.keep_prelude_bytecode(&encode(&code.functions));
    }
}

/// Each function as its key, its length and its bytes.
fn encode(functions: &HashMap<u128, Arc<[u8]>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (key, function) in functions {
        bytes.extend(key.to_le_bytes());
        bytes.extend((function.len() as u64).to_le_bytes());
        bytes.extend(&**function);
    }
    bytes
}

fn decode(mut bytes: &[u8]) -> Option<Vec<(u128, Arc<[u8]>)>> {
    let mut functions = Vec::new();
    while !bytes.is_empty() {
        let (key, rest) = bytes.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
        let (function, rest) = rest.split_at_checked(length)?;
        functions.push((u128::from_le_bytes(*key), function.into()));
        bytes = rest;
    }
    Some(functions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again_and_no_part_of_it() {
        let functions = [(1, Arc::from(*b"abc")), (u128::MAX, Arc::from([]))];
        let bytes = encode(&HashMap::from(functions.clone()));
        let mut read = decode(&bytes).unwrap();
        read.sort_by_key(|(key, _)| *key);
        assert_eq!(read, functions);
        assert_eq!(decode(&bytes[..bytes.len() - 1]), None);
        assert_eq!(decode(&[]), Some(Vec::new()));
    }
}
