//! Reading the JSON text under limits, and lenient getters over it.
//!
//! The getters answer `None` for whatever the schema pass has already reported, so that
//! later checks neither repeat a finding nor trip over it.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::report::{Report, quoted};

/// An object of the document.
pub(super) type Object = Map<String, Value>;

/// Most values a document may hold; a value takes up to some 200 bytes once parsed.
const MOST_VALUES: usize = 4_000_000;

/// Stands for a number too large for `f64`, such as `1e309`: see [`is_finite`].
const OVERFLOW: &str = "1.7976931348623157e308";

/// Whether a number of the document is finite (see [`OVERFLOW`]).
pub(super) fn is_finite(number: f64) -> bool {
    number.is_finite() && number.abs() < f64::MAX
}

/// Parses the document and reports what keeps it from being read.
///
/// Nesting deeper than 128 is refused by `serde_json`; the number of values is bounded
/// before anything is allocated.
pub(super) fn parse(bytes: &[u8], report: &mut Report) -> Option<Value> {
    let bytes = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => {
            report.error(
                "INVALID_JSON",
                "",
                "The JSON text starts with a byte order mark.",
            );
            rest
        }
        None => bytes,
    };
    let values = bytes
        .iter()
        .filter(|byte| matches!(byte, b',' | b'[' | b'{'))
        .count();
    if values > MOST_VALUES {
        report.error(
            "json-too-large",
            "",
            format!("The JSON text holds about {values} values; {MOST_VALUES} is the most."),
        );
        return None;
    }
    let parsed = serde_json::from_slice(bytes).or_else(|error| {
        if error.to_string().starts_with("number out of range") {
            serde_json::from_slice(&without_overflow(bytes))
        } else {
            Err(error)
        }
    });
    match parsed {
        Ok(value) => Some(value),
        Err(error) => {
            report.error(
                "INVALID_JSON",
                "",
                format!("The JSON text cannot be read: {error}."),
            );
            None
        }
    }
}

/// The same text with numbers beyond `f64` replaced by [`OVERFLOW`].
fn without_overflow(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    let mut is_in_string = false;
    while let Some((&byte, after)) = rest.split_first() {
        if is_in_string {
            let taken = if byte == b'\\' { rest.len().min(2) } else { 1 };
            is_in_string = byte != b'"';
            out.extend_from_slice(&rest[..taken]);
            rest = &rest[taken..];
            continue;
        }
        if byte == b'-' || byte.is_ascii_digit() {
            let length = rest
                .iter()
                .take_while(|byte| matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E' | b'0'..=b'9'))
                .count();
            let (number, after) = rest.split_at(length);
            let parsed = std::str::from_utf8(number)
                .ok()
                .and_then(|text| text.parse::<f64>().ok());
            if parsed.is_some_and(f64::is_infinite) {
                if byte == b'-' {
                    out.push(b'-');
                }
                out.extend_from_slice(OVERFLOW.as_bytes());
            } else {
                out.extend_from_slice(number);
            }
            rest = after;
            continue;
        }
        is_in_string = byte == b'"';
        out.push(byte);
        rest = after;
    }
    out
}

/// A whole number, also when written as `3.0`.
pub(super) fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| {
        let number = value.as_f64()?;
        (number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0).then_some(number as i64)
    })
}

/// A non-negative whole number under `name`.
pub(super) fn uint(object: &Object, name: &str) -> Option<u64> {
    object
        .get(name)
        .and_then(whole)
        .and_then(|number| u64::try_from(number).ok())
}

/// An index under `name`, resolved or not.
pub(super) fn index(object: &Object, name: &str) -> Option<usize> {
    uint(object, name).and_then(|number| usize::try_from(number).ok())
}

/// A finite number under `name`.
pub(super) fn number(object: &Object, name: &str) -> Option<f64> {
    object
        .get(name)
        .and_then(Value::as_f64)
        .filter(|number| is_finite(*number))
}

/// A string under `name`.
pub(super) fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

/// An object under `name`.
pub(super) fn object<'a>(object: &'a Object, name: &str) -> Option<&'a Object> {
    object.get(name).and_then(Value::as_object)
}

/// An array under `name`; empty when there is none.
pub(super) fn array<'a>(object: &'a Object, name: &str) -> &'a [Value] {
    object
        .get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// The objects of an array under `name` with their indices; other elements are skipped.
pub(super) fn objects<'a>(
    object: &'a Object,
    name: &str,
) -> impl Iterator<Item = (usize, &'a Object)> {
    array(object, name)
        .iter()
        .enumerate()
        .filter_map(|(index, value)| Some((index, value.as_object()?)))
}

/// Finite numbers of an array under `name`, `None` when any element is not one.
pub(super) fn numbers(object: &Object, name: &str) -> Option<Vec<f64>> {
    object
        .get(name)?
        .as_array()?
        .iter()
        .map(|value| value.as_f64().filter(|number| is_finite(*number)))
        .collect()
}

/// The extension `name` of an object; empty when it is there but no object.
pub(super) fn extension<'a>(host: &'a Object, name: &str) -> Option<&'a Object> {
    static EMPTY: LazyLock<Object> = LazyLock::new(Object::new);
    let value = object(host, "extensions")?.get(name)?;
    Some(value.as_object().unwrap_or(&EMPTY))
}

/// A value as an author would recognise it, in few words.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => match number.as_f64() {
            Some(float) if !is_finite(float) && float > 0.0 => "Infinity".to_owned(),
            Some(float) if !is_finite(float) => "-Infinity".to_owned(),
            _ => number.to_string(),
        },
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("an array of {}", items.len()),
        Value::Object(_) => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_too_large_are_read_as_not_finite() {
        let mut report = Report::default();
        let value = parse(br#"{"a\"1e999":[1e309,-1e309,2]}"#, &mut report)
            .expect("overflowing numbers do not stop the reading");
        let list = value["a\"1e999"].as_array().expect("the key is left alone");
        let finite: Vec<bool> = list
            .iter()
            .map(|value| value.as_f64().is_some_and(is_finite))
            .collect();
        assert_eq!(
            finite,
            [false, false, true],
            "Only the last number is finite."
        );
        assert_eq!(shown(&list[1]), "-Infinity", "The sign is kept.");
    }

    #[test]
    fn deep_and_broken_texts_are_refused() {
        for text in ["[".repeat(100_000), String::new(), "{\"a\":}".to_owned()] {
            let mut report = Report::default();
            assert!(
                parse(text.as_bytes(), &mut report).is_none(),
                "Not a document."
            );
            assert_eq!(report.count("INVALID_JSON"), 1, "The refusal is named.");
        }
    }
}
