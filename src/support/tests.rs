//! What the prelude tells, read back.

use std::path::Path;

use serde_json::{Value, json};

use super::{ParameterTypeRef, SupportCode, SupportError};
use crate::messages::{AstNodeIds, Envelope, HookType, Id, IdGenerator, Pickle, PickleTag};

/// Definitions as `prelude/cucumber/builder.js` tells them, their places filled in.
fn read(mut told: Value) -> Result<SupportCode, SupportError> {
    let mut order = 0;
    for list in ["steps", "hooks", "parameterTypes"] {
        for definition in told[list].as_array_mut().into_iter().flatten() {
            definition["order"] = order.into();
            definition["function"] = order.into();
            definition["arity"] = 0.into();
            definition["takesNothing"] = true.into();
            definition["target"] = "WORKER".into();
            order += 1;
            definition["location"] = json!({ "file": "/p/steps/a.ts", "line": order, "column": 3 });
        }
        if told[list].is_null() {
            told[list] = json!([]);
        }
    }
    told["defaultTimeout"] = json!(5000);
    told["customParallelCanAssign"] = json!(false);
    SupportCode::new(&told.to_string(), Path::new("/p"), &IdGenerator::default())
}

fn pickle(tags: &[&str]) -> Pickle {
    let id: Id = IdGenerator::default().next();
    let tags = tags.iter().map(|name| PickleTag { name: (*name).to_owned(), ast_node_id: id });
    Pickle {
        id,
        uri: "".into(),
        location: crate::messages::Location { line: 1, column: None },
        ast_node_ids: AstNodeIds { node: id, row: None },
        name: String::new(),
        language: "en",
        steps: Vec::new(),
        tags: tags.collect(),
    }
}

#[test]
fn a_step_finds_its_definition_by_the_index_that_javascript_knows() {
    let support = read(json!({
        "steps": [
            { "expression": "an {undefined} thing", "timeout": null },
            { "expression": "a cart of {int} {fruit}", "timeout": null },
            { "regexp": { "source": "^a (cart) of", "flags": "i" }, "timeout": 10 },
        ],
        "parameterTypes": [{
            "name": "fruit",
            "regexps": [{ "source": "apples|pears", "flags": "" }],
            "useForSnippets": true,
            "preferForRegexpMatch": false,
        }],
    }))
    .unwrap();
    let matches = support.matches("a cart of 3 pears").unwrap();
    let definitions: Vec<usize> = matches.iter().map(|found| found.definition).collect();
    assert_eq!(definitions, [1, 2]);
    let types: Vec<_> = matches[0]
        .arguments
        .iter()
        .filter_map(|argument| Some(support.parameter_type_ref(argument.parameter_type?)))
        .collect();
    assert_eq!(types, [ParameterTypeRef::BuiltIn("int"), ParameterTypeRef::Custom(0)]);
    assert_eq!(matches[1].arguments[0].parameter_type, None);
    assert_eq!(support.timeout_of(support.steps[2].timeout).to_string(), "10");
    assert_eq!(support.timeout_of(support.steps[1].timeout).to_string(), "5000");
}

#[test]
fn messages_come_in_order_of_definition_and_what_is_undefined_at_the_end() {
    let support = read(json!({
        "steps": [{ "expression": "{nothing}", "timeout": null }, { "expression": "a", "timeout": null }],
        "hooks": [
            { "type": "After", "name": "clean up", "tags": "@a", "timeout": null },
            { "type": "BeforeStep", "timeout": null },
        ],
    }))
    .unwrap();
    let kinds: Vec<String> = support
        .envelopes()
        .iter()
        .map(|envelope| {
            serde_json::to_value(envelope)
                .unwrap()
                .as_object()
                .unwrap()
                .keys()
                .next()
                .unwrap()
                .clone()
        })
        .collect();
    assert_eq!(kinds, ["stepDefinition", "hook", "undefinedParameterType"]);
    let Envelope::StepDefinition(step) = &support.envelopes()[0] else { panic!() };
    assert_eq!(step.source_reference.uri, "steps/a.ts");
}

#[test]
fn hooks_apply_by_their_tags_and_keep_their_order() {
    let support = read(json!({
        "hooks": [
            { "type": "Before", "tags": "@a and not @b", "timeout": null },
            { "type": "After", "timeout": null },
            { "type": "Before", "tags": "", "timeout": null },
        ],
    }))
    .unwrap();
    let before = |tags: &[&str]| -> Vec<usize> {
        support.hooks_for(HookType::BeforeTestCase, &pickle(tags)).collect()
    };
    assert_eq!(before(&["@a"]), [0, 2]);
    assert_eq!(before(&["@a", "@b"]), [2]);
}

#[test]
fn what_cannot_be_used_is_named_with_its_place() {
    let message = |told: Value| read(told).err().map(|error| error.to_string()).unwrap_or_default();
    let bad = message(json!({ "steps": [{ "expression": "a (", "timeout": null }] }));
    assert!(bad.starts_with("steps/a.ts:1:3: This Cucumber Expression has a problem"), "{bad}");
    let bad =
        message(json!({ "hooks": [{ "type": "Before", "tags": "@a and", "timeout": null }] }));
    assert!(bad.starts_with("steps/a.ts:1:3: Tag expression"), "{bad}");
    let taken = json!({ "name": "int", "regexps": [], "useForSnippets": true, "preferForRegexpMatch": false });
    let bad = message(json!({ "parameterTypes": [taken] }));
    assert_eq!(bad, "steps/a.ts:1:3: There is already a parameter type with name int");
}
