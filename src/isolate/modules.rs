//! Where modules come from: the trait that `library/` implements, and the plain types it speaks.
//!
//! Must not read files or know file extensions: what a specifier means and what a file holds is the
//! source's answer; this side only evaluates it.

use std::sync::Arc;

use super::bytecode::Bytecode;

/// Resolves and loads the modules of one isolate. Called on the isolate's thread, during `import`, `call`
/// and whatever `import()` or `require` they run; a panic in it becomes a JavaScript error.
pub trait ModuleSource {
    /// The absolute path, or the builtin id, that `specifier` means in `importer` (an absolute path, or
    /// a builtin id). Specifiers that are builtin ids themselves never get here.
    fn resolve(&self, specifier: &str, importer: &str, how: How) -> Result<String, LoadError>;

    /// What stands under an id that `resolve` gave.
    fn load(&self, id: &str) -> Result<Loaded, LoadError>;

    /// Called after `id` was compiled from source: `load` may give back this bytecode from now on.
    fn keep_bytecode(&self, id: &str, bytecode: &Bytecode);

    /// The functions that an earlier process of the same build gave to `keep_prelude_bytecode`, by their hashes.
    fn prelude_bytecode(&self) -> Vec<(u128, Bytecode)> {
        Vec::new()
    }

    /// Called when files of the prelude were compiled, with all functions that are known, by their hashes.
    fn keep_prelude_bytecode(&self, _functions: &[(u128, Bytecode)]) {}

    /// The snapshot is taken: what is loaded from now on is gone after a restore.
    fn frozen(&self) {}

    /// The VM is as it was when the snapshot was taken: what was loaded since will be asked for again.
    fn restored(&self) {}

    /// The author's position for a position in the loaded code (lines and columns from 1); `None` if the
    /// code is the author's own.
    fn original_position(&self, file: &str, line: u32, column: u32) -> Option<Position>;

    /// Where V8 would say that a call is which QuickJS puts at the author's `position`: at the callee, and not at the
    /// last argument. With `only_line` the answer may be `None` where the line is right. `None` as well if the text does
    /// not tell.
    fn call_position(
        &self,
        _position: &Position,
        _called: Called<'_>,
        _only_line: bool,
    ) -> Option<Position> {
        None
    }
}

/// What is called where a frame of a stack trace stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Called<'a> {
    /// The function of the frame above; empty if it has no name.
    Function(&'a str),
    /// The constructor of the error itself, a class of this name.
    Error(&'a str),
    /// Something that the trace leaves out.
    LeftOut,
}

/// Who asks: package exports and extensions resolve differently for the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Import,
    Require,
}

/// A place in the author's file. Lines and columns count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    pub file: String,
    pub line: u32,
    pub column: u32,
}

/// A module as the source hands it over.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub kind: ModuleKind,
    pub code: Code,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModuleKind {
    EsModule,
    CommonJs,
    Json,
}

/// Source text, or bytecode that `ModuleSource::keep_bytecode` was given for the same text. JSON is
/// always source text.
#[derive(Debug, Clone)]
pub enum Code {
    Source(Arc<str>),
    Bytecode(Bytecode),
}

/// Why a module could not be resolved or loaded; thrown in JavaScript as it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {message}")]
pub struct LoadError {
    /// "Error" or "SyntaxError".
    pub name: &'static str,
    /// "MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND", …
    pub code: Option<&'static str>,
    pub message: String,
}
