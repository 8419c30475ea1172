//! Names that mean no file: quickcuke's own module under the names people know it by, and the
//! modules of Node.

use std::collections::HashSet;
use std::path::Path;

use super::error;
use crate::config::nearest;
use crate::isolate::LoadError;

/// The id of the one host module.
const HOST: &str = "quickcuke";

/// The packages that the host module stands for, with the module that each is: the host, or the host
/// in that package's own words. Two installations of Cucumber in one run are thus impossible.
const HOST_PACKAGES: &[(&str, &str)] = &[
    ("@cucumber/cucumber", HOST),
    (HOST, HOST),
    ("ferridriver", HOST),
    ("@cucumber/fake-cucumber", "quickcuke:cucumber/fake_cucumber"),
];

/// The name of cucumber-js up to version 6: the host too, unless another package of that name is installed.
const FORMER_NAME: &str = "cucumber";

/// Node's built-in modules that may be imported without `node:`.
const NODE_MODULES: &[&str] = &[
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "stream",
    "string_decoder",
    "sys",
    "timers",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
];

/// Those that exist only with `node:`.
const PREFIXED_NODE_MODULES: &[&str] = &["ffi", "quic", "sea", "sqlite", "test"];

/// What Node's own modules are made of. Deprecated, but a few packages import them.
const INTERNAL_NODE_MODULES: &[&str] = &[
    "_http_agent",
    "_http_client",
    "_http_common",
    "_http_incoming",
    "_http_outgoing",
    "_http_server",
    "_stream_duplex",
    "_stream_passthrough",
    "_stream_readable",
    "_stream_transform",
    "_stream_wrap",
    "_stream_writable",
    "_tls_common",
    "_tls_wrap",
];

/// What a specifier means that names no file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// The id of a built-in module.
    Builtin(String),
    /// A module of Node that is not here; an npm package of that name may be in its place.
    Unavailable(String),
    /// Cucumber-js under its former name, or a path in it; another package may have that name.
    Former,
}

/// The ids that the isolate serves.
#[derive(Debug, Clone)]
pub(super) struct Builtins {
    ids: HashSet<String>,
}

impl Builtins {
    pub(super) fn new(ids: &[&str]) -> Builtins {
        Builtins { ids: ids.iter().map(|id| (*id).to_owned()).collect() }
    }

    /// None if `specifier` is to be looked for among the files.
    ///
    /// # Errors
    /// A path into the host's package, or a `node:` module that there is not.
    pub(super) fn find(&self, specifier: &str, importer: &str) -> Result<Option<Named>, LoadError> {
        for (package, id) in HOST_PACKAGES {
            match specifier.strip_prefix(package) {
                Some("") => return Ok(Some(Named::Builtin((*id).to_owned()))),
                Some("/package.json") => return Ok(None),
                Some(path) if path.starts_with('/') => {
                    return Err(error::host_subpath(specifier, package, importer));
                }
                _ => {}
            }
        }
        if first_segment(specifier) == FORMER_NAME && specifier != "cucumber/package.json" {
            return Ok(Some(Named::Former));
        }
        if self.ids.contains(specifier) {
            return Ok(Some(Named::Builtin(specifier.to_owned())));
        }
        let id = format!("node:{specifier}");
        if self.ids.contains(&id) {
            return Ok(Some(Named::Builtin(id)));
        }
        if let Some(name) = specifier.strip_prefix("node:") {
            return Err(
                if is_node_module(name) || PREFIXED_NODE_MODULES.contains(&first_segment(name)) {
                    error::unavailable_builtin(name, specifier, importer)
                } else {
                    let known = NODE_MODULES.iter().chain(PREFIXED_NODE_MODULES).copied();
                    error::unknown_builtin(specifier, importer, nearest(name, known))
                },
            );
        }
        Ok(is_node_module(specifier).then(|| Named::Unavailable(specifier.to_owned())))
    }
}

/// Whether a package of that name is the host module.
pub(super) fn is_host(package: &str) -> bool {
    HOST_PACKAGES.iter().any(|(name, _)| *name == package)
}

