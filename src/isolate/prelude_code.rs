//! The bytecode of the prelude's files: compiled once in a process, and kept for later processes of the same
//! build where the module source has a place for it.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
};

use xxhash_rust::xxh3::Xxh3;

use super::{bytecode::Bytecode, modules::ModuleSource};

/// What is known of all preludes of this process.
#[derive(Default)]
struct PreludeCode {
    /// By hash of id and source.
    functions: HashMap<u128, Bytecode>,
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
pub(super) fn find(modules: &dyn ModuleSource, id: &str, source: &str) -> Option<Bytecode> {
    let mut code = shared();
    if !std::mem::replace(&mut code.is_read, true) {
        code.functions.extend(modules.prelude_bytecode());
    }
    code.functions.get(&key(id, source)).cloned()
}

/// Takes note of what was compiled.
pub(super) fn add(id: &str, source: &str, bytecode: Bytecode) {
    let mut code = shared();
    code.functions.insert(key(id, source), bytecode);
    code.is_new = true;
}

/// Keeps all that is known for later processes, if some of it is new.
pub(super) fn keep(modules: &dyn ModuleSource) {
    let mut code = shared();
    if std::mem::take(&mut code.is_new) {
        let functions = code.functions.iter().map(|(key, function)| (*key, function.clone()));
        modules.keep_prelude_bytecode(&functions.collect::<Vec<_>>());
    }
}
