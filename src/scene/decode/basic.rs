//! Flags, numbers, texts, lists, options, vectors.

use bevy::math::{DVec3, Vec2, Vec3};

use super::{Decode, Decoder, FieldSchema, Spec, decimal};
use crate::diagnostic::Diagnostic;
use crate::scene::schema::Spanned;
use crate::scene::syntax::{Body, Kind, Node};

impl Decode for bool {
    fn type_name() -> String {
        "true or false".to_owned()
    }

    fn decode(node: &Node<'_>, _spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
        match node.kind {
            Kind::Flag(flag) => Some(flag),
            _ => {
                decoder.wrong_type(
                    node,
                    "true or false",
                    "write true or false, without quotation marks",
                );
                None
            }
        }
    }
}

/// `a number of metres`, `a number`.
fn expected_number(spec: &Spec) -> String {
    let unit = match spec.unit {
        "m" => "metres",
        "°" => "degrees",
        "s" => "seconds",
        "lm" => "lumens",
        "lx" => "lux",
        "dB" => "decibels",
        "m/s" => "metres a second",
        "EV100" => "EV",
        _ => return "a number".to_owned(),
    };
    format!("a number of {unit}")
}

/// How numbers are written.
const EXAMPLE: &str = "write it like 12, -0.5 or 1.5e3";

/// The number that a text such as `1.6 m` begins with.
fn number_in(text: &str) -> Option<&str> {
    let text = text.trim();
    let length = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-'))?;
    let number = &text[..length];
    number.parse::<f64>().is_ok().then_some(number)
}

/// Reads a finite number within the field's range.
fn number(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<f64> {
    let Kind::Number(number) = node.kind else {
        let help = match &node.kind {
            Kind::Text(text) if text.trim().parse::<f64>().is_ok() => {
                format!("write {} without quotation marks", text.trim())
            }
            Kind::Text(text) => match number_in(text) {
                Some(number) => format!("write {number} alone: the field has its unit"),
                None => EXAMPLE.to_owned(),
            },
            _ => EXAMPLE.to_owned(),
        };
        decoder.wrong_type(node, &expected_number(spec), &help);
        return None;
    };
    // Numbers become f32 for the renderer: what overflows there is not finite either.
    let value = number.value;
    if !value.is_finite() || value.abs() > f64::from(f32::MAX) {
        let message = format!("{} is not a finite number", plain(value));
        let help = format!("write {}", expected_number(spec));
        decoder.report.push(
            Diagnostic::error("not-finite", message)
                .at(node.span)
                .help(help),
        );
        return None;
    }
    if let Some((least, most)) = spec.range
        && !(least..=most).contains(&value)
    {
        let unit = with_unit(spec.unit);
        let message = format!("{}{unit} is out of range", plain(value));
        let help = format!("give {} to {}{unit}", plain(least), plain(most));
        decoder.report.push(
            Diagnostic::error("out-of-range", message)
                .at(node.span)
                .help(help),
        );
        return None;
    }
    Some(value)
}

/// A number without needless digits.
pub(crate) fn plain(value: f64) -> String {
    let is_odd = value != 0.0 && value.is_finite() && !(1e-3..1e9).contains(&value.abs());
    if is_odd {
        format!("{value:e}")
    } else {
        format!("{value}")
    }
}

pub(crate) fn with_unit(unit: &str) -> String {
    match unit {
        "" => String::new(),
        "°" => "°".to_owned(),
        unit => format!(" {unit}"),
    }
}

macro_rules! decode_float {
    ($($ty:ty),*) => { $(
        impl Decode for $ty {
            fn type_name() -> String {
                "number".to_owned()
            }

            fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
                number(node, spec, decoder).map(|value| value as $ty)
            }
        }
    )* };
}

decode_float!(f32, f64);

macro_rules! decode_whole {
    ($($ty:ty),*) => { $(
        impl Decode for $ty {
            fn type_name() -> String {
                "whole number".to_owned()
            }

            fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
                number(node, spec, decoder)?;
                let Kind::Number(number) = node.kind else { return None };
                // `5.0` means 5.
                let whole = number.whole.or_else(|| (number.value.fract() == 0.0).then_some(number.value as i128));
                let value = whole.and_then(|whole| <$ty>::try_from(whole).ok());
                if value.is_none() {
                    let help = format!("give {} to {}, without a fraction", <$ty>::MIN, <$ty>::MAX);
                    decoder.wrong_type(node, "a whole number", &help);
                }
                value
            }
        }
    )* };
}

decode_whole!(u8, u32, i32);

impl Decode for String {
    fn type_name() -> String {
        "text".to_owned()
    }

    fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
        let _ = spec;
        match &node.kind {
            Kind::Text(text) => Some(text.clone().into_owned()),
            Kind::Letter(letter) => Some(letter.to_string()),
            Kind::Record(record) if matches!(record.body, Body::Bare) => {
                let name = record.name.as_ref().map_or("...", |name| &name.text);
                decoder.wrong_type(
                    node,
                    "a text",
                    &format!("write \"{name}\" in quotation marks"),
                );
                None
            }
            _ => {
                decoder.wrong_type(node, "a text", "write it in quotation marks: \"...\"");
                None
            }
        }
    }
}

impl<T: Decode> Decode for Spanned<T> {
    fn type_name() -> String {
        T::type_name()
    }

    fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
        T::decode(node, spec, decoder).map(|value| Self {
            value,
            span: node.span,
        })
    }
}

impl<T: Decode> Decode for Box<T> {
    fn type_name() -> String {
        T::type_name()
    }

    fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
        T::decode(node, spec, decoder).map(Self::new)
    }
}

impl<T: Decode> Decode for Option<T> {
    fn type_name() -> String {
        T::type_name()
    }

    fn parts() -> &'static [FieldSchema] {
        T::parts()
    }

    /// `None`, `Some(value)`, or the value alone.
    fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
        if let Kind::Record(record) = &node.kind
            && let Some(name) = &record.name
        {
            match (name.text.as_ref(), &record.body) {
                ("None", Body::Bare) => return Some(None),
                ("Some", Body::Values(values)) if values.len() == 1 => {
                    return T::decode(&values[0], spec, decoder).map(Some);
                }
                _ => {}
            }
        }
        T::decode(node, spec, decoder).map(Some)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn type_name() -> String {
        format!("[{}]", T::type_name())
    }

    fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
        let Kind::List(nodes) = &node.kind else {
            decoder.wrong_type(node, "a list", "put it in square brackets: [...]");
            decoder.mark_lost(&T::type_name());
            return None;
        };
        let mut all = Self::with_capacity(nodes.len());
        for node in nodes {
            // A file of nonsense: enough is said, and nothing of it will be shown.
            if decoder.report.is_full() {
                decoder.mark_lost(&T::type_name());
                break;
            }
            match &node.kind {
                Kind::Text(_) if spec.parts => decoder.include(node, spec, &mut all),
                _ => match T::decode(node, spec, decoder) {
                    Some(item) => all.push(item),
                    None => decoder.mark_lost(&T::type_name()),
                },
            }
        }
        // Of a list of which nothing can be read it must not be said that it is empty.
        (!all.is_empty() || nodes.is_empty()).then_some(all)
    }
}

impl<A: Decode, B: Decode> Decode for (A, B) {
    fn type_name() -> String {
        format!("({}, {})", A::type_name(), B::type_name())
    }

    fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
        let [a, b] = tuple(
            node,
            decoder,
            &format!("two values {}", Self::type_name()),
            "",
        )?;
        let (a, b) = (A::decode(a, spec, decoder), B::decode(b, spec, decoder));
        Some((a?, b?))
    }
}

/// The values of a nameless tuple of a known length.
fn tuple<'n, const N: usize>(
    node: &'n Node<'n>,
    decoder: &mut Decoder<'_>,
    expected: &str,
    help: &str,
) -> Option<&'n [Node<'n>; N]> {
    if let Kind::Record(record) = &node.kind
        && record.name.is_none()
        && let Body::Values(values) = &record.body
    {
        if let Ok(values) = values.as_slice().try_into() {
            return Some(values);
        }
        if record.is_broken {
            return None;
        }
        if let Some(meant) = decimal::meant(values, N) {
            decoder.decimal_comma(node.span, &meant, "");
            return None;
        }
        if values.len() > N && !help.is_empty() {
            let help = format!("{help}; decimals with a point: 1.6, not 1,6");
            decoder.wrong_type(node, expected, &help);
            return None;
        }
    }
    let has_names =
        matches!(&node.kind, Kind::Record(record) if matches!(record.body, Body::Fields(_)));
    let help = match has_names {
        true => "write the values alone, without names, in this order",
        false => help,
    };
    decoder.wrong_type(node, expected, help);
    None
}

macro_rules! decode_vector {
    ($($ty:ident, $scalar:ty, $count:literal, $form:literal, [$($part:ident),*];)*) => { $(
        impl Decode for $ty {
            fn type_name() -> String {
                $form.to_owned()
            }

            fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
                let expected = format!("coordinates {}", $form);
                let parts: &[Node<'_>; $count] =
                    tuple(node, decoder, &expected, concat!("write ", $form, " in parentheses"))?;
                let [$($part),*] = parts;
                // All are read before any is missed, so that all errors are told.
                $( let $part = <$scalar>::decode($part, spec, decoder); )*
                Some(Self::new($($part?),*))
            }
        }
    )* };
}

decode_vector! {
    Vec2, f32, 2, "(x, y)", [x, y];
    Vec3, f32, 3, "(x, y, z)", [x, y, z];
    DVec3, f64, 3, "(x, y, z)", [x, y, z];
}
