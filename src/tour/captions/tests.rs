//! WebVTT as it should be, as it is found, and as nobody should write it.

use std::time::Duration;

use super::*;
use crate::diagnostic::Report;
use crate::scene::schema::Language;
use crate::tour::testing::Random;

fn language(tag: &str) -> Language {
    Language(tag.into())
}

/// Captions as lines, and what is said of the file: code, line and column.
fn read(text: &str) -> (Vec<String>, Vec<String>) {
    let mut report = Report::new();
    let captions = vtt::read("a.vtt", text.as_bytes(), &mut report);
    let shown = captions.iter().map(|caption| {
        let voices: Vec<String> = caption
            .voices
            .iter()
            .map(|voice| match &voice.speaker {
                Some(speaker) => format!("[{speaker}] {}", voice.text),
                None => voice.text.clone(),
            })
            .collect();
        let (start, end) = (caption.start.as_millis(), caption.end.as_millis());
        format!("{start}-{end} {}", voices.join("|"))
    });
    let said = report.diagnostics().into_iter().map(|one| {
        let at = one.span.and_then(|span| report.line_and_column(span));
        let (line, column) = at.unwrap_or_default();
        format!("{} {line}:{column}", one.code)
    });
    (shown.collect(), said.collect())
}

#[track_caller]
fn check(text: &str, captions: &[&str], said: &[&str]) {
    let (got, said_of_it) = read(text);
    assert_eq!(got, captions, "the captions of {text:?}");
    assert_eq!(said_of_it, said, "what is said of {text:?}");
}

#[test]
fn a_file_with_everything_is_read() {
    check(
        "\u{FEFF}WEBVTT - the cave\r\nKind: captions\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\n\
         REGION\r\nid:fred\r\n\r\nNOTE a comment\r\nof two lines\r\n\r\n1\r\n00:01.000 --> 00:02.500 line:80% align:start\r\n\
         <v Wei &amp; Li>Come <i>in</i>.</v>\r\n<v.loud Lion>Roar &lt;3</v>\r\n\r\nname\r\n01:00:00.000 --> 01:00:01.000\r\n\
         one <01:00:00.500>two &#x4e16; &unknown;\r\n",
        &[
            "1000-2500 [Wei & Li] Come in.|\n|[Lion] Roar <3",
            "3600000-3601000 one two 世 &unknown;",
        ],
        &[],
    );
}

#[test]
fn settings_and_reveals_are_kept() {
    let text = "WEBVTT\n\n00:01.000 --> 00:05.000 vertical:rl line:-2 position:25%,line-left size:50% align:right region:a\nA <00:02.000>B <00:09.000>C\n";
    let mut report = Report::new();
    let captions = vtt::read("a.vtt", text.as_bytes(), &mut report);
    assert!(report.is_empty(), "{}", report.to_text(false));
    assert_eq!(
        captions[0].placement,
        Placement {
            vertical: Some(Vertical::RightToLeft),
            line: Some(-2.0),
            line_percent: None,
            position_percent: Some(25.0),
            size_percent: Some(50.0),
            align: Align::Right,
        }
    );
    // The second time lies outside the caption.
    assert_eq!(captions[0].reveals, [(2, Duration::from_secs(2))]);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    check("", &[], &["captions-without-signature 0:0"]);
    check(
        "1\n00:00:01,000 --> 00:00:02,000\nSRT\n",
        &["1000-2000 SRT"],
        &["captions-without-signature 1:1", "captions-times 2:1"],
    );
    check(
        "WEBVTT\n\nstray\n\n00:01.000 -> 00:02.000\nlost\n\n00:03.000 --> 00:02.000\nback\n\n\
         00:04.000 --> 00:05.000 left:3 align:top\nfine\n\n00:61.000 --> 00:62.000\nno\n\n00:01.000 --> 00:02.000\n\n",
        &["4000-5000 fine"],
        &[
            "captions-stray-text 3:1",
            "captions-stray-text 5:1",
            "captions-times 8:1",
            "captions-setting 11:25",
            "captions-setting 11:32",
            "captions-times 14:1",
            "captions-empty 17:1",
        ],
    );
    check(
        "WEBVTT\n\n00:05.000 --> 00:06.000\nlate\n00:01.000 --> 00:02.000\nearly <b\n",
        &["1000-2000 early ", "5000-6000 late"],
        &[
            "captions-missing-blank-line 4:1",
            "captions-order 5:1",
            "captions-markup 6:1",
        ],
    );
}

