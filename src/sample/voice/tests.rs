use super::lines::Line;
use super::*;
use crate::diagnostic::Report;
use crate::scene::schema::Language;
use crate::tour::captions::{ends_clause as captions_ends_clause, vtt};

const SCENE: &str = r#"(
    format: 1,
    title: "Voices",
    languages: ["en", "zh-Hans"],
    tours: [(
        id: "one",
        title: {"en": "One", "zh-Hans": "一"},
        steps: [(
            id: "first",
            say: (
                text: {"en": "Look here. And here, for a while.", "zh-Hans": "请看这里。再看那里。"},
                sound: {"en": "voice/en/first.wav", "zh-Hans": "voice/zh/first.wav"},
                captions: {"en": "voice/en/first.vtt", "zh-Hans": "voice/zh/first.vtt"},
            ),
        )],
    )],
)"#;

fn run(dir: &Path, scene: &str) -> Voiced {
    write_all(dir, &exhibit(scene).unwrap(), Voice::Silent, &|_| {}).unwrap()
}

fn line(text: &str, language: &str) -> Line {
    Line {
        text: text.into(),
        language: Language::parse(language).unwrap(),
        wav: "voice/a.wav".into(),
        vtt: "voice/a.vtt".into(),
    }
}

fn captions(dir: &Path, path: &str) -> Vec<crate::tour::captions::Caption> {
    let mut report = Report::new();
    let bytes = std::fs::read(dir.join(path)).unwrap();
    let read = vtt::read(path, &bytes, &mut report);
    assert!(report.is_empty(), "{}", report.to_text(false));
    read
}

#[test]
fn silence_is_as_long_as_the_words_and_its_captions_fit() {
    let dir = tempfile::tempdir().unwrap();
    let voiced = run(dir.path(), SCENE);
    assert_eq!(
        (voiced.silent, voiced.spoken, voiced.own),
        (2, 0, 0),
        "one file a language"
    );
    assert!(voiced.advice().is_some(), "who waits is told");
    for folder in ["en", "zh"] {
        let bytes = std::fs::read(dir.path().join(format!("voice/{folder}/first.wav"))).unwrap();
        let secs = wav::length_secs(&bytes).unwrap();
        assert!((2.0..9.0).contains(&secs), "{folder} takes {secs} s");
        let captions = captions(dir.path(), &format!("voice/{folder}/first.vtt"));
        assert_eq!(captions.len(), 2, "one caption a sentence");
        assert!(
            captions[0].start.as_secs_f32() > 0.2,
            "the first waits for the voice"
        );
        let end = captions[1].end.as_secs_f32();
        assert!(
            (0.1..0.3).contains(&(secs - end)),
            "the last goes a moment before the rest is over: {end} of {secs} s"
        );
    }
}

#[test]
fn own_recordings_stay_and_get_captions_of_their_length() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), SCENE);
    let place = dir.path().join("voice/en/first.wav");
    let own = wav::bytes(16_000, &vec![9; 16_000 * 20]);
    std::fs::write(&place, &own).unwrap();
    for _ in 0..2 {
        let voiced = run(dir.path(), SCENE);
        assert_eq!((voiced.silent, voiced.own), (1, 1), "one file is theirs");
        assert_eq!(
            std::fs::read(&place).unwrap(),
            own,
            "it is not written over"
        );
        let end = captions(dir.path(), "voice/en/first.vtt")
            .last()
            .unwrap()
            .end;
        assert!(
            (end.as_secs_f32() - 20.0).abs() < 0.01,
            "captions follow the new voice to its end at 20 s, not {end:?}"
        );
    }
    // Their own captions stay as well.
    let theirs = "WEBVTT\n\n00:01.000 --> 00:02.000\nHere.\n";
    std::fs::write(dir.path().join("voice/en/first.vtt"), theirs).unwrap();
    run(dir.path(), SCENE);
    run(dir.path(), &SCENE.replace("for a while", "for long"));
    assert_eq!(
        std::fs::read_to_string(dir.path().join("voice/en/first.vtt")).unwrap(),
        theirs,
        "captions that somebody wrote are not written over"
    );
    std::fs::remove_file(&place).unwrap();
    run(dir.path(), SCENE);
    assert_ne!(
        std::fs::read(&place).unwrap(),
        own,
        "who removes a file gets ours again"
    );
}

#[test]
fn changed_words_are_said_anew() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), SCENE);
    let read = |path: &str| std::fs::read(dir.path().join(path)).unwrap();
    let (en, zh) = (read("voice/en/first.wav"), read("voice/zh/first.wav"));
    run(
        dir.path(),
        &SCENE.replace("for a while", "for a long, long, long while"),
    );
    assert_ne!(read("voice/en/first.wav"), en, "English has changed");
    assert_eq!(read("voice/zh/first.wav"), zh, "Chinese has not");
}

#[test]
fn captions_are_written_as_they_are_read() {
    let recording = Recording::silent(&line(
        "A < B & C: one. Then a sentence so long that it must be broken into several captions, \
         each of two lines at most, for nobody reads more than that while listening to a voice.",
        "en",
    ));
    let text = web_vtt(&recording.captions);
    let mut report = Report::new();
    let read = vtt::read("a.vtt", text.as_bytes(), &mut report);
    assert!(report.is_empty(), "{}", report.to_text(false));
    assert_eq!(read.len(), recording.captions.len(), "none is lost");
    for (read, written) in read.iter().zip(&recording.captions) {
        assert_eq!(read.text(), written.text(), "the words are the same");
        let off = read.start.abs_diff(written.start);
        assert!(off.as_millis() <= 1, "the times are the same: {off:?}");
    }
}

