//! Where V8 says that a call is, from where QuickJS says.
//!
//! QuickJS gives a call the position of what it parsed last before the call: often an argument, and so another line where
//! the call takes several. V8 gives that of `new`, of the property, of the function's name.
//!
//! Positions here are byte offsets of the author's text.

use std::collections::HashMap;
use std::ops::Range;

use oxc::ast::AstKind;
use oxc::ast::ast::{
    AssignmentExpression, AssignmentTarget, AwaitExpression, CallExpression, Class, Expression,
    ForOfStatement, ForStatementLeft, IdentifierReference, MethodDefinition, MethodDefinitionKind,
    NewExpression, ObjectExpression, ObjectProperty, Program, PropertyDefinition, PropertyKey,
    StaticMemberExpression, TSType, TaggedTemplateExpression, YieldExpression,
};
use oxc::ast_visit::{Visit, walk};
use oxc::span::{GetSpan as _, Span};
use oxc::syntax::keyword::is_reserved_keyword;

use crate::isolate::Called;

/// Objects of the language whose methods are there for certain.
const NAMESPACES: &[&str] = &[
    "Array", "Date", "JSON", "Math", "Number", "Object", "Promise", "Reflect", "String", "console",
];

/// The calls of a file, and what tells them apart.
#[derive(Debug, Default)]
pub(super) struct CallSites {
    sites: Vec<Site>,
    /// The spans of all functions, each before those within it.
    functions: Vec<Range<u32>>,
    /// What V8 calls methods, by where their functions start.
    methods: HashMap<u32, Method>,
    /// Where variables are read, in order, and in which function.
    variables: Vec<(u32, Option<usize>)>,
}

#[derive(Debug)]
struct Method {
    /// Its own name, by which QuickJS knows it.
    name: String,
    /// The same after the name of its class.
    shown: String,
}

/// A call that may have failed because its callee is no function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FailedCall {
    pub callee: Span,
    pub is_new: bool,
}

#[derive(Debug)]
struct Site {
    kind: Kind,
    /// What is called.
    callee: Span,
    /// The first argument of a call.
    argument: Option<Span>,
    /// The one that it is in.
    function: Option<usize>,
    /// Of what is called, or of the property; none if it has none in the text.
    name: Option<String>,
    /// What QuickJS may take for the position: from the callee's last name to the end.
    region: Range<u32>,
    /// V8's.
    position: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Call,
    New,
    /// A property that may turn out to have a getter.
    Property,
    /// An assignment to one that may turn out to have a setter.
    Assignment,
    /// An `await`, or a `for await`.
    Await,
}

impl CallSites {
    pub(super) fn of(program: &Program<'_>, text: &str) -> CallSites {
        let found = CallSites::default();
        let mut finder = Finder { text, found, within: Vec::new(), classes: Vec::new() };
        finder.visit_program(program);
        finder.found.variables.sort_unstable();
        finder.found
    }

    /// The function around a place.
    fn function_at(&self, at: u32) -> Option<usize> {
        self.functions.iter().rposition(|span| span.contains(&at))
    }

    /// What QuickJS may mean by `at`, the smallest first.
    fn around(&self, at: u32) -> Vec<&Site> {
        let function = self.function_at(at);
        let mut sites: Vec<&Site> = self
            .sites
            .iter()
            .filter(|site| site.function == function && site.region.contains(&at))
            .filter(|site| !self.reads_between(at + 1, site.region.end, function))
            .collect();
        sites.sort_by_key(|site| site.region.len());
        sites
    }

    /// The calls one of which has failed at `at`. `is_callable` says of a name that it is a function's for certain, which
    /// leaves out a call if there is another.
    pub(super) fn failed(
        &self,
        at: u32,
        text: &str,
        is_callable: impl Fn(&str) -> bool,
    ) -> Vec<FailedCall> {
        let failed =
            |site: &Site| FailedCall { callee: site.callee, is_new: site.kind == Kind::New };
        let is_call = |site: &&Site| matches!(site.kind, Kind::Call | Kind::New);
        let mut calls: Vec<_> = self.around(at).into_iter().filter(is_call).map(failed).collect();
        if calls.is_empty() {
            // `a[0]()` has the position of `a`.
            let function = self.function_at(at);
            let whole = |site: &&Site| {
                (site.callee.start..site.region.end).contains(&at)
                    && site.function == function
                    && !self.reads_between(at + 1, site.region.end, function)
            };
            let sites = self.sites.iter().filter(is_call).filter(whole);
            calls.extend(sites.min_by_key(|site| site.region.end - site.callee.start).map(failed));
        }
        let is_certain = |call: &FailedCall| {
            let callee = &text[call.callee.start as usize..call.callee.end as usize];
            is_callable(callee)
                || callee.split_once('.').is_some_and(|(first, _)| NAMESPACES.contains(&first))
        };
        let doubtful: Vec<_> = calls.iter().copied().filter(|call| !is_certain(call)).collect();
        if doubtful.is_empty() { calls.into_iter().take(1).collect() } else { doubtful }
    }

