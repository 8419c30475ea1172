//! What a feature file comes to: its tree, or its errors.

use super::*;
use crate::messages::{
    Examples, Feature, FeatureChild, Location, RuleChild, Scenario, Step, StepKeywordType,
    TableRow, Tag,
};

fn parse_plain(source: &str) -> Result<GherkinDocument, Vec<ParseError>> {
    parse("a.feature", source, SourceMediaType::Plain, "en", &IdGenerator::default())
}

fn parse_markdown(source: &str) -> Result<GherkinDocument, Vec<ParseError>> {
    parse("a.feature.md", source, SourceMediaType::Markdown, "en", &IdGenerator::default())
}

fn feature(source: &str) -> Feature {
    parse_plain(source).unwrap().feature.unwrap()
}

fn messages(result: Result<GherkinDocument, Vec<ParseError>>) -> Vec<String> {
    result.unwrap_err().into_iter().map(|error| error.message).collect()
}

/// A tree as lines of `line:column what #id`, tags behind in brackets.
fn outline(feature: &Feature) -> String {
    let mut lines = vec![format!(
        "{} {}: {}{}",
        at(feature.location),
        feature.keyword,
        feature.name,
        tags(&feature.tags)
    )];
    for child in &feature.children {
        match child {
            FeatureChild::Background(node) => {
                title(&mut lines, node.location, node.keyword, &node.name, &[], node.id);
                steps(&mut lines, &node.steps);
            }
            FeatureChild::Scenario(node) => scenario(&mut lines, node),
            FeatureChild::Rule(node) => {
                title(&mut lines, node.location, node.keyword, &node.name, &node.tags, node.id);
                for child in &node.children {
                    match child {
                        RuleChild::Background(node) => {
                            title(
                                &mut lines,
                                node.location,
                                node.keyword,
                                &node.name,
                                &[],
                                node.id,
                            );
                            steps(&mut lines, &node.steps);
                        }
                        RuleChild::Scenario(node) => scenario(&mut lines, node),
                    }
                }
            }
        }
    }
    lines.join("\n")
}

fn scenario(lines: &mut Vec<String>, node: &Scenario) {
    title(lines, node.location, node.keyword, &node.name, &node.tags, node.id);
    steps(lines, &node.steps);
    for Examples { location, keyword, name, tags, id, table_header, table_body, .. } in
        &node.examples
    {
        title(lines, *location, keyword, name, tags, *id);
        rows(lines, table_header.iter().chain(table_body));
    }
}

fn title(
    lines: &mut Vec<String>,
    location: Location,
    keyword: &str,
    name: &str,
    on: &[Tag],
    id: impl std::fmt::Display,
) {
    lines.push(format!("{} {keyword}: {name} #{id}{}", at(location), tags(on)));
}

fn steps(lines: &mut Vec<String>, steps: &[Step]) {
    for step in steps {
        lines.push(format!("{} {}{} #{}", at(step.location), step.keyword, step.text, step.id));
        if let Some(table) = &step.data_table {
            rows(lines, table.rows.iter());
        }
        if let Some(text) = &step.doc_string {
            lines.push(format!("{} {}{:?}", at(text.location), text.delimiter, text.content));
        }
    }
}

fn rows<'a>(lines: &mut Vec<String>, rows: impl Iterator<Item = &'a TableRow>) {
    for row in rows {
        let cell = |cell: &crate::messages::TableCell| {
            format!("{} {}", cell.location.column.unwrap_or(0), cell.value)
        };
        let cells: Vec<_> = row.cells.iter().map(cell).collect();
        lines.push(format!("{} |{}| #{}", at(row.location), cells.join("|"), row.id));
    }
}

fn tags(tags: &[Tag]) -> String {
    let tags = tags.iter().map(|tag| format!(" [{} {} #{}]", at(tag.location), tag.name, tag.id));
    tags.collect()
}

fn at(location: Location) -> String {
    format!("{}:{}", location.line, location.column.unwrap_or(0))
}

#[test]
fn a_tree_has_places_and_ids_in_the_official_order() {
    let feature = feature(
        "@f
Feature: a
  Background: b
    Given c
      | d | e |
  @s1 @s2
  Scenario Outline: g
    When h
      \"\"\"
      i
      \"\"\"
    @x
    Examples: j
      | k |
      | l |
  @r
  Rule: m
    Example: n
      * o
",
    );
    assert_eq!(
        outline(&feature),
        "2:1 Feature: a [1:1 @f #15]
3:3 Background: b #2
4:5 Given c #1
5:7 |9 d|13 e| #0
7:3 Scenario Outline: g #10 [6:3 @s1 #8] [6:7 @s2 #9]
8:5 When h #3
9:7 \"\"\"\"i\"
13:5 Examples: j #7 [12:5 @x #6]
14:7 |9 k| #4
15:7 |9 l| #5
17:3 Rule: m #14 [16:3 @r #13]
18:5 Example: n #12
19:7 * o #11"
    );
}

