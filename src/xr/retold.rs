//! Another language, chosen in the menu: what only a headset has follows.

use crate::{
    exhibit::{language::LanguageChanged, visitor::VisitorSystems},
    render::loading::CurrentStage,
};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(
        Update,
        follow
            .run_if(on_message::<LanguageChanged>)
            .after(VisitorSystems::Move),
    );
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
