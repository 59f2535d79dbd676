//! Hotspots: what can be looked at closely, or set off.

use bevy::math::{Vec2, Vec3};

use super::{
    Color, Credit, FilePath, GroupId, HotspotId, LayerId, LightId, LocalizedPath, MeshId, Place,
    Pose, SoundId, SpaceId, Spanned, StepId, SurfaceId, Text, TourId, Value, VariableId,
};

record! {
    /// A spot that answers a visitor.
    pub struct Hotspot {
        /// Its name.
        id: HotspotId = required,
        /// What its marker says.
        title: Text [limit 48] = required,
        /// Where it is.
        at: Shape = required,
        /// The space whose coordinates it uses; the exhibit's own if absent.
        space: Option<SpaceId> = None,
        /// What sets it off; any one of these does.
        triggers: Vec<Trigger> [shown "[Select]"] = (vec![Trigger::Select]),
        /// What then happens, in order. Actions start together unless `Wait` or `WaitForEnd`
        /// stands between them.
        actions: Vec<Action> = (Vec::new()),
        /// Hotspots of one group close each other.
        group: Option<GroupId> = None,
        /// Neither shown nor set off before this holds.
        hidden_until: Option<Condition> = None,
        /// How near a visitor must be to select it.
        reach: f32 [unit "m", range 0.1..=1000.0] = 12.0,
        /// What is read to a visitor who cannot see it; its title if absent.
        alternative: Text = (Text::default()),
    }
}

choice! {
    /// Where a hotspot is.
    pub enum Shape = (Self::Point(Vec3::ZERO)) {
        /// A point `(x, y, z)`.
        Point(Vec3 [unit "m", range -100000.0..=100000.0]),
        /// A ball.
        Sphere {
            /// Its middle.
            center: Vec3 [unit "m", range -100000.0..=100000.0] = required,
            /// Its radius.
            radius: f32 [unit "m", range 0.01..=1000.0] = 0.3,
        },
        /// A box.
        Box {
            /// Its middle.
            center: Vec3 [unit "m", range -100000.0..=100000.0] = required,
            /// Its width (x), height (y) and depth (z).
            size: Vec3 [unit "m", range 0.001..=10000.0] = required,
            /// Turn about +Y: positive turns left, seen from above.
            yaw: f32 [unit "°", range -360.0..=360.0] = 0.0,
        },
        /// A part of a painted surface. Where an animation moves it, it goes along; what bends
        /// (skins, morph targets) is pointed at as it stands in the file.
        SurfaceArea {
            /// The surface.
            surface: SurfaceId = required,
            /// Corners in the surface's texture: (0, 0) is the top left, (1, 1) the bottom right.
            polygon: Vec<Vec2> [range 0.0..=1.0] = (Vec::new()),
            /// A black and white image over the texture; white is the hotspot.
            mask: Option<FilePath> [file Image] = None,
        },
        /// A named node of a mesh, with what hangs below it. Goes along with an animation, as an
        /// area does.
        Node(MeshId, Spanned<String>),
    }
}

choice! {
    /// What sets a hotspot off.
    pub enum Trigger = (Self::Select) {
        /// The visitor points at it and presses.
        Select,
        /// The visitor looks at it for a while.
        Gaze {
            /// How long.
            dwell: f32 [unit "s", range 0.2..=60.0] = 1.5,
        },
        /// The visitor comes near.
        Proximity {
            /// How near.
            radius: f32 [unit "m", range 0.1..=1000.0] = 1.5,
        },
        /// It comes into view.
        InView {
            /// How long it must stay in view.
            dwell: f32 [unit "s", range 0.0..=60.0] = 0.5,
        },
        /// Time since the visit began.
        After {
            /// How long.
            seconds: f32 [unit "s", range 0.0..=86400.0] = required,
        },
        /// A tour reaches a step.
        TourStep(TourId, StepId),
        /// The actions of another hotspot have ended.
        ActionEnded(HotspotId),
        /// A condition becomes true.
        When(Condition),
    }
}

choice! {
    /// Something that is true or false during a visit.
    pub enum Condition = (Self::Always) {
        /// Always true.
        Always,
        /// A variable has this value.
        Is(VariableId, Value),
        /// A variable is a number at least this large.
        AtLeast(VariableId, f64),
        /// The visitor has set this hotspot off.
        Visited(HotspotId),
        /// The visitor has reached the end of this tour.
        Toured(TourId),
        /// The opposite.
        Not(Box<Condition>),
        /// All of these.
        All(Vec<Condition>),
        /// At least one of these.
        Any(Vec<Condition>),
    }
}

choice! {
    /// What a hotspot does.
    pub enum Action = (Self::WaitForEnd) {
        /// Plays a sound.
        Sound(SoundId),
        /// Opens a panel.
        Panel {
            /// Its heading; the hotspot's title if absent.
            title: Text [limit 80] = (Text::default()),
            /// Its text. `*emphasis*`, `**strong**`, blank lines between paragraphs, `- ` lists.
            text: Text = (Text::default()),
            /// Pictures.
            images: Vec<PanelImage> = (Vec::new()),
            /// A sound with a play button.
            sound: Option<SoundId> = None,
            /// Whom to thank for it.
            credits: Vec<Credit> = (Vec::new()),
        },
        /// Shows one picture, large.
        Image(Box<PanelImage>),
        /// Shows a layer of a surface.
        Layer {
            /// The surface.
            surface: SurfaceId = required,
            /// Its layer.
            layer: LayerId = required,
            /// How long the change takes.
            duration: f32 [unit "s", range 0.0..=600.0] = 1.5,
        },
        /// Changes a light.
        Light {
            /// The light.
            light: LightId = required,
            /// Its new brightness, where 1 is what the scene gives it.
            brightness: f32 [unit "times", range 0.0..=1000.0] = 1.0,
            /// Its new color.
            color: Option<Color> = None,
            /// How long the change takes.
            duration: f32 [unit "s", range 0.0..=600.0] = 1.5,
        },
        /// Plays an animation of a mesh.
        Animate {
            /// The mesh.
            mesh: MeshId = required,
            /// Name of the animation in its file.
            clip: Spanned<String> = required,
            /// Whether it goes on and on.
            repeat: bool = false,
            /// Its speed, where 1 is the file's own; negative plays backwards.
            speed: f32 [unit "times", range -100.0..=100.0] = 1.0,
        },
        /// Begins a tour.
        StartTour(TourId),
        /// Goes to a step of a tour.
        GoToStep(TourId, StepId),
        /// Sets a variable.
        Set(VariableId, Value),
        /// Takes the visitor elsewhere.
        Teleport {
            /// Where the feet go. In the hotspot's coordinates.
            to: Place = (Place::At(Pose::default())),
        },
        /// Waits before the next action.
        Wait(f32 [unit "s", range 0.0..=3600.0]),
        /// Waits until the actions before it have ended.
        WaitForEnd,
    }
}

record! {
    /// A picture on a panel.
    pub struct PanelImage {
        /// The image file.
        path: LocalizedPath [file Image] = required,
        /// What stands under it.
        caption: Text = (Text::default()),
        /// What is read to a visitor who cannot see it.
        alternative: Text = (Text::default()),
        /// Who made it, and under which licence it is shown.
        credit: Option<Credit> = None,
    }
}