    /// The first argument of the call of that name; an empty span if it has none.
    pub(super) fn argument(&self, at: u32, name: &str) -> Option<Span> {
        let mut sites = self.around(at).into_iter();
        let call = sites.find(|site| {
            matches!(site.kind, Kind::Call | Kind::New) && site.name.as_deref() == Some(name)
        })?;
        Some(call.argument.unwrap_or_default())
    }

    /// What V8 calls the function of that name around a place, where it says more.
    pub(super) fn method_name(&self, at: u32, name: &str) -> Option<&str> {
        let function = &self.functions[self.function_at(at)?];
        let method = self.methods.get(&function.start)?;
        (method.name == name).then_some(&method.shown)
    }

    /// V8's position of the call that QuickJS puts at `at`; `None` if the text does not tell.
    pub(super) fn position(&self, at: u32, called: Called<'_>) -> Option<u32> {
        if called == Called::Awaited {
            return self.awaited_at(at);
        }
        let sites = self.around(at);
        let found = match called {
            Called::Awaited => None,
            Called::Read(property) => {
                let is_read = |site: &&&Site| {
                    site.kind == Kind::Property && site.name.as_deref() == Some(property)
                };
                sites.iter().find(is_read)
            }
            Called::Assigned => sites.iter().find(|site| site.kind == Kind::Assignment),
            Called::Function(name) => {
                let (kinds, name) = match name.split_once(' ') {
                    Some(("get", property)) => (&[Kind::Property][..], property),
                    Some(("set", property)) => (&[Kind::Assignment][..], property),
                    _ => (&[Kind::Call, Kind::New][..], name),
                };
                let named = |site: &&&Site| {
                    kinds.contains(&site.kind) && site.name.as_deref() == Some(name)
                };
                // A function may be called by another name than its own.
                let call = |site: &&&Site| site.kind == Kind::Call && kinds.contains(&Kind::Call);
                sites.iter().find(named).or_else(|| sites.iter().find(call))
            }
            Called::Error(class) => sites
                .iter()
                .rfind(|site| site.kind == Kind::New && site.name.as_deref() == Some(class)),
            // `expect(x).to.be.true` is one chain, and the assertion its end.
            Called::LeftOut => sites
                .iter()
                .filter(|site| !matches!(site.kind, Kind::Assignment | Kind::Await))
                .max_by_key(|site| site.region.end),
        };
        Some(found?.position)
    }

    /// The `await` that QuickJS puts at `at`.
    fn awaited_at(&self, at: u32) -> Option<u32> {
        let function = self.function_at(at);
        let awaits = || {
            let awaits = self.sites.iter().filter(|site| site.kind == Kind::Await);
            awaits.filter(|site| site.function == function)
        };
        let around = awaits().filter(|site| site.region.contains(&at));
        let found = around.min_by_key(|site| site.region.len()).or_else(|| {
            // What has no position of its own has that of what comes before.
            let after = awaits().filter(|site| site.region.start > at);
            after
                .min_by_key(|site| site.region.start)
                .filter(|site| !self.reads_between(at + 1, site.region.end, function))
        });
        Some(found?.position)
    }

    /// Whether what begins at `start` has the position `at`, after which nothing has one of its own.
    pub(super) fn is_next(&self, at: u32, start: u32) -> bool {
        let function = self.function_at(at);
        self.function_at(start) == function && !self.reads_between(at + 1, start, function)
    }

    /// Whether the function reads a variable there: QuickJS would have taken its position.
    fn reads_between(&self, start: u32, end: u32, function: Option<usize>) -> bool {
        let first = self.variables.partition_point(|(variable, _)| *variable < start);
        let mut within = self.variables[first..].iter().take_while(|(variable, _)| *variable < end);
        within.any(|(_, reader)| *reader == function)
    }
}

