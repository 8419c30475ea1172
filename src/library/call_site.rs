//! Where V8 says that a call is, from where QuickJS says.
//!
//! QuickJS gives a call the position of what it parsed last before the call: often an argument, and so another line where
//! the call takes several. V8 gives that of `new`, of the property, of the function's name.
//!
//! Positions here are byte offsets of the author's text.

use std::ops::Range;

use oxc::ast::AstKind;
use oxc::ast::ast::{
    AssignmentExpression, AssignmentTarget, CallExpression, Expression, IdentifierReference,
    NewExpression, ObjectProperty, Program, StaticMemberExpression, TSType,
};
use oxc::ast_visit::{Visit, walk};
use oxc::span::{GetSpan as _, Span};
use oxc::syntax::keyword::is_reserved_keyword;

use crate::isolate::Called;

/// The calls of a file, and what tells them apart.
#[derive(Debug, Default)]
pub(super) struct CallSites {
    sites: Vec<Site>,
    /// The spans of all functions, each before those within it.
    functions: Vec<Range<u32>>,
    /// Where variables are read, in order, and in which function.
    variables: Vec<(u32, Option<usize>)>,
}

#[derive(Debug)]
struct Site {
    kind: Kind,
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
}

impl CallSites {
    pub(super) fn of(program: &Program<'_>, text: &str) -> CallSites {
        let mut finder = Finder { text, found: CallSites::default(), within: Vec::new() };
        finder.visit_program(program);
        finder.found.variables.sort_unstable();
        finder.found
    }

    /// V8's position of the call that QuickJS puts at `at`; `None` if the text does not tell.
    pub(super) fn position(&self, at: u32, called: Called<'_>) -> Option<u32> {
        let function = self.functions.iter().rposition(|span| span.contains(&at));
        let mut sites: Vec<&Site> = self
            .sites
            .iter()
            .filter(|site| site.function == function && site.region.contains(&at))
            .filter(|site| !self.reads_between(at + 1, site.region.end, function))
            .collect();
        sites.sort_by_key(|site| site.region.len());
        let found = match called {
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
                .filter(|site| site.kind != Kind::Assignment)
                .max_by_key(|site| site.region.end),
        };
        Some(found?.position)
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
}

impl Finder<'_> {
    /// The first such character from `start` on.
    fn first(&self, character: char, start: u32, limit: u32) -> u32 {
        let between = self.text.get(start as usize..limit as usize).unwrap_or_default();
        start + between.find(character).unwrap_or_default() as u32
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
        if !property.shorthand {
            walk::walk_object_property(self, property);
        }
    }

    /// Types are not there when the code runs.
    fn visit_ts_type(&mut self, _: &TSType<'a>) {}

    fn visit_assignment_expression(&mut self, assignment: &AssignmentExpression<'a>) {
        if let AssignmentTarget::StaticMemberExpression(member) = &assignment.left {
            let (end, limit) = (member.span.end, assignment.span.end);
            self.found.sites.push(Site {
                function: self.within.last().copied(),
                kind: Kind::Assignment,
                name: Some(member.property.name.to_string()),
                region: assignment.span.start..limit,
                position: self.first('=', end, limit),
            });
        }
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
