//! Light and air.

use super::{Color, FilePath, LightId, Place};

choice! {
    /// The shape of a light.
    pub enum LightKind = (Self::Point) {
        /// Shines all around.
        Point,
        /// Shines in a cone along the place's direction.
        Spot {
            /// Width of the cone, edge to edge.
            beam_angle: f32 [unit "°", range 1.0..=175.0] = 60.0,
            /// Share of the cone that is a soft edge: 0 hard, 1 soft from the middle.
            softness: f32 [range 0.0..=1.0] = 0.5,
        },
        /// Parallel rays along the place's direction, as from the sun.
        Directional,
    }
}

choice! {
    /// Life in a light.
    pub enum Flicker = (Self::None) {
        /// Steady.
        None,
        /// A flame: slow sway, small flutter, never a flash.
        Flame,
    }
}

record! {
    /// A light that stays where it is.
    pub struct Light {
        /// Its name.
        id: LightId = required,
        /// Its shape.
        kind: LightKind = (LightKind::Point),
        /// Where it is and shines to.
        at: Place = required,
        /// Its color.
        color: Color = (Color::WHITE),
        /// Luminous flux of a point or spot light. A candle is 12, an oil lamp 30 to 60, a bulb 800.
        lumens: f32 [unit "lm", range 0.0..=10000000.0] = 100.0,
        /// Illuminance of a directional light. Full daylight is 10000, a lit room 300.
        lux: f32 [unit "lx", range 0.0..=200000.0] = 1000.0,
        /// Distance beyond which it lights nothing.
        range: f32 [unit "m", range 0.01..=10000.0] = 15.0,
        /// Radius of the shining body: softens highlights.
        radius: f32 [unit "m", range 0.0..=100.0] = 0.02,
        /// Its life.
        flicker: Flicker = (Flicker::None),
        /// Whether meshes of shading `Full` cast shadows on each other in it; scans have theirs in their bake.
        shadows: bool = false,
    }
}

record! {
    /// The lamp a visitor carries.
    pub struct Lamp {
        /// Whether it is lit when the visit begins.
        on: bool = true,
        /// Its color.
        color: Color [shown "Kelvin(3200)"] = (Color::linear(1.0, 0.64, 0.35)),
        /// Its luminous flux.
        lumens: f32 [unit "lm", range 0.0..=100000.0] = 250.0,
        /// Width of its cone, edge to edge.
        beam_angle: f32 [unit "°", range 5.0..=170.0] = 60.0,
        /// Share of the cone that is a soft edge: 0 hard, 1 soft from the middle.
        softness: f32 [range 0.0..=1.0] = 0.7,
        /// Distance beyond which it lights nothing.
        range: f32 [unit "m", range 0.1..=1000.0] = 20.0,
    }
}

record! {
    /// One of the three lights that a mesh may bring baked in its vertices.
    pub struct BakedSource {
        /// Its color.
        color: Color = (Color::WHITE),
        /// Illuminance where the baked value is 1.
        lux: f32 [unit "lx", range 0.0..=200000.0] = 100.0,
        /// Its life.
        flicker: Flicker = (Flicker::None),
        /// The lights whose light it holds. What tours and hotspots make of their
        /// brightness, on the average, it follows.
        lights: Vec<LightId> = (Vec::new()),
    }
}

record! {
    /// What the vertex attribute `_BAKED_LIGHT` of the space's meshes means. Its channels
    /// are 8-bit normalised and hold square roots: R ambient occlusion, G daylight, B and A
    /// two groups of fixed lamps; squared, they multiply the light given here.
    pub struct BakedLight {
        /// Channel G.
        daylight: BakedSource = (BakedSource::default()),
        /// Channel B.
        lamps_a: BakedSource = (BakedSource::default()),
        /// Channel A.
        lamps_b: BakedSource = (BakedSource::default()),
    }
}

choice! {
    /// What is seen where no mesh is, and the light that comes from there.
    pub enum Sky = (Self::None) {
        /// Black: underground.
        None,
        /// One color all around.
        Color(Color),
        /// Three colors.
        Gradient {
            /// Straight up.
            zenith: Color = required,
            /// At eye height.
            horizon: Color = required,
            /// Straight down.
            ground: Color = required,
        },
        /// A picture twice as wide as high, all around (equirectangular).
        Panorama(FilePath [file Panorama]),
    }
}

record! {
    /// Haze.
    pub struct Fog {
        /// Its color.
        color: Color = (Color::WHITE),
        /// Distance at which 2 % of a thing's contrast is left.
        visibility: f32 [unit "m", range 0.5..=100000.0] = 100.0,
        /// Motes that glint in the lamp: 0 none, 1 thick.
        dust: f32 [range 0.0..=1.0] = 0.0,
    }
}

impl Fog {
    /// Extinction per metre: Koschmieder's law, 2 % of contrast left at the visibility.
    #[must_use]
    pub fn density_per_m(&self) -> f32 {
        3.912 / self.visibility.max(0.01)
    }
}

record! {
    /// Sky, haze and exposure.
    pub struct Atmosphere {
        /// What is seen where no mesh is.
        sky: Sky = (Sky::None),
        /// Haze in the air.
        fog: Option<Fog> = None,
        /// Exposure as a photographer sets it: smaller is brighter. A candle-lit cave is
        /// 2 to 5, a lit room 7, daylight 15.
        exposure: f32 [unit "EV100", range -10.0..=25.0] = 6.0,
        /// Glow around bright things: 0 none, 1 strong.
        bloom: f32 [range 0.0..=1.0] = 0.15,
    }
}