/// Whether a call at that place of a line must begin on the same line: a name with a parenthesis, or one within
/// parentheses that are open.
pub(super) fn begins_on(line: &str, at: usize) -> bool {
    let (before, after) = line.split_at_checked(at).unwrap_or((line, ""));
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    after.trim_start_matches(is_name).starts_with('(')
        || before.matches('(').count() > before.matches(')').count()
}

struct Finder<'t> {
    text: &'t str,
    found: CallSites,
    /// The functions around what is being visited, the innermost last.
    within: Vec<usize>,
    /// The same of classes and object literals, by what V8 calls them.
    classes: Vec<String>,
}

impl Finder<'_> {
    /// Notes the name of a method, whose function starts there.
    fn method(&mut self, key: &PropertyKey<'_>, function: Span, is_constructor: bool) {
        let Some(class) = self.classes.last().filter(|class| !class.is_empty()) else { return };
        let PropertyKey::StaticIdentifier(key) = key else { return };
        let method = match is_constructor {
            true => Method { name: class.clone(), shown: format!("new {class}") },
            false => Method { name: key.name.to_string(), shown: format!("{class}.{}", key.name) },
        };
        self.found.methods.insert(function.start, method);
    }

    /// The first such character from `start` on.
    fn first(&self, character: char, start: u32, limit: u32) -> u32 {
        let between = self.text.get(start as usize..limit as usize).unwrap_or_default();
        start + between.find(character).unwrap_or_default() as u32
    }

    fn awaited(&mut self, span: Span, position: u32) {
        self.found.sites.push(Site {
            function: self.within.last().copied(),
            kind: Kind::Await,
            callee: span,
            argument: None,
            name: None,
            region: span.start..span.end,
            position,
        });
    }

    /// The last name before `end`, or the last character after white space: QuickJS counts columns by these.
    fn last_mark(&self, end: u32) -> u32 {
        let before = self.text.get(..end as usize).unwrap_or_default();
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '#');
        let mut at = before.len();
        for (index, character) in before.char_indices().rev() {
            if character.is_whitespace() {
                break;
            }
            at = index;
            if is_name(character) {
                let name = before[..index].trim_end_matches(is_name);
                return name.len() as u32;
            }
        }
        at as u32
    }
}

/// What a call goes by, and where that stands.
fn name_of<'e>(callee: &'e Expression<'_>) -> Option<(&'e str, Span)> {
    match callee {
        Expression::Identifier(identifier) => Some((identifier.name.as_str(), identifier.span)),
        Expression::StaticMemberExpression(member) => {
            Some((member.property.name.as_str(), member.property.span))
        }
        _ => None,
    }
}

/// Whether it is a call, or a property of one.
fn is_of_call(expression: &Expression<'_>) -> bool {
    match expression {
        Expression::CallExpression(_) => true,
        Expression::StaticMemberExpression(member) => is_of_call(&member.object),
        Expression::ComputedMemberExpression(member) => is_of_call(&member.object),
        _ => false,
    }
}

