//! Another language, chosen in the menu: what only a headset has follows.

use crate::{
    exhibit::{language::LanguageChanged, visitor::VisitorSystems},
    render::loading::CurrentStage,
};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    #[cfg(feature = "sound")]
    app.add_systems(Startup, hear_at_the_ears);
    app.add_systems(
        Update,
        follow
            .run_if(on_message::<LanguageChanged>)
            .after(VisitorSystems::Move),
    );
}

/// A headset has its loudspeakers at the ears, whatever the exhibit says of the room's.
#[cfg(feature = "sound")]
fn hear_at_the_ears(mut heard: ResMut<crate::sound::SoundStage>) {
    heard.0 = heard.0.at_the_ears().into();
}

/// Voices are the stage's; the monitor's window is called as the exhibit is.
fn follow(
    stage: Res<CurrentStage>,
    mut windows: Query<&mut Window>,
    #[cfg(feature = "sound")] mut heard: ResMut<crate::sound::SoundStage>,
) {
    info!("everything is said in {} now", stage.0.languages.spoken);
    for mut window in &mut windows {
        window.title = format!("{} – Grotto", stage.0.title);
    }
    #[cfg(feature = "sound")]
    {
        heard.0 = stage.0.sounds.at_the_ears().into();
    }
}
