//! The format options: how reports are to look.

use serde::Deserialize;
use serde::de::Error as _;
use serde_json::Value;

use super::ReportError;
use super::theme::Theme;

/// What `--format-options` and `formatOptions` in a configuration file may hold, under the names
/// that cucumber-js gives them. Options of formatters that are not there yet are passed over.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Options {
    /// Overrides what is found out about the terminal, but not the variable `FORCE_COLOR`.
    pub colors_enabled: Option<bool>,
    pub include_attachments: Option<bool>,
    pub junit: JunitOptions,
    /// The older name of `include_attachments`.
    pub print_attachments: Option<bool>,
    pub pretty: PrettyOptions,
    pub rerun: RerunOptions,
    pub theme: Option<Theme>,
}

impl Options {
    /// # Errors
    /// A known option that is not what it should be.
    pub fn parse(options: &Value) -> Result<Self, ReportError> {
        let refuse = |source| ReportError::Options { source };
        // An object of JavaScript with a function, of which a configuration script leaves nothing here.
        if options.pointer("/junit/testNamingStrategy").is_some_and(|strategy| !strategy.is_null())
        {
            let reason = "junit.testNamingStrategy is not there yet: leave it out, and scenarios are named as without it";
            return Err(refuse(serde_json::Error::custom(reason)));
        }
        Self::deserialize(options).map_err(refuse)
    }

    pub(super) fn includes_attachments(&self) -> bool {
        self.include_attachments.or(self.print_attachments).unwrap_or(true)
    }
}

/// What only `junit` heeds.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct JunitOptions {
    /// Instead of `Cucumber`.
    pub suite_name: Option<String>,
    /// Instead of the name of each scenario's feature.
    pub test_class_name: Option<String>,
}

/// What only `rerun` heeds.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct RerunOptions {
    /// What stands between two files.
    pub separator: String,
}

impl Default for RerunOptions {
    fn default() -> Self {
        Self { separator: "\n".to_owned() }
    }
}

/// What only `pretty` heeds.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PrettyOptions {
    pub include_attachments: Option<bool>,
    pub include_feature_line: bool,
    pub include_rule_line: bool,
    pub use_status_icon: bool,
    pub theme: Option<Theme>,
}

impl Default for PrettyOptions {
    fn default() -> Self {
        Self {
            include_attachments: None,
            include_feature_line: true,
            include_rule_line: true,
            use_status_icon: true,
            theme: None,
        }
    }
}
