//! The pickle compiler: makes scenarios ready to run.

use std::borrow::Cow;
use std::sync::Arc;

use crate::messages::{
    AstNodeIds, Examples, FeatureChild, GherkinDocument, Id, IdGenerator, Location, Pickle,
    PickleDocString, PickleStep, PickleStepArgument, PickleStepType, PickleTable, PickleTableCell,
    PickleTableRow, PickleTag, RuleChild, Scenario, Step, StepKeywordType, TableCell, TableRow,
    Tag,
};

/// The pickles of a document, in the order of its scenarios and their example rows.
///
/// A scenario has the steps of its backgrounds before its own, unless it has none of its own; and
/// the tags of its feature, its rule, itself and its examples, in that order.
pub fn compile(document: &GherkinDocument, ids: &IdGenerator) -> Vec<Pickle> {
    let Some(feature) = &document.feature else { return Vec::new() };
    let mut compiler = Compiler {
        uri: document.uri.as_str().into(),
        language: feature.language,
        ids,
        pickles: Vec::new(),
    };
    let mut surroundings = Surroundings::default();
    surroundings.tags.extend(&feature.tags);
    for child in &feature.children {
        match child {
            FeatureChild::Background(background) => {
                surroundings.steps = background.steps.iter().collect();
            }
            FeatureChild::Scenario(scenario) => compiler.scenario(&surroundings, scenario),
            FeatureChild::Rule(rule) => {
                let mut surroundings = surroundings.clone();
                surroundings.tags.extend(&rule.tags);
                for child in &rule.children {
                    match child {
                        RuleChild::Background(background) => {
                            surroundings.steps.extend(&background.steps);
                        }
                        RuleChild::Scenario(scenario) => {
                            compiler.scenario(&surroundings, scenario);
                        }
                    }
                }
            }
        }
    }
    compiler.pickles
}

/// What a scenario gets from around it.
#[derive(Default, Clone)]
struct Surroundings<'d> {
    steps: Vec<&'d Step>,
    tags: Vec<&'d Tag>,
}

struct Compiler<'d> {
    uri: Arc<str>,
    language: &'static str,
    ids: &'d IdGenerator,
    pickles: Vec<Pickle>,
}

impl Compiler<'_> {
    fn scenario(&mut self, surroundings: &Surroundings, scenario: &Scenario) {
        if scenario.examples.is_empty() {
            let values = Values::default();
            self.pickle(surroundings, scenario, &[], scenario.location, &values);
            return;
        }
        for Examples { table_header, table_body, tags, .. } in &scenario.examples {
            let Some(header) = table_header else { continue };
            for row in table_body {
                let values = Values { names: &header.cells, row: Some(row) };
                self.pickle(surroundings, scenario, tags, row.location, &values);
            }
        }
    }

    fn pickle(
        &mut self,
        surroundings: &Surroundings,
        scenario: &Scenario,
        examples_tags: &[Tag],
        location: Location,
        values: &Values,
    ) {
        let mut steps = Vec::new();
        if !scenario.steps.is_empty() {
            steps.reserve_exact(surroundings.steps.len() + scenario.steps.len());
            let mut kind = PickleStepType::Unknown;
            for step in &surroundings.steps {
                kind = step_type(step, kind);
                // Example values do not reach into backgrounds.
                steps.push(self.step(step, kind, &Values::default()));
            }
            for step in &scenario.steps {
                kind = step_type(step, kind);
                steps.push(self.step(step, kind, values));
            }
        }
        let tags = surroundings.tags.iter().copied();
        self.pickles.push(Pickle {
            id: self.ids.next(),
            uri: Arc::clone(&self.uri),
            location,
            ast_node_ids: values.ast_node_ids(scenario.id),
            name: values.fill_in(&scenario.name),
            language: self.language,
            steps,
            tags: tags.chain(&scenario.tags).chain(examples_tags).map(pickle_tag).collect(),
        });
    }

    fn step(&self, step: &Step, kind: PickleStepType, values: &Values) -> PickleStep {
        PickleStep {
            id: self.ids.next(),
            ast_node_ids: values.ast_node_ids(step.id),
            kind,
            text: values.fill_in(&step.text),
            argument: argument(step, values),
            line: step.location.line,
        }
    }
}

/// The step's table and doc string; where it has both, each with its place.
fn argument(step: &Step, values: &Values) -> Option<Box<PickleStepArgument>> {
    let both = step.data_table.as_ref().zip(step.doc_string.as_ref());
    let table_first =
        both.map(|(table, doc_string)| table.location.line < doc_string.location.line);
    let data_table = step.data_table.as_ref().map(|table| PickleTable {
        argument_index: table_first.map(|first| if first { 1 } else { 2 }),
        rows: table.rows.iter().map(|row| table_row(row, values)).collect(),
    });
    let doc_string = step.doc_string.as_ref().map(|text| PickleDocString {
        argument_index: table_first.map(|first| if first { 2 } else { 1 }),
        media_type: text.media_type.as_deref().map(|media_type| values.fill_in(media_type)),
        content: values.fill_in(&text.content),
        line: text.location.line,
    });
    (data_table.is_some() || doc_string.is_some())
        .then(|| Box::new(PickleStepArgument { doc_string, data_table }))
}

fn table_row(row: &TableRow, values: &Values) -> PickleTableRow {
    let cell = |cell: &TableCell| PickleTableCell { value: values.fill_in(&cell.value) };
    PickleTableRow { cells: row.cells.iter().map(cell).collect() }
}

