//! Makes the envelopes of small runs: one feature, `features/a.feature`.

use std::sync::Arc;

use crate::messages::*;

/// A step as it is written, and what becomes of it.
#[derive(Clone)]
pub struct StepSpec {
    pub keyword: &'static str,
    pub text: &'static str,
    pub result: TestStepResult,
    pub argument: Option<PickleStepArgument>,
    /// Patterns of its definitions.
    pub definitions: Vec<&'static str>,
    pub parameters: Vec<(u32, &'static str)>,
    pub attachments: Vec<Attachment>,
    pub snippet: Option<&'static str>,
}

pub fn step(keyword: &'static str, text: &'static str, status: TestStepResultStatus) -> StepSpec {
    let defined = status != TestStepResultStatus::Undefined;
    let result = TestStepResult { duration: millis(1), status, ..TestStepResult::default() };
    StepSpec {
        keyword,
        text,
        result,
        argument: None,
        definitions: if defined { vec![text] } else { vec![] },
        parameters: vec![],
        attachments: vec![],
        snippet: None,
    }
}

impl StepSpec {
    pub fn message(mut self, message: &str) -> Self {
        self.result.message = Some(message.into());
        self
    }

    pub fn log(mut self, text: &str) -> Self {
        self.attachments.push(attachment(text, AttachmentContentEncoding::Identity));
        self
    }

    pub fn embed(mut self, base64: &str) -> Self {
        self.attachments.push(attachment(base64, AttachmentContentEncoding::Base64));
        self
    }

    pub fn table(mut self, rows: &[&[&str]]) -> Self {
        let cell = |value: &&str| PickleTableCell { value: value.to_string() };
        let row = |cells: &&[&str]| PickleTableRow { cells: cells.iter().map(cell).collect() };
        let table = PickleTable { argument_index: None, rows: rows.iter().map(row).collect() };
        self.argument = Some(PickleStepArgument { data_table: Some(table), doc_string: None });
        self
    }

    pub fn doc_string(mut self, media_type: &str, content: &str) -> Self {
        let doc_string = PickleDocString {
            argument_index: None,
            media_type: Some(media_type.into()),
            content: content.into(),
            line: 0,
        };
        self.argument = Some(PickleStepArgument { doc_string: Some(doc_string), data_table: None });
        self
    }
}

/// The envelopes of a run, put together as it goes.
#[derive(Default)]
pub struct Run {
    ids: IdGenerator,
    scenarios: Vec<Scenario>,
    rule: Option<&'static str>,
    /// What comes before the run starts, and what happens in it.
    before: Vec<Envelope>,
    during: Vec<Envelope>,
    nanos: u32,
    line: u32,
}

impl Run {
    pub fn scenario(self, name: &str, steps: &[StepSpec]) -> Self {
        self.attempts(name, &[steps])
    }

    /// Puts the scenarios into a rule.
    pub fn rule(mut self, name: &'static str) -> Self {
        self.rule = Some(name);
        self
    }

    /// A scenario that is tried again until the last of `attempts`.
    pub fn attempts(mut self, name: &str, attempts: &[&[StepSpec]]) -> Self {
        let run = self.ids.next();
        let scenario = self.syntax(name, attempts[0]);
        let pickle = self.pickle(&scenario, attempts[0]);
        let test_case = self.test_case(&pickle, attempts[0], run);
        for (number, steps) in attempts.iter().enumerate() {
            let retry = number + 1 < attempts.len();
            self.attempt(number as u32, retry, steps, &pickle, &test_case);
        }
        self.before.push(Envelope::Pickle(Arc::new(pickle)));
        self.during.insert(0, Envelope::TestCase(Arc::new(test_case)));
        self.scenarios.push(scenario);
        self
    }

