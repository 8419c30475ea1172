//! Builds the syntax tree from tokens, as the parser comes upon them.
//!
//! What is being read is open; a node is made, and gets its id, when it closes. So the ids are
//! handed out in the order of the official builder: a node's after those of all it holds, except
//! that tags get theirs just before the node they are on.

use super::error::{Fault, Faults, TooMany};
use super::line::{Line, is_space};
use super::token::{RawTag, Title};
use crate::messages::{
    Background, Comment, DataTable, DocString, Examples, Feature, FeatureChild, GherkinDocument,
    IdGenerator, Location, Rule, RuleChild, Scenario, Step, StepKeywordType, TableCell, TableRow,
    Tag,
};

/// What closing a node may come to: a table that is wrong may be one error too many.
type Closed = Result<(), TooMany>;

pub(super) struct Builder<'s, 'i> {
    ids: &'i IdGenerator,
    pub(super) faults: Faults,
    comments: Vec<Comment>,
    /// Tags whose node has not begun.
    tags: Vec<RawTag<'s>>,
    feature: Option<OpenFeature<'s>>,
    rule: Option<OpenRule<'s>>,
    background: Option<Open<'s>>,
    scenario: Option<Open<'s>>,
    steps: Vec<Step>,
    step: Option<OpenStep<'s>>,
    doc_string: Option<OpenDocString<'s>>,
    scenario_examples: Vec<Examples>,
    examples: Option<Open<'s>>,
    /// The rows of the open table, of a step or of examples.
    rows: Vec<(Location, Vec<TableCell>)>,
}

/// What the nodes with a title have in common.
struct Open<'s> {
    title: Title<'s>,
    tags: Vec<RawTag<'s>>,
    description: Text,
}

struct OpenFeature<'s> {
    head: Open<'s>,
    language: &'static str,
    children: Vec<FeatureChild>,
}

struct OpenRule<'s> {
    head: Open<'s>,
    children: Vec<RuleChild>,
}

struct OpenStep<'s> {
    location: Location,
    keyword: &'static str,
    kind: StepKeywordType,
    text: &'s str,
    doc_string: Option<DocString>,
    data_table: Option<DataTable>,
}

struct OpenDocString<'s> {
    location: Location,
    delimiter: &'s str,
    media_type: &'s str,
    content: Text,
}

/// Lines, joined.
#[derive(Default)]
struct Text {
    joined: String,
    has_lines: bool,
    /// Where in `joined` the last line ends that is not blank.
    end: usize,
}

impl Text {
    fn push(&mut self, line: &str) {
        if self.has_lines {
            self.joined.push('\n');
        }
        self.has_lines = true;
        self.joined.push_str(line);
        if !line.trim_start_matches(is_space).is_empty() {
            self.end = self.joined.len();
        }
    }

    fn without_trailing_blank_lines(mut self) -> String {
        self.joined.truncate(self.end);
        self.joined
    }
}

impl<'s> Open<'s> {
    fn location(&self) -> Location {
        Location { line: self.title.line, column: Some(self.title.column) }
    }
}

/// What a line begins.
impl<'s, 'i> Builder<'s, 'i> {
    pub(super) fn new(ids: &'i IdGenerator) -> Builder<'s, 'i> {
        Builder {
            ids,
            faults: Faults::default(),
            comments: Vec::new(),
            tags: Vec::new(),
            feature: None,
            rule: None,
            background: None,
            scenario: None,
            steps: Vec::new(),
            step: None,
            doc_string: None,
            scenario_examples: Vec::new(),
            examples: None,
            rows: Vec::new(),
        }
    }

    pub(super) fn comment(&mut self, line: u32, text: &str) {
        let location = Location { line, column: Some(1) };
        self.comments.push(Comment { location, text: text.to_owned() });
    }

    /// Tags of the node that is about to begin.
    pub(super) fn tags(&mut self, tags: Vec<RawTag<'s>>) {
        self.tags.extend(tags);
    }

    pub(super) fn feature(&mut self, title: Title<'s>, language: &'static str) {
        let head = self.open(title);
        self.feature = Some(OpenFeature { head, language, children: Vec::new() });
    }

