//! What the engine complained of, read off the author's text: QuickJS's errors do not say it.
//!
//! Positions are byte offsets of the author's text.

use std::collections::HashSet;
use std::ops::Range;

use oxc::allocator::{Allocator, Vec as ArenaVec};
use oxc::ast::ast::{
    Argument, ArrayExpression, ArrayExpressionElement, AssignmentExpression, AssignmentTarget,
    BinaryExpression, BindingPattern, Class, ClassHeritage, Expression, ForOfStatement,
    FormalParameter, Function, ImportDeclaration, ImportDeclarationSpecifier, Program, PropertyKey,
    SimpleAssignmentTarget, TSType, UnaryExpression, UpdateExpression, VariableDeclarator,
    YieldExpression,
};
use oxc::ast_visit::{Visit, walk};
use oxc::parser::Parser;
use oxc::span::{GetSpan as _, SourceType, Span};
use oxc::syntax::operator::UnaryOperator;
use oxc::syntax::scope::ScopeFlags;

use super::expression;
use crate::isolate::{Culprit, Fault};

/// Functions of the language that are there for certain.
const GLOBALS: &[&str] = &[
    "Array",
    "BigInt",
    "Boolean",
    "Date",
    "Error",
    "Map",
    "Number",
    "Object",
    "Promise",
    "RegExp",
    "Set",
    "String",
    "Symbol",
    "fetch",
    "isNaN",
    "parseFloat",
    "parseInt",
    "require",
    "setImmediate",
    "setInterval",
    "setTimeout",
    "structuredClone",
];

/// The places of a file where the engine may complain of something other than a call.
#[derive(Debug, Default)]
pub(super) struct Faults {
    sites: Vec<Site>,
    /// Names of functions, classes and imports.
    callable: HashSet<String>,
}

#[derive(Debug)]
struct Site {
    /// Where QuickJS may say that the error is.
    region: Range<u32>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// The value of a loop, an array literal's `...` or a `yield*`.
    Iterated(Span),
    /// What an array pattern takes apart.
    Unpacked(Span),
    /// The same of `...` in a call.
    Spread(Span),
    Destructured {
        first: Option<String>,
        nested: bool,
        value: Option<Span>,
    },
    Variable,
    Property {
        object: Span,
        key: Key,
    },
    Private {
        object: Span,
    },
    Deleted {
        object: Span,
        key: Key,
    },
    In {
        key: Span,
        object: Span,
    },
    Extended(Span),
    Class(String),
}

#[derive(Debug, Clone)]
enum Key {
    Name(String),
    Computed(Span),
}

impl Faults {
    pub(super) fn of(program: &Program<'_>) -> Faults {
        let mut found = Faults::default();
        found.visit_program(program);
        found
    }

    /// Whether there is a function of that name for certain.
    pub(super) fn is_callable(&self, name: &str) -> bool {
        self.callable.contains(name) || GLOBALS.contains(&name)
    }

