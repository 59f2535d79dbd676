//! The parent's hands: processes, pipes, a clock. Its mind is [`Supervisor`].

use super::{FRAMES, notify::Notifier};
use crate::visit::supervisor::{
    Effect, Exit, Input, Mode, Notice, Preference, Supervisor, SupervisorSettings, exit_code,
};
use bevy::log::{info, warn};
use std::{
    ffi::OsString,
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, Sender, channel},
    time::{Duration, Instant},
};

/// How to keep an exhibit alive.
#[derive(Debug, Clone)]
pub struct ParentOptions {
    /// This program.
    pub program: PathBuf,
    /// The arguments of an exhibit's process in the headset, and without one.
    pub headset: Vec<OsString>,
    /// See [`Self::headset`]; `None` where there is no display to show it on.
    pub flat: Option<Vec<OsString>>,
    /// Added where a checkpoint is to be taken up.
    pub resume: OsString,
    /// The arguments of a process that says by exit code 0 that a headset is there.
    pub probe: Vec<OsString>,
    /// What the operator asked for.
    pub preference: Preference,
    /// How patient to be.
    pub settings: SupervisorSettings,
    /// The first process takes up the checkpoint.
    pub resumes: bool,
}

/// Between two looks at the child.
const TICK: Duration = Duration::from_millis(50);

/// Keeps an exhibit alive until it is closed; returns the exit code.
#[expect(
    clippy::disallowed_methods,
    reason = "the shell measures; the supervisor's mind is told"
)]
pub fn run(options: &ParentOptions) -> u8 {
    let began = Instant::now();
    let mut mind = Supervisor::new(options.settings, options.preference, options.resumes);
    let mut hands = Hands::new(options);
    loop {
        let mut inputs = hands.look();
        inputs.push(Input::Tick);
        let mut queue = std::collections::VecDeque::from(inputs);
        while let Some(input) = queue.pop_front() {
            for effect in mind.step(began.elapsed(), input) {
                match hands.carry_out(effect) {
                    Done::Nothing => {}
                    Done::Say(input) => queue.push_back(input),
                    Done::Exit(code) => return code,
                }
            }
        }
        std::thread::sleep(TICK);
    }
}

/// What came of an effect.
enum Done {
    Nothing,
    Say(Input),
    Exit(u8),
}

struct Hands<'a> {
    options: &'a ParentOptions,
    notifier: Notifier,
    exhibit: Exhibit,
    probe: Option<Child>,
    frames: (Sender<u64>, Receiver<u64>),
    has_shown: bool,
}

/// What runs.
enum Exhibit {
    None,
    Process(Child),
    /// No display to show it on: a child that does nothing, well.
    Nobody {
        frames: u64,
        is_ended: bool,
    },
}

impl<'a> Hands<'a> {
    fn new(options: &'a ParentOptions) -> Self {
        Self {
            options,
            notifier: Notifier::from_environment(),
            exhibit: Exhibit::None,
            probe: None,
            frames: channel(),
            has_shown: false,
        }
    }

    /// What happened since the last look.
    fn look(&mut self) -> Vec<Input> {
        let mut inputs = Vec::new();
        if let Some(frames) = self.frames.1.try_iter().last() {
            self.has_shown = true;
            inputs.push(Input::Frames(frames));
        }
        match &mut self.exhibit {
            Exhibit::None => {}
            Exhibit::Process(child) => match child.try_wait() {
                Ok(None) => {}
                Ok(Some(status)) => {
                    inputs.push(Input::Exited(ended(status)));
                    self.exhibit = Exhibit::None;
                }
                Err(error) => warn!("the exhibit's process cannot be looked at: {error}"),
            },
            Exhibit::Nobody { is_ended: true, .. } => {
                inputs.push(Input::Exited(Exit::Code(exit_code::HEADSET_APPEARED)));
                self.exhibit = Exhibit::None;
            }
            Exhibit::Nobody { frames, .. } => {
                *frames += 1;
                inputs.push(Input::Frames(*frames));
            }
        }
        if let Some(probe) = &mut self.probe
            && let Ok(Some(status)) = probe.try_wait()
        {
            inputs.push(Input::Probed(status.success()));
            self.probe = None;
        }
        inputs
    }

    fn carry_out(&mut self, effect: Effect) -> Done {
        match effect {
            Effect::Spawn { mode, resumes } => return self.spawn(mode, resumes),
            Effect::Terminate => match &mut self.exhibit {
                // The end of its standard input is the end of the child.
                Exhibit::Process(child) => drop(child.stdin.take()),
                Exhibit::Nobody { is_ended, .. } => *is_ended = true,
                Exhibit::None => {}
            },
            Effect::Kill => match &mut self.exhibit {
                Exhibit::Process(child) => {
                    if let Err(error) = child.kill() {
                        warn!("the exhibit's process cannot be killed: {error}");
                    }
                }
                Exhibit::Nobody { is_ended, .. } => *is_ended = true,
                Exhibit::None => {}
            },
            Effect::Probe => {
                self.end_probe();
                let probe = self
                    .command(&self.options.probe)
                    .stdout(Stdio::null())
                    .spawn();
                match probe {
                    Ok(child) => self.probe = Some(child),
                    Err(error) => {
                        warn!("nobody can look for a headset: {error}");
                        return Done::Say(Input::Probed(false));
                    }
                }
            }
            Effect::Notify(notice) => self.notifier.send(&notice),
            Effect::Exit(code) => {
                self.end_probe();
                return Done::Exit(code);
            }
            Effect::Note(text) => info!("{text}"),
        }
        Done::Nothing
    }

