//! The parser: goes from state to state, line by line.
//!
//! A line that nothing in its state matches is an error and is passed over; the next line is tried
//! in the same state.

use std::collections::VecDeque;

use super::builder::Builder;
use super::error::{Fault, TooMany};
use super::line::{Line, Lines};
use super::state::{Argument, Owner, State};
use super::token::{Matcher, Token, TokenKind};
use crate::messages::{GherkinDocument, IdGenerator, Location, ParseError};

pub(super) struct Parser<'s, 'i, M> {
    lines: Lines<'s>,
    /// Lines that were looked at ahead of their turn, and perhaps the end of the file.
    queue: VecDeque<Option<Line<'s>>>,
    matcher: M,
    builder: Builder<'s, 'i>,
}

impl<'s, 'i, M: Matcher> Parser<'s, 'i, M> {
    pub(super) fn new(source: &'s str, matcher: M, ids: &'i IdGenerator) -> Parser<'s, 'i, M> {
        let (lines, queue) = (Lines::new(source), VecDeque::new());
        Parser { lines, queue, matcher, builder: Builder::new(ids) }
    }

    pub(super) fn parse(mut self, uri: &str) -> Result<GherkinDocument, Vec<ParseError>> {
        match self.read_all() {
            Ok(State::End) => self.builder.document(uri),
            _ => Err(self.builder.faults),
        }
        .map_err(|faults| faults.into_parse_errors(uri))
    }

    /// The state at the end of the file, which need not be the grammar's end.
    fn read_all(&mut self) -> Result<State, TooMany> {
        let mut state = State::Start;
        loop {
            let line = self.next_line();
            state = self.advance(state, line.as_ref())?;
            if line.is_none() {
                return Ok(state);
            }
        }
    }

    fn next_line(&mut self) -> Option<Line<'s>> {
        self.queue.pop_front().unwrap_or_else(|| self.lines.next())
    }

    /// Where a line leads to; no line is the end of the file.
    fn advance(&mut self, state: State, line: Option<&Line<'s>>) -> Result<State, TooMany> {
        let expected = state.expected();
        for &kind in expected {
            if let Some(token) = self.read(kind, line)? {
                return self.accept(state, token, line);
            }
        }
        self.builder.faults.add(match line {
            Some(line) => Fault::unexpected_line(line, expected),
            None => Fault::unexpected_end(self.lines.number(), expected),
        })?;
        Ok(state)
    }

    fn read(
        &mut self,
        kind: TokenKind,
        line: Option<&Line<'s>>,
    ) -> Result<Option<Token<'s>>, TooMany> {
        let Some(line) = line else { return Ok((kind == TokenKind::End).then_some(Token::End)) };
        match self.matcher.read(kind, line) {
            Ok(token) => Ok(token),
            Err(fault) => {
                self.builder.faults.add(fault)?;
                Ok(None)
            }
        }
    }

    fn accept(
        &mut self,
        state: State,
        token: Token<'s>,
        line: Option<&Line<'s>>,
    ) -> Result<State, TooMany> {
        // Only the end of the file is a token without a line.
        let Some(line) = line else {
            self.builder.close_rule()?;
            return Ok(State::End);
        };
        Ok(match token {
            Token::End => State::End,
            Token::Empty => state,
            Token::Language => State::Language,
            Token::Comment(text) => {
                if let Some(text) = text {
                    self.builder.comment(line.number, text);
                    self.builder.faults.read_as_comment(line.number);
                }
                described(state)
            }
            Token::Other(text) => {
                self.builder.text(&text);
                described(state)
            }
            Token::Tags(tags) => {
                let state = self.begin_tags(state)?;
                self.builder.tags(tags);
                state
            }
            Token::Feature(title) => {
                self.builder.feature(title, self.matcher.language());
                State::Header
            }
            Token::Rule(title) => {
                self.builder.rule(title)?;
                State::Header
            }
            Token::Background(title) => {
                self.builder.background(title);
                State::Background
            }
            Token::Scenario(title) => {
                self.builder.scenario(title)?;
                State::Scenario
            }
            Token::Examples(title) => {
                self.builder.examples(title)?;
                State::Examples
            }
            Token::Step { keyword, kind, text, column } => {
                let location = Location { line: line.number, column: Some(column) };
                self.builder.step(location, keyword, kind, text)?;
                State::Step(owner(state), Argument::None)
            }
            Token::DocStringSeparator { delimiter, media_type } => {
                self.builder.doc_string_separator(line, delimiter, media_type)?;
                after_doc_string_separator(state)
            }
            Token::Row(cells) => {
                self.builder.row(line, cells);
                after_row(state)
            }
        })
    }

    /// Closes what a tag line ends, which takes a look at what the tags are on.
    fn begin_tags(&mut self, state: State) -> Result<State, TooMany> {
        match state {
            State::Start | State::Language => return Ok(State::FeatureTags),
            State::FeatureTags | State::RuleTags | State::ScenarioTags | State::ExamplesTags => {
                return Ok(state);
            }
            _ => {}
        }
        if state.may_have_examples() && self.comes(TokenKind::ExamplesLine)? {
            self.builder.close_examples()?;
            Ok(State::ExamplesTags)
        } else if self.comes(TokenKind::ScenarioLine)? {
            self.builder.close_scenario()?;
            Ok(State::ScenarioTags)
        } else {
            self.builder.close_rule()?;
            Ok(State::RuleTags)
        }
    }

    /// Whether such a line comes next, after any number of tags, comments and empty lines. A run of
    /// tags is looked through twice at most.
    ///
    /// What was looked at goes to the end of the queue, as in the official parser. In Markdown an
    /// unpaired fence can make two looks differ in length, and then lines change places.
    fn comes(&mut self, kind: TokenKind) -> Result<bool, TooMany> {
        let mut seen = Vec::new();
        let found = loop {
            let line = self.next_line();
            seen.push(line);
            if self.read(kind, line.as_ref())?.is_some() {
                break true;
            }
            let mut passed_over = false;
            for between in [TokenKind::Empty, TokenKind::Comment, TokenKind::TagLine] {
                passed_over = passed_over || self.read(between, line.as_ref())?.is_some();
            }
            if !passed_over {
                break false;
            }
        };
        self.queue.extend(seen);
        Ok(found)
    }
}

/// A comment or a line of text after a title begins a description.
fn described(state: State) -> State {
    match state {
        State::Header => State::HeaderDescription,
        State::Background => State::BackgroundDescription,
        State::Scenario => State::ScenarioDescription,
        State::Examples => State::ExamplesDescription,
        other => other,
    }
}

fn owner(state: State) -> Owner {
    match state {
        State::Background | State::BackgroundDescription => Owner::Background,
        State::Step(owner, _) => owner,
        _ => Owner::Scenario,
    }
}

fn after_row(state: State) -> State {
    match state {
        State::Step(owner, Argument::None | Argument::Table) => State::Step(owner, Argument::Table),
        State::Step(owner, _) => State::Step(owner, Argument::DocStringAndTable),
        _ => State::ExamplesTable,
    }
}

fn after_doc_string_separator(state: State) -> State {
    let State::Step(owner, argument) = state else { return state };
    let next = match argument {
        Argument::None => Argument::OpenDocString,
        Argument::OpenDocString => Argument::DocString,
        Argument::Table => Argument::TableAndOpenDocString,
        Argument::TableAndOpenDocString => Argument::TableAndDocString,
        // A doc string does not come here.
        done => done,
    };
    State::Step(owner, next)
}