impl<'a> Visit<'a> for Finder<'_> {
    fn enter_node(&mut self, kind: AstKind<'a>) {
        let end = match kind {
            // Its closing brace may be the last mark before the call of the function itself.
            AstKind::Function(function) => function.span.end - 1,
            AstKind::ArrowFunctionExpression(arrow) if arrow.is_expression() => arrow.span.end,
            AstKind::ArrowFunctionExpression(arrow) => arrow.span.end - 1,
            _ => return,
        };
        self.within.push(self.found.functions.len());
        self.found.functions.push(kind.span().start..end);
    }

    fn leave_node(&mut self, kind: AstKind<'a>) {
        if let AstKind::Function(_) | AstKind::ArrowFunctionExpression(_) = kind {
            self.within.pop();
        }
    }

    fn visit_identifier_reference(&mut self, identifier: &IdentifierReference<'a>) {
        self.found.variables.push((identifier.span.start, self.within.last().copied()));
    }

    // QuickJS gives `{ name }` no position.
    fn visit_object_property(&mut self, property: &ObjectProperty<'a>) {
        if property.method {
            self.method(&property.key, property.value.span(), false);
        }
        if !property.shorthand {
            walk::walk_object_property(self, property);
        }
    }

    fn visit_object_expression(&mut self, object: &ObjectExpression<'a>) {
        self.classes.push("Object".to_owned());
        walk::walk_object_expression(self, object);
        self.classes.pop();
    }

    fn visit_class(&mut self, class: &Class<'a>) {
        let name = class.id.as_ref().map(|id| id.name.to_string()).unwrap_or_default();
        self.classes.push(name);
        walk::walk_class(self, class);
        self.classes.pop();
    }

    fn visit_method_definition(&mut self, method: &MethodDefinition<'a>) {
        if matches!(method.kind, MethodDefinitionKind::Method | MethodDefinitionKind::Constructor) {
            let is_constructor = method.kind == MethodDefinitionKind::Constructor;
            self.method(&method.key, method.value.span, is_constructor);
        }
        walk::walk_method_definition(self, method);
    }

    fn visit_property_definition(&mut self, property: &PropertyDefinition<'a>) {
        if let Some(value) = property.value.as_ref().filter(|value| value.is_function()) {
            self.method(&property.key, value.span(), false);
        }
        walk::walk_property_definition(self, property);
    }

    fn visit_await_expression(&mut self, expression: &AwaitExpression<'a>) {
        self.awaited(expression.span, expression.span.start);
        walk::walk_await_expression(self, expression);
    }

    fn visit_for_of_statement(&mut self, statement: &ForOfStatement<'a>) {
        if statement.r#await {
            // V8 has the variable of the loop.
            let variable = match &statement.left {
                ForStatementLeft::VariableDeclaration(declaration) => {
                    declaration.declarations.first().map(|declarator| declarator.id.span())
                }
                _ => None,
            };
            let variable = variable.unwrap_or_else(|| statement.left.span());
            self.awaited(statement.span, variable.start);
        }
        walk::walk_for_of_statement(self, statement);
    }

    fn visit_yield_expression(&mut self, expression: &YieldExpression<'a>) {
        self.awaited(expression.span, expression.span.start);
        walk::walk_yield_expression(self, expression);
    }

    fn visit_tagged_template_expression(&mut self, tagged: &TaggedTemplateExpression<'a>) {
        self.found.sites.push(Site {
            function: self.within.last().copied(),
            kind: Kind::Call,
            callee: tagged.tag.span(),
            argument: None,
            name: name_of(&tagged.tag).map(|(name, _)| name.to_owned()),
            region: tagged.span.start..tagged.span.end,
            position: tagged.span.start,
        });
        walk::walk_tagged_template_expression(self, tagged);
    }

    /// Types are not there when the code runs.
    fn visit_ts_type(&mut self, _: &TSType<'a>) {}

    fn visit_assignment_expression(&mut self, assignment: &AssignmentExpression<'a>) {
        let name = match &assignment.left {
            AssignmentTarget::StaticMemberExpression(member) => {
                Some(member.property.name.to_string())
            }
            _ => None,
        };
        let (target, limit) = (assignment.left.span(), assignment.span.end);
        self.found.sites.push(Site {
            function: self.within.last().copied(),
            kind: Kind::Assignment,
            callee: target,
            argument: None,
            name,
            region: assignment.span.start..limit,
            position: self.first('=', target.end, limit),
        });
        walk::walk_assignment_expression(self, assignment);
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        let callee = call.callee.span();
        let parenthesis = self.first('(', callee.end, call.span.end);
        let name = name_of(&call.callee);
        let private = match &call.callee {
            Expression::PrivateFieldExpression(member) => Some(format!("#{}", member.field.name)),
            _ => None,
        };
        self.found.sites.push(Site {
            function: self.within.last().copied(),
            kind: Kind::Call,
            callee,
            argument: call.arguments.first().map(|argument| argument.span()),
            // `a.throw(…)` stands at the parenthesis.
            position: name
                .filter(|(name, _)| !is_reserved_keyword(name))
                .map_or(parenthesis, |(_, span)| span.start),
            region: name.map_or_else(|| self.last_mark(parenthesis), |(_, span)| span.start)
                ..call.span.end,
            name: name.map(|(name, _)| name.to_owned()).or(private),
        });
        walk::walk_call_expression(self, call);
    }

    fn visit_new_expression(&mut self, new: &NewExpression<'a>) {
        self.found.sites.push(Site {
            function: self.within.last().copied(),
            kind: Kind::New,
            callee: new.callee.span(),
            argument: new.arguments.first().map(|argument| argument.span()),
            name: name_of(&new.callee).map(|(name, _)| name.to_owned()),
            region: new.callee.span().start..new.span.end,
            position: new.span.start,
        });
        walk::walk_new_expression(self, new);
    }

    fn visit_static_member_expression(&mut self, member: &StaticMemberExpression<'a>) {
        let property = member.property.span.start;
        // V8 reads `a.b` and `f().b` in two ways: the latter stands at its dot.
        let position = match is_of_call(&member.object) {
            true => self.first('.', member.object.span().end, property),
            false => property,
        };
        self.found.sites.push(Site {
            function: self.within.last().copied(),
            kind: Kind::Property,
            callee: member.span,
            argument: None,
            name: Some(member.property.name.to_string()),
            region: member.span.start..member.span.end,
            position,
        });
        walk::walk_static_member_expression(self, member);
    }
}