#[test]
fn empty_files_and_files_of_comments_have_no_feature() {
    assert_eq!(parse_plain("").unwrap().feature, None);
    assert_eq!(parse_plain("\n \t\n").unwrap().feature, None);
    let document = parse_plain("# a\n  # b\n").unwrap();
    let comments: Vec<_> =
        document.comments.iter().map(|comment| (at(comment.location), &*comment.text)).collect();
    assert_eq!(comments, [("1:1".to_owned(), "# a"), ("2:1".to_owned(), "  # b")]);
    assert_eq!(document.feature, None);
}

#[test]
fn windows_line_ends_a_byte_order_mark_and_tabs() {
    let feature =
        feature("\u{feff}Feature: a\r\n\tScenario:\tb \r\n\t\tGiven\u{a0}c\r\n\t\t* d\r\n");
    assert_eq!(outline(&feature), "1:2 Feature: a\n2:2 Scenario: b #1\n4:3 * d #0");
    let FeatureChild::Scenario(scenario) = &feature.children[0] else { panic!() };
    assert_eq!(scenario.description, "\t\tGiven\u{a0}c");
}

#[test]
fn descriptions_keep_inner_blank_lines_and_leave_comments_out() {
    let feature =
        feature("Feature: a\n\n  b\n\n    c\n  # d\n  e\n\n\nScenario: s\n # f\n\n g\n\n");
    assert_eq!(feature.description, "  b\n\n    c\n  e");
    let FeatureChild::Scenario(scenario) = &feature.children[0] else { panic!() };
    assert_eq!(scenario.description, "\n g");
}

#[test]
fn doc_strings() {
    let step = |text: &str| {
        let feature = feature(&format!("Feature: a\nScenario: b\nGiven c\n{text}"));
        let FeatureChild::Scenario(scenario) = &feature.children[0] else { panic!() };
        let doc_string = scenario.steps[0].doc_string.clone().unwrap();
        (doc_string.content, doc_string.media_type)
    };
    let content = |text: &str| step(text).0;
    assert_eq!(step("\"\"\" json \n\"\"\"").1.as_deref(), Some("json"));
    assert_eq!(step("\"\"\" \n\"\"\"").1, None);
    assert_eq!(content("  ```\n  a\n    b\n c\n\n  ``` what follows\n"), "a\n  b\nc\n");
    // Only the first of a line's escaped delimiters is unescaped, and only one of its own kind.
    let escaped = "\"\"\"\n\\\"\\\"\\\" \\\"\\\"\\\" \\`\\`\\`\n```\n\"\"\"";
    assert_eq!(content(escaped), "\"\"\" \\\"\\\"\\\" \\`\\`\\`\n```");
    assert_eq!(content("```\n\\`\\`\\`\n# a\n@b\n```"), "```\n# a\n@b");
}

#[test]
fn a_step_may_have_a_table_and_a_doc_string_in_either_order() {
    let source = "Feature: a\nScenario: b\nGiven c\n|d|\n```\n```\nWhen e\n```\n```\n|f|\n";
    let feature = feature(source);
    let FeatureChild::Scenario(scenario) = &feature.children[0] else { panic!() };
    for step in &scenario.steps {
        assert!(step.data_table.is_some() && step.doc_string.is_some());
    }
    let again = messages(parse_plain(&format!("{source}```\n")));
    let expected = "(11:1): expected: #EOF, #TableRow, #StepLine, #TagLine, #ExamplesLine, \
                    #ScenarioLine, #RuleLine, #Comment, #Empty, got '```'";
    assert_eq!(again, [expected]);
}

#[test]
fn a_comment_sets_the_language() {
    let feature = feature("#language:no\n\nEgenskap: a\n  Eksempel: b\n    Gitt c\n    * d\n");
    assert_eq!(feature.language, "no");
    assert_eq!(outline(&feature), "3:1 Egenskap: a\n4:3 Eksempel: b #2\n5:5 Gitt c #0\n6:5 * d #1");
    let FeatureChild::Scenario(scenario) = &feature.children[0] else { panic!() };
    let kinds: Vec<_> = scenario.steps.iter().map(|step| step.keyword_type).collect();
    assert_eq!(kinds, [StepKeywordType::Context, StepKeywordType::Unknown]);
}

