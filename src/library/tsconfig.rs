//! The tsconfig.json that governs a file, and the few of its options that change the emitted
//! JavaScript.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use oxc_resolver::{ResolveError, TsConfig};

use super::error;
use super::files;
use super::resolve::Resolver;
use crate::isolate::LoadError;

/// What of `compilerOptions` decides the output; part of the cache key by way of `Debug`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct EmitOptions {
    pub(super) legacy_decorators: bool,
    pub(super) decorator_metadata: bool,
    pub(super) loose_null_checks: bool,
    /// `useDefineForClassFields: false`, or a `target` before ES2022: fields are assigned in the
    /// constructor.
    pub(super) assign_class_fields: bool,
    /// `verbatimModuleSyntax`: imports without `type` stay although nothing uses them as a value.
    pub(super) keep_unused_imports: bool,
    /// `jsx: react-jsx` (or `react-jsxdev`); otherwise the classic `React.createElement`.
    pub(super) automatic_jsx: bool,
    pub(super) jsx_factory: Option<String>,
    pub(super) jsx_fragment_factory: Option<String>,
    pub(super) jsx_import_source: Option<String>,
}

impl EmitOptions {
    pub(super) fn of(config: Option<&TsConfig>) -> EmitOptions {
        let Some(options) = config.map(|config| &config.compiler_options) else {
            return EmitOptions::default();
        };
        let yes = |option: Option<bool>| option == Some(true);
        EmitOptions {
            legacy_decorators: yes(options.experimental_decorators),
            decorator_metadata: yes(options.emit_decorator_metadata),
            loose_null_checks: !options.strict_null_checks.or(options.strict).unwrap_or(false),
            assign_class_fields: !options
                .use_define_for_class_fields
                .unwrap_or_else(|| defines_fields(options.target.as_deref())),
            keep_unused_imports: yes(options.verbatim_module_syntax)
                || yes(options.preserve_value_imports)
                || options.imports_not_used_as_values.as_deref() == Some("preserve"),
            automatic_jsx: options
                .jsx
                .as_deref()
                .is_some_and(|jsx| jsx.to_lowercase().starts_with("react-jsx")),
            jsx_factory: options.jsx_factory.clone(),
            jsx_fragment_factory: options.jsx_fragment_factory.clone(),
            jsx_import_source: options.jsx_import_source.clone(),
        }
    }
}

/// Whether a `target` has class fields of its own. One that is not given is the newest, as in
/// TypeScript 6 and tsx.
fn defines_fields(target: Option<&str>) -> bool {
    let Some(target) = target.map(str::to_lowercase) else { return true };
    match target.strip_prefix("es").map(str::parse::<u32>) {
        Some(Ok(year @ 2015..)) => year >= 2022,
        Some(Ok(_)) => false, // es3, es5, es6
        _ => true,            // esnext
    }
}

/// The configs found so far, by directory.
#[derive(Default)]
pub(super) struct TsConfigs {
    by_directory: Mutex<HashMap<PathBuf, Found>>,
}

type Found = Result<Option<Arc<TsConfig>>, ResolveError>;

impl TsConfigs {
    /// The config that governs `file`: the nearest that includes it, else simply the nearest, as
    /// ts-node and tsx do. Packages in node_modules have none.
    ///
    /// # Errors
    /// When a config, or one that it extends, is missing or malformed.
    pub(super) fn of(
        &self,
        file: &Path,
        resolver: &Resolver,
    ) -> Result<Option<Arc<TsConfig>>, LoadError> {
        if in_node_modules(file) {
            return Ok(None);
        }
        let found = match resolver.find_tsconfig(file) {
            Ok(None) => self.nearest(file, resolver),
            found => found,
        };
        found.map_err(|error| error::bad_tsconfig(file, &error.to_string()))
    }

    fn nearest(&self, file: &Path, resolver: &Resolver) -> Found {
        let Some(directory) = file.parent() else { return Ok(None) };
        let mut known = self.by_directory.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let look = || {
            let path = directory
                .ancestors()
                .map(|above| above.join("tsconfig.json"))
                .find(|path| files::may_see(path) && path.is_file());
            path.map(|path| resolver.resolve_tsconfig(path)).transpose()
        };
        known.entry(directory.to_path_buf()).or_insert_with(look).clone()
    }
}

/// Whether `path` lies in an installed package.
pub(super) fn in_node_modules(path: &Path) -> bool {
    path.components().any(|component| component.as_os_str() == "node_modules")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn class_fields_follow_the_target() {
        for (target, defines) in [
            (None, true),
            (Some("ES5"), false),
            (Some("es6"), false),
            (Some("ES2021"), false),
            (Some("es2022"), true),
            (Some("ESNext"), true),
        ] {
            assert_eq!(defines_fields(target), defines, "{target:?}");
        }
    }
}
