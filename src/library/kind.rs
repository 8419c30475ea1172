//! Which kind of module a file is, before anything is transpiled: by extension, by the `"type"` of
//! its package, and for an undecided `.js` by its syntax, as Node does.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use oxc::allocator::Allocator;
use oxc::parser::Parser;
use oxc::span::SourceType;

use super::error;
use crate::isolate::{LoadError, ModuleKind};

/// What an extension says about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// JavaScript of a kind the extension fixes (`.mjs`, `.cjs`).
    JavaScript(ModuleKind),
    /// JavaScript whose kind the package or the syntax tells (`.js`, or no extension).
    UndecidedJavaScript,
    /// Needs the transpiler (`.ts`, `.mts`, `.cts`, `.tsx`, `.jsx`).
    Transpiled,
    Json,
}

impl Format {
    /// # Errors
    /// When the file cannot be a module.
    pub(super) fn of(path: &Path) -> Result<Format, LoadError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if [".d.ts", ".d.mts", ".d.cts"].iter().any(|suffix| name.ends_with(suffix)) {
            return Err(error::declaration_file(path));
        }
        match path.extension().map(|extension| extension.to_string_lossy()).as_deref() {
            Some("mjs") => Ok(Format::JavaScript(ModuleKind::EsModule)),
            Some("cjs") => Ok(Format::JavaScript(ModuleKind::CommonJs)),
            Some("js") | None => Ok(Format::UndecidedJavaScript),
            Some("ts" | "mts" | "cts" | "tsx" | "jsx") => Ok(Format::Transpiled),
            Some("json") => Ok(Format::Json),
            Some("node") => Err(error::native_addon(path)),
            Some(extension) => Err(error::unknown_extension(path, extension)),
        }
    }
}

/// The `"type"` of a package.json.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum PackageType {
    Module,
    CommonJs,
}

/// The package scopes of the files seen so far: each directory's package.json is read once.
#[derive(Debug, Default)]
pub(super) struct PackageTypes {
    by_directory: Mutex<HashMap<PathBuf, Option<PackageType>>>,
}

impl PackageTypes {
    /// The `"type"` of the nearest package.json above `file`; none if it says nothing, or there is
    /// none.
    pub(super) fn of(&self, file: &Path) -> Option<PackageType> {
        let directory = file.parent()?;
        let mut known = self.by_directory.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(found) = known.get(directory) {
            return *found;
        }
        let found = nearest_package_type(directory);
        known.insert(directory.to_path_buf(), found);
        found
    }
}

fn nearest_package_type(directory: &Path) -> Option<PackageType> {
    for directory in
        directory.ancestors().take_while(|directory| !directory.ends_with("node_modules"))
    {
        if let Ok(text) = super::files::read(&directory.join("package.json")) {
            let package: serde_json::Value = serde_json::from_slice(&text).ok()?;
            return match package.get("type")?.as_str()? {
                "module" => Some(PackageType::Module),
                "commonjs" => Some(PackageType::CommonJs),
                _ => None,
            };
        }
    }
    None
}

/// The kind of plain JavaScript in a package that does not say: ES module if it has syntax that
/// only those have.
///
/// # Errors
/// When the text parses as neither.
pub(super) fn detect(path: &Path, text: &str) -> Result<ModuleKind, LoadError> {
    if !may_be_es_module(text) {
        return Ok(ModuleKind::CommonJs);
    }
    let allocator = Allocator::default();
    let commonjs = Parser::new(&allocator, text, SourceType::cjs()).parse();
    if !commonjs.module_record.has_module_syntax && !commonjs.diagnostics.has_errors() {
        return Ok(ModuleKind::CommonJs);
    }
    let module = Parser::new(&allocator, text, SourceType::mjs()).parse();
    if !module.diagnostics.has_errors() {
        return Ok(ModuleKind::EsModule);
    }
    // Broken either way: say so here, in the better words. Only where the parser gave up, because
    // it is stricter than the engine in places and must not refuse what would run.
    if module.panicked && commonjs.panicked {
        let broken = if module.module_record.has_module_syntax { module } else { commonjs };
        return Err(error::syntax(path, text, broken.diagnostics));
    }
    Ok(if module.module_record.has_module_syntax {
        ModuleKind::EsModule
    } else {
        ModuleKind::CommonJs
    })
}

/// A cheap look that spares most CommonJS files the parser: is there a word that only ES modules
/// could need? `exports` and `import(` are no such words.
fn may_be_es_module(text: &str) -> bool {
    let bytes = text.as_bytes();
    let part_of_word = |byte: Option<&u8>| {
        byte.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$'))
    };
    ["import", "export", "await"].iter().any(|word| {
        text.match_indices(word).any(|(at, _)| {
            let (before, rest) =
                (at.checked_sub(1).and_then(|before| bytes.get(before)), &bytes[at + word.len()..]);
            let next = rest.iter().find(|byte| !byte.is_ascii_whitespace());
            let a_call = *word == "import" && next == Some(&b'(');
            let whole_word = !part_of_word(before) && !part_of_word(rest.first());
            whole_word && !a_call
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> ModuleKind {
        detect(Path::new("/p/a.js"), text).unwrap()
    }

    #[test]
    fn es_module_syntax_decides() {
        for text in [
            "import a from 'a';",
            "import'a'",
            "export const a = 1",
            "export{a};var a",
            "export*from'a'",
            "console.log(import.meta.url)",
            "await Promise.resolve()",
            "const a = await import('a')",
        ] {
            assert_eq!(kind(text), ModuleKind::EsModule, "{text}");
        }
    }

    #[test]
    fn everything_else_is_commonjs() {
        for text in [
            "",
            "module.exports = 1",
            "exports.a = 1",
            "import('a').then(f)",
            "// export everything, import nothing",
            "const text = 'import a from b'; return",
            "async function f() { await 1 }",
            "const await = 1; await",
            "with (a) { export_ }",
        ] {
            assert_eq!(kind(text), ModuleKind::CommonJs, "{text}");
        }
    }

    #[test]
    fn a_broken_file_is_told_by_line_and_column() {
        let error = detect(Path::new("/p/a.js"), "import a from 'a';\nconst = 1;\n").unwrap_err();
        assert_eq!(error.name, "SyntaxError");
        assert!(error.message.starts_with("/p/a.js:2:7: "), "{}", error.message);
    }

    #[test]
    fn extensions() {
        let of = |name: &str| Format::of(&Path::new("/p").join(name));
        assert_eq!(of("a.mjs").unwrap(), Format::JavaScript(ModuleKind::EsModule));
        assert_eq!(of("a.cjs").unwrap(), Format::JavaScript(ModuleKind::CommonJs));
        assert_eq!(of("a").unwrap(), Format::UndecidedJavaScript);
        assert_eq!(of("a.tsx").unwrap(), Format::Transpiled);
        assert_eq!(of("a.json").unwrap(), Format::Json);
        for (name, words) in
            [("a.css", "\".css\""), ("a.node", "native addon"), ("a.d.ts", "only types")]
        {
            let message = of(name).unwrap_err().message;
            assert!(
                message.contains(words) && message.contains(&format!("/p/{name}")),
                "{message}"
            );
        }
    }
}