    pub(super) fn rule(&mut self, title: Title<'s>) -> Closed {
        self.close_rule()?;
        let head = self.open(title);
        self.rule = Some(OpenRule { head, children: Vec::new() });
        Ok(())
    }

    pub(super) fn background(&mut self, title: Title<'s>) {
        self.background = Some(self.open(title));
    }

    pub(super) fn scenario(&mut self, title: Title<'s>) -> Closed {
        self.close_scenario()?;
        self.scenario = Some(self.open(title));
        Ok(())
    }

    pub(super) fn examples(&mut self, title: Title<'s>) -> Closed {
        self.close_examples()?;
        self.examples = Some(self.open(title));
        Ok(())
    }

    pub(super) fn step(
        &mut self,
        location: Location,
        keyword: &'static str,
        kind: StepKeywordType,
        text: &'s str,
    ) -> Closed {
        self.close_step()?;
        let (doc_string, data_table) = (None, None);
        self.step = Some(OpenStep { location, keyword, kind, text, doc_string, data_table });
        Ok(())
    }

    pub(super) fn row(&mut self, line: &Line, cells: Vec<TableCell>) {
        self.rows.push((start_of(line), cells));
    }

    /// Begins a doc string, or ends the one that is open.
    pub(super) fn doc_string_separator(
        &mut self,
        line: &Line,
        delimiter: &'s str,
        media_type: &'s str,
    ) -> Closed {
        let Some(open) = self.doc_string.take() else {
            self.close_step_table()?;
            let (location, content) = (start_of(line), Text::default());
            self.doc_string = Some(OpenDocString { location, delimiter, media_type, content });
            return Ok(());
        };
        if let Some(step) = &mut self.step {
            step.doc_string = Some(DocString {
                location: open.location,
                media_type: Some(open.media_type)
                    .filter(|media_type| !media_type.is_empty())
                    .map(str::to_owned),
                content: open.content.joined,
                delimiter: open.delimiter.to_owned(),
            });
        }
        Ok(())
    }

    /// A line of a doc string, or of the description of what is open innermost.
    pub(super) fn text(&mut self, line: &str) {
        let text = if let Some(doc_string) = &mut self.doc_string {
            Some(&mut doc_string.content)
        } else if let Some(open) =
            self.examples.as_mut().or(self.scenario.as_mut()).or(self.background.as_mut())
        {
            Some(&mut open.description)
        } else if let Some(rule) = &mut self.rule {
            Some(&mut rule.head.description)
        } else {
            self.feature.as_mut().map(|feature| &mut feature.head.description)
        };
        if let Some(text) = text {
            text.push(line);
        }
    }

    fn open(&mut self, title: Title<'s>) -> Open<'s> {
        Open { title, tags: std::mem::take(&mut self.tags), description: Text::default() }
    }
}

/// What ends. Each of these does nothing where no such node is open.
impl Builder<'_, '_> {
    /// Closes the last step or the last examples of a scenario.
    pub(super) fn close_examples(&mut self) -> Closed {
        self.close_step()?;
        let Some(open) = self.examples.take() else { return Ok(()) };
        let mut rows = self.close_table()?.into_iter();
        let (location, tags) = (open.location(), make_tags(self.ids, open.tags));
        self.scenario_examples.push(Examples {
            location,
            tags,
            keyword: open.title.keyword,
            name: open.title.name.to_owned(),
            description: open.description.without_trailing_blank_lines(),
            table_header: rows.next(),
            table_body: rows.collect(),
            id: self.ids.next(),
        });
        Ok(())
    }