    pub fn run_hook(mut self, kind: HookType, name: &str, result: TestStepResult) -> Self {
        let (hook_id, id) = (self.ids.next(), self.ids.next());
        let source_reference = self.source_reference();
        let name = Some(name.to_string());
        let hook = Hook { id: hook_id, name, source_reference, tag_expression: None, kind };
        self.before.push(Envelope::Hook(Arc::new(hook)));
        let started = TestRunHookStarted {
            id,
            test_run_started_id: hook_id,
            hook_id,
            worker_id: None,
            timestamp: self.now(),
        };
        let timestamp = self.now();
        let finished = TestRunHookFinished { test_run_hook_started_id: id, result, timestamp };
        self.during.push(Envelope::TestRunHookStarted(started));
        self.during.push(Envelope::TestRunHookFinished(finished));
        self
    }

    pub fn finish(mut self) -> Vec<Envelope> {
        let run = self.ids.next();
        let mut all = vec![Envelope::GherkinDocument(Arc::new(self.document()))];
        all.append(&mut self.before);
        let timestamp = Timestamp { seconds: 0, nanos: 0 };
        all.push(Envelope::TestRunStarted(TestRunStarted { id: run, timestamp }));
        all.append(&mut self.during);
        all.push(Envelope::TestRunFinished(TestRunFinished {
            message: None,
            success: true,
            timestamp: Timestamp { seconds: 61, nanos: 5_000_000 },
            exception: None,
            test_run_started_id: run,
        }));
        all
    }

    fn document(&mut self) -> GherkinDocument {
        let location = location(1);
        let (keyword, name) = ("Feature", "Fruit".to_string());
        let scenarios = std::mem::take(&mut self.scenarios).into_iter();
        let children = match self.rule {
            None => scenarios.map(FeatureChild::Scenario).collect(),
            Some(rule) => vec![FeatureChild::Rule(Rule {
                location,
                tags: vec![],
                keyword: "Rule",
                name: rule.into(),
                description: String::new(),
                children: scenarios.map(RuleChild::Scenario).collect(),
                id: self.ids.next(),
            })],
        };
        let feature = Feature {
            location,
            tags: vec![],
            language: "en",
            keyword,
            name,
            description: String::new(),
            children,
        };
        GherkinDocument {
            uri: "features/a.feature".into(),
            feature: Some(feature),
            comments: vec![],
        }
    }

    fn syntax(&mut self, name: &str, steps: &[StepSpec]) -> Scenario {
        self.line += 10;
        let step = |step: &StepSpec| Step {
            location: location(self.line + 1),
            keyword: step.keyword,
            keyword_type: StepKeywordType::Context,
            text: step.text.into(),
            doc_string: None,
            data_table: None,
            id: self.ids.next(),
        };
        Scenario {
            location: location(self.line),
            tags: vec![],
            keyword: "Scenario",
            name: name.into(),
            description: String::new(),
            steps: steps.iter().map(step).collect(),
            examples: vec![],
            id: self.ids.next(),
        }
    }

    fn pickle(&self, scenario: &Scenario, steps: &[StepSpec]) -> Pickle {
        let step = |(step, spec): (&Step, &StepSpec)| PickleStep {
            argument: spec.argument.clone().map(Box::new),
            ast_node_ids: AstNodeIds { node: step.id, row: None },
            id: self.ids.next(),
            kind: PickleStepType::Context,
            text: step.text.clone(),
            line: step.location.line,
        };
        let tag = PickleTag { name: "@fresh".into(), ast_node_id: scenario.id };
        Pickle {
            id: self.ids.next(),
            uri: "features/a.feature".into(),
            location: scenario.location,
            ast_node_ids: AstNodeIds { node: scenario.id, row: None },
            name: scenario.name.clone(),
            language: "en",
            steps: scenario.steps.iter().zip(steps).map(step).collect(),
            tags: vec![tag],
        }
    }

