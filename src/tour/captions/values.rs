//! The smallest things of WebVTT: settings, percentages, times (§6.3).

use std::time::Duration;

use super::{Align, Placement, Vertical};

/// Reads a setting; `None` when its name or value is not of WebVTT.
pub(super) fn set(placement: &mut Placement, name: &str, value: &str) -> Option<()> {
    // The alignment after a comma only matters to regions and boxes that we do not draw.
    let main = value.split(',').next().unwrap_or(value);
    match name {
        "vertical" => {
            placement.vertical = Some(match value {
                "rl" => Vertical::RightToLeft,
                "lr" => Vertical::LeftToRight,
                _ => return None,
            });
        }
        "line" => match main.strip_suffix('%') {
            Some(_) => placement.line_percent = Some(percent(main)?),
            None => placement.line = Some(number(main)?),
        },
        "position" => placement.position_percent = Some(percent(main)?),
        "size" => placement.size_percent = Some(percent(value)?),
        "align" => {
            placement.align = match value {
                "start" => Align::Start,
                "center" | "middle" => Align::Center,
                "end" => Align::End,
                "left" => Align::Left,
                "right" => Align::Right,
                _ => return None,
            };
        }
        // Regions are for boxes on a film's picture.
        "region" if !value.is_empty() => {}
        _ => return None,
    }
    Some(())
}

fn number(text: &str) -> Option<f32> {
    let is_plain = text
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.'));
    let number: f32 = text.parse().ok().filter(|_| is_plain)?;
    number.is_finite().then_some(number)
}

/// §6.3, *parse a percentage string*: 0 to 100.
fn percent(text: &str) -> Option<f32> {
    number(text.strip_suffix('%')?).filter(|value| (0.0..=100.0).contains(value))
}

/// §6.3, *collect a WebVTT timestamp*: `mm:ss.ttt` or `h…h:mm:ss.ttt`. A comma is read too.
pub(super) fn timestamp(text: &str) -> Option<Duration> {
    let (clock, millis) = text.split_once(['.', ','])?;
    let digits = |part: &str, count: std::ops::RangeInclusive<usize>| {
        let is_right =
            count.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u64>().ok().filter(|_| is_right)
    };
    let millis = digits(millis, 3..=3)?;
    let parts: Vec<&str> = clock.split(':').collect();
    let (hours, minutes, seconds) = match parts.as_slice() {
        [minutes, seconds] => (0, digits(minutes, 2..=2)?, digits(seconds, 2..=2)?),
        [hours, minutes, seconds] => (
            digits(hours, 1..=9)?,
            digits(minutes, 2..=2)?,
            digits(seconds, 2..=2)?,
        ),
        _ => return None,
    };
    if minutes > 59 || seconds > 59 {
        return None;
    }
    Some(Duration::from_millis(
        ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis,
    ))
}
