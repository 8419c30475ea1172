//! What is run.

use std::path::PathBuf;

/// The file of a script that stands in none.
const SCRIPT: &str = "[script]";
const MODULE: &str = "[module]";

/// A script's text and the file that it is said to stand in.
///
/// The text is TypeScript unless the file's name ends in `.js`, `.mjs`, `.cjs`, `.jsx` or `.tsx`. `return` and `await`
/// work at its top level, `import` does too; it cannot `export`. Modules that it imports are looked for from the file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Source {
    pub(super) file: String,
    pub(super) text: String,
    pub(super) form: Form,
}

/// How a text becomes the body of a CommonJS module.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Form {
    Script,
    /// The text of a function as its VM has it, and where in the loaded code of `file` it begins, from 1.
    Function {
        place: Option<(u32, u32)>,
    },
    Module,
}

impl Source {
    /// A script in the file of that name, which need not exist. Errors are said to be there.
    pub fn named(file: impl Into<String>, text: impl Into<String>) -> Self {
        Self { file: file.into(), text: text.into(), form: Form::Script }
    }

    /// The text of a JavaScript function expression, which is called with the arguments. It closes over nothing.
    pub fn function(text: impl Into<String>) -> Self {
        Self { form: Form::Function { place: None }, ..Self::named(SCRIPT, text) }
    }

    /// Whether it is a function's text, which is good for one call.
    pub(crate) fn is_function(&self) -> bool {
        matches!(self.form, Form::Function { .. })
    }

    /// The same for a function of a module that stands there in the code that was loaded from it.
    pub(crate) fn function_at(text: String, file: String, line: u32, column: u32) -> Self {
        Self { file, text, form: Form::Function { place: Some((line, column)) } }
    }
}

impl From<&str> for Source {
    fn from(text: &str) -> Self {
        Self::named(SCRIPT, text)
    }
}

impl From<String> for Source {
    fn from(text: String) -> Self {
        Self::named(SCRIPT, text)
    }
}

/// A module to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Module {
    /// A file, relative to the project.
    File(PathBuf),
    /// An ES module of this text.
    Source(Source),
}

impl Module {
    /// An ES module that stands in no file.
    pub fn source(text: impl Into<String>) -> Self {
        Self::Source(Source { form: Form::Module, ..Source::named(MODULE, text) })
    }

    /// An ES module in the file of that name, which need not exist.
    pub fn named(file: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Source(Source { form: Form::Module, ..Source::named(file, text) })
    }
}

impl From<PathBuf> for Module {
    fn from(file: PathBuf) -> Self {
        Self::File(file)
    }
}

impl From<&str> for Module {
    /// The file of that name.
    fn from(file: &str) -> Self {
        Self::File(file.into())
    }
}
