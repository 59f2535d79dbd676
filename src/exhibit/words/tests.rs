//! Words from files, in every language, and what is wrong with the files.

use super::{
    bundle::{BUILT_IN, Bundle, built_in},
    *,
};
use crate::{
    diagnostic::{Report, Severity},
    scene::{self, MemoryFiles, NoAssets, schema::Exhibit, testing::Random},
};
use std::path::Path;

fn language(tag: &str) -> Language {
    Language::parse(tag).unwrap_or_else(|help| panic!("{tag} is a tag, but: {help}"))
}

/// An exhibit that offers some languages; the first is its default.
fn exhibit(languages: &[&str]) -> Exhibit {
    let default = languages[0];
    let scene = format!(
        "(format: 1, title: \"Test\", default_language: \"{default}\", languages: {languages:?})"
    );
    let files = MemoryFiles::new().with("exhibit.ron", scene);
    scene::load("exhibit.ron", &files, &NoAssets)
        .exhibit
        .expect("the scene can be read")
}

fn own(languages: &[&str], files: &[(&str, &str)]) -> (OwnWords, Report) {
    let mut report = Report::new();
    let memory = files
        .iter()
        .fold(MemoryFiles::new(), |memory, (name, text)| {
            memory.with(format!("words/{name}"), *text)
        });
    let own = read(&memory, &exhibit(languages), &mut report);
    (own, report)
}

#[test]
fn every_file_says_every_word_and_no_other() {
    for (tag, text) in BUILT_IN {
        let mut report = Report::new();
        let files = MemoryFiles::new().with(format!("words/{tag}.ftl"), text);
        read(&files, &exhibit(&[tag]), &mut report);
        assert!(
            report.is_empty(),
            "assets/words/{tag}.ftl is without a fault:\n{}",
            report.to_text(false)
        );
        let file = built_in().iter().find(|file| file.language.as_str() == tag);
        let bundle = Bundle::new(file.expect("it is built in"));
        for word in Word::ALL {
            let arguments: Vec<(&str, &str)> =
                word.arguments().iter().map(|name| (*name, "A-7")).collect();
            let said = bundle
                .say(*word, &arguments)
                .unwrap_or_else(|| panic!("{tag}.ftl lacks `{}`", word.key()));
            assert!(
                !said.trim().is_empty(),
                "`{}` says something in {tag}",
                word.key()
            );
            assert_eq!(
                said.matches("A-7").count(),
                arguments.len(),
                "`{}` says its arguments in {tag}: {said}",
                word.key()
            );
            assert_eq!(
                bundle
                    .keys(*word)
                    .is_some_and(|keys| !keys.trim().is_empty()),
                word.is_help_row(),
                "`{}` has keys in {tag} if it is a row of the help",
                word.key()
            );
        }
    }
    assert_eq!(built_in().len(), BUILT_IN.len(), "all are built in");
}

/// Text of all sources outside this folder.
fn sources() -> String {
    let mut all = String::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(path) = open.pop() {
        if path.ends_with("exhibit/words") {
            continue;
        }
        if path.is_dir() {
            for entry in std::fs::read_dir(&path).expect("a source folder can be listed") {
                open.push(entry.expect("a source folder can be listed").path());
            }
        } else {
            all += &std::fs::read_to_string(&path).expect("a source file is UTF-8");
        }
    }
    all
}

#[test]
fn every_word_is_said_somewhere() {
    let sources = sources();
    for word in Word::ALL {
        let is_said = sources.contains(&format!("Word::{word:?}"))
            || word.is_help_row() && sources.contains("Word::help_rows()");
        assert!(
            is_said,
            "nothing in src says Word::{word:?}: take `{}` out of the Fluent files, and out of key.rs",
            word.key()
        );
    }
}

