//! Which part of a report looks how.

use serde::Deserialize;

use super::style::Style;
use crate::messages::TestStepResultStatus;

/// The looks of a text report. A theme given in the format options stands alone: what it leaves
/// out has no style, and where it names no symbol a space is printed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Theme {
    /// What kind of problem `progress-bar` tells of.
    pub(super) affix: Style,
    pub(super) attachment: Style,
    pub(super) data_table: DataTableTheme,
    pub(super) doc_string: DocStringTheme,
    pub(super) feature: TitleTheme,
    pub(super) location: Style,
    pub(super) rule: TitleTheme,
    pub(super) scenario: TitleTheme,
    pub(super) status: StatusTheme,
    pub(super) step: StepTheme,
    pub(super) tag: Style,
    pub(super) symbol: SymbolTheme,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct DataTableTheme {
    pub(super) all: Style,
    pub(super) border: Style,
    pub(super) content: Style,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct DocStringTheme {
    pub(super) all: Style,
    pub(super) content: Style,
    pub(super) delimiter: Style,
    pub(super) media_type: Style,
}

/// Of a line such as `Feature: name`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct TitleTheme {
    pub(super) all: Style,
    pub(super) keyword: Style,
    pub(super) name: Style,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct StatusTheme {
    /// The style of everything that has that status.
    pub(super) all: PerStatus<Style>,
    /// Stands before a step in `pretty`.
    pub(super) icon: PerStatus<String>,
    /// Stands for a step in `progress`.
    pub(super) progress: PerStatus<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct StepTheme {
    pub(super) argument: Style,
    pub(super) keyword: Style,
    pub(super) text: Style,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SymbolTheme {
    pub(super) bullet: String,
}

/// One `T` for each status.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) struct PerStatus<T> {
    pub(super) unknown: T,
    pub(super) passed: T,
    pub(super) skipped: T,
    pub(super) pending: T,
    pub(super) undefined: T,
    pub(super) ambiguous: T,
    pub(super) failed: T,
}

impl<T> PerStatus<T> {
    pub fn get(&self, status: TestStepResultStatus) -> &T {
        match status {
            TestStepResultStatus::Unknown => &self.unknown,
            TestStepResultStatus::Passed => &self.passed,
            TestStepResultStatus::Skipped => &self.skipped,
            TestStepResultStatus::Pending => &self.pending,
            TestStepResultStatus::Undefined => &self.undefined,
            TestStepResultStatus::Ambiguous => &self.ambiguous,
            TestStepResultStatus::Failed => &self.failed,
        }
    }

    pub fn get_mut(&mut self, status: TestStepResultStatus) -> &mut T {
        match status {
            TestStepResultStatus::Unknown => &mut self.unknown,
            TestStepResultStatus::Passed => &mut self.passed,
            TestStepResultStatus::Skipped => &mut self.skipped,
            TestStepResultStatus::Pending => &mut self.pending,
            TestStepResultStatus::Undefined => &mut self.undefined,
            TestStepResultStatus::Ambiguous => &mut self.ambiguous,
            TestStepResultStatus::Failed => &mut self.failed,
        }
    }
}

impl Theme {
    /// The theme of cucumber-js, in force unless the format options hold another.
    pub(super) fn cucumber() -> Self {
        let bold = named("bold");
        let title = TitleTheme { keyword: bold.clone(), ..TitleTheme::default() };
        Self {
            affix: named("italic"),
            attachment: named("blue"),
            feature: title.clone(),
            location: named("blackBright"),
            rule: title.clone(),
            scenario: title,
            status: StatusTheme {
                all: PerStatus {
                    unknown: named("gray"),
                    passed: named("green"),
                    skipped: named("yellow"),
                    pending: named("cyan"),
                    undefined: named("blue"),
                    ambiguous: named("magenta"),
                    failed: named("red"),
                },
                icon: symbols([" ", "✔", "↷", "■", "■", "✘", "✘"]),
                progress: symbols(["?", ".", "-", "P", "U", "A", "F"]),
            },
            step: StepTheme { argument: bold.clone(), keyword: bold, ..StepTheme::default() },
            symbol: SymbolTheme { bullet: "•".into() },
            ..Self::default()
        }
    }
}

fn named(name: &str) -> Style {
    Style::named(name).unwrap_or_default()
}

/// In the order of gravity, from unknown to failed.
fn symbols(of: [&str; 7]) -> PerStatus<String> {
    let [unknown, passed, skipped, pending, undefined, ambiguous, failed] = of.map(String::from);
    PerStatus { unknown, passed, skipped, pending, undefined, ambiguous, failed }
}

/// The symbol, or a space where the theme has none.
pub(super) fn or_space(symbol: &str) -> &str {
    if symbol.is_empty() { " " } else { symbol }
}
