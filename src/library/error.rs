//! The errors of loading and what would mend them, in Node's words where Node has words.

use std::fmt::Write as _;
use std::path::Path;

use oxc::diagnostics::Diagnostics;

use super::exports::NameSite;
use super::source_map::utf16_column;
use crate::config::nearest;
use crate::isolate::{How, LoadError};

/// More errors of one file than this are counted, not shown.
const SHOWN_SYNTAX_ERRORS: usize = 10;

fn failure(code: &'static str, message: String) -> LoadError {
    LoadError { name: "Error", code: Some(code), message }
}

pub(super) fn syntax_error(message: String) -> LoadError {
    LoadError { name: "SyntaxError", code: None, message }
}

/// The parser's errors, each as `file:line:column: message`, the source line and a caret.
pub(super) fn syntax(path: &Path, text: &str, diagnostics: Diagnostics) -> LoadError {
    let errors: Vec<_> = diagnostics.errors().collect();
    let mut message = String::new();
    for error in errors.iter().take(SHOWN_SYNTAX_ERRORS) {
        let offset = error.labels.first().map_or(0, |label| label.offset() as usize);
        if !message.is_empty() {
            message.push('\n');
        }
        message.push_str(&at(path, text, offset, &error.message));
        if let Some(help) = &error.help {
            let _ = write!(message, "\n  {help}");
        }
    }
    if let more @ 1.. = errors.len().saturating_sub(SHOWN_SYNTAX_ERRORS) {
        let _ = write!(message, "\nand {more} more");
    }
    syntax_error(message)
}

/// `file:line:column: message`, the source line, and a caret under `offset` (in bytes).
pub(super) fn at(path: &Path, text: &str, offset: usize, message: &str) -> String {
    let (line_number, column, line) = line_of(text, offset);
    // A tab is as wide under the caret as in the line above it.
    let before = line.chars().scan(0, |units, c| {
        *units += c.len_utf16();
        (*units < column).then_some(if c == '\t' { '\t' } else { ' ' })
    });
    let indent: String = before.collect();
    let margin = line_number.to_string();
    let gap = " ".repeat(margin.len());
    format!(
        "{}:{line_number}:{column}: {message}\n  {margin} | {line}\n  {gap} | {indent}^",
        path.display()
    )
}

/// A name that the module it is taken from does not export, in the words of V8.
pub(super) fn missing_export(
    path: &Path,
    text: &str,
    site: &NameSite,
    name: &str,
    exported: &[String],
) -> String {
    let specifier = &site.specifier;
    let mut message =
        format!("The requested module '{specifier}' does not provide an export named '{name}'");
    if let Some(nearest) = nearest(name, exported.iter().map(String::as_str)) {
        let _ = write!(message, ". Did you mean '{nearest}'?");
    } else if name == "default" {
        let _ =
            write!(message, ". Take what it exports by name: import {{ … }} from '{specifier}'");
    }
    at(path, text, site.at, &message)
}

/// 1-based line, 1-based column in UTF-16 code units, and the text of the line that holds the byte
/// `offset`.
fn line_of(text: &str, offset: usize) -> (usize, usize, &str) {
    let offset = text.floor_char_boundary(offset);
    let start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[start..].split(['\n', '\r']).next().unwrap_or_default();
    let column = utf16_column(line, (offset - start) as u32) as usize + 1;
    (text[..start].matches('\n').count() + 1, column, line)
}

pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> LoadError {
    let code =
        if error.kind() == std::io::ErrorKind::NotFound { "MODULE_NOT_FOUND" } else { "ERR_LOAD" };
    failure(code, format!("Cannot read module '{}': {error}", path.display()))
}

pub(super) fn protected(id: &str) -> LoadError {
    failure("EACCES", format!("Cannot read module '{id}': it is in quickcuke's cache"))
}

pub(super) fn native_addon(path: &Path) -> LoadError {
    let message = format!(
        "'{}' is a native addon, and quickcuke runs no native code: use a pure JavaScript package \
         in its place, or declare a program under [commands] in quickcuke.toml",
        path.display()
    );
    failure("ERR_DLOPEN_FAILED", message)
}

pub(super) fn declaration_file(path: &Path) -> LoadError {
    let message = format!(
        "'{}' declares only types and has no code to run: import it with 'import type', or add \
         the module it describes",
        path.display()
    );
    failure("ERR_UNKNOWN_FILE_EXTENSION", message)
}

pub(super) fn unknown_extension(path: &Path, extension: &str) -> LoadError {
    let message = format!(
        "Unknown file extension \".{extension}\" for {}: modules are .js, .mjs, .cjs, .jsx, .ts, \
         .mts, .cts, .tsx and .json; read other files with node:fs",
        path.display()
    );
    failure("ERR_UNKNOWN_FILE_EXTENSION", message)
}

pub(super) fn bad_tsconfig(file: &Path, reason: &str) -> LoadError {
    let message = format!("The tsconfig.json of {} cannot be used: {reason}", file.display());
    failure("ERR_TSCONFIG", message)
}

