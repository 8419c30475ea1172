//! Where in the grammar the parser is, and what may come there.

use super::token::TokenKind;

/// A place in the grammar. Inside a rule it is the same as outside: the builder knows which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Start,
    /// After `# language:`.
    Language,
    FeatureTags,
    /// After the title of a feature or of a rule.
    Header,
    HeaderDescription,
    RuleTags,
    Background,
    BackgroundDescription,
    ScenarioTags,
    Scenario,
    ScenarioDescription,
    /// After a step or one of its arguments.
    Step(Owner, Argument),
    ExamplesTags,
    Examples,
    ExamplesDescription,
    ExamplesTable,
    End,
}

/// Whose step it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Background,
    Scenario,
}

/// What a step has of its arguments: a data table, a doc string, or both in either order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Argument {
    None,
    Table,
    TableAndOpenDocString,
    TableAndDocString,
    OpenDocString,
    DocString,
    DocStringAndTable,
}

impl State {
    /// What may come here, in the order in which a line is tried as each. Error messages list it
    /// so, and it is the official order.
    pub(super) fn expected(self) -> &'static [TokenKind] {
        use TokenKind::*;
        match self {
            State::Start => &[End, Language, TagLine, FeatureLine, Comment, Empty],
            State::Language | State::FeatureTags => &[TagLine, FeatureLine, Comment, Empty],
            State::Header => {
                &[End, Empty, Comment, BackgroundLine, TagLine, ScenarioLine, RuleLine, Other]
            }
            State::HeaderDescription => {
                &[End, Comment, BackgroundLine, TagLine, ScenarioLine, RuleLine, Other]
            }
            State::RuleTags => &[TagLine, RuleLine, Comment, Empty],
            State::Background => {
                &[End, Empty, Comment, StepLine, TagLine, ScenarioLine, RuleLine, Other]
            }
            State::BackgroundDescription => {
                &[End, Comment, StepLine, TagLine, ScenarioLine, RuleLine, Other]
            }
            State::ScenarioTags => &[TagLine, ScenarioLine, Comment, Empty],
            State::Scenario => &[
                End,
                Empty,
                Comment,
                StepLine,
                TagLine,
                ExamplesLine,
                ScenarioLine,
                RuleLine,
                Other,
            ],
            State::ScenarioDescription => {
                &[End, Comment, StepLine, TagLine, ExamplesLine, ScenarioLine, RuleLine, Other]
            }
            State::Step(owner, argument) => expected_after_step(owner, argument),
            State::ExamplesTags => &[TagLine, ExamplesLine, Comment, Empty],
            State::Examples => &[
                End,
                Empty,
                Comment,
                TableRow,
                TagLine,
                ExamplesLine,
                ScenarioLine,
                RuleLine,
                Other,
            ],
            State::ExamplesDescription => {
                &[End, Comment, TableRow, TagLine, ExamplesLine, ScenarioLine, RuleLine, Other]
            }
            State::ExamplesTable => {
                &[End, TableRow, TagLine, ExamplesLine, ScenarioLine, RuleLine, Comment, Empty]
            }
            State::End => &[],
        }
    }

    /// Whether examples may come here: then a tag line may be theirs.
    pub(super) fn may_have_examples(self) -> bool {
        self.expected().contains(&TokenKind::ExamplesLine)
    }
}

fn expected_after_step(owner: Owner, argument: Argument) -> &'static [TokenKind] {
    use TokenKind::*;
    const AFTER_SCENARIO_STEP: &[TokenKind] = &[
        End,
        TableRow,
        DocStringSeparator,
        StepLine,
        TagLine,
        ExamplesLine,
        ScenarioLine,
        RuleLine,
        Comment,
        Empty,
    ];
    const AFTER_BACKGROUND_STEP: &[TokenKind] = &[
        End,
        TableRow,
        DocStringSeparator,
        StepLine,
        TagLine,
        ScenarioLine,
        RuleLine,
        Comment,
        Empty,
    ];
    match (argument, owner) {
        (Argument::OpenDocString | Argument::TableAndOpenDocString, _) => {
            &[DocStringSeparator, Other]
        }
        (Argument::None | Argument::Table, Owner::Scenario) => AFTER_SCENARIO_STEP,
        (Argument::None | Argument::Table, Owner::Background) => AFTER_BACKGROUND_STEP,
        (Argument::DocString | Argument::DocStringAndTable, Owner::Scenario) => &[
            End,
            TableRow,
            StepLine,
            TagLine,
            ExamplesLine,
            ScenarioLine,
            RuleLine,
            Comment,
            Empty,
        ],
        (Argument::DocString | Argument::DocStringAndTable, Owner::Background) => {
            &[End, TableRow, StepLine, TagLine, ScenarioLine, RuleLine, Comment, Empty]
        }
        (Argument::TableAndDocString, Owner::Scenario) => {
            &[End, StepLine, TagLine, ExamplesLine, ScenarioLine, RuleLine, Comment, Empty]
        }
        (Argument::TableAndDocString, Owner::Background) => {
            &[End, StepLine, TagLine, ScenarioLine, RuleLine, Comment, Empty]
        }
    }
}