    fn spawn(&mut self, mode: Mode, resumes: bool) -> Done {
        let arguments = match (mode, &self.options.flat) {
            (Mode::Headset, _) => &self.options.headset,
            (Mode::Flat, Some(flat)) => flat,
            (Mode::Flat, None) if self.has_shown => {
                info!("no headset, and no display here: waiting for a headset");
                self.exhibit = Exhibit::Nobody {
                    frames: 0,
                    is_ended: false,
                };
                return Done::Nothing;
            }
            (Mode::Flat, None) => {
                warn!("no headset, and no display here");
                self.notifier
                    .send(&Notice::Status("no headset and no display".to_owned()));
                return Done::Exit(exit_code::NO_GRAPHICS);
            }
        };
        let mut command = self.command(arguments);
        if resumes {
            command.arg(&self.options.resume);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        match command.spawn() {
            Ok(mut child) => {
                if let Some(output) = child.stdout.take() {
                    // A new line of life: what an old child still says is not of this one.
                    self.frames = channel();
                    let frames = self.frames.0.clone();
                    // The thread ends with the child's output.
                    std::thread::spawn(move || listen(output, &frames));
                }
                self.exhibit = Exhibit::Process(child);
                Done::Nothing
            }
            Err(error) => {
                warn!("the exhibit cannot be started: {error}");
                Done::Say(Input::SpawnFailed)
            }
        }
    }

    fn command(&self, arguments: &[OsString]) -> Command {
        let mut command = Command::new(&self.options.program);
        command.args(arguments);
        command
    }

    fn end_probe(&mut self) {
        if let Some(mut probe) = self.probe.take() {
            // One that has ended by itself cannot be killed, and need not be.
            drop(probe.kill());
            drop(probe.wait());
        }
    }
}

/// Takes the child's lines: frames for the parent, words for whoever reads the parent's.
fn listen(output: impl std::io::Read, frames: &Sender<u64>) {
    for line in BufReader::new(output).lines() {
        let Ok(line) = line else { break };
        match line.strip_prefix(FRAMES).map(str::parse) {
            Some(Ok(count)) => {
                if frames.send(count).is_err() {
                    break;
                }
            }
            _ => drop(writeln!(std::io::stdout(), "{line}")),
        }
    }
}

fn ended(status: std::process::ExitStatus) -> Exit {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return Exit::Signal(signal);
    }
    // Windows has wider codes; what does not fit is a crash.
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Exit::Code(code.unwrap_or(101))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// A parent of shell scripts: `headset` plays the exhibit, `probe` says whether there is
    /// a headset.
    fn parent(headset: &str, flat: Option<&str>, probe: &str) -> ParentOptions {
        let script = |text: &str| vec!["-c".into(), text.into(), "child".into()];
        ParentOptions {
            program: "/bin/sh".into(),
            headset: script(headset),
            flat: flat.map(script),
            resume: "--resume".into(),
            probe: script(probe),
            preference: Preference::HeadsetIfAny,
            settings: SupervisorSettings {
                restart_wait: Duration::from_millis(10),
                probe_every: Duration::from_millis(100),
                failure: crate::visit::backoff::BackoffSettings {
                    first: Duration::from_millis(10),
                    cap: Duration::from_millis(50),
                    healthy: Duration::from_secs(60),
                },
                ..SupervisorSettings::default()
            },
            resumes: false,
        }
    }

    #[test]
    fn a_child_that_crashes_is_started_again_and_resumes() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let headset = format!(
            "echo grotto-frames 7; echo \"$1\" >> {log}; \
             [ $(wc -l < {log}) -ge 3 ] && exit 0; kill -9 $$",
            log = log.display()
        );
        let code = run(&parent(&headset, Some("exit 1"), "exit 0"));
        assert_eq!(code, 0, "the third child closes the exhibit");
        let lives = std::fs::read_to_string(&log).unwrap();
        assert_eq!(
            lives, "\n--resume\n--resume\n",
            "the first begins a visit, the others take it up"
        );
    }

    #[test]
    fn without_a_headset_the_monitor_shows_it() {
        let code = run(&parent(
            "exit 99",
            Some("echo grotto-frames 1; exit 0"),
            "exit 14",
        ));
        assert_eq!(code, 0, "the flat child runs and is closed");
        let code = run(&parent("exit 99", None, "exit 14"));
        assert_eq!(
            code,
            exit_code::NO_GRAPHICS,
            "with neither headset nor display nothing can be shown"
        );
    }

    #[test]
    fn a_headset_that_appears_ends_the_flat_child_in_an_orderly_way() {
        let folder = tempfile::tempdir().unwrap();
        let there = folder.path().join("there");
        let ended = folder.path().join("ended");
        let flat = format!(
            "echo grotto-frames 1; touch {}; cat > /dev/null; touch {}; exit 0",
            there.display(),
            ended.display()
        );
        let probe = format!("[ -e {} ]", there.display());
        let code = run(&parent("echo grotto-frames 1; exit 0", Some(&flat), &probe));
        assert_eq!(code, 0, "the headset's child runs and is closed");
        assert!(ended.exists(), "the flat child saw its standard input end");
    }
}