/// A deep import of what is the host module, such as `@cucumber/cucumber/lib/…`.
pub(super) fn host_subpath(specifier: &str, package: &str, importer: &str) -> LoadError {
    let message = format!(
        "'{specifier}' is not available in quickcuke{}\n'{package}' is built in here and has no \
         files: import what you need from '{package}' itself.",
        imported_from(specifier, importer)
    );
    failure("ERR_PACKAGE_PATH_NOT_EXPORTED", message)
}

/// A module of Node that quickcuke does not have.
pub(super) fn unavailable_builtin(name: &str, specifier: &str, importer: &str) -> LoadError {
    let mut place = imported_from(specifier, importer);
    if !place.is_empty() {
        place.insert(0, ',');
    }
    let message = format!(
        "'node:{name}' is a module of Node that quickcuke does not have{place}\nIf another module \
         can stand in for it, name that under [alias] in quickcuke.toml: \"{specifier}\" = \"…\"."
    );
    failure("ERR_UNKNOWN_BUILTIN_MODULE", message)
}

/// A `node:` specifier that Node does not have either. `nearest` is one that it has.
pub(super) fn unknown_builtin(specifier: &str, importer: &str, nearest: Option<&str>) -> LoadError {
    let mend = nearest.map(|name| format!("\nDid you mean 'node:{name}'?")).unwrap_or_default();
    let place = imported_from(specifier, importer);
    failure(
        "ERR_UNKNOWN_BUILTIN_MODULE",
        format!("No such built-in module: {specifier}{place}{mend}"),
    )
}

pub(super) fn url_scheme(scheme: &str, specifier: &str, importer: &str) -> LoadError {
    let message = format!(
        "Modules cannot be loaded from '{scheme}:' URLs: '{specifier}'{}\nInstall the module with \
         npm, or save it as a file of the project.",
        imported_from(specifier, importer)
    );
    failure("ERR_UNSUPPORTED_ESM_URL_SCHEME", message)
}

/// A package that has no such entry, a bad package.json, and the like: `reason` says which.
pub(super) fn unresolved(
    code: &'static str,
    reason: &str,
    specifier: &str,
    importer: &str,
) -> LoadError {
    failure(code, format!("{reason}{}", imported_from(specifier, importer)))
}

/// Nothing was found. `what` is "package 'x'" or "module '/path'"; `stack` holds the importers, the
/// nearest first, up to the entry; `mend` is a sentence on what to do.
pub(super) fn not_found(
    specifier: &str,
    what: &str,
    how: How,
    stack: &[String],
    mend: Option<String>,
) -> LoadError {
    let importer = stack.first().map_or("", String::as_str);
    let (code, mut message) = match how {
        How::Import => (
            "ERR_MODULE_NOT_FOUND",
            format!("Cannot find {what}{}", imported_from(specifier, importer)),
        ),
        How::Require => {
            let mut message = format!("Cannot find module '{specifier}'");
            for (depth, file) in stack.iter().enumerate() {
                let heading = if depth == 0 { "\nRequire stack:" } else { "" };
                let place = if depth == 0 { position_of(specifier, file) } else { None };
                let _ = write!(message, "{heading}\n- {file}{}", place.unwrap_or_default());
            }
            ("MODULE_NOT_FOUND", message)
        }
    };
    if let Some(mend) = mend {
        let _ = write!(message, "\n{mend}");
    }
    failure(code, message)
}

/// Whether a specifier names a file and not a package.
pub(super) fn is_path(specifier: &str) -> bool {
    specifier.starts_with(['.', '/']) || specifier.starts_with("file:")
}

fn imported_from(specifier: &str, importer: &str) -> String {
    if importer.is_empty() {
        return String::new();
    }
    format!(" imported from {importer}{}", position_of(specifier, importer).unwrap_or_default())
}

/// `:line:column` of the specifier in the importer's text, found only now that there is something
/// to tell.
fn position_of(specifier: &str, importer: &str) -> Option<String> {
    let text = super::files::read_to_string(Path::new(importer)).ok()?;
    let offset = ['\'', '"', '`'].into_iter().find_map(|quote| {
        let quoted = format!("{quote}{specifier}{quote}");
        let importing = |before: &str| {
            let before = before.trim_end();
            ["from", "import", "import(", "require(", "require.resolve("]
                .iter()
                .any(|word| before.ends_with(word))
        };
        text.match_indices(&quoted).map(|(at, _)| at).find(|at| importing(&text[..*at]))
    })?;
    let (line, column, _) = line_of(&text, offset);
    Some(format!(":{line}:{column}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_place() {
        let text = "let a;\n\tconst é = ];\n";
        let message = at(Path::new("/p/a.ts"), text, text.find(']').unwrap(), "Unexpected token");
        assert_eq!(
            message,
            "/p/a.ts:2:12: Unexpected token\n  2 | \tconst é = ];\n    | \t          ^"
        );
    }

    #[test]
    fn an_offset_past_the_end_is_the_end() {
        assert_eq!(line_of("a\nbc", 99), (2, 3, "bc"));
        assert_eq!(line_of("", 0), (1, 1, ""));
    }
}