#[test]
fn words_fall_back_one_by_one() {
    let (own, _) = own(
        &["fr", "zh-Hant", "ja"],
        &[
            ("zh-Hant.ftl", "loading = 正在開啟洞窟"),
            ("fr.ftl", "loading = La chapelle s’ouvre"),
            ("ja.ftl", "guide-next = G  次へ"),
        ],
    );
    let french = language("fr");
    let say = |tag: &str, word: Word| {
        Words::new(&own, &language(tag), &french)
            .say(word)
            .to_owned()
    };
    for (tag, word, said, why) in [
        (
            "zh-Hant-TW",
            Word::Loading,
            "正在開啟洞窟",
            "a wider tag of the exhibit's",
        ),
        (
            "zh-Hant-TW",
            Word::HelpTitle,
            "如何参观",
            "then Grotto's own in a wider one",
        ),
        (
            "zh-CN",
            Word::Loading,
            "正在開啟洞窟",
            "the exhibit's own, if narrower",
        ),
        (
            "ja",
            Word::GuideNext,
            "G  次へ",
            "a language that Grotto does not speak",
        ),
        (
            "ja",
            Word::Loading,
            "La chapelle s’ouvre",
            "then the exhibit's default",
        ),
        ("ja", Word::HelpWalk, "marcher", "in Grotto's words"),
        (
            "fr-CA",
            Word::Loading,
            "La chapelle s’ouvre",
            "the exhibit's before Grotto's",
        ),
        (
            "en-GB",
            Word::Loading,
            "Opening the cave …",
            "who speaks English reads it",
        ),
    ] {
        assert_eq!(say(tag, word), said, "{} for {tag}: {why}", word.key());
    }
    let hindi = Words::new(&own, &language("hi"), &language("ta"));
    assert_eq!(
        hindi.say(Word::Loading),
        "Opening the cave …",
        "English is the last"
    );
    let words = Words::new(&own, &language("zh-Hant"), &french);
    assert_eq!(
        words.keys(Word::HelpRise),
        "空格、C",
        "keys fall back as well"
    );
}

#[test]
fn arguments_are_put_in_and_isolated_where_lines_run_leftwards() {
    let (own, report) = own(
        &["ar"],
        &[(
            "ar.ftl",
            "picture-saved = Grotto: حُفظت الصورة في { $path }\n",
        )],
    );
    assert_eq!(
        report.count(Severity::Error),
        0,
        "{}",
        report.to_text(false)
    );
    let arabic = language("ar");
    let words = Words::new(&own, &arabic, &arabic);
    assert_eq!(
        words.say_with(Word::PictureSaved, &[("path", "/a/b.png")]),
        "\u{200F}Grotto: حُفظت الصورة في \u{2068}/a/b.png\u{2069}",
        "the sentence runs from the right although it begins with a Latin word"
    );
    assert_eq!(words.direction(), Direction::RightToLeft);
    assert_eq!(
        Words::default().say_with(Word::PictureSaved, &[("path", "/a/b.png")]),
        "Picture saved: /a/b.png"
    );
}

/// Each diagnostic as `severity code line:column message | help`.
fn told(report: &Report) -> Vec<String> {
    report
        .diagnostics()
        .iter()
        .map(|one| {
            let (line, column) = one
                .span
                .and_then(|span| report.line_and_column(span))
                .unwrap_or_default();
            format!(
                "{} {} {line}:{column} {} | {}",
                one.severity.name(),
                one.code,
                one.message,
                one.help
            )
        })
        .collect()
}