/// What the step's keyword means after a step of type `last`.
fn step_type(step: &Step, last: PickleStepType) -> PickleStepType {
    match step.keyword_type {
        StepKeywordType::Unknown => PickleStepType::Unknown,
        StepKeywordType::Context => PickleStepType::Context,
        StepKeywordType::Action => PickleStepType::Action,
        StepKeywordType::Outcome => PickleStepType::Outcome,
        StepKeywordType::Conjunction => last,
    }
}

fn pickle_tag(tag: &Tag) -> PickleTag {
    PickleTag { name: tag.name.clone(), ast_node_id: tag.id }
}

/// The row of examples that a scenario is compiled for; the default is none.
#[derive(Default)]
struct Values<'d> {
    names: &'d [TableCell],
    row: Option<&'d TableRow>,
}

impl Values<'_> {
    fn ast_node_ids(&self, node: Id) -> AstNodeIds {
        AstNodeIds { node, row: self.row.map(|row| row.id) }
    }

    /// The text with each `<name>` replaced by its value, one name after the other: a value may
    /// itself hold the placeholder of a later column.
    fn fill_in(&self, text: &str) -> String {
        let mut text = Cow::Borrowed(text);
        let cells = self.row.map_or(&[][..], |row| &row.cells);
        for (name, value) in self.names.iter().zip(cells) {
            if let Some(filled) = replace_placeholder(&text, &name.value, &value.value) {
                text = Cow::Owned(filled);
            }
        }
        text.into_owned()
    }
}

/// None where the placeholder does not occur.
fn replace_placeholder(text: &str, name: &str, value: &str) -> Option<String> {
    if !text.contains('<') {
        return None;
    }
    let placeholder = format!("<{name}>");
    text.contains(&placeholder).then(|| text.replace(&placeholder, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gherkin::parse;
    use crate::messages::SourceMediaType;

    fn pickles(source: &str) -> Vec<Pickle> {
        let ids = IdGenerator::default();
        let document = parse("a.feature", source, SourceMediaType::Plain, "en", &ids).unwrap();
        compile(&document, &ids)
    }

    #[test]
    fn pickles_inherit_tags_and_background_steps() {
        let pickles = pickles(
            "@f
Feature: a
  Background:
    Given b
  @s
  Scenario: none
  @r
  Rule: c
    Background:
      And d
    @s
    Scenario: e
      But f
      @x
      Examples: header only
        | g |
      @y
      Examples:
        | g |
        | 1 |
",
        );
        let names = |pickle: &Pickle| {
            let tags: Vec<_> = pickle.tags.iter().map(|tag| tag.name.clone()).collect();
            let steps: Vec<_> = pickle.steps.iter().map(|step| step.text.clone()).collect();
            (pickle.name.clone(), tags.join(" "), steps.join(" "))
        };
        let expected =
            |name: &str, tags: &str, steps: &str| (name.into(), tags.into(), steps.into());
        assert_eq!(
            pickles.iter().map(names).collect::<Vec<_>>(),
            [expected("none", "@f @s", ""), expected("e", "@f @r @s @y", "b d f")]
        );
        let place = |pickle: &Pickle| (pickle.location.line, pickle.location.column);
        assert_eq!((place(&pickles[0]), place(&pickles[1])), ((6, Some(3)), (20, Some(9))));
        let has_row = |pickle: &Pickle| pickle.ast_node_ids.row.is_some();
        assert_eq!((has_row(&pickles[0]), has_row(&pickles[1])), (false, true));
    }

    #[test]
    fn a_conjunction_continues_what_was_meant_before() {
        use PickleStepType::{Action, Context, Unknown};
        let steps = "Scenario: c\n And d\n Given e\n But f\n When g\n * h\n And i\n";
        let pickles = pickles(&format!("Feature: a\nBackground:\n When b\n{steps}"));
        let kinds: Vec<_> = pickles[0].steps.iter().map(|step| step.kind).collect();
        assert_eq!(kinds, [Action, Action, Context, Context, Action, Unknown, Unknown]);
    }

    #[test]
    fn placeholders_are_filled_in_everywhere() {
        let pickles = pickles(
            "Feature: <a>
  Background:
    Given <a>
  Scenario: <a> <b> <c> < a >
    When <a>$<a>
      | <a> | x<b> |
    Then d
      ```<b>
      <b>
      <a>
      ```
    Examples:
      | a     | b |
      | <b>$& | 1 |
",
        );
        let pickle = &pickles[0];
        assert_eq!(pickle.name, "1$& 1 <c> < a >");
        let texts: Vec<_> = pickle.steps.iter().map(|step| step.text.as_str()).collect();
        assert_eq!(texts, ["<a>", "1$&$1$&", "d"]);
        let argument = |step: usize| pickle.steps[step].argument.clone().unwrap();
        let table = argument(1).data_table.unwrap();
        let cells: Vec<_> = table.rows[0].cells.iter().map(|cell| cell.value.as_str()).collect();
        assert_eq!(cells, ["1$&", "x1"]);
        let text = argument(2).doc_string.unwrap();
        assert_eq!((text.media_type.as_deref(), text.content.as_str()), (Some("1"), "1\n1$&"));
    }

    #[test]
    fn a_step_with_two_arguments_tells_their_order() {
        let order = |step: &str| {
            let feature = format!("Feature:\n  Scenario:\n    Given a\n{step}");
            let argument = pickles(&feature)[0].steps[0].argument.clone().unwrap();
            let table = argument.data_table.and_then(|table| table.argument_index);
            (table, argument.doc_string.and_then(|text| text.argument_index))
        };
        let (table, doc_string) = ("      | a |\n", "      \"\"\"\n      b\n      \"\"\"\n");
        assert_eq!(order(&format!("{table}{doc_string}")), (Some(1), Some(2)));
        assert_eq!(order(&format!("{doc_string}{table}")), (Some(2), Some(1)));
        assert_eq!(order(table), (None, None));
    }
}
