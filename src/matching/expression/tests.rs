use crate::matching::{
    CucumberExpression, ExpressionError, ParameterRegexp, ParameterType, ParameterTypeRegistry,
};

fn registry() -> ParameterTypeRegistry {
    let mut registry = ParameterTypeRegistry::new();
    let point = vec![
        ParameterRegexp::Source(r"(\d+),(\d+)".into()),
        ParameterRegexp::Source("origin".into()),
    ];
    registry.define(ParameterType::new(Some("point".into()), point, true, false).unwrap()).unwrap();
    registry
}

fn regexp(expression: &str) -> String {
    match CucumberExpression::new(expression, &registry()) {
        Ok(expression) => expression.regexp().source().to_owned(),
        Err(error) => error.to_string(),
    }
}

/// The column and the problem of an error.
fn problem(expression: &str) -> (usize, String) {
    let message = regexp(expression);
    let mut lines = message.lines().rev();
    let problem = lines.nth(1).unwrap_or_default().to_owned();
    (lines.next().unwrap_or_default().find('^').map_or(0, |index| index + 1), problem)
}

#[test]
fn expressions_become_regular_expressions() {
    assert_eq!(regexp("a (b)c/d {int}"), r"^a (?:(?:b)?c|d) ((?:-?\d+)|(?:\d+))$");
    assert_eq!(regexp(r"a/b\/c \(d\) \{e} $f"), r"^(?:a|b/c) \(d\) \{e\} \$f$");
    assert_eq!(regexp("{int}a/b{word}"), r"^((?:-?\d+)|(?:\d+))(?:a|b)([^\s]+)$");
    assert_eq!(regexp(""), "^$");
}

#[test]
fn faults_are_pointed_at() {
    assert_eq!(
        regexp("three (é{int})"),
        "This Cucumber Expression has a problem at column 9:\n\nthree (é{int})\n        ^---^\n\
         An optional may not contain a parameter type.\n\
         If you did not mean to use an parameter type you can use '\\{' to escape the '{'"
    );
    for (expression, column, expected) in [
        ("a ()", 3, "An optional must contain some text."),
        ("a ((b))", 4, "An optional may not contain an other optional."),
        ("a (b/c)", 5, "An alternation can not be used inside an optional."),
        ("a/ b", 3, "Alternative may not be empty."),
        ("a/(b)", 3, "An alternative may not exclusively contain optionals."),
        ("a (b", 3, "The '(' does not have a matching ')'."),
        ("a {b", 3, "The '{' does not have a matching '}'."),
        ("{a(b)}", 3, r"Parameter names may not contain '{', '}', '(', ')', '\' or '/'."),
        (
            r"a\b",
            3,
            r"Only the characters '{', '}', '(', ')', '\', '/' and whitespace can be escaped.",
        ),
        (r"ab\", 3, "The end of line can not be escaped."),
    ] {
        assert_eq!(problem(expression), (column, expected.to_owned()), "{expression}");
    }
}

#[test]
fn an_undefined_parameter_type_is_an_error_of_its_own() {
    let error = CucumberExpression::new("a {cat}", &registry()).unwrap_err();
    let ExpressionError::UndefinedParameterType { name, expression, message } = error else {
        panic!("{error}")
    };
    assert_eq!((name.as_str(), expression.as_str()), ("cat", "a {cat}"));
    assert!(
        message.ends_with(
            "Undefined parameter type 'cat'.\nPlease register a ParameterType for 'cat'"
        )
    );
}

#[test]
fn a_type_with_several_groups_hands_them_all_over() {
    let expression = CucumberExpression::new("at {point}", &registry()).unwrap();
    let arguments = expression.matches("at 3,4").unwrap().unwrap();
    assert_eq!(arguments[0].values(), [Some("3"), Some("4")]);
    let arguments = expression.matches("at origin").unwrap().unwrap();
    assert_eq!((arguments[0].group.start, arguments[0].values()), (Some(3), vec![None, None]));
    assert!(expression.matches("at home").unwrap().is_none());
}

#[test]
fn regexps_that_clash_are_reported_when_the_expression_is_made() {
    let mut registry = registry();
    let named = vec![ParameterRegexp::Source(r"(?<year>\d+)".into())];
    registry.define(ParameterType::new(Some("year".into()), named, true, false).unwrap()).unwrap();
    assert!(CucumberExpression::new("in {year}", &registry).is_ok());
    assert!(matches!(
        CucumberExpression::new("{year}-{year}", &registry),
        Err(ExpressionError::Regexp(_))
    ));
}

#[test]
fn depth_costs_no_stack() {
    let nested = "(".repeat(100_000) + "a" + &")".repeat(100_000);
    assert_eq!(problem(&nested), (2, "An optional may not contain an other optional.".to_owned()));
    assert_eq!(problem(&nested[..100_001]).0, 100_000);
}
