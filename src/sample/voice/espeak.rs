//! eSpeak NG as a program that is asked: <https://github.com/espeak-ng/espeak-ng>. It is GPL
//! and is not part of Grotto; what it says is nobody's work but the author's of the words.

use crate::sample::sounds::wav::{self, Pcm};
use crate::scene::schema::Language;
use std::io::Write;
use std::process::{Command, Stdio};

const PROGRAM: &str = "espeak-ng";

/// The program, which has answered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Espeak(());

/// The voice of a language and its speed, words a minute by the program's own count: calm
/// for a guide. Chinese syllables are words to it.
fn voice(language: &Language) -> (String, u32) {
    let tag = language.as_str();
    match tag.split('-').next().unwrap_or(tag) {
        "zh" | "cmn" => ("cmn".into(), 240),
        "en" => ("en-gb".into(), 148),
        "fr" => ("fr-fr".into(), 128),
        other => (other.to_owned(), 150),
    }
}

impl Espeak {
    /// The program, if it is installed.
    pub(crate) fn find() -> Option<Self> {
        let mut asked = Command::new(PROGRAM);
        asked.arg("--version").stdin(Stdio::null());
        let answer = asked.output().ok()?;
        answer.status.success().then_some(Self(()))
    }

    /// Says a sentence; `None` where it cannot, or not in this language.
    pub(crate) fn say(self, sentence: &str, language: &Language) -> Option<Pcm> {
        let (voice, speed) = voice(language);
        let mut child = Command::new(PROGRAM)
            .args(["-v", &voice, "-s", &speed.to_string(), "-p", "38"])
            .args(["-b", "1", "--stdin", "--stdout"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        // A sentence fits into a pipe: writing it does not wait for the answer to be read.
        let written = child
            .stdin
            .take()
            .map(|mut stdin| stdin.write_all(sentence.as_bytes()));
        let answer = child.wait_with_output().ok()?;
        let is_well = answer.status.success() && matches!(written, Some(Ok(())));
        let pcm = wav::read(&answer.stdout).filter(|pcm| is_well && pcm.rate > 0)?;
        let is_heard = pcm.samples.iter().any(|sample| *sample != 0);
        is_heard.then_some(pcm)
    }
}
