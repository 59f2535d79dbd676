//! Each slip has its code, and the rest of the file is still read.
use super::*;

/// Reads a text and returns the codes of its problems and the tree.
fn codes(text: &str) -> Vec<String> {
    let mut report = Report::new();
    let file = report.add_file("scene.ron", text);
    read(text, file, &mut report, &mut 0);
    report
        .diagnostics()
        .iter()
        .map(|one| {
            format!(
                "{} {}",
                report
                    .line_and_column(one.span.unwrap())
                    .map(|(l, c)| format!("{l}:{c}"))
                    .unwrap_or_default(),
                one.code
            )
        })
        .collect()
}

fn check(text: &str, expected: &[&str]) {
    assert_eq!(codes(text), expected, "problems of {text}");
}

#[test]
fn good_files_have_no_problems() {
    for text in [
        "()",
        "[]",
        "{}",
        "Unit",
        "(a: 1, b: (2.5, -3), c: [\"x\", \"y\",], d: {\"en\": \"z\"},)",
        "#![enable(implicit_some, unwrap_newtypes)]\n(a: 0x_ff)"
            .replace("0x_ff", "0xff")
            .as_str(),
        "/* a /* nested */ comment */ (a: 'x', b: r#\"raw \" text\"#, c: b\"bytes\") // end",
        "\"multi\nline, text\"",
        "(a: inf, b: -inf, c: NaN, d: 1_000.5e-3, e: .5, f: 5.)",
        "(a: Some(1), b: None, c: Point(x: 1), d: \"\\u{706f}\\x41\\n\")",
        "(text: \"first line,\n  second line\", b: \"x\")",
    ] {
        check(text, &[]);
    }
}

#[test]
fn slips_are_told_apart() {
    check("(a: 1 b: 2)", &["1:6 missing-comma"]);
    check("(a: [1, 2\n, b: 3)", &["1:5 unclosed-bracket"]);
    check("(a: 1", &["1:1 unclosed-bracket"]);
    check("((((a: 1", &["1:4 unclosed-bracket"]);
    check("(a: [1, 2), b: 3)", &["1:10 wrong-bracket"]);
    check("[1, 2)", &["1:6 wrong-bracket"]);
    check("(a: “text”, b: 2)", &["1:5 curly-quotes"]);
    check(
        "（a: 1， b： 2）",
        &[
            "1:1 full-width-punctuation",
            "1:6 full-width-punctuation",
            "1:9 full-width-punctuation",
            "1:12 full-width-punctuation",
        ],
    );
    check(
        "(a = 1, b => 2)",
        &["1:4 equals-for-colon", "1:11 equals-for-colon"],
    );
    check(
        "(\"a\": 1, \"b\": \"x\")",
        &["1:2 quoted-field-name", "1:10 quoted-field-name"],
    );
    check("(a: 'text', b: 1)", &["1:5 single-quotes"]);
    check("(a: Cave of Lamps, b: 1)", &["1:5 unquoted-text"]);
    check("(a: 30°, b: 5m)", &["1:5 bad-number", "1:13 bad-number"]);
    check("(a: , b: 1)", &["1:5 missing-value"]);
    check("(a: 1,, b: 1)", &["1:7 extra-comma"]);
    check("(a: 1; b: 1)", &["1:6 missing-comma"]);
    check(
        "(a: \"C:\\data\", b: \"\\u{110000}\")",
        &["1:8 bad-escape", "1:20 bad-escape"],
    );
    check("(a: 1) b", &["1:8 text-after-end"]);
    check("", &[""].map(|_| " empty-file"));
    check("{\"a\", \"b\": 1}", &["1:5 missing-colon"]);
    check("(a:\u{3000}1)", &["1:4 unusual-space"]);
    check("/* a", &["1:1 empty-file", "1:1 unclosed-comment"]);
    check("(a: 1, 2)", &["1:8 missing-field-name"]);
}

#[test]
fn a_missing_quotation_mark_does_not_swallow_the_file() {
    check(
        "(\n a: \"one,\n b: \"two\",\n c: = 3,\n)",
        &["2:5 unclosed-text", "4:5 missing-value"],
    );
    check("(a: \"one\n)", &["1:5 unclosed-text"]);
    check("(\n a: one\",\n b: \"two\",\n)", &["2:5 unquoted-text"]);
}

#[test]
fn nesting_is_limited() {
    let text = "[".repeat(100_000);
    assert_eq!(
        codes(&text).len(),
        1,
        "one message for a wall of brackets: {:?}",
        codes(&text)
    );
    let text = format!("(a: {}{}, b: 1 c: 2)", "[".repeat(100), "]".repeat(100));
    assert_eq!(
        codes(&text),
        ["1:68 too-deep", "1:211 missing-comma"],
        "the rest is still read"
    );
}