#[test]
fn garbage_is_survived() {
    let parts = [
        "WEBVTT",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "-->",
        "00:01.000 --> 00:02.000",
        "00:00.000-->99:59:59.999",
        "<v ",
        ">",
        "<",
        "&amp",
        "&#",
        "&#x110000;",
        ";",
        "&#0;",
        "NOTE",
        "STYLE",
        "REGION",
        "\0",
        "洞窟",
        "é",
        "\u{FEFF}",
        "line:",
        "9999999999999999:00:00.000 --> 1:00:00.000",
        "<00:00:01.000>",
        "</ruby>",
        "<rt>",
        "%",
        "position:50%",
        "\u{2028}",
        "align:",
        "a",
        " ",
        "\t",
        "--> -->",
        "999999999:00:00.000 --> 999999999:00:01.000\nx",
    ];
    for seed in 0..4000 {
        let mut random = Random(seed);
        let mut bytes = Vec::new();
        for _ in 0..random.below(40) {
            bytes.extend_from_slice(random.pick(&parts).as_bytes());
            if random.below(20) == 0 {
                bytes.push(u8::try_from(random.below(256)).unwrap());
            }
        }
        let mut report = Report::new();
        let captions = vtt::read("a.vtt", &bytes, &mut report);
        let text = report.to_text(false);
        assert!(
            text.len() < 1 << 20,
            "the report of seed {seed} can be read"
        );
        for pair in captions.windows(2) {
            assert!(pair[0].start <= pair[1].start, "seed {seed}: in order");
        }
        for caption in &captions {
            assert!(
                caption.start < caption.end,
                "seed {seed}: shown for a while"
            );
            let text = caption.text();
            let is_boundary = |(at, _): &(usize, Duration)| text.is_char_boundary(*at);
            assert!(
                caption.reveals.iter().all(is_boundary),
                "seed {seed}: reveals"
            );
        }
    }
}

#[test]
fn large_files_are_read_soon_and_cut() {
    let mut text = String::from("WEBVTT\n\n");
    for _ in 0..60_000 {
        text.push_str("00:01.000 --> 00:02.000\n<b><b><b>&&&&&&&\n\n");
    }
    let mut report = Report::new();
    let captions = vtt::read("a.vtt", text.as_bytes(), &mut report);
    assert_eq!(captions.len(), vtt::MOST_CAPTIONS);
    let open = "WEBVTT\n\n00:01.000 --> 00:02.000\n".to_owned() + &"<v ".repeat(1_000_000);
    assert_eq!(
        vtt::read("a.vtt", open.as_bytes(), &mut report),
        [],
        "one endless tag"
    );
}

#[test]
fn captions_of_a_time_are_found() {
    let text = "WEBVTT\n\n00:01.000 --> 00:04.000\na\n\n00:02.000 --> 00:03.000\nb\n";
    let captions = vtt::read("a.vtt", text.as_bytes(), &mut Report::new());
    let shown = |millis| -> String {
        at(&captions, Duration::from_millis(millis))
            .map(Caption::text)
            .collect()
    };
    let expected = [(0, ""), (1000, "a"), (2500, "ab"), (3000, "a"), (4000, "")];
    for (millis, text) in expected {
        assert_eq!(shown(millis), text, "at {millis} ms");
    }
}

#[test]
fn sentences_are_found_in_every_script() {
    for (text, expected) in [
        ("One. Two! Three?", vec!["One.", "Two!", "Three?"]),
        (
            "Dr. Wu found 3.5 m of silk. Fine.",
            vec!["Dr. Wu found 3.5 m of silk.", "Fine."],
        ),
        ("“Stop.” He stood.", vec!["“Stop.”", "He stood."]),
        (
            "这是洞窟。它很古老！“是吗？”对。",
            vec!["这是洞窟。", "它很古老！", "“是吗？”", "对。"],
        ),
        ("هل ترى؟ نعم۔", vec!["هل ترى؟", "نعم۔"]),
        ("यह गुफा है। यह पुरानी है॥", vec!["यह गुफा है।", "यह पुरानी है॥"]),
        (
            "Wait... what? J. S. Bach",
            vec!["Wait...", "what?", "J. S. Bach"],
        ),
        ("A title\n\nThen words.", vec!["A title", "Then words."]),
        ("", vec![]),
        ("...", vec!["..."]),
    ] {
        assert_eq!(make::sentences(text), expected, "sentences of {text:?}");
    }
}

#[test]
fn lines_are_short_even_and_whole() {
    let text = "The painters came from far away, and they stayed in this cave for three winters.";
    let lines = break_lines(text, &language("en"));
    assert_eq!(lines.len(), 2, "{lines:?}");
    let (first, second) = (lines[0].len(), lines[1].len());
    assert!(
        first.abs_diff(second) < 12,
        "{lines:?} are about as long as each other"
    );
    assert!(lines.iter().all(|line| line.len() <= 42), "{lines:?} fit");
    assert_eq!(lines.join(" "), text, "no word is lost");
    let zh = "这幅壁画绘于公元八世纪，描绘了商队穿越沙漠的情景，画师的名字已无人知晓。";
    let lines = break_lines(zh, &language("zh-Hans"));
    assert_eq!(lines.concat(), zh, "no character is lost");
    for line in &lines {
        assert!(line.chars().count() <= 16, "{line} fits");
        assert!(
            !line.starts_with(['，', '。']),
            "{line} begins with no mark"
        );
    }
    let long = break_lines(&"x".repeat(100), &language("en"));
    assert_eq!(long.len(), 1, "a word that is too long stands alone");
}

