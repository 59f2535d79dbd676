//! What is no Fluent: Fluent's own errors in words that help an author.

use fluent_syntax::parser::ErrorKind;

/// What is wrong with the syntax, and the cure.
pub(super) fn explain(kind: &ErrorKind) -> (String, &'static str) {
    let cause = match kind {
        ErrorKind::ExpectedToken('=') => {
            return (
                "here a `=` was expected".to_owned(),
                "each word is written `name = text`; lines that go on begin with a space",
            );
        }
        ErrorKind::ExpectedToken('}') | ErrorKind::UnbalancedClosingBrace => {
            return (
                "braces do not match".to_owned(),
                "write {\"{\"} for an opening brace in the text, and {\"}\"} for a closing one",
            );
        }
        ErrorKind::ExpectedToken(token) => format!("here a `{token}` was expected"),
        ErrorKind::ExpectedCharRange { range } if range.contains('\n') => {
            return (
                "here the line must end".to_owned(),
                "each variant stands on a line of its own, after the `->`",
            );
        }
        ErrorKind::ExpectedCharRange { range } => {
            return (
                format!("this is no name; a character of {range} was expected"),
                "names are Latin letters, digits and hyphens; lines that go on begin with a space, \
                 comments with `# `",
            );
        }
        ErrorKind::ExpectedMessageField { entry_id } => {
            return (
                format!("`{entry_id}` has no text"),
                "write the text after the `=`",
            );
        }
        ErrorKind::ExpectedTermField { entry_id } => {
            return (
                format!("`-{entry_id}` has no text"),
                "write the text after the `=`",
            );
        }
        ErrorKind::MissingValue => {
            return (
                "here a text was expected".to_owned(),
                "write the text after the `=`",
            );
        }
        ErrorKind::MissingDefaultVariant => {
            return (
                "none of these variants is the default".to_owned(),
                "put a `*` before one of them: `*[other]`",
            );
        }
        ErrorKind::MultipleDefaultVariants => {
            return (
                "more than one of these variants is the default".to_owned(),
                "keep one `*`",
            );
        }
        ErrorKind::UnterminatedStringLiteral => {
            return (
                "this quotation does not end".to_owned(),
                "write `\"` at its end",
            );
        }
        other => other.to_string(),
    };
    (
        cause,
        "see projectfluent.org/fluent/guide for what a Fluent file may hold",
    )
}