/// What cucumber-js under its former name is, or a path in it.
///
/// # Errors
/// A path into the package.
pub(super) fn former_host(specifier: &str, importer: &str) -> Result<String, LoadError> {
    match specifier {
        FORMER_NAME => Ok(HOST.to_owned()),
        _ => Err(error::host_subpath(specifier, FORMER_NAME, importer)),
    }
}

/// Whether a file is part of cucumber-js as it was installed under its former name: that package has its command.
pub(super) fn is_in_former_host(file: &Path) -> bool {
    let manifest = file.ancestors().skip(1).find_map(|directory| {
        let text = super::files::read_to_string(&directory.join("package.json")).ok()?;
        serde_json::from_str::<serde_json::Value>(&text).ok()
    });
    manifest.is_some_and(|manifest| {
        manifest["name"] == FORMER_NAME && manifest["bin"].get("cucumber-js").is_some()
    })
}

/// Whether Node has a built-in of that name; of a few it has parts, such as `stream/web`.
fn is_node_module(name: &str) -> bool {
    const PARTS: &[&str] = &[
        "assert/strict",
        "dns/promises",
        "fs/promises",
        "inspector/promises",
        "path/posix",
        "path/win32",
        "readline/promises",
        "stream/consumers",
        "stream/promises",
        "stream/web",
        "timers/promises",
        "util/types",
    ];
    NODE_MODULES.contains(&name) || PARTS.contains(&name) || INTERNAL_NODE_MODULES.contains(&name)
}

fn first_segment(name: &str) -> &str {
    name.split('/').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(specifier: &str) -> Result<Option<Named>, LoadError> {
        Builtins::new(&["node:path", "node:fs/promises", "quickcuke"]).find(specifier, "/p/a.js")
    }

    fn builtin(id: &str) -> Option<Named> {
        Some(Named::Builtin(id.to_owned()))
    }

    #[test]
    fn every_name_of_the_host_is_one_module() {
        for name in ["@cucumber/cucumber", "quickcuke", "ferridriver"] {
            assert_eq!(find(name).unwrap(), builtin("quickcuke"));
        }
        let own_words = builtin("quickcuke:cucumber/fake_cucumber");
        assert_eq!(find("@cucumber/fake-cucumber").unwrap(), own_words);
        assert_eq!(find("@cucumber/cucumber-expressions").unwrap(), None);
        assert_eq!(find("@cucumber/cucumber/package.json").unwrap(), None);
        let message = find("@cucumber/cucumber/api").unwrap_err().message;
        assert!(
            message.starts_with("'@cucumber/cucumber/api' is not available in quickcuke"),
            "{message}"
        );
        assert!(message.contains("imported from /p/a.js"), "{message}");
    }

    #[test]
    fn a_node_module_answers_with_and_without_its_prefix() {
        assert_eq!(find("path").unwrap(), builtin("node:path"));
        assert_eq!(find("node:path").unwrap(), builtin("node:path"));
        assert_eq!(find("fs/promises").unwrap(), builtin("node:fs/promises"));
        assert_eq!(find("path/").unwrap(), None, "a trailing slash asks for the npm package");
        assert_eq!(find("lodash").unwrap(), None);
    }

    #[test]
    fn a_node_module_that_is_not_here_is_told_apart_from_one_that_is_nowhere() {
        assert_eq!(find("http").unwrap(), Some(Named::Unavailable("http".to_owned())));
        let message = find("node:http").unwrap_err().message;
        assert!(
            message.contains(
                "'node:http' is a module of Node that quickcuke does not have, imported from /p/a.js"
            ),
            "{message}"
        );
        assert!(find("node:test/reporters").unwrap_err().message.contains("does not have"));
        assert_eq!(
            find("_http_agent").unwrap(),
            Some(Named::Unavailable("_http_agent".to_owned()))
        );
        assert_eq!(
            find("node:htpp").unwrap_err().message,
            "No such built-in module: node:htpp imported from /p/a.js\nDid you mean 'node:http'?"
        );
    }
}