#[test]
fn chinese_is_broken_after_a_mark_where_there_is_one() {
    for text in [
        "处处各有所司：四壁之上，/说法者与听者。",
        "门上的孔洞，/昔日插着木构窟檐的梁。",
        "他们出资开窟，/将自己画成永远走向佛前的人。",
        "请看这些小像：/数以百计，却自有次序。",
    ] {
        let lines = break_lines(&text.replace('/', ""), &language("zh-Hans"));
        assert_eq!(lines.join("/"), text, "no word is cut");
    }
    let lines = break_lines(
        "石窟寺院建筑群落之中轴线上的那座小小佛塔",
        &language("zh-Hans"),
    );
    assert_eq!(lines.len(), 2, "without a mark it is broken all the same");
    assert!(
        lines[0].chars().count().abs_diff(lines[1].chars().count()) < 3,
        "evenly"
    );
}

#[test]
fn french_marks_stay_with_their_words() {
    let text = "Combien de gammes de couleurs en tout ? « Six », dit-on souvent : et pourtant, qui les a comptées !";
    for columns in 12..60 {
        for line in lines::split_evenly(text, columns) {
            assert!(
                !line.starts_with(['?', ':', '!', '»']) && !line.ends_with('«'),
                "in {columns} columns a line is {line:?}"
            );
        }
    }
}

#[test]
fn captions_are_made_of_words() {
    let text = "Welcome to the Cave of Lamps. Twelve centuries ago, painters from far away covered every wall of this chamber with gardens, lions and dancers, and then a sandstorm closed its door for eight hundred years. Look up!";
    let length = Duration::from_secs(20);
    let captions = make(
        text,
        &language("en"),
        length,
        crate::diagnostic::Span::default(),
    );
    assert!(captions.len() >= 4, "{captions:#?}");
    assert_eq!(captions[0].start, Duration::ZERO);
    assert_eq!(captions[captions.len() - 1].end, length);
    let all: Vec<String> = captions
        .iter()
        .map(|one| one.text().replace('\n', " "))
        .collect();
    assert_eq!(all.join(" "), text, "every word is there, once");
    for (caption, next) in captions.iter().zip(&captions[1..]) {
        assert_eq!(caption.end, next.start, "one follows the other");
    }
    for caption in &captions {
        let lines: Vec<String> = caption.text().lines().map(str::to_owned).collect();
        assert!(lines.len() <= MOST_LINES, "{lines:?}");
        assert!(
            lines.iter().all(|line| line.chars().count() <= 42),
            "{lines:?}"
        );
    }
    let none = make(
        "",
        &language("zh"),
        Duration::ZERO,
        crate::diagnostic::Span::default(),
    );
    assert_eq!(none, [], "nothing to read");
}

#[test]
fn making_captions_survives_any_text() {
    let parts = [
        "word",
        " ",
        ".",
        "。",
        "洞",
        "\n",
        "\n\n",
        "،",
        "…",
        "Dr.",
        "\u{A0}",
        "”",
        "3.5",
        "👩‍🚀",
        "\u{200F}",
        "é",
        "ক",
    ];
    for seed in 0..1500 {
        let mut random = Random(seed);
        let text: String = (0..random.below(120))
            .map(|_| random.pick(&parts))
            .collect();
        for tag in ["en", "zh", "ja", "ar", "ko"] {
            let length = Duration::from_millis(random.next() % 60_000);
            for caption in make(
                &text,
                &language(tag),
                length,
                crate::diagnostic::Span::default(),
            ) {
                assert!(caption.start <= caption.end, "seed {seed}: in order");
                assert!(!caption.text().is_empty(), "seed {seed}: something to read");
            }
        }
    }
    let long = "word ".repeat(200_000);
    assert!(
        !make(
            &long,
            &language("en"),
            Duration::from_secs(9),
            crate::diagnostic::Span::default()
        )
        .is_empty()
    );
}

#[test]
fn reading_speed_counts_as_the_guides_do() {
    let speed = |tag: &str| ReadingSpeed::of(&language(tag));
    assert!(
        (speed("zh-Hant").characters("洞窟ab") - 3.0).abs() < 1e-6,
        "half-width is a half"
    );
    assert!((speed("fr").characters("grotte") - 6.0).abs() < 1e-6);
    assert!(speed("ja").most_cps < speed("zh").most_cps);
    assert!(speaking_time("这是一个古老的洞窟。", &language("zh")) > Duration::from_secs(2));
}