/// Where the program is installed it is heard; where it is not, there is nothing to test.
#[test]
fn espeak_speaks_each_language_where_it_is_installed() {
    let Some(espeak) = Espeak::find() else {
        eprintln!("espeak-ng is not installed: skipped");
        return;
    };
    for (text, language) in [
        ("Good morning. Come in.", "en"),
        ("您好。请进。", "zh-Hans"),
        ("Bonjour. Entrez.", "fr"),
    ] {
        let recording = Recording::spoken(&line(text, language), &espeak)
            .unwrap_or_else(|| panic!("espeak-ng says {text}"));
        let secs = recording.samples.len() as f32 / recording.rate as f32;
        assert!((1.5..8.0).contains(&secs), "{text} takes {secs} s");
        let loudest = recording.samples.iter().map(|s| s.unsigned_abs()).max();
        assert!(loudest > Some(3_000), "{text} is heard: {loudest:?}");
        assert_eq!(recording.captions.len(), 2, "one caption a sentence");
        // The second sentence begins where its caption does.
        let start = recording.captions[1].start.as_secs_f32() * recording.rate as f32;
        let rest = &recording.samples[start as usize - recording.rate as usize / 5..start as usize];
        assert!(
            rest.iter().all(|s| s.unsigned_abs() < 200),
            "before the second sentence of {text} there is a rest"
        );
    }
}

#[test]
fn the_voice_goes_on_where_a_rest_ends() {
    let rate = 1_000;
    let mut samples = vec![0_i16; 2_000];
    for range in [10..600, 800..1_000, 1_020..2_000] {
        samples[range].fill(5_000);
    }
    let said = wav::Pcm { rate, samples };
    let onset = heard::onset_near(&said, 0.7).expect("a rest is near");
    assert!((onset - 0.8).abs() < 0.006, "after the rest: {onset} s");
    let onset = heard::onset_near(&said, 1.0).expect("a rest is near");
    assert!(
        (onset - 0.8).abs() < 0.006,
        "a stop of 20 ms within a word is no rest: {onset} s"
    );
    assert_eq!(heard::onset_near(&said, 1.9), None, "no rest is near");
}

/// Of all that the sample says, in each language, by the energy of the voice: where it begins
/// after it rested, and where it ends. Only where the program is installed.
#[test]
fn captions_come_and_go_with_the_voice() {
    let Some(espeak) = Espeak::find() else {
        eprintln!("espeak-ng is not installed: skipped");
        return;
    };
    let mut inner = 0;
    for line in lines::of(&exhibit(crate::sample::EXHIBIT).unwrap()) {
        let recording = Recording::spoken(&line, &espeak).expect("it can be said");
        let rate = recording.rate as usize;
        // Hundredths of a second in which the voice is heard.
        let is_heard: Vec<bool> = recording
            .samples
            .chunks(rate / 100)
            .map(|part| part.iter().any(|sample| sample.unsigned_abs() > 150))
            .collect();
        let rests_before = |at: usize| at >= 5 && is_heard[at - 5..at].iter().all(|heard| !heard);
        let onsets: Vec<f32> = (0..is_heard.len())
            .filter(|at| is_heard[*at] && rests_before(*at))
            .map(|at| at as f32 * 0.01)
            .collect();
        let captions = &recording.captions;
        for (index, caption) in captions.iter().enumerate() {
            let (begins, ends) = (caption.start.as_secs_f32(), caption.end.as_secs_f32());
            let text = caption.text();
            let before = index.checked_sub(1).map(|before| captions[before].text());
            let rests = before
                .as_ref()
                .is_none_or(|text| text.ends_with(captions_ends_clause));
            inner += usize::from(
                before.is_some_and(|text| !text.ends_with(['.', '!', '?', '。', '！', '？'])),
            );
            let near = |onset: &&f32| (**onset - begins).abs() < 0.25;
            assert!(
                !rests || onsets.iter().any(|onset| near(&onset)),
                "{}: {text:?} is shown from {begins} s, and the voice begins at {onsets:?}",
                line.wav
            );
            // The last sound before the next caption, or of all.
            let until = captions.get(index + 1).map_or(is_heard.len(), |next| {
                (next.start.as_secs_f32() * 100.0) as usize
            });
            let last = is_heard[..until.min(is_heard.len())]
                .iter()
                .rposition(|heard| *heard);
            let silent_at = last.map_or(0.0, |last| (last + 1) as f32 * 0.01);
            assert!(
                ends > silent_at - 0.03 && ends < silent_at + 1.0,
                "{}: {text:?} goes at {ends} s, and the voice ends at {silent_at} s",
                line.wav
            );
        }
    }
    assert!(inner > 10, "sentences are broken into captions: {inner}");
}

#[test]
fn nothing_is_broken_by_a_broken_ledger() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), SCENE);
    std::fs::write(
        dir.path().join("voice/made.tsv"),
        "\u{0}nonsense\ta\nb\tspoken\t1",
    )
    .unwrap();
    let voiced = run(dir.path(), SCENE);
    assert_eq!(
        voiced.own, 2,
        "files of which nobody knows whose they are stay"
    );
}
