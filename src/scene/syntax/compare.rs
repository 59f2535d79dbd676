//! Whether this reader and the `ron` crate agree: on what is RON, and on what it says.

use std::fmt::Write as _;

use super::*;

/// A small deterministic generator (`SplitMix64`, Steele, Lea & Flood 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap()
    }

    pub(crate) fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

const NUMBERS: [&str; 30] = [
    "0",
    "1",
    "-1",
    "+7",
    "12_000",
    "0x1F",
    "0b1010",
    "0o17",
    "1.5",
    "-2.5e3",
    "1e-3",
    ".5",
    "5.",
    "1E6",
    "1_0.5",
    "255u8",
    "-3i32",
    "1.5f32",
    "2f64",
    "inf",
    "-inf",
    "18446744073709551615",
    "1e400",
    "0xdead_beef",
    "b'a'",
    "7u64",
    "1_",
    "1.5_0",
    "00012",
    "-0.0",
];
const TEXTS: [&str; 14] = [
    r#""""#,
    r#""plain""#,
    r#""Höhle 油灯""#,
    r#""a\nb\t\\\"""#,
    r#""\u{706f}\x41""#,
    "r\"raw\\\"",
    "r#\"a \" b\"#",
    "\"two\nlines\"",
    "\"continued \\\n   here\"",
    "'c'",
    "'灯'",
    r"'\''",
    r"'\n'",
    r#""\xe7\x81\xaf""#,
];
const SPACES: [&str; 8] = [
    "",
    "",
    "",
    " ",
    "\n",
    "\t",
    " // words, (brackets\n",
    " /* a /* b */ c */ ",
];

fn space(random: &mut Random, out: &mut String) {
    out.push_str(SPACES[random.below(SPACES.len())]);
}

/// Writes a random value in the part of RON that both `ron::Value` and scenes know.
fn write_value(random: &mut Random, out: &mut String, depth: usize) {
    space(random, out);
    let kinds = if depth > 4 { 3 } else { 8 };
    match random.below(kinds) {
        0 => out.push_str(random.pick(&NUMBERS)),
        1 => out.push_str(random.pick(&TEXTS)),
        2 => out.push_str(random.pick(&["true", "false", "()", "None"])),
        3 => write_sequence(random, out, depth, '[', ']'),
        4 => write_sequence(random, out, depth, '(', ')'),
        5 => {
            out.push_str("Some(");
            write_value(random, out, depth + 1);
            out.push(')');
        }
        6 => write_fields(random, out, depth, "(", ")"),
        _ => write_fields(random, out, depth, "{", "}"),
    }
    space(random, out);
}

fn write_sequence(random: &mut Random, out: &mut String, depth: usize, open: char, close: char) {
    out.push(open);
    let count = random.below(4);
    for n in 0..count {
        write_value(random, out, depth + 1);
        if n + 1 < count || random.below(2) == 0 {
            out.push(',');
            space(random, out);
        }
    }
    out.push(close);
}

fn write_fields(random: &mut Random, out: &mut String, depth: usize, open: &str, close: &str) {
    out.push_str(open);
    let count = random.below(4);
    for n in 0..count {
        space(random, out);
        let quote = if open == "{" { "\"" } else { "" };
        write!(out, "{quote}field_{n}{quote}").unwrap();
        space(random, out);
        out.push(':');
        write_value(random, out, depth + 1);
        if n + 1 < count || random.below(2) == 0 {
            out.push(',');
            space(random, out);
        }
    }
    out.push_str(close);
}

/// Our tree as the `ron` crate's value would be printed.
fn ours(node: &Node<'_>) -> String {
    match &node.kind {
        Kind::Broken => "broken".into(),
        Kind::Flag(flag) => flag.to_string(),
        Kind::Number(number) => format!("{:?}", number.value as f32 + 0.0),
        Kind::Letter(c) => format!("{c:?}"),
        Kind::Text(text) => format!("{text:?}"),
        Kind::Bytes(bytes) => format!("{bytes:?}"),
        Kind::List(values) => list(values),
        Kind::Map(entries) => map(entries.iter().map(|(key, value)| (ours(key), ours(value)))),
        Kind::Record(record) => match (&record.name, &record.body) {
            (Some(name), Body::Bare) if name.text == "None" => "none".into(),
            (Some(name), Body::Values(values)) if name.text == "Some" => {
                format!("some {}", values.first().map(ours).unwrap_or_default())
            }
            (None, Body::Values(values)) if values.is_empty() => "[]".into(),
            (None, Body::Values(values)) => list(values),
            (None, Body::Fields(fields)) => map(fields
                .iter()
                .map(|field| (format!("{:?}", field.name.text), ours(&field.value)))),
            other => format!("{other:?}"),
        },
    }
}

