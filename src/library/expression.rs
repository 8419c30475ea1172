//! An expression as V8 prints it in its error messages: `page.lines(...).first`.

use oxc::ast::ast::{ArrayExpressionElement, ChainElement, Expression};

/// What V8 has for what it does not print.
const INTERMEDIATE: &str = "(intermediate value)";

pub(super) fn print(expression: &Expression<'_>) -> String {
    let mut text = String::new();
    write(&mut text, expression);
    text
}

fn write(text: &mut String, expression: &Expression<'_>) {
    match expression {
        Expression::Identifier(identifier) => text.push_str(&identifier.name),
        Expression::ThisExpression(_) => text.push_str("this"),
        Expression::NullLiteral(_) => text.push_str("null"),
        Expression::BooleanLiteral(literal) => text.push_str(literal.as_str()),
        Expression::NumericLiteral(literal) => text.push_str(&literal.raw_str()),
        Expression::StringLiteral(literal) => quote(text, &literal.value),
        Expression::TemplateLiteral(template) => match template.single_quasi() {
            Some(quasi) => quote(text, &quasi),
            None => text.push_str(INTERMEDIATE),
        },
        Expression::StaticMemberExpression(member) => {
            write(text, &member.object);
            text.push_str(if member.optional { "?." } else { "." });
            text.push_str(&member.property.name);
        }
        Expression::ComputedMemberExpression(member) => {
            write(text, &member.object);
            text.push_str(if member.optional { "?." } else { "" });
            write_key(text, &member.expression);
        }
        Expression::PrivateFieldExpression(member) => {
            write(text, &member.object);
            text.push_str("[#");
            text.push_str(&member.field.name);
            text.push(']');
        }
        Expression::CallExpression(call) => {
            write(text, &call.callee);
            text.push_str("(...)");
        }
        Expression::ImportExpression(_) => text.push_str("import(...)"),
        Expression::ChainExpression(chain) => match &chain.expression {
            ChainElement::CallExpression(call) => {
                write(text, &call.callee);
                text.push_str("(...)");
            }
            ChainElement::StaticMemberExpression(member) => {
                write(text, &member.object);
                text.push_str(if member.optional { "?." } else { "." });
                text.push_str(&member.property.name);
            }
            ChainElement::ComputedMemberExpression(member) => {
                write(text, &member.object);
                text.push_str(if member.optional { "?." } else { "" });
                write_key(text, &member.expression);
            }
            ChainElement::TSNonNullExpression(inner) => write(text, &inner.expression),
            ChainElement::PrivateFieldExpression(_) => text.push_str(INTERMEDIATE),
        },
        Expression::ParenthesizedExpression(inner) => write(text, &inner.expression),
        Expression::TSAsExpression(inner) => write(text, &inner.expression),
        Expression::TSSatisfiesExpression(inner) => write(text, &inner.expression),
        Expression::TSNonNullExpression(inner) => write(text, &inner.expression),
        Expression::TSTypeAssertion(inner) => write(text, &inner.expression),
        Expression::UnaryExpression(unary) => {
            text.push('(');
            text.push_str(unary.operator.as_str());
            text.push_str(if unary.operator.is_keyword() { " " } else { "" });
            write(text, &unary.argument);
            text.push(')');
        }
        Expression::BinaryExpression(binary) => {
            write_pair(text, &binary.left, binary.operator.as_str(), &binary.right);
        }
        Expression::LogicalExpression(logical) => {
            write_pair(text, &logical.left, logical.operator.as_str(), &logical.right);
        }
        Expression::ObjectExpression(object) => {
            text.push('{');
            object.properties.iter().for_each(|_| text.push_str(INTERMEDIATE));
            text.push('}');
        }
        Expression::ArrayExpression(array) => {
            text.push('[');
            for (index, element) in array.elements.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                match element {
                    ArrayExpressionElement::SpreadElement(_) => text.push_str("..."),
                    element => element.as_expression().into_iter().for_each(|it| write(text, it)),
                }
            }
            text.push(']');
        }
        Expression::ConditionalExpression(_) => text.push_str(&INTERMEDIATE.repeat(3)),
        _ => text.push_str(INTERMEDIATE),
    }
}

fn write_pair(text: &mut String, left: &Expression<'_>, operator: &str, right: &Expression<'_>) {
    text.push('(');
    write(text, left);
    text.push(' ');
    text.push_str(operator);
    text.push(' ');
    write(text, right);
    text.push(')');
}

fn write_key(text: &mut String, key: &Expression<'_>) {
    match key {
        Expression::StringLiteral(literal) => {
            text.push('.');
            text.push_str(&literal.value);
        }
        key => {
            text.push('[');
            write(text, key);
            text.push(']');
        }
    }
}

fn quote(text: &mut String, value: &str) {
    text.push('"');
    text.push_str(value);
    text.push('"');
}

#[cfg(test)]
mod tests {
    use oxc::allocator::Allocator;
    use oxc::parser::Parser;
    use oxc::span::SourceType;

    use super::*;

    #[test]
    fn expressions_are_printed_as_v8_does() {
        for (text, printed) in [
            ("a.b.c", "a.b.c"),
            ("a?.b.c", "a?.b.c"),
            ("a[0]", "a[0]"),
            ("a['x y']", "a.x y"),
            ("a[k]", "a[k]"),
            ("f(1, 2).g", "f(...).g"),
            ("o\n  .f()\n  .g", "o.f(...).g"),
            ("(a as B)!.c", "a.c"),
            ("(await f()).g", "(intermediate value).g"),
            ("(function () {})()", "(intermediate value)(...)"),
            ("({}).x", "{}.x"),
            ("({ a: 1 }).x", "{(intermediate value)}.x"),
            ("[1].x", "[1].x"),
            ("'abc'.x", "\"abc\".x"),
            ("`abc`.x", "\"abc\".x"),
            ("void 0", "(void 0)"),
            ("o.a.b || o.c", "(o.a.b || o.c)"),
            ("new A().m", "(intermediate value).m"),
            ("this.x", "this.x"),
        ] {
            let allocator = Allocator::default();
            let source_type = SourceType::ts().with_module(true);
            let parsed = Parser::new(&allocator, text, source_type).parse_expression().unwrap();
            assert_eq!(print(&parsed), printed, "{text}");
        }
    }
}