    /// What is wrong where QuickJS says that there is such a fault. `is_next` says whether nothing between `at` and a
    /// later place has a position of its own, so that what begins there has that of `at`. Patterns are always so.
    pub(super) fn find(
        &self,
        at: u32,
        fault: Fault<'_>,
        text: &str,
        is_next: impl Fn(u32) -> bool,
    ) -> Option<Culprit> {
        let smallest = |wanted: fn(&Kind) -> bool| {
            let around = self.sites.iter().filter(|site| site.region.contains(&at));
            let fitting = around.filter(|site| wanted(&site.kind));
            fitting.min_by_key(|site| site.region.len()).map(|site| &site.kind)
        };
        let next = |wanted: fn(&Kind) -> bool| {
            let later = self.sites.iter().filter(|site| site.region.start > at);
            let fitting = later.filter(|site| wanted(&site.kind));
            let next = fitting.min_by_key(|site| site.region.start)?;
            is_next(next.region.start).then_some(&next.kind)
        };
        let key_text = |key: &Key| match key {
            Key::Name(name) => name.clone(),
            Key::Computed(span) => print(text, *span),
        };
        let found = match fault {
            Fault::Called | Fault::Argument(_) => None,
            Fault::Iterated => smallest(|kind| matches!(kind, Kind::Iterated(_) | Kind::Spread(_)))
                .or_else(|| next(|kind| matches!(kind, Kind::Iterated(_) | Kind::Unpacked(_))))
                .or_else(|| smallest(|kind| matches!(kind, Kind::Unpacked(_)))),
            Fault::Destructured => {
                let wanted = |kind: &Kind| matches!(kind, Kind::Destructured { .. });
                next(wanted).or_else(|| smallest(wanted)).or_else(|| {
                    // A function that has come to nothing with a position has that of its line.
                    let line = at..at
                        + text[at as usize..].find('\n').map_or(text.len() as u32, |n| n as u32);
                    let on_line =
                        self.sites.iter().filter(|site| line.contains(&site.region.start));
                    let mut fitting = on_line.filter(|site| wanted(&site.kind));
                    let only = fitting.next()?;
                    fitting.next().is_none().then_some(&only.kind)
                })
            }
            Fault::Written => smallest(|kind| {
                matches!(kind, Kind::Variable | Kind::Property { .. } | Kind::Private { .. })
            }),
            Fault::Deleted => smallest(|kind| matches!(kind, Kind::Deleted { .. })),
            Fault::SearchedIn => smallest(|kind| matches!(kind, Kind::In { .. })),
            Fault::Extended => smallest(|kind| matches!(kind, Kind::Extended(_))),
            Fault::Class => smallest(|kind| matches!(kind, Kind::Class(_))),
        };
        Some(match found? {
            Kind::Iterated(value) | Kind::Unpacked(value) | Kind::Extended(value) => {
                Culprit::Value(print(text, *value))
            }
            Kind::Spread(value) => Culprit::Spread(print(text, *value)),
            // Which of the patterns it was is not told.
            Kind::Destructured { nested: true, .. } => return None,
            Kind::Destructured { first, value, .. } => Culprit::Destructured {
                property: first.clone(),
                value: value.map(|value| print(text, value)),
            },
            Kind::Variable => Culprit::Variable,
            Kind::Property { object, key } | Kind::Deleted { object, key } => {
                Culprit::Property { object: print(text, *object), key: key_text(key) }
            }
            Kind::Private { object } => {
                Culprit::Property { object: print(text, *object), key: String::new() }
            }
            Kind::In { key, object } => {
                // V8 has their values, which the text tells of a literal alone.
                let unquoted = |span| print(text, span).replace('"', "");
                Culprit::Property { object: unquoted(*object), key: unquoted(*key) }
            }
            Kind::Class(name) => Culprit::Value(name.clone()),
        })
    }

    fn add(&mut self, region: Span, kind: Kind) {
        self.sites.push(Site { region: region.start..region.end, kind });
    }

    fn pattern(&mut self, pattern: &BindingPattern<'_>, value: Option<Span>, region: Span) {
        match pattern {
            BindingPattern::ArrayPattern(_) => {
                if let Some(value) = value {
                    self.add(region, Kind::Unpacked(value));
                }
            }
            BindingPattern::ObjectPattern(object) => {
                let first = object.properties.first().and_then(|property| match &property.key {
                    PropertyKey::StaticIdentifier(key) => Some(key.name.to_string()),
                    PropertyKey::StringLiteral(key) => Some(key.value.to_string()),
                    _ => None,
                });
                let nested = object
                    .properties
                    .iter()
                    .any(|property| matches!(property.value, BindingPattern::ObjectPattern(_)));
                self.add(region, Kind::Destructured { first, nested, value });
            }
            BindingPattern::AssignmentPattern(with_default) => {
                self.pattern(&with_default.left, value, region);
            }
            BindingPattern::BindingIdentifier(_) => {}
        }
    }
}

/// The expression in that span, as V8 prints it.
pub(super) fn print(text: &str, span: Span) -> String {
    let text = text.get(span.start as usize..span.end as usize).unwrap_or_default();
    let allocator = Allocator::default();
    let source_type = SourceType::tsx().with_module(true);
    match Parser::new(&allocator, text, source_type).parse_expression() {
        Ok(parsed) => expression::print(&parsed),
        // `super` and `#x` mean nothing on their own.
        Err(_) => text.replacen("super", "(intermediate value)", 1),
    }
}

fn member(target: &Expression<'_>) -> Option<(Span, Key)> {
    match target.without_parentheses() {
        Expression::StaticMemberExpression(member) => {
            Some((member.object.span(), Key::Name(member.property.name.to_string())))
        }
        Expression::ComputedMemberExpression(member) => Some((
            member.object.span(),
            match &member.expression {
                Expression::StringLiteral(key) => Key::Name(key.value.to_string()),
                Expression::NumericLiteral(key) => Key::Name(key.value.to_string()),
                key => Key::Computed(key.span()),
            },
        )),
        _ => None,
    }
}

fn written(target: &SimpleAssignmentTarget<'_>) -> Option<Kind> {
    Some(match target {
        SimpleAssignmentTarget::AssignmentTargetIdentifier(_) => Kind::Variable,
        SimpleAssignmentTarget::StaticMemberExpression(member) => Kind::Property {
            object: member.object.span(),
            key: Key::Name(member.property.name.to_string()),
        },
        SimpleAssignmentTarget::ComputedMemberExpression(member) => Kind::Property {
            object: member.object.span(),
            key: match &member.expression {
                Expression::StringLiteral(key) => Key::Name(key.value.to_string()),
                Expression::NumericLiteral(key) => Key::Name(key.value.to_string()),
                key => Key::Computed(key.span()),
            },
        },
        SimpleAssignmentTarget::PrivateFieldExpression(member) => {
            Kind::Private { object: member.object.span() }
        }
        _ => return None,
    })
}

