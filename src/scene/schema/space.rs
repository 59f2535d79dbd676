//! Rooms, the meshes in them and the painted surfaces on those.

use bevy::math::{DAffine3, DQuat, DVec3, Vec2, Vec3};

use super::{
    Atmosphere, BakedLight, Credit, FilePath, LayerId, Light, MeshId, Placement, SpaceId, Spanned,
    SurfaceId, Text,
};

record! {
    /// A room: meshes, lights and painted surfaces. Its coordinates are its own; `place_in_world`
    /// puts it among the others.
    pub struct Space {
        /// Its name.
        id: SpaceId = required,
        /// What visitors call it.
        title: Text [limit 60] = (Text::default()),
        /// Where its origin lies in the exhibit.
        place_in_world: Placement = (Placement::default()),
        /// What is in it.
        meshes: Vec<MeshPlacement> = (Vec::new()),
        /// Its lights.
        lights: Vec<Light> = (Vec::new()),
        /// What the light baked in its meshes means.
        baked_light: Option<BakedLight> = None,
        /// Its own sky, haze and exposure, instead of the exhibit's.
        atmosphere: Option<Atmosphere> = None,
        /// Where visitors may stand, besides the meshes' `walk_on`.
        walkable: Vec<Ground> = (Vec::new()),
        /// Painted surfaces with layers.
        surfaces: Vec<Surface> = (Vec::new()),
        /// How it sounds; as the open air if absent.
        acoustics: Option<Acoustics> = None,
        /// Ways to other spaces.
        doorways: Vec<Doorway> = (Vec::new()),
    }
}

choice! {
    /// The length that a file's number 1 means.
    pub enum Unit = (Self::Metres) {
        /// As glTF has it.
        Metres,
        /// 0.01 m.
        Centimetres,
        /// 0.001 m.
        Millimetres,
        /// 1000 m.
        Kilometres,
        /// 0.0254 m.
        Inches,
        /// 0.3048 m.
        Feet,
    }
}

impl Unit {
    /// Metres in one of it.
    #[must_use]
    pub fn metres(&self) -> f64 {
        match self {
            Self::Metres => 1.0,
            Self::Centimetres => 0.01,
            Self::Millimetres => 0.001,
            Self::Kilometres => 1000.0,
            Self::Inches => 0.0254,
            Self::Feet => 0.3048,
        }
    }
}

/// The point of a file's survey coordinates that becomes its origin, in the file's unit
/// and axes. Computed in f64, so that a mesh 400 km away stands still.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Origin {
    /// `Auto`: the middle of the mesh's floor.
    #[default]
    Auto,
    /// `(x, y, z)`.
    At(DVec3),
}

choice! {
    /// Which axis of a file points up.
    pub enum Up = (Self::Y) {
        /// +Y, as glTF has it.
        Y,
        /// +Z, as surveyors and Blender have it.
        Z,
    }
}

choice! {
    /// Some nodes of a mesh.
    pub enum NodeSet = (Self::None) {
        /// All of them.
        All,
        /// None of them.
        None,
        /// Those with these names, and what hangs below them. `*` stands for any letters.
        Nodes(Vec<Spanned<String>>),
    }
}

choice! {
    /// How a mesh is shaded.
    pub enum Shading = (Self::Auto) {
        /// The leanest way that shows all that the file holds.
        Auto,
        /// Lean: color, normals, occlusion, roughness. Right for scans.
        Scan,
        /// Full physically based shading. Right for glass, gold, bronze.
        Full,
        /// The file's colors as they are, without light. Right for photogrammetry with
        /// the light of the day in it.
        Unlit,
    }
}

record! {
    /// A mesh file and how it stands in its space.
    pub struct MeshPlacement {
        /// Its name.
        id: MeshId = required,
        /// The `.glb` or `.gltf` file.
        path: FilePath [file Mesh] = required,
        /// Where it stands.
        at: Placement = (Placement::default()),
        /// What the file's numbers mean.
        unit: Unit = (Unit::Metres),
        /// Point of the file's coordinates that becomes its origin; not moved if absent.
        origin: Option<Origin> = None,
        /// Which axis of the file points up.
        up: Up = (Up::Y),
        /// Nodes that are not shown (and not collided with). `*` stands for any letters.
        hide: Vec<Spanned<String>> = (Vec::new()),
        /// What visitors bump into. What an animation moves as a whole is bumped into where it
        /// is, and lets out whom it comes upon; what bends (skins, morph targets) keeps the
        /// shape that the file has.
        collide: NodeSet = (NodeSet::All),
        /// What visitors stand on.
        walk_on: NodeSet = (NodeSet::All),
        /// Names of its animations that play over and over from the start on.
        plays: Vec<Spanned<String>> = (Vec::new()),
        /// How it is shaded.
        material: Shading = (Shading::Auto),
        /// Who made it, and under which licence it is shown.
        credit: Option<Credit> = None,
    }
}