    fn test_case(&mut self, pickle: &Pickle, steps: &[StepSpec], run: Id) -> TestCase {
        let mut test_steps = Vec::new();
        for (pickle_step, spec) in pickle.steps.iter().zip(steps) {
            let definitions = spec.definitions.iter().map(|source| self.definition(source));
            let step_definition_ids: Vec<Id> = definitions.collect();
            let list = StepMatchArgumentsList {
                step_match_arguments: spec.parameters.iter().map(argument).collect(),
            };
            let lists = vec![list; step_definition_ids.len()];
            test_steps.push(TestStep {
                hook_id: None,
                id: self.ids.next(),
                pickle_step_id: Some(pickle_step.id),
                step_definition_ids: Some(step_definition_ids.into()),
                step_match_arguments_lists: Some(lists.into()),
            });
        }
        let id = self.ids.next();
        TestCase { id, pickle_id: pickle.id, test_steps, test_run_started_id: run }
    }

    fn definition(&mut self, source: &str) -> Id {
        let id = self.ids.next();
        let kind = StepDefinitionPatternType::CucumberExpression;
        let pattern = StepDefinitionPattern { source: source.into(), kind };
        let source_reference = self.source_reference();
        let definition = StepDefinition { id, pattern, source_reference };
        self.before.push(Envelope::StepDefinition(Arc::new(definition)));
        id
    }

    fn attempt(
        &mut self,
        attempt: u32,
        will_be_retried: bool,
        steps: &[StepSpec],
        pickle: &Pickle,
        test_case: &TestCase,
    ) {
        let id = self.ids.next();
        let started = TestCaseStarted {
            attempt,
            id,
            test_case_id: test_case.id,
            worker_id: None,
            timestamp: self.now(),
        };
        self.during.push(Envelope::TestCaseStarted(started));
        for ((spec, test_step), pickle_step) in
            steps.iter().zip(&test_case.test_steps).zip(&pickle.steps)
        {
            for attachment in &spec.attachments {
                let mut attachment = attachment.clone();
                attachment.test_case_started_id = Some(id);
                attachment.test_step_id = Some(test_step.id);
                self.during.push(Envelope::Attachment(Arc::new(attachment)));
            }
            if let Some(code) = spec.snippet {
                let snippet = Snippet { language: "javascript".into(), code: code.into() };
                self.during.push(Envelope::Suggestion(Arc::new(Suggestion {
                    id: self.ids.next(),
                    pickle_step_id: pickle_step.id,
                    snippets: vec![snippet],
                })));
            }
            let finished = TestStepFinished {
                test_case_started_id: id,
                test_step_id: test_step.id,
                test_step_result: spec.result.clone(),
                timestamp: self.now(),
            };
            self.during.push(Envelope::TestStepFinished(finished));
        }
        let timestamp = self.now();
        let finished = TestCaseFinished { test_case_started_id: id, timestamp, will_be_retried };
        self.during.push(Envelope::TestCaseFinished(finished));
    }

    fn now(&mut self) -> Timestamp {
        self.nanos += 1;
        Timestamp { seconds: 1, nanos: self.nanos }
    }

    fn source_reference(&self) -> SourceReference {
        SourceReference { uri: "steps/a.ts".into(), location: Some(location(7)) }
    }
}

fn location(line: u32) -> Location {
    Location { line, column: Some(1) }
}

pub fn millis(millis: u32) -> Duration {
    Duration { seconds: 0, nanos: millis * 1_000_000 }
}

fn argument((start, value): &(u32, &str)) -> StepMatchArgument {
    let group = Group { children: None, start: Some(*start), value: Some(value.to_string()) };
    StepMatchArgument { group, parameter_type_name: None }
}

fn attachment(body: &str, content_encoding: AttachmentContentEncoding) -> Attachment {
    Attachment {
        body: body.into(),
        content_encoding,
        file_name: None,
        media_type: "image/png".into(),
        test_case_started_id: None,
        test_step_id: None,
        test_run_started_id: None,
        test_run_hook_started_id: None,
        timestamp: Timestamp::default(),
    }
}
