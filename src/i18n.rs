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

/// Byte for byte what cucumber-js prints, so without a newline at the end.
fn table<const N: usize>(header: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let rows: Vec<[String; N]> = std::iter::once(header.map(str::to_owned)).chain(rows).collect();
    let widest = |column: usize| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(widest);
    let lines = rows.iter().map(|row| {
        let cells = row.iter().zip(widths);
        let padded = cells.map(|(cell, column)| cell.clone() + &" ".repeat(column - width(cell)));
        padded.collect::<Vec<_>>().join(" | ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Columns of a terminal, as the `string-width` of cucumber-js counts them.
fn width(text: &str) -> usize {
    text.chars().map(|character| if is_wide(character) { 2 } else { 1 }).sum()
}

/// Whether a character takes two columns: East Asian wide and full-width ones, and emoji.
fn is_wide(character: char) -> bool {
    matches!(character,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3040}'..='\u{a4c6}'
        | '\u{a960}'..='\u{a97c}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6b}' | '\u{ff01}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}')
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

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(width("日本語 ok"), 9);
        assert_eq!(width("हिंदी"), 5);
        let emoji = keywords("em").unwrap_or_default();
        assert!(
            emoji.lines().any(|line| line == r#"Feature          | "📚"           "#),
            "{emoji}"
        );
        assert!(!emoji.ends_with('\n'));
    }
}