fn list(values: &[Node<'_>]) -> String {
    let values: Vec<String> = values.iter().map(ours).collect();
    format!("[{}]", values.join(", "))
}

fn map(entries: impl Iterator<Item = (String, String)>) -> String {
    // ron keeps the last of equal keys, in the order of keys.
    let entries: std::collections::BTreeMap<String, String> = entries.collect();
    format!("{entries:?}")
}

fn theirs(value: &ron::Value) -> String {
    match value {
        ron::Value::Bool(flag) => flag.to_string(),
        ron::Value::Char(c) => format!("{c:?}"),
        ron::Value::Number(number) => format!("{:?}", number.into_f64() as f32 + 0.0),
        ron::Value::String(text) => format!("{text:?}"),
        ron::Value::Bytes(bytes) => format!("{bytes:?}"),
        ron::Value::Option(None) => "none".into(),
        ron::Value::Option(Some(value)) => format!("some {}", theirs(value)),
        ron::Value::Seq(values) => {
            let values: Vec<String> = values.iter().map(theirs).collect();
            format!("[{}]", values.join(", "))
        }
        ron::Value::Map(entries) => map(entries
            .iter()
            .map(|(key, value)| (theirs(key), theirs(value)))),
        ron::Value::Unit => "[]".into(),
    }
}

fn read_ours(text: &str) -> Option<String> {
    let mut report = Report::new();
    let file = report.add_file("x.ron", text);
    let node = read(text, file, &mut report, &mut 0);
    (!report.has_errors()).then(|| ours(&node))
}

fn compare(text: &str) {
    let ron = ron::from_str::<ron::Value>(text);
    let mine = read_ours(text);
    match (&ron, &mine) {
        (Ok(value), Some(mine)) => assert_eq!(*mine, theirs(value), "both read {text:?} alike"),
        (Err(_), None) => {}
        _ => panic!("ron says {ron:?} and we say {mine:?} of {text:?}"),
    }
}

#[test]
fn good_texts_are_read_as_ron_reads_them() {
    let mut random = Random(1);
    for _ in 0..20_000 {
        let mut text = String::new();
        write_value(&mut random, &mut text, 0);
        compare(&text);
    }
}

#[test]
fn what_ron_refuses_is_refused() {
    let broken = [
        "",
        "(",
        ")",
        "[1 2]",
        "(a: 1 b: 2)",
        "{1: 2, 3}",
        "\"",
        "'",
        "'ab'",
        "r#\"a\"",
        "\"\\q\"",
        "\"\\u{110000}\"",
        "\"\\u{}\"",
        "\"\\xff\"",
        "1 _",
        "_1x y",
        "1._5",
        "0x",
        "0b12",
        "0xg",
        "1e",
        "--1",
        "1 2",
        "(,)",
        "[,]",
        "(a: )",
        "(a = 1)",
        "/* /* */",
        "256u8",
        "-1u8",
        "1.5u8",
        "#![enable(nonsense)] 1",
        "#[x] 1",
        "[1;2]",
        "“a”",
        "（1）",
        "+",
        "-",
        ".",
        "1.5.2",
        "1-2",
        "{\"a\" 1}",
        "[1)",
        "(1]",
    ];
    for text in broken {
        let ron = ron::from_str::<ron::Value>(text);
        assert!(ron.is_err(), "ron refuses {text:?}, not {ron:?}");
        assert_eq!(read_ours(text), None, "and so do we: {text:?}");
    }
}

#[test]
fn damaged_texts_are_judged_as_ron_judges_them() {
    const DAMAGE: [&str; 16] = [
        "(", ")", "[", "]", "{", "}", ",", ":", "\"", "'", "\\", "/", "*", "_", "=", " ",
    ];
    let mut random = Random(2);
    let mut refused = 0;
    for _ in 0..20_000 {
        let mut text = String::new();
        write_value(&mut random, &mut text, 2);
        let mut at = random.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        if random.below(2) == 0 {
            text.insert_str(at, random.pick(&DAMAGE));
        } else if at < text.len() {
            text.remove(at);
        }
        refused += usize::from(ron::from_str::<ron::Value>(&text).is_err());
        // `ron::Value` refuses some things that are RON, such as a field among values, and
        // takes names of structs for nothing: only what it accepts must be accepted.
        if let Ok(value) = ron::from_str::<ron::Value>(&text)
            && !read_ours(&text).is_some_and(|mine| mine.contains("Some(Name"))
        {
            assert_eq!(
                read_ours(&text),
                Some(theirs(&value)),
                "both read {text:?} alike"
            );
        }
    }
    assert!(refused > 1000, "the damage does damage: {refused}");
}
