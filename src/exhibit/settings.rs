//! What a visitor chooses for a visit: how loud, whether to read, how large and on
//! what ground. It is forgotten
//! with the visit.

use super::{
    intent::Wish,
    stage::CurrentStage,
    visitor::{VisitorSystems, Wished},
};
use crate::scene::schema::Through;
use crate::visit::{checkpoint::LeftSettings, comfort::CaptionGround};
use bevy::prelude::*;

/// Steps of the volume; the last is as loud as the exhibit is made.
pub const LOUDEST: u8 = 10;
/// A step of the volume, dB: a tenth of the way sounds like a tenth.
const STEP_DB: f32 = 4.0;
/// Silence, dB.
const SILENT_DB: f32 = -120.0;

/// How large letters are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TextSize {
    /// As designed.
    #[default]
    Usual,
    /// Large: for who left their glasses at home.
    Large,
    /// Very large.
    Largest,
}

impl TextSize {
    const ALL: [Self; 3] = [Self::Usual, Self::Large, Self::Largest];

    /// Times the usual size.
    pub fn scale(self) -> f32 {
        match self {
            Self::Usual => 1.0,
            Self::Large => 1.35,
            Self::Largest => 1.75,
        }
    }

    fn next(self) -> Self {
        match self {
            Self::Usual => Self::Large,
            Self::Large => Self::Largest,
            Self::Largest => Self::Usual,
        }
    }
}

/// See the module's documentation.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisitSettings {
    /// 0 to [`LOUDEST`].
    pub volume: u8,
    /// Nothing is heard, whatever the volume.
    pub is_muted: bool,
    /// What is said can be read.
    pub has_captions: bool,
    /// Of captions and panels.
    pub text_size: TextSize,
    /// What captions stand on.
    pub caption_ground: CaptionGround,
    /// What the visitor listens through, where they chose; else what the exhibit says.
    pub through: Option<Listens>,
}

/// What a visitor listens through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listens {
    /// Headphones.
    Headphones,
    /// Two loudspeakers.
    Loudspeakers,
    /// One.
    OneLoudspeaker,
}

impl Listens {
    const ALL: [Self; 3] = [Self::Headphones, Self::Loudspeakers, Self::OneLoudspeaker];

    /// What an exhibit says.
    pub fn of(through: &Through) -> Self {
        match through {
            Through::Headphones => Self::Headphones,
            Through::Loudspeakers => Self::Loudspeakers,
            Through::OneLoudspeaker => Self::OneLoudspeaker,
        }
    }

    fn next(self) -> Self {
        match self {
            Self::Headphones => Self::Loudspeakers,
            Self::Loudspeakers => Self::OneLoudspeaker,
            Self::OneLoudspeaker => Self::Headphones,
        }
    }
}

impl Default for VisitSettings {
    fn default() -> Self {
        Self {
            volume: LOUDEST,
            is_muted: false,
            has_captions: true,
            text_size: TextSize::Usual,
            caption_ground: CaptionGround::Plate,
            through: None,
        }
    }
}

impl VisitSettings {
    /// Heeds a wish; whether it was about these settings.
    pub fn heed(&mut self, wish: Wish) -> bool {
        match wish {
            Wish::Louder => {
                self.volume = if self.is_muted {
                    self.volume.max(1)
                } else {
                    (self.volume + 1).min(LOUDEST)
                };
                self.is_muted = false;
            }
            Wish::Softer => self.volume = self.volume.saturating_sub(1),
            Wish::ToggleSound => self.is_muted = !self.is_muted,
            Wish::ToggleCaptions => self.has_captions = !self.has_captions,
            Wish::NextTextSize => self.text_size = self.text_size.next(),
            Wish::NextCaptionGround => self.caption_ground = self.caption_ground.next(),
            _ => return false,
        }
        true
    }

    /// What the next process takes up when this one dies.
    #[must_use]
    pub fn left(&self) -> LeftSettings {
        let text_size = TextSize::ALL
            .iter()
            .position(|size| *size == self.text_size);
        LeftSettings {
            volume: Some(self.volume),
            is_muted: Some(self.is_muted),
            has_captions: Some(self.has_captions),
            text_size: text_size.and_then(|index| u8::try_from(index).ok()),
            caption_ground: Some(self.caption_ground),
            through: (self.through)
                .and_then(|own| Listens::ALL.iter().position(|one| *one == own))
                .and_then(|index| u8::try_from(index).ok()),
        }
    }

    /// Goes on with what another process left, as far as it makes sense.
    pub fn take_up(&mut self, left: &LeftSettings) {
        let size = left.text_size.map(usize::from);
        *self = Self {
            volume: left.volume.unwrap_or(self.volume).min(LOUDEST),
            is_muted: left.is_muted.unwrap_or(self.is_muted),
            has_captions: left.has_captions.unwrap_or(self.has_captions),
            text_size: size
                .and_then(|index| TextSize::ALL.get(index).copied())
                .unwrap_or(self.text_size),
            caption_ground: left.caption_ground.unwrap_or(self.caption_ground),
            through: (left.through)
                .and_then(|index| Listens::ALL.get(usize::from(index)).copied())
                .or(self.through),
        };
    }