#[test]
fn each_fault_is_told_with_its_place_and_cure() {
    for (text, expected) in [
        (
            "loading = Öffnen\nclose-hnt = Esc",
            "error unknown-word 2:1 Grotto says no word `close-hnt` | did you mean `close-hint`?",
        ),
        (
            "loading = a\nguide-next = b\nloading = c",
            "error duplicate-word 3:1 `loading` is given twice; the first is said | keep one of them",
        ),
        (
            "picture-saved = Ja: { $file }",
            "error unknown-argument 1:24 `picture-saved` has no argument $file | it takes { $path }",
        ),
        (
            "picture-saved = Ja",
            "warning unused-argument 1:1 `picture-saved` does not say { $path } | put { $path } where it belongs",
        ),
        (
            "loading = { -musem }\n-museum = Musée",
            "error unknown-reference 1:14 there is no `-musem` in this file | did you mean `-museum`?",
        ),
        (
            "loading = { NUMBER(3) }",
            "error unknown-function 1:13 there is no function NUMBER() | write the text itself",
        ),
        (
            "loading = { guide-next }\nguide-next = { loading }",
            "error word-in-word 1:13 a text cannot hold another word, `guide-next` | write what they share",
        ),
        (
            "-a = { -b }\n-b = { -a }\nloading = { -a }",
            "error term-in-term 1:9 `-b` cannot stand here | terms, and the keys",
        ),
        (
            "-a = { $x }\nloading = { -a }",
            "error unknown-argument 1:9 nothing fills in $x here | write the text itself",
        ),
        (
            "loading = { 1234567890123456789012345678901234567890 }",
            "error long-number 1:13 this number is longer than 12 characters | put it",
        ),
        (
            "loading = { \"a\" }{ \"a\" }{ \"a\" }{ \"a\" }{ \"a\" }{ \"a\" }{ \"a\" }{ \"a\" }{ \"a\" }{ \"a\" }",
            "error too-many-parts 1:1 this text has 10 parts in braces; at most 9 are read | write",
        ),
        (
            "loading = a\n    .keys = b",
            "error unknown-attribute 2:6 `loading` has no attribute `.keys` | take the line away",
        ),
        (
            "help-walk = a\n    .key = b",
            "error unknown-attribute 2:6 `help-walk` has no attribute `.key` | did you mean `.keys`?",
        ),
        (
            "help-walk = gehen\nloading Öffnen",
            "error fluent-syntax 2:9 here a `=` was expected | each word is written `name = text`",
        ),
        ("loading = { ", "error fluent-syntax 1:13 "),
        (
            "loading = 50 } off",
            "error fluent-syntax 1:14 braces do not match | write {\"{\"} for an opening brace",
        ),
        (
            "loading = { $n -> [one] a }",
            "error fluent-syntax 1:19 here the line must end | each variant stands on a line",
        ),
        (
            "loading = { $n ->\n    [one] a\n }",
            "error fluent-syntax 3:2 none of these variants is the default | put a `*` before one of them",
        ),
    ] {
        let (_, report) = own(&["en"], &[("en.ftl", text)]);
        let told = told(&report);
        assert!(
            told.iter().any(|one| one.starts_with(expected)),
            "{text:?} should be told as\n{expected}\nbut is\n{}",
            told.join("\n")
        );
    }
}

#[test]
fn terms_are_bent_by_their_arguments() {
    let (own, report) = own(
        &["ru"],
        &[(
            "ru.ftl",
            "-cave = { $case ->\n    [genitive] пещеры\n   *[nominative] пещера\n }\n\
             loading = Открытие { -cave(case: \"genitive\") }…\nmissing = { -cave }\n",
        )],
    );
    assert_eq!(
        report.count(Severity::Error),
        0,
        "{}",
        report.to_text(false)
    );
    let russian = language("ru");
    let words = Words::new(&own, &russian, &russian);
    assert_eq!(words.say(Word::Loading), "Открытие пещеры…");
    assert_eq!(
        words.say(Word::Missing),
        "пещера",
        "without one, the default"
    );
}

