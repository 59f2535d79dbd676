//! The visitor's hands: where they are, and what is pressed.

use std::collections::BTreeMap;

use openxr_sys as xr;

use crate::pose::turned;

/// A controller in a hand.
pub(crate) struct Hand {
    pub(crate) is_active: bool,
    /// Both of grip and of aim.
    pub(crate) room_from_hand: xr::Posef,
    /// Of each identifier (`trigger`, `thumbstick`, `trigger/click`), its value; the second
    /// number is 0 but for sticks and pads.
    values: BTreeMap<String, [f32; 2]>,
}

impl Hand {
    /// A hand at rest at waist height, so far to the right of the room's middle.
    pub(crate) fn at(x_m: f32) -> Self {
        Self {
            is_active: true,
            room_from_hand: xr::Posef {
                orientation: turned(0.0, 0.0),
                position: xr::Vector3f {
                    x: x_m,
                    y: 1.1,
                    z: -0.3,
                },
            },
            values: BTreeMap::new(),
        }
    }

    /// Reads `x y z qx qy qz qw [name=value …]`.
    pub(crate) fn parse(words: &[&str]) -> Result<Self, String> {
        let number = |word: &str| {
            word.parse::<f32>()
                .ok()
                .ok_or_else(|| format!("`{word}` is not a number"))
        };
        let [x, y, z, qx, qy, qz, qw, inputs @ ..] = words else {
            return Err("a hand wants x y z qx qy qz qw".to_owned());
        };
        let room_from_hand = xr::Posef {
            position: xr::Vector3f {
                x: number(x)?,
                y: number(y)?,
                z: number(z)?,
            },
            orientation: xr::Quaternionf {
                x: number(qx)?,
                y: number(qy)?,
                z: number(qz)?,
                w: number(qw)?,
            },
        };
        if !crate::pose::is_valid(room_from_hand) {
            return Err("the rotation is not of length one".to_owned());
        }
        let mut values = BTreeMap::new();
        for input in inputs {
            let (name, value) = input
                .split_once('=')
                .ok_or_else(|| format!("`{input}` is not a name and a value"))?;
            let (first, second) = value.split_once(',').unwrap_or((value, "0"));
            values.insert(name.to_owned(), [number(first)?, number(second)?]);
        }
        Ok(Self {
            is_active: true,
            room_from_hand,
            values,
        })
    }

    /// The value at a path under `/input/`: what was given for just that, else what follows
    /// from the identifier's value (`trigger=0.7` makes `trigger/value` 0.7, `trigger/click`
    /// and `trigger/touch` 1).
    pub(crate) fn value(&self, input: &str) -> [f32; 2] {
        if let Some(&value) = self.values.get(input) {
            return value;
        }
        let Some((identifier, component)) = input.rsplit_once('/') else {
            return [0.0; 2];
        };
        let [first, second] = self.values.get(identifier).copied().unwrap_or_default();
        let pressed = |so: bool| [f32::from(u8::from(so)), 0.0];
        match component {
            "click" => pressed(first > 0.5),
            "touch" => pressed(first != 0.0 || second != 0.0),
            "y" => [second, 0.0],
            _ => [first, 0.0],
        }
    }
}