record! {
    /// Ground to stand on: a polygon seen from above, at one height.
    pub struct Ground {
        /// Corners `(x, z)`, in order around; at least three.
        outline: Vec<Vec2> [unit "m", range -100000.0..=100000.0] = required,
        /// Height of the floor.
        height: f32 [unit "m", range -100000.0..=100000.0] = 0.0,
    }
}

choice! {
    /// What sound meets at a wall. Absorption by octave is that of published tables (see
    /// docs/audio.md).
    pub enum WallMaterial = (Self::Rock) {
        /// Rough rock, or unglazed brick.
        Rock,
        /// Smooth stone, marble, tiles.
        SmoothStone,
        /// Lime or cement plaster on masonry: painted walls.
        Plaster,
        /// Earth or dry sand underfoot.
        Earth,
        /// Still water.
        Water,
        /// Boards on joists.
        Wood,
        /// Window glass.
        Glass,
        /// Heavy carpet on stone.
        Carpet,
        /// Velour curtains in folds.
        Curtain,
        /// Seated people.
        Audience,
        /// An opening to the open air.
        Opening,
    }
}

record! {
    /// How a room sounds. Its reverberation follows from its size and from what its walls
    /// are made of. Where rooms overlap, the smallest counts.
    pub struct Acoustics {
        /// One corner of the room's box, in the space's coordinates.
        from: Vec3 [unit "m", range -100000.0..=100000.0] = required,
        /// The opposite corner.
        to: Vec3 [unit "m", range -100000.0..=100000.0] = required,
        /// What its walls are made of.
        walls: WallMaterial = (WallMaterial::Rock),
        /// What its floor is made of.
        floor: WallMaterial = (WallMaterial::Rock),
        /// What its ceiling is made of.
        ceiling: WallMaterial = (WallMaterial::Rock),
        /// Its volume, where that is not the box's.
        volume: Option<f32> [unit "m³", range 0.1..=1000000000.0] = None,
        /// The area of its walls, floor and ceiling, where that is not the box's.
        surface: Option<f32> [unit "m²", range 0.1..=1000000000.0] = None,
    }
}

record! {
    /// A painted surface: part of a mesh that can show one of several layers of images.
    pub struct Surface {
        /// Its name.
        id: SurfaceId = required,
        /// What visitors call it.
        title: Text [limit 60] = (Text::default()),
        /// The mesh it is part of.
        mesh: MeshId = required,
        /// Name of the material that the layers dress.
        material: Option<Spanned<String>> = None,
        /// Name of the node that the layers dress (with what hangs below it).
        node: Option<Spanned<String>> = None,
        /// Its layers.
        layers: Vec<Layer> = required,
        /// The layer shown first; the first of the list if absent.
        shown: Option<LayerId> = None,
    }
}

record! {
    /// One state of a surface: as it is today, restored, under infrared.
    pub struct Layer {
        /// Its name, within its surface.
        id: LayerId = required,
        /// What visitors call it.
        title: Text [limit 40] = (Text::default()),
        /// Color image.
        base_color: Option<FilePath> [file Image] = None,
        /// Normal map (tangent space, green up).
        normal: Option<FilePath> [file Image] = None,
        /// Red occlusion, green roughness, blue metal.
        orm: Option<FilePath> [file Image] = None,
        /// When it was recorded, as `"2024"`, `"2024-05"` or `"2024-05-31"`.
        date: Option<String> = None,
        /// How it was made: photogrammetry, infrared reflectography, drawn reconstruction.
        method: Text = (Text::default()),
        /// Who made it, and under which licence it is shown.
        credit: Option<Credit> = None,
    }
}

record! {
    /// A way to another space: a flat opening.
    pub struct Doorway {
        /// The space on the other side.
        to: SpaceId = required,
        /// Corners of the opening, in order around; at least three.
        outline: Vec<Vec3> [unit "m", range -100000.0..=100000.0] = required,
    }
}

impl MeshPlacement {
    /// From the file's own coordinates (its unit, its axes) to those of the space. The
    /// file's bounds are needed for [`Origin::Auto`].
    #[must_use]
    pub fn file_to_space(&self, bounds: Option<(DVec3, DVec3)>) -> DAffine3 {
        let origin = match (&self.origin, bounds) {
            (None, _) | (Some(Origin::Auto), None) => DVec3::ZERO,
            (Some(Origin::At(point)), _) => *point,
            (Some(Origin::Auto), Some((low, high))) => {
                let middle = (low + high) * 0.5;
                match self.up {
                    Up::Y => DVec3::new(middle.x, low.y, middle.z),
                    Up::Z => DVec3::new(middle.x, middle.y, low.z),
                }
            }
        };
        let upright = match self.up {
            Up::Y => DQuat::IDENTITY,
            Up::Z => DQuat::from_rotation_x(-std::f64::consts::FRAC_PI_2),
        };
        self.at.affine()
            * DAffine3::from_quat(upright)
            * DAffine3::from_scale(DVec3::splat(self.unit.metres()))
            * DAffine3::from_translation(-origin)
    }
}
