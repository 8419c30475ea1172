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
    /// not tell; for [`Called::Awaited`], if nothing is awaited there.
    fn call_position(
        &self,
        position: &Position,
        called: Called<'_>,
        _only_line: bool,
    ) -> Option<Position> {
        (called == Called::Awaited).then(|| position.clone())
    }

    /// What to say of a module that takes `name` from another, which does not export it: the first line, with the place in
    /// front, and what helps to see it. `means` says of a specifier whether it is the other module's, `exported` are the
    /// names that this has if they are known. `None` if the module takes no such name.
    fn missing_export(
        &self,
        _importer: &str,
        _name: &str,
        _module: &str,
        _means: &dyn Fn(&str) -> bool,
        _exported: Option<Vec<String>>,
    ) -> Option<String> {
        None
    }

    /// The module's text with each regular expression that does not compile in words that do, where there are such; or the
    /// error of the first one that has none. `compiles` gives the engine's complaint about a source and flags. `None` if
    /// all compile.
    fn mended_regexps(
        &self,
        _id: &str,
        _code: &str,
        _compiles: &dyn Fn(&str, &str) -> Result<(), String>,
    ) -> Option<Result<String, LoadError>> {
        None
    }

    /// What V8 calls the function of that name around the author's `position`: with its class, as in `Page.open`. `None` if
    /// that is the name alone.
    fn method_name(&self, _position: &Position, _name: &str) -> Option<String> {
        None
    }

    /// What the author's text has where the engine complains of a fault; `None` if the text does not tell.
    fn culprit(&self, _position: &Position, _fault: Fault<'_>) -> Option<Culprit> {
        None
    }
}

/// What the engine complains of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault<'a> {
    /// What is called or constructed cannot be.
    Called,
    /// The first argument of a native function of this name.
    Argument(&'a str),
    /// What is iterated.
    Iterated,
    /// What is taken apart by an object pattern.
    Destructured,
    /// What is assigned to.
    Written,
    Deleted,
    /// The operands of `in`.
    SearchedIn,
    /// What a class extends.
    Extended,
    /// The class around the place.
    Class,
}

/// What is at fault, with expressions as V8 prints them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Culprit {
    Value(String),
    /// The operand of `new`.
    Constructed(String),
    /// The operand of `...` in a call.
    Spread(String),
    /// `value` is `None` for a parameter.
    Destructured {
        property: Option<String>,
        value: Option<String>,
    },
    Variable,
    Property {
        object: String,
        key: String,
    },
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
    /// Nothing: the function awaits.
    Awaited,
    /// Nothing: a property of this name is read of a value that has none.
    Read(&'a str),
    /// Nothing: what is assigned to cannot be.
    Assigned,
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
