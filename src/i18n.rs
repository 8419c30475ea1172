//! The languages of Gherkin and their keywords, as `--i18n-languages` and `--i18n-keywords` list them.

use crate::gherkin::dialect;

/// A table of all languages: code, name in English, name in the language itself.
pub fn languages() -> String {
    let rows = dialect::all().iter().map(|dialect| [dialect.code, dialect.name, dialect.native]);
    table(["ISO 639-1", "ENGLISH NAME", "NATIVE NAME"], rows.map(|row| row.map(str::to_owned)))
}

/// A table of the keywords of the language with this code; none where there is no such language.
pub fn keywords(code: &str) -> Option<String> {
    let dialect = dialect::named(code)?;
    let rows = [
        ("Feature", dialect.feature),
        ("Rule", dialect.rule),
        ("Background", dialect.background),
        ("Scenario", dialect.scenario),
        ("Scenario Outline", dialect.scenario_outline),
        ("Examples", dialect.examples),
        ("Given", dialect.given),
        ("When", dialect.when),
        ("Then", dialect.then),
        ("And", dialect.and),
        ("But", dialect.but),
    ];
    let quoted = |words: &[&str]| {
        words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ")
    };
    let rows = rows.into_iter().map(|(name, words)| [name.to_owned(), quoted(words)]);
    Some(table(["ENGLISH KEYWORD", "NATIVE KEYWORDS"], rows))
}

fn table<const N: usize>(header: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let rows: Vec<[String; N]> = std::iter::once(header.map(str::to_owned)).chain(rows).collect();
    let width =
        |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let mut text = String::new();
    for row in &rows {
        let cells: Vec<String> =
            row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        text += &cells.join(" | ");
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_and_keywords_line_up() {
        assert!(languages().contains("fr"));
        let french = keywords("fr").unwrap_or_default();
        assert!(
            french.lines().any(|line| line.starts_with("Feature          | \"Fonctionnalité\"")),
            "{french}"
        );
        assert_eq!(keywords("xx"), None);
    }
}