    /// The gain of everything, dB; 0 at most.
    pub fn gain_db(&self) -> f32 {
        if self.is_muted || self.volume == 0 {
            SILENT_DB
        } else {
            -STEP_DB * f32::from(LOUDEST - self.volume.min(LOUDEST))
        }
    }

    /// The volume as it is shown, percent.
    pub fn volume_percent(&self) -> u32 {
        u32::from(self.volume) * 100 / u32::from(LOUDEST)
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<VisitSettings>().add_systems(
        Update,
        heed_wishes
            .after(VisitorSystems::Wish)
            .before(VisitorSystems::Move),
    );
}

fn heed_wishes(
    mut wishes: MessageReader<Wished>,
    mut settings: ResMut<VisitSettings>,
    stage: Option<Res<CurrentStage>>,
) {
    for Wished(wish) in wishes.read() {
        let mut own = *settings;
        if *wish == Wish::NextThrough {
            let usual = stage
                .as_ref()
                .map(|stage| Listens::of(&stage.0.sounds.through));
            let now = own.through.or(usual).unwrap_or(Listens::Headphones);
            own.through = Some(now.next());
        }
        own.heed(*wish);
        settings.set_if_neq(own);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volume_goes_in_steps_and_muting_is_taken_back() {
        let mut settings = VisitSettings::default();
        assert_eq!(settings.gain_db(), 0.0, "at first as the exhibit is made");
        settings.heed(Wish::Louder);
        assert_eq!(settings.gain_db(), 0.0, "never louder than that");
        settings.heed(Wish::Softer);
        assert_eq!(settings.gain_db(), -STEP_DB, "a step softer");
        settings.heed(Wish::ToggleSound);
        assert_eq!(settings.gain_db(), SILENT_DB, "muted");
        settings.heed(Wish::ToggleSound);
        assert_eq!(settings.gain_db(), -STEP_DB, "as it was before");
        settings.heed(Wish::ToggleSound);
        settings.heed(Wish::Louder);
        assert_eq!(
            (settings.is_muted, settings.gain_db()),
            (false, -STEP_DB),
            "who turns it up wants to hear"
        );
        for _ in 0..20 {
            settings.heed(Wish::Softer);
        }
        assert_eq!(settings.gain_db(), SILENT_DB, "all the way down is silence");
        assert!(!settings.heed(Wish::Select), "other wishes are not its own");
    }

    #[test]
    fn choices_are_taken_up_from_a_checkpoint() {
        use crate::visit::checkpoint::Checkpoint;
        let mut chosen = VisitSettings::default();
        for wish in [
            Wish::NextTextSize,
            Wish::NextTextSize,
            Wish::NextCaptionGround,
            Wish::Softer,
            Wish::ToggleSound,
            Wish::ToggleCaptions,
        ] {
            assert!(chosen.heed(wish), "{wish:?} is about these settings");
        }
        chosen.through = Some(Listens::OneLoudspeaker);
        let checkpoint = Checkpoint {
            monitor: chosen.left(),
            ..Checkpoint::default()
        };
        let read = Checkpoint::read(&checkpoint.to_text()).checkpoint;
        let mut again = VisitSettings::default();
        again.take_up(&read.monitor);
        assert_eq!(again, chosen, "as it was chosen");
        let nothing = Checkpoint::read("{\"version\": 1}").checkpoint;
        let mut usual = VisitSettings::default();
        usual.take_up(&nothing.monitor);
        assert_eq!(
            usual,
            VisitSettings::default(),
            "an older text says nothing"
        );
        let wrong =
            "{\"version\": 1, \"monitor\": {\"volume\": 200, \"text_size\": 9, \"through\": 9}}";
        usual.take_up(&Checkpoint::read(wrong).checkpoint.monitor);
        assert_eq!(usual, VisitSettings::default(), "nor does nonsense");
    }

    #[test]
    fn what_is_listened_through_goes_round_and_is_the_exhibit_s_at_first() {
        let mut app = App::new();
        app.add_message::<Wished>();
        plugin(&mut app);
        let chosen = |app: &App| app.world().resource::<VisitSettings>().through;
        assert_eq!(chosen(&app), None, "the exhibit says");
        let heard = [(); 3].map(|()| {
            app.world_mut().write_message(Wished(Wish::NextThrough));
            app.update();
            chosen(&app)
        });
        let expected = [
            Listens::Loudspeakers,
            Listens::OneLoudspeaker,
            Listens::Headphones,
        ];
        assert_eq!(heard, expected.map(Some), "three presses lead back");
    }

    #[test]
    fn letters_grow_and_come_back() {
        let mut settings = VisitSettings::default();
        let mut scales = Vec::new();
        for _ in 0..3 {
            settings.heed(Wish::NextTextSize);
            scales.push(settings.text_size.scale());
        }
        assert!(
            scales[0] > 1.3 && scales[1] > scales[0] && scales[2] == 1.0,
            "large, larger, usual: {scales:?}"
        );
    }

    #[test]
    fn the_ground_of_captions_grows_stronger_and_begins_again() {
        let mut settings = VisitSettings::default();
        let grounds = [(); 3].map(|()| {
            settings.heed(Wish::NextCaptionGround);
            settings.caption_ground
        });
        assert_eq!(
            grounds,
            [
                CaptionGround::Solid,
                CaptionGround::Outline,
                CaptionGround::Plate
            ],
            "three presses are all there is, and lead back"
        );
    }
}