#[test]
fn what_is_wrong_takes_nothing_else_away() {
    let (own, report) = own(
        &["en"],
        &[(
            "en.ftl",
            "}}\nloading = Wait\nguide-next { = \nmissing = { $x }",
        )],
    );
    assert!(
        report.count(Severity::Error) >= 3,
        "{}",
        report.to_text(false)
    );
    let english = Language::english();
    let words = Words::new(&own, &english, &english);
    assert_eq!(words.say(Word::Loading), "Wait", "what is right is said");
    assert_eq!(words.say(Word::GuideNext), "G  go on", "else Grotto's own");
    assert_eq!(
        words.say(Word::Missing),
        "cannot be shown at the moment",
        "here too"
    );
}

#[test]
fn files_are_named_after_languages_that_are_offered() {
    for (name, code) in [
        ("klingon.ftl", "unknown-language"),
        ("cn.ftl", "unknown-language"),
        ("ZH-hans.ftl", "wrong-case"),
        ("de.ftl", "language-not-offered"),
    ] {
        let (_, report) = own(&["en", "zh-Hans"], &[(name, "loading = x")]);
        assert!(
            report.diagnostics().iter().any(|one| one.code == code),
            "words/{name} is told as {code}:\n{}",
            report.to_text(false)
        );
    }
    let (_, report) = own(&["en"], &[("notes.txt", "loading"), ("en.ftl", "")]);
    assert!(
        report.is_empty(),
        "notes are left alone: {}",
        report.to_text(false)
    );
}

#[test]
fn languages_without_words_are_told() {
    let (_, report) = own(
        &["en", "ja", "fr-CA"],
        &[("ja.ftl", "loading = 開いています")],
    );
    let told = told(&report);
    assert_eq!(told.len(), 1, "only Japanese lacks words: {told:?}");
    assert!(
        told[0].contains("missing-words")
            && told[0].contains("`missing`")
            && told[0].contains("words/ja.ftl"),
        "what is missing, and where to write it: {}",
        told[0]
    );
}

#[test]
fn hostile_files_are_told_and_nothing_panics() {
    let deep = "loading = ".to_owned() + &"{ ".repeat(30_000);
    let calls = "loading = ".to_owned() + &"{ F(".repeat(15_000);
    let wide: String = (0..9)
        .map(|at| format!("-t{at} = {}\n", format!("{{ -t{} }}", at + 1).repeat(20)))
        .collect();
    let just_allowed = "loading = ".to_owned() + &"{".repeat(499);
    for (text, code) in [
        (deep.as_str(), "too-deep"),
        (calls.as_str(), "too-deep"),
        (wide.as_str(), "term-in-term"),
        (just_allowed.as_str(), "fluent-syntax"),
        (&"#".repeat(70_000), "file-too-large"),
    ] {
        let (_, report) = own(&["en"], &[("en.ftl", text)]);
        assert!(
            report.diagnostics().iter().any(|one| one.code == code),
            "{code} is told of {:.40}…: {:.400}",
            text,
            report.to_text(false)
        );
    }
    let memory = MemoryFiles::new().with("words/en.ftl", b"loading = \xFF\n".to_vec());
    let mut report = Report::new();
    read(&memory, &exhibit(&["en"]), &mut report);
    assert_eq!(told(&report)[0].split(' ').nth(1), Some("not-utf8"));
    // Grotto's own files, damaged at random.
    let mut random = Random(7);
    for round in 0..3_000_usize {
        let (_, text) = BUILT_IN[round % BUILT_IN.len()];
        let mut bytes = text.as_bytes().to_vec();
        for _ in 0..=random.below(6) {
            if bytes.is_empty() {
                break;
            }
            let at = random.below(bytes.len());
            match random.below(3) {
                0 => drop(bytes.drain(at..=at)),
                1 => bytes.insert(at, b"{}-=.\"*[]$#\n \xC3"[random.below(14)]),
                _ => bytes.truncate(at.max(1)),
            }
        }
        let memory = MemoryFiles::new().with("words/en.ftl", bytes);
        let mut report = Report::new();
        let own = read(&memory, &exhibit(&["en"]), &mut report);
        let english = Language::english();
        let words = Words::new(&own, &english, &english);
        assert!(
            Word::ALL
                .iter()
                .all(|word| !word.arguments().is_empty() || !words.say(*word).is_empty()),
            "every word is said, whatever the file holds"
        );
    }
}

