//! Checkpoints, whole and damaged.

use super::*;
use crate::visit::comfort::{Hand, Turning};
use crate::visit::dice::Dice;

fn full() -> Checkpoint {
    Checkpoint {
        exhibit: "cave-of-lamps".to_owned(),
        is_visiting: true,
        language: Some("zh".to_owned()),
        place: Some(Place {
            feet_in_world: [1.5, -0.25, 3.0],
            yaw_rad: -1.25,
        }),
        view: Some("altar".to_owned()),
        tour: Some(serde_json::json!({"id": "lamps", "step": 3, "secs": 12.5})),
        layers: BTreeMap::from([("north-wall".to_owned(), "infrared".to_owned())]),
        lights: BTreeMap::from([(
            "altar-lamps".to_owned(),
            LeftLight {
                brightness: Some(0.25),
                color: Some([1.0, 0.5, 0.0]),
            },
        )]),
        animations: BTreeMap::from([(
            "door".to_owned(),
            vec![LeftClip {
                clip: "Open".to_owned(),
                at_secs: 0.5,
                speed: -2.0,
                repeats: false,
            }],
        )]),
        is_lamp_on: Some(false),
        monitor: LeftSettings {
            volume: Some(4),
            is_muted: Some(true),
            has_captions: Some(false),
            text_size: Some(2),
            caption_ground: Some(CaptionGround::Solid),
            through: Some(1),
        },
        has_learned: true,
        eye_height_m: Some(1.2),
        comfort: ComfortSettings {
            turning: Turning::Smooth,
            dominant_hand: Hand::Left,
            ..ComfortSettings::default()
        },
    }
}

#[test]
fn what_is_written_is_read() {
    for checkpoint in [Checkpoint::default(), full()] {
        let reading = Checkpoint::read(&checkpoint.to_text());
        assert_eq!(reading.complaints, [""; 0], "a good text has no complaints");
        assert_eq!(reading.checkpoint, checkpoint, "and is read as it was");
    }
    assert!(
        full().to_text().contains("\"version\": 1"),
        "the version is said"
    );
}

#[test]
fn what_is_damaged_is_left_out_one_field_at_a_time() {
    for (text, complaint, expected) in [
        ("", "damaged", Checkpoint::default()),
        ("[]", "not an object", Checkpoint::default()),
        ("{}", "no version", Checkpoint::default()),
        (r#"{"version": 2}"#, "version 2", Checkpoint::default()),
        (
            r#"{"version": 1, "language": 7, "view": "altar"}"#,
            "`language`",
            Checkpoint {
                view: Some("altar".to_owned()),
                ..Checkpoint::default()
            },
        ),
        (
            r#"{"version": 1, "comfort": {"turning": "spin", "dominant_hand": "left"}}"#,
            "`turning`",
            Checkpoint {
                comfort: ComfortSettings {
                    dominant_hand: Hand::Left,
                    ..ComfortSettings::default()
                },
                ..Checkpoint::default()
            },
        ),
        (
            r#"{"version": 1, "place": {"feet_in_world": [1e30, 0, 0], "yaw_rad": 0}}"#,
            "`place`",
            Checkpoint::default(),
        ),
        (
            r#"{"version": 1, "place": {"feet_in_world": [null, 0, 0], "yaw_rad": 0}}"#,
            "`place`",
            Checkpoint::default(),
        ),
    ] {
        let reading = Checkpoint::read(text);
        assert_eq!(reading.checkpoint, expected, "of {text}");
        assert!(
            reading.complaints.len() == 1 && reading.complaints[0].contains(complaint),
            "{text} is complained of: {:?}",
            reading.complaints
        );
    }
    let newer = r#"{"version": 1, "weather": "rain", "comfort": {"aura": 3, "vignette": 9}}"#;
    let reading = Checkpoint::read(newer);
    assert_eq!(reading.complaints, [""; 0], "unknown fields are no fault");
    assert_eq!(
        reading.checkpoint.comfort.vignette, 1.0,
        "numbers are in range"
    );
    let long = Checkpoint::read(&" ".repeat(MAX_BYTES + 1));
    assert!(
        long.complaints[0].contains("bytes"),
        "a long text is not read"
    );
}

#[test]
fn what_is_not_finite_is_not_kept() {
    let mut checkpoint = full();
    checkpoint.place = Some(Place {
        feet_in_world: [f32::NAN; 3],
        yaw_rad: f32::INFINITY,
    });
    checkpoint.comfort.vignette = f32::NAN;
    let reading = Checkpoint::read(&checkpoint.to_text());
    assert_eq!(reading.checkpoint.place, None, "nowhere is no place");
    assert_eq!(
        reading.checkpoint.comfort.turning,
        Turning::Smooth,
        "the rest is kept"
    );
}

#[test]
fn torn_and_scratched_texts_are_survived() {
    let text = full().to_text();
    for end in 0..text.len() {
        if let Some(torn) = text.get(..end) {
            Checkpoint::read(torn);
        }
    }
    let mut dice = Dice::new(9);
    for _ in 0..3000 {
        let mut bytes = text.clone().into_bytes();
        for _ in 0..1 + dice.below(4) {
            let at = dice.below(bytes.len() as u64) as usize;
            bytes[at] = dice.below(256) as u8;
        }
        let reading = Checkpoint::read(&String::from_utf8_lossy(&bytes));
        let comfort = reading.checkpoint.comfort;
        assert_eq!(comfort, comfort.sanitized(), "what is read is sane");
        if let Some(place) = reading.checkpoint.place {
            assert!(
                place.feet_in_world.iter().all(|m| m.is_finite()),
                "a place that is read is one: {place:?}"
            );
        }
    }
}
