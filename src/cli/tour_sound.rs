//! The sound of a tour's film: the same graph as in the exhibit, rendered faster than time.

use super::{Outcome, tour_film::Moment};
use crate::{
    exhibit::{heard::StagedSounds, settings::Listens, telling::Telling},
    render::headless::Headless,
    sound::{
        Order, ears,
        offline::{self, Cue},
        output,
        story::{self, name, score, voice_lengths},
    },
};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// Says how long the voices take: the tour goes on when they end.
pub(super) fn measure(telling: &mut Telling, sounds: &StagedSounds) {
    for (utterance, length) in voice_lengths(sounds) {
        telling.measure(utterance, length);
    }
}

/// Renders what was heard to a file in `folder`; `None` where there is nothing to hear.
pub(super) fn write(
    headless: &Headless,
    moments: &[Moment],
    length: Duration,
    folder: &Path,
) -> Result<Option<PathBuf>, Outcome> {
    let sounds = headless.stage().sounds.clone();
    if sounds.sounds.is_empty() && sounds.voices.is_empty() {
        return Ok(None);
    }
    let heard = moments.iter().map(|moment| story::Moment {
        at: moment.at,
        ears: ears::head(&moment.ears),
        heard: &moment.heard,
    });
    let mut score = score(
        sounds.clone(),
        // Films are listened to with headphones.
        output(Some(Listens::Headphones), &sounds),
        length,
        heard,
        |at_in_world| ears::room_at(&sounds, at_in_world),
    );
    if let Some(rock) = headless.collider() {
        let mut known = Vec::new();
        for moment in moments {
            let secs = moment.at.as_secs_f32();
            let eye = moment.ears.eye_in_world;
            for (sound, amount) in ears::occlusions(&sounds, eye, secs, rock, &mut known) {
                score.cues.push(Cue {
                    at_secs: moment.at.as_secs_f64(),
                    order: Order::Occlude {
                        id: name(sound),
                        amount,
                    },
                });
            }
        }
    }
    let path = folder.join("sound.wav");
    let failed =
        |error: &dyn std::fmt::Display| Outcome::CannotWrite(format!("the film's sound: {error}"));
    let file = std::fs::File::create(&path).map_err(|error| failed(&error))?;
    let mut file = std::io::BufWriter::new(file);
    offline::render_wav(&score, &mut file).map_err(|error| failed(&error))?;
    Ok(Some(path))
}
