//! Finding and loading configuration files.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use super::document::{Document, display_name};
use super::error::ConfigError;
use super::resolve::Surroundings;

/// In the order in which they are looked for; cucumber-js stops before the TypeScript ones.
const NAMES: [&str; 9] = [
    "cucumber.js",
    "cucumber.cjs",
    "cucumber.mjs",
    "cucumber.json",
    "cucumber.yaml",
    "cucumber.yml",
    "cucumber.ts",
    "cucumber.mts",
    "cucumber.cts",
];
const TOML_NAME: &str = "quickcuke.toml";

/// The files of one run.
pub(crate) struct Files {
    /// `cucumber.*`.
    pub(crate) cucumber: Option<Document>,
    /// `quickcuke.toml`.
    pub(crate) toml: Option<Document>,
}

/// Loads what stands in the working directory; a file named with `--config` takes the place of the one of its kind.
pub(crate) fn load(
    named: Option<&str>,
    surroundings: &Surroundings<'_>,
) -> Result<Files, ConfigError> {
    let cwd = surroundings.cwd;
    let named = named.map(|name| cwd.join(name));
    let (named_toml, named_cucumber) = match named {
        Some(path) if extension(&path) == "toml" => (Some(path), None),
        other => (None, other),
    };
    let cucumber = named_cucumber.or_else(|| locate(cwd, &NAMES));
    let toml = named_toml.or_else(|| locate(cwd, &[TOML_NAME]));
    for path in cucumber.iter().chain(&toml) {
        let file = display_name(cwd, path);
        (surroundings.debug)(&format!("Configuration will be loaded from \"{file}\""), None);
    }
    if cucumber.is_none() && toml.is_none() {
        (surroundings.debug)("No configuration file found", None);
    }
    Ok(Files {
        cucumber: cucumber.map(|path| load_file(&path, surroundings)).transpose()?,
        toml: toml.map(|path| load_file(&path, surroundings)).transpose()?,
    })
}

fn locate(cwd: &Path, names: &[&str]) -> Option<PathBuf> {
    names.iter().map(|name| cwd.join(name)).find(|path| path.is_file() && !is_report(path))
}

/// Whether a file is what `--format json:cucumber.json` writes, a list, or has begun to write: nothing yet.
fn is_report(path: &Path) -> bool {
    if extension(path) != "json" {
        return false;
    }
    let Ok(file) = File::open(path) else { return false };
    let mut characters = BufReader::new(file).bytes().skip_while(|byte| {
        // White space, or a byte of a byte order mark.
        byte.as_ref().is_ok_and(|byte| byte.is_ascii_whitespace() || b"\xef\xbb\xbf".contains(byte))
    });
    matches!(characters.next(), None | Some(Ok(b'[')))
}

fn load_file(path: &Path, surroundings: &Surroundings<'_>) -> Result<Document, ConfigError> {
    let file = display_name(surroundings.cwd, path);
    let parse = match extension(path) {
        "json" => Document::json,
        "yaml" | "yml" => Document::yaml,
        "toml" => Document::toml,
        "js" | "cjs" | "mjs" | "ts" | "cts" | "mts" => {
            // A missing file is told apart here: the script loader would speak of a module.
            if let Err(error) = std::fs::metadata(path) {
                return Err(ConfigError::Unreadable { file, reason: error.to_string() });
            }
            let exports = (surroundings.load_script)(path)
                .map_err(|reason| ConfigError::Script { file: file.clone(), reason })?;
            return Document::exports(&file, exports);
        }
        other => {
            let extension = if other.is_empty() { String::new() } else { format!(".{other}") };
            return Err(ConfigError::Extension { file, extension });
        }
    };
    let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
        file: file.clone(),
        reason: error.to_string(),
    })?;
    parse(&file, text.strip_prefix('\u{feff}').unwrap_or(&text))
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}