#[cfg(test)]
mod tests {
    use oxc::allocator::Allocator;
    use oxc::parser::Parser;
    use oxc::span::SourceType;

    use super::*;

    /// The text from V8's position on, for QuickJS's at `<` (which is taken out).
    fn found(text: &str, callee: Called<'_>) -> Option<String> {
        let at = text.find('<').unwrap();
        let text = text.replacen('<', "", 1);
        let allocator = Allocator::default();
        let parsed = Parser::new(&allocator, &text, SourceType::ts().with_module(true)).parse();
        assert!(!parsed.diagnostics.has_errors(), "{text}");
        let position = CallSites::of(&parsed.program, &text).position(at as u32, callee)?;
        Some(text[position as usize..].to_owned())
    }

    fn call(text: &str, name: &str) -> Option<String> {
        found(text, Called::Function(name))
    }

    #[test]
    fn a_call_stands_where_its_name_does() {
        assert_eq!(call("f(<x)", "f").unwrap(), "f(x)");
        assert_eq!(call("a.b(\n  y,\n  <x,\n)", "b").unwrap(), "b(\n  y,\n  x,\n)");
        assert_eq!(call("expect(a).to.equal(<b)", "assertEqual").unwrap(), "equal(b)");
        assert_eq!(call("this.#check(<x)", "#check").unwrap(), "(x)");
        assert_eq!(call("a.throw(<x as Y)", "throw").unwrap(), "(x as Y)");
        assert_eq!(call("ways[<way]()", "in the step").unwrap(), "()");
        assert_eq!(call("(function () {\n  x\n<})()", "").unwrap(), "()");
        assert_eq!(call("new Shop('x').check(<order)", "check").unwrap(), "check(order)");
    }

    #[test]
    fn of_calls_within_each_other_the_one_with_the_name_is_meant() {
        assert_eq!(call("f(g(<x))", "f").unwrap(), "f(g(x))");
        assert_eq!(call("f(g(<x))", "g").unwrap(), "g(x))");
        assert_eq!(call("f(g(<x))", "h").unwrap(), "g(x))", "the inner one by another name");
        assert_eq!(call("f(g(<x), y)", "h").unwrap(), "g(x), y)", "f has read y before its call");
        assert_eq!(call("f(g(x), <y)", "g").unwrap(), "f(g(x), y)");
        assert_eq!(call("f(() => g(<x))", "f").unwrap(), "g(x))", "another function's call");
        assert_eq!(call("f(<x, () => y)", "f").unwrap(), "f(x, () => y)");
    }

    #[test]
    fn an_error_stands_where_it_is_made() {
        let made = |text: &str| found(text, Called::Error("Error"));
        assert_eq!(made("throw new <Error('x')").unwrap(), "new Error('x')");
        assert_eq!(made("throw new Error(text(<x))").unwrap(), "new Error(text(x))");
        assert_eq!(made("throw new <Error('x', { cause })").unwrap(), "new Error('x', { cause })");
        assert_eq!(made("throw new TypeError(<x)"), None);
        assert_eq!(made("f(<x)"), None, "the engine's own complaint");
        assert_eq!(found("a.equal(f(<x))", Called::LeftOut).unwrap(), "equal(f(x))");
        assert_eq!(found("expect(a(<b)).to.be.true", Called::LeftOut).unwrap(), ".true");
    }

    #[test]
    fn most_calls_begin_on_the_line_that_quickjs_gives() {
        assert!(begins_on("Given('x', () => {", 0));
        assert!(begins_on("Given(PATTERN, options, () => {", 15));
        assert!(!begins_on("  options,", 2));
        assert!(!begins_on("), options", 3));
    }

    #[test]
    fn accessors_stand_at_their_property() {
        assert_eq!(call("new <Account(1).statement", "get statement").unwrap(), "statement");
        assert_eq!(call("new <Account(1).limit = 5", "set limit").unwrap(), "= 5");
        assert_eq!(call("f(<account.statement)", "get other"), None);
    }
}