#[test]
fn unknown_languages() {
    let errors = parse_plain(" # language: a-b\n# language: fr\nFonctionnalité: c\n").unwrap_err();
    assert_eq!(errors[0].message, "(1:2): Language not supported: a-b");
    assert_eq!(errors[0].source.location, Some(Location { line: 1, column: Some(1) }));
    assert_eq!(errors.len(), 1);
    let ids = IdGenerator::default();
    let errors = parse("a.feature", "", SourceMediaType::Plain, "xx", &ids).unwrap_err();
    assert_eq!(
        (errors[0].message.as_str(), errors[0].source.location),
        ("Language not supported: xx", None)
    );
}

#[test]
fn unexpected_lines_are_passed_over() {
    let errors = messages(parse_plain(
        "what
Feature: a
  Background:
    Given b
    what
    | c |
    | d | e |
  Scenario: f
  @g h
  Rule: i
",
    ));
    assert_eq!(
        errors,
        [
            "(1:1): expected: #EOF, #Language, #TagLine, #FeatureLine, #Comment, #Empty, got 'what'",
            "(5:5): expected: #EOF, #TableRow, #DocStringSeparator, #StepLine, #TagLine, \
         #ScenarioLine, #RuleLine, #Comment, #Empty, got 'what'",
            "(7:5): inconsistent cell count within the table",
            "(9:3): A tag may not contain whitespace",
        ]
    );
}

#[test]
fn parsing_stops_at_the_eleventh_error() {
    let source: String = (0..20).map(|number| format!("what {number}\n")).collect();
    let errors = messages(parse_plain(&source));
    assert_eq!(errors.len(), 11);
    assert!(errors[10].starts_with("(11:1)"));
}

#[test]
fn the_file_may_end_too_early() {
    let errors = |source| {
        let errors = parse_plain(source).unwrap_err();
        let columns = errors.iter().map(|error| error.source.location.and_then(|at| at.column));
        assert!(columns.eq([None]));
        messages(Err(errors))
    };
    assert_eq!(
        errors("@a\n"),
        ["(2:0): unexpected end of file, expected: #TagLine, #FeatureLine, #Comment, #Empty"]
    );
    assert_eq!(
        errors("Feature: a\nScenario: b\n@c"),
        ["(4:0): unexpected end of file, expected: #TagLine, #RuleLine, #Comment, #Empty"]
    );
    assert_eq!(
        errors("Feature: a\nScenario: b\nGiven c\n\"\"\"\n"),
        ["(5:0): unexpected end of file, expected: #DocStringSeparator, #Other"]
    );
}

#[test]
fn tags_belong_to_what_comes_next() {
    let feature = feature(
        "Feature: a
  Scenario: b
    @c
    # d

    @e
    Examples:
  @f
  Scenario: g
  @h
  Rule: i
",
    );
    assert_eq!(
        outline(&feature),
        "1:1 Feature: a
2:3 Scenario: b #3
7:5 Examples:  #2 [3:5 @c #0] [6:5 @e #1]
9:3 Scenario: g #5 [8:3 @f #4]
11:3 Rule: i #7 [10:3 @h #6]"
    );
}

#[test]
fn markdown() {
    let document = parse_markdown(
        "# Feature: a
prose
| not | a table |

`@b` and `@c`
## Scenario Outline: d <x>
* Given e
  ```ts
  f
  ```
- When <x>
    | g |
    | - |
    | h |
* * no step
### Examples:
  | x |
  |---|
  | 1 |
",
    );
    let feature = document.unwrap().feature.unwrap();
    assert_eq!(
        outline(&feature),
        "1:3 Feature: a
6:4 Scenario Outline: d <x> #9 [5:2 @b #7] [5:11 @c #8]
7:3 Given e #0
8:3 ```\"f\"
11:3 When <x> #3
12:5 |7 g| #1
14:5 |7 h| #2
16:5 Examples:  #6
17:3 |5 x| #4
19:3 |5 1| #5"
    );
}

#[test]
fn a_markdown_feature_needs_no_title() {
    let feature = parse_markdown("Hello\n## Scenario: a\n* Given b\n").unwrap().feature.unwrap();
    assert_eq!((feature.keyword, feature.name.as_str()), ("", "Hello"));
    assert_eq!(feature.children.len(), 1);
}

#[test]
fn media_types() {
    assert_eq!(media_type("a/b.feature"), Some(SourceMediaType::Plain));
    assert_eq!(media_type("a/b.feature.md"), Some(SourceMediaType::Markdown));
    assert_eq!(media_type("README.md"), None);
}