#[test]
fn locales_of_the_system_are_languages() {
    for (locale, tag) in [
        ("zh_CN.UTF-8", Some("zh-CN")),
        ("de_AT@euro", Some("de-AT")),
        ("fr", Some("fr")),
        ("C", None),
        ("POSIX", None),
        ("", None),
    ] {
        let found = language_of_locale(locale);
        assert_eq!(
            found.as_ref().map(Language::as_str),
            tag,
            "the language of {locale:?}"
        );
    }
}

/// Where text on the screen is made.
const MAKERS: [&str; 5] = [
    "Text::new(",
    "Text::from(",
    "Text2d::new(",
    "TextSpan::new(",
    "text: \"",
];

#[test]
fn nobody_writes_what_visitors_read_into_code() {
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut strays = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).expect("a source folder can be listed");
            open.extend(entries.map(|entry| entry.expect("it can be listed").path()));
            continue;
        }
        let is_shown = ["desktop", "render", "xr"]
            .iter()
            .any(|folder| path.components().any(|part| part.as_os_str() == *folder));
        let is_test = path.file_stem().is_some_and(|stem| stem == "tests");
        if !is_shown || is_test || path.extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let source = std::fs::read_to_string(&path).expect("a source file is UTF-8");
        let code = source.split("#[cfg(test)]").next().unwrap_or_default();
        for maker in MAKERS {
            for (at, _) in code.match_indices(maker) {
                let after = code[at + maker.len()..].trim_start();
                let literal = match maker {
                    "text: \"" => after.split('"').next(),
                    _ => after
                        .strip_prefix('"')
                        .and_then(|rest| rest.split('"').next()),
                };
                let has_letters = |text: &str| text.chars().any(char::is_alphabetic);
                if literal.is_some_and(has_letters) {
                    let line = code[..at].lines().count();
                    strays.push(format!(
                        "{}:{line}: {}",
                        path.display(),
                        literal.unwrap_or("")
                    ));
                }
            }
        }
    }
    assert!(
        strays.is_empty(),
        "words that visitors read stand in assets/words, not in code:\n{}",
        strays.join("\n")
    );
}

#[test]
fn plurals_follow_the_rules_of_the_language() {
    let (own, report) = own(
        &["ru", "fr", "ar"],
        &[
            (
                "ru.ftl",
                "record-keys = { $count ->\n    [one] { $count } клавиша\n    [few] { $count } клавиши\n   *[many] { $count } клавиш\n }\n",
            ),
            (
                "ar.ftl",
                "record-keys = { $count ->\n    [zero] لا مفاتيح\n    [two] مفتاحان\n    [few] { $count } مفاتيح\n   *[other] { $count } مفتاحًا\n }\n",
            ),
        ],
    );
    assert!(!report.has_errors(), "{}", report.to_text(false));
    let english = Language::english();
    let say = |tag: &str, count: &str| {
        Words::new(&own, &language(tag), &english).say_with(Word::RecordKeys, &[("count", count)])
    };
    for (tag, count, said) in [
        ("en", "1", "1 key"),
        ("en", "2", "2 keys"),
        ("fr", "0", "0 touche"),
        ("fr", "2", "2 touches"),
        ("ru", "1", "1 клавиша"),
        ("ru", "3", "3 клавиши"),
        ("ru", "11", "11 клавиш"),
        ("ru", "21", "21 клавиша"),
        ("ar", "2", "مفتاحان"),
    ] {
        assert_eq!(say(tag, count), said, "{count} in {tag}");
    }
    let few = say("ar", "5");
    assert!(few.contains("مفاتيح"), "five in Arabic are a few: {few}");
}
