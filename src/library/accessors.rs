//! Lowers auto-accessors (`accessor name = value`), which QuickJS does not parse, to a private
//! field, a getter and a setter, as TypeScript does.

use oxc::allocator::Allocator;
use oxc::ast::ast::{
    AccessorProperty, Class, ClassBody, ClassElement, Program, PropertyKey, Statement,
};
use oxc::ast_visit::{VisitMut, walk_mut};
use oxc::span::Span;

use super::imports::parse_statement;

/// # Errors
/// The place of an accessor with a computed name, which is not supported.
pub(super) fn lower<'a>(program: &mut Program<'a>, allocator: &'a Allocator) -> Result<(), Span> {
    let mut lowering = Lowering { allocator, count: 0, computed: None };
    lowering.visit_program(program);
    lowering.computed.map_or(Ok(()), Err)
}

struct Lowering<'a> {
    allocator: &'a Allocator,
    count: usize,
    computed: Option<Span>,
}

impl<'a> VisitMut<'a> for Lowering<'a> {
    fn visit_class_body(&mut self, body: &mut ClassBody<'a>) {
        walk_mut::walk_class_body(self, body);
        for at in (0..body.body.len()).rev() {
            if let ClassElement::AccessorProperty(accessor) = &mut body.body[at] {
                match self.lowered(accessor) {
                    Some(elements) => drop(body.body.splice(at..=at, elements)),
                    None => self.computed = Some(accessor.span),
                }
            }
        }
    }
}

impl<'a> Lowering<'a> {
    fn lowered(&mut self, accessor: &mut AccessorProperty<'a>) -> Option<Vec<ClassElement<'a>>> {
        let name = match &accessor.key {
            PropertyKey::StaticIdentifier(name) => name.name.to_string(),
            PropertyKey::PrivateIdentifier(name) => format!("#{}", name.name),
            PropertyKey::StringLiteral(name) => {
                serde_json::Value::from(name.value.as_str()).to_string()
            }
            PropertyKey::NumericLiteral(number) => number.value.to_string(),
            _ => return None,
        };
        self.count += 1;
        let store = format!("#quickcuke_accessor_{}", self.count);
        let prefix = if accessor.r#static { "static " } else { "" };
        let text = format!(
            "(class {{ {prefix}{store}; {prefix}get {name}() {{ return this.{store} }} \
             {prefix}set {name}(value) {{ this.{store} = value }} }})"
        );
        let mut class = class_of(parse_statement(self.allocator, &text, accessor.span)?)?;
        if let Some(ClassElement::PropertyDefinition(field)) = class.body.body.first_mut() {
            field.value = accessor.value.take();
        }
        Some(class.unbox().body.unbox().body.into_iter().collect())
    }
}

fn class_of(statement: Statement<'_>) -> Option<oxc::allocator::ArenaBox<'_, Class<'_>>> {
    let Statement::ExpressionStatement(statement) = statement else { return None };
    match statement.unbox().expression.into_inner_expression() {
        oxc::ast::ast::Expression::ClassExpression(class) => Some(class),
        _ => None,
    }
}
