//! The painter's box: mineral colours fresh from the mortar, and what a thousand years make
//! of them. Red lead and flesh tones darken, blues and greens pale, gold wears thin.

/// A colour on the palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pigment {
    /// Lime white.
    White,
    /// Warm ivory, thin lime over clay.
    Ivory,
    /// Malachite.
    Green,
    /// Malachite with white.
    PaleGreen,
    /// Malachite ground coarse.
    DeepGreen,
    /// Azurite.
    Blue,
    /// Azurite with white.
    PaleBlue,
    /// Azurite ground coarse.
    DeepBlue,
    /// Cinnabar.
    Cinnabar,
    /// Red ochre.
    Red,
    /// Red ochre with soot.
    DeepRed,
    /// Red lead; darkens with time.
    Orange,
    /// Yellow ochre.
    Ochre,
    /// Pale yellow ochre.
    Straw,
    /// Lead-tinted flesh; darkens with time.
    Flesh,
    /// Flesh in shadow.
    Blush,
    /// Lime with a breath of cinnabar: faces that kept.
    Skin,
    /// Safflower and cinnabar on cheeks; fades.
    Rouge,
    /// Red-brown ink of "iron" lines.
    Sienna,
    /// Burnt umber for lines.
    Brown,
    /// Soot ink.
    Black,
    /// Grey of soot and white.
    Grey,
    /// Gold leaf on gesso.
    Gold,
    /// Leaf rubbed thin over flesh-coloured bole.
    Gilt,
    /// Fired clay tile.
    Tile,
    /// The raised pattern of a tile.
    TileRelief,
}

/// What a pigment looks like and how it lies on the wall.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Coat {
    /// sRGB 0..1 when new.
    pub(crate) fresh: [f32; 3],
    /// sRGB 0..1 today, before dust and soot.
    pub(crate) aged: [f32; 3],
    /// Metal, 0..1.
    pub(crate) gold: f32,
    /// Thickness, metres.
    pub(crate) thick_m: f32,
    /// How well it holds to the wall, 0..1.
    pub(crate) hold: f32,
}

impl Pigment {
    /// See [`Coat`].
    pub(crate) fn coat(self) -> Coat {
        let (fresh, aged, hold) = match self {
            Self::White => (0xf1_e9d8, 0xd8_c9ae, 0.6),
            Self::Ivory => (0xe6_d6b8, 0xc9_b48f, 0.7),
            Self::Green => (0x3d_9675, 0x5e_957c, 0.35),
            Self::PaleGreen => (0x8c_c4a4, 0x98_b79c, 0.45),
            Self::DeepGreen => (0x1f_6650, 0x3c_6a5a, 0.3),
            Self::Blue => (0x2c_5ba6, 0x42_6a98, 0.3),
            Self::PaleBlue => (0x86_aed4, 0x8d_a5b4, 0.45),
            Self::DeepBlue => (0x1b_3a78, 0x2d_4769, 0.25),
            Self::Cinnabar => (0xc9_3e28, 0xa5_4a34, 0.6),
            Self::Red => (0xa2_4a33, 0x92_5540, 0.8),
            Self::DeepRed => (0x6e_2c22, 0x6b_3a2e, 0.8),
            Self::Orange => (0xe0_7a42, 0x8e_5a3e, 0.5),
            Self::Ochre => (0xd2_9c46, 0xb8_915a, 0.8),
            Self::Straw => (0xe8_cb8c, 0xcf_b382, 0.75),
            Self::Flesh => (0xee_c39f, 0xa8_8064, 0.55),
            Self::Blush => (0xd8_8a68, 0x76_5444, 0.55),
            Self::Skin => (0xf3_d8bc, 0xd4_b592, 0.85),
            Self::Rouge => (0xdb_6a50, 0xb5_6a52, 0.85),
            Self::Sienna => (0x7a_3524, 0x69_3a2a, 0.95),
            Self::Brown => (0x5a_3324, 0x5c_4030, 0.9),
            Self::Black => (0x25_201d, 0x37_302a, 0.9),
            Self::Grey => (0x8a_8176, 0x83_7766, 0.8),
            Self::Tile => (0x8f_7a63, 0x7d_6a55, 1.0),
            Self::TileRelief => (0xa8_9378, 0x9c_866a, 1.0),
            Self::Gilt => (0xf0_bd70, 0xd8_a765, 0.65),
            Self::Gold => (0xf2_c25e, 0xc9_9a4a, 0.4),
        };
        Coat {
            fresh: rgb(fresh),
            aged: rgb(aged),
            gold: match self {
                Self::Gold => 1.0,
                Self::Gilt => 0.3,
                _ => 0.0,
            },
            thick_m: match self {
                Self::Gold => 0.0006,
                Self::TileRelief => 0.0022,
                _ => 0.00016,
            },
            hold,
        }
    }
}

fn rgb(hex: u32) -> [f32; 3] {
    [16, 8, 0].map(|shift| (hex >> shift & 255) as f32 / 255.0)
}
