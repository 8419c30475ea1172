//! Tokens of a tag expression: parentheses, and whatever stands between them and white space.

/// The tokens with their escapes taken away, or the character that may not be escaped.
///
/// An escaped parenthesis that is a token of its own cannot be told from a plain one, nor can upstream tell.
pub(super) fn tokenize(expression: &str) -> Result<Vec<String>, char> {
    let mut tokens = Vec::new();
    let mut token = String::new();
    let mut escaped = false;
    for character in expression.chars() {
        if escaped {
            if !matches!(character, '(' | ')' | '\\') && !is_white_space(character) {
                return Err(character);
            }
            token.push(character);
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if matches!(character, '(' | ')') || is_white_space(character) {
            if !token.is_empty() {
                tokens.push(std::mem::take(&mut token));
            }
            if !is_white_space(character) {
                tokens.push(character.to_string());
            }
        } else {
            token.push(character);
        }
    }
    if !token.is_empty() {
        tokens.push(token);
    }
    Ok(tokens)
}

/// What `\s` matches in JavaScript.
pub(super) fn is_white_space(character: char) -> bool {
    character == '\u{FEFF}' || (character.is_whitespace() && character != '\u{85}')
}
