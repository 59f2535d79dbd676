//! How loud the visitor wants it, and what they listen through.

use bevy::prelude::*;

use super::{Output, SoundSettings, SoundStage};
use crate::exhibit::{
    heard::StagedSounds,
    settings::{Listens, VisitSettings},
};

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, follow);
}

/// What sounds are made for: as the visitor chose, else as the exhibit says.
pub fn output(chosen: Option<Listens>, sounds: &StagedSounds) -> Output {
    match chosen.unwrap_or(Listens::of(&sounds.through)) {
        Listens::Headphones => sounds.head.clone().map_or(Output::Headphones, Output::Sofa),
        Listens::Loudspeakers => Output::Stereo,
        Listens::OneLoudspeaker => Output::Mono,
    }
}

/// The visitor's volume becomes the master's; while a visit waits, so does what tells something: a voice
/// that went on would lead a tour on to which nobody listens.
fn follow(
    chosen: Option<Res<VisitSettings>>,
    stage: Res<SoundStage>,
    time: Res<Time<Virtual>>,
    mut settings: ResMut<SoundSettings>,
) {
    let is_paused = time.is_paused();
    let is_new = stage.is_changed()
        || chosen.as_ref().is_some_and(|own| own.is_changed())
        || is_paused != settings.is_paused;
    if !is_new {
        return;
    }
    let chosen = chosen.map(|chosen| *chosen).unwrap_or_default();
    let new = SoundSettings {
        output: output(chosen.through, &stage.0),
        master_db: chosen.gain_db(),
        is_paused,
        ..settings.clone()
    };
    settings.set_if_neq(new);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::schema::Through;

    #[test]
    fn what_sounds_waits_while_the_visit_waits() {
        let mut app = App::new();
        app.add_plugins(MinimalPlugins)
            .init_resource::<SoundStage>()
            .init_resource::<SoundSettings>()
            .add_plugins(plugin);
        let mut is_paused = |waits: bool| {
            let mut time = app.world_mut().resource_mut::<Time<Virtual>>();
            if waits {
                time.pause()
            } else {
                time.unpause()
            }
            app.update();
            app.world().resource::<SoundSettings>().is_paused
        };
        assert!(!is_paused(false));
        assert!(is_paused(true), "nobody wears the headset");
        assert!(!is_paused(false), "somebody does");
    }

    #[test]
    fn the_visitor_s_choice_goes_before_the_exhibit_s_and_a_head_is_for_headphones() {
        let own = std::path::PathBuf::from("museum.sofa");
        let sounds = StagedSounds {
            through: Through::Loudspeakers,
            head: Some(own.clone()),
            ..StagedSounds::default()
        };
        assert_eq!(output(None, &sounds), Output::Stereo, "as the exhibit says");
        let chosen = |listens| output(Some(listens), &sounds);
        assert_eq!(chosen(Listens::Headphones), Output::Sofa(own), "its head");
        assert_eq!(chosen(Listens::OneLoudspeaker), Output::Mono, "as chosen");
        let plain = StagedSounds::default();
        assert_eq!(
            output(None, &plain),
            Output::Headphones,
            "the built-in head"
        );
    }
}