    /// Closes a scenario or a background.
    pub(super) fn close_scenario(&mut self) -> Closed {
        self.close_examples()?;
        if let Some(open) = self.background.take() {
            let background = Background {
                location: open.location(),
                keyword: open.title.keyword,
                name: open.title.name.to_owned(),
                description: open.description.without_trailing_blank_lines(),
                steps: self.steps.drain(..).collect(),
                id: self.ids.next(),
            };
            if let Some(rule) = &mut self.rule {
                rule.children.push(RuleChild::Background(background));
            } else if let Some(feature) = &mut self.feature {
                feature.children.push(FeatureChild::Background(background));
            }
        }
        if let Some(open) = self.scenario.take() {
            let (location, tags) = (open.location(), make_tags(self.ids, open.tags));
            let scenario = Scenario {
                location,
                tags,
                keyword: open.title.keyword,
                name: open.title.name.to_owned(),
                description: open.description.without_trailing_blank_lines(),
                steps: self.steps.drain(..).collect(),
                examples: std::mem::take(&mut self.scenario_examples),
                id: self.ids.next(),
            };
            if let Some(rule) = &mut self.rule {
                rule.children.push(RuleChild::Scenario(scenario));
            } else if let Some(feature) = &mut self.feature {
                feature.children.push(FeatureChild::Scenario(scenario));
            }
        }
        Ok(())
    }

    pub(super) fn close_rule(&mut self) -> Closed {
        self.close_scenario()?;
        let Some(OpenRule { head, children }) = self.rule.take() else { return Ok(()) };
        let (location, tags) = (head.location(), make_tags(self.ids, head.tags));
        let rule = Rule {
            location,
            tags,
            keyword: head.title.keyword,
            name: head.title.name.to_owned(),
            description: head.description.without_trailing_blank_lines(),
            children,
            id: self.ids.next(),
        };
        if let Some(feature) = &mut self.feature {
            feature.children.push(FeatureChild::Rule(rule));
        }
        Ok(())
    }

    /// The document, with everything in its feature closed; or the faults, if there are any. Either
    /// way the feature's tags take their ids.
    pub(super) fn document(mut self, uri: &str) -> Result<GherkinDocument, Faults> {
        let feature = self.feature.take().map(|OpenFeature { head, language, children }| {
            let (location, tags) = (head.location(), make_tags(self.ids, head.tags));
            Feature {
                location,
                tags,
                language,
                keyword: head.title.keyword,
                name: head.title.name.to_owned(),
                description: head.description.without_trailing_blank_lines(),
                children,
            }
        });
        if self.faults.is_empty() {
            Ok(GherkinDocument { uri: uri.to_owned(), feature, comments: self.comments })
        } else {
            Err(self.faults)
        }
    }

    fn close_step(&mut self) -> Closed {
        self.close_step_table()?;
        let Some(open) = self.step.take() else { return Ok(()) };
        self.steps.push(Step {
            location: open.location,
            keyword: open.keyword,
            keyword_type: open.kind,
            text: open.text.to_owned(),
            doc_string: open.doc_string,
            data_table: open.data_table,
            id: self.ids.next(),
        });
        Ok(())
    }

    fn close_step_table(&mut self) -> Closed {
        if self.step.is_none() {
            return Ok(());
        }
        let rows = self.close_table()?;
        if let (Some(first), Some(step)) = (rows.first(), &mut self.step) {
            step.data_table = Some(DataTable { location: first.location, rows });
        }
        Ok(())
    }

    /// The rows of the open table. Rows of unequal length are a fault, and no table.
    fn close_table(&mut self) -> Result<Vec<TableRow>, TooMany> {
        let ids = self.ids;
        let row = |(location, cells)| TableRow { location, cells, id: ids.next() };
        let rows: Vec<TableRow> = std::mem::take(&mut self.rows).into_iter().map(row).collect();
        let count = |row: &TableRow| row.cells.len();
        match rows.iter().find(|row| count(row) != rows.first().map_or(0, count)) {
            Some(odd) => {
                self.faults.add(Fault::inconsistent_cell_count(odd.location))?;
                Ok(Vec::new())
            }
            None => Ok(rows),
        }
    }
}

fn make_tags(ids: &IdGenerator, tags: Vec<RawTag>) -> Vec<Tag> {
    let tag = |tag: RawTag| Tag {
        location: Location { line: tag.line, column: Some(tag.column) },
        name: tag.name.to_owned(),
        id: ids.next(),
    };
    tags.into_iter().map(tag).collect()
}

fn start_of(line: &Line) -> Location {
    Location { line: line.number, column: Some(line.column()) }
}