impl<'a> Visit<'a> for Faults {
    /// Types are not there when the code runs.
    fn visit_ts_type(&mut self, _: &TSType<'a>) {}

    fn visit_import_declaration(&mut self, import: &ImportDeclaration<'a>) {
        for specifier in import.specifiers.iter().flatten() {
            let local = match specifier {
                ImportDeclarationSpecifier::ImportSpecifier(one) => &one.local,
                ImportDeclarationSpecifier::ImportDefaultSpecifier(one) => &one.local,
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(_) => continue,
            };
            self.callable.insert(local.name.to_string());
        }
    }

    fn visit_function(&mut self, function: &Function<'a>, flags: ScopeFlags) {
        if let Some(id) = &function.id {
            self.callable.insert(id.name.to_string());
        }
        walk::walk_function(self, function, flags);
    }

    fn visit_class(&mut self, class: &Class<'a>) {
        if let Some(id) = &class.id {
            self.callable.insert(id.name.to_string());
            self.add(class.span, Kind::Class(id.name.to_string()));
        }
        if let Some(ClassHeritage { expression: parent, .. }) = &class.heritage {
            self.add(class.span, Kind::Extended(parent.span()));
        }
        walk::walk_class(self, class);
    }

    fn visit_variable_declarator(&mut self, declarator: &VariableDeclarator<'a>) {
        if let Some(init) = &declarator.init {
            if let (BindingPattern::BindingIdentifier(id), true) =
                (&declarator.id, init.is_function())
            {
                self.callable.insert(id.name.to_string());
            }
            self.pattern(&declarator.id, Some(init.span()), declarator.span);
        }
        walk::walk_variable_declarator(self, declarator);
    }

    fn visit_formal_parameter(&mut self, parameter: &FormalParameter<'a>) {
        self.pattern(&parameter.pattern, None, parameter.span);
        walk::walk_formal_parameter(self, parameter);
    }

    fn visit_for_of_statement(&mut self, statement: &ForOfStatement<'a>) {
        let right = statement.right.span();
        let header = Span::new(statement.left.span().start, right.end);
        self.add(header, Kind::Iterated(right));
        walk::walk_for_of_statement(self, statement);
    }

    fn visit_array_expression(&mut self, array: &ArrayExpression<'a>) {
        for element in &array.elements {
            if let ArrayExpressionElement::SpreadElement(spread) = element {
                self.add(spread.span, Kind::Iterated(spread.argument.span()));
            }
        }
        walk::walk_array_expression(self, array);
    }

    fn visit_arguments(&mut self, arguments: &ArenaVec<'a, Argument<'a>>) {
        for argument in arguments {
            if let Argument::SpreadElement(spread) = argument {
                self.add(spread.span, Kind::Spread(spread.argument.span()));
            }
        }
        walk::walk_arguments(self, arguments);
    }

    fn visit_yield_expression(&mut self, expression: &YieldExpression<'a>) {
        if let (true, Some(value)) = (expression.delegate, &expression.argument) {
            self.add(expression.span, Kind::Iterated(value.span()));
        }
        walk::walk_yield_expression(self, expression);
    }

    fn visit_assignment_expression(&mut self, assignment: &AssignmentExpression<'a>) {
        match &assignment.left {
            AssignmentTarget::ArrayAssignmentTarget(_) => {
                self.add(assignment.span, Kind::Unpacked(assignment.right.span()));
            }
            target => {
                if let Some(kind) = target.as_simple_assignment_target().and_then(written) {
                    self.add(assignment.span, kind);
                }
            }
        }
        walk::walk_assignment_expression(self, assignment);
    }

    fn visit_update_expression(&mut self, update: &UpdateExpression<'a>) {
        if let Some(kind) = written(&update.argument) {
            self.add(update.span, kind);
        }
        walk::walk_update_expression(self, update);
    }

    fn visit_unary_expression(&mut self, unary: &UnaryExpression<'a>) {
        if let (UnaryOperator::Delete, Some((object, key))) =
            (unary.operator, member(&unary.argument))
        {
            self.add(unary.span, Kind::Deleted { object, key });
        }
        walk::walk_unary_expression(self, unary);
    }

    fn visit_binary_expression(&mut self, binary: &BinaryExpression<'a>) {
        if binary.operator.is_in() {
            let (key, object) = (binary.left.span(), binary.right.span());
            self.add(binary.span, Kind::In { key, object });
        }
        walk::walk_binary_expression(self, binary);
    }
}
