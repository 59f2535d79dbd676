//! What can be written after an option, and what is said where it makes no sense.

use std::{ops::RangeInclusive, str::FromStr};

/// Levels of the log.
const LEVELS: [&str; 6] = ["error", "warn", "info", "debug", "trace", "off"];

/// A name that can be that of a file on every system.
pub(super) fn tour_name(text: &str) -> Result<String, String> {
    let is_good = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    if text.is_empty() || text.chars().count() > 60 || !text.chars().all(is_good) {
        return Err(
            "write a short name of letters, digits, `-` and `_`, such as evening".to_owned(),
        );
    }
    Ok(text.to_owned())
}

/// A number within a range; `what` says of what, with an example.
fn number<T>(text: &str, range: RangeInclusive<T>, what: &str) -> Result<T, String>
where
    T: FromStr + PartialOrd + std::fmt::Display,
{
    let number = text.trim().parse().ok();
    number
        .filter(|number| range.contains(number))
        .ok_or_else(|| format!("write {what}; from {} to {}", range.start(), range.end()))
}

/// A vertical field of view, degrees.
pub(super) fn field_of_view(text: &str) -> Result<f32, String> {
    number(text, 1.0..=150.0, "degrees, such as 60")
}

/// A time, seconds.
pub(super) fn seconds(text: &str) -> Result<u32, String> {
    number(text, 1..=3600, "seconds, such as 30")
}

/// Pictures around something, or frames of a measurement.
pub(super) fn pictures(text: &str) -> Result<u32, String> {
    number(text, 1..=100_000, "how many, such as 12")
}

/// Pictures a second.
pub(super) fn rate(text: &str) -> Result<u32, String> {
    number(text, 1..=120, "pictures a second, such as 24")
}

/// A filter of the log: a level, or levels of parts.
pub(super) fn log_filter(text: &str) -> Result<String, String> {
    let is_level = |level: &str| LEVELS.contains(&level.trim().to_lowercase().as_str());
    let mut parts = text.split(',').filter(|part| !part.trim().is_empty());
    // Of a part alone, such as `wgpu`, everything is told: that is a slip more often than a wish.
    let is_right = parts.all(|part| match part.rsplit_once('=') {
        Some((_, level)) => is_level(level),
        None => is_level(part),
    });
    if is_right {
        Ok(text.to_owned())
    } else {
        Err(
            "write error, warn, info, debug or trace, or a filter such as warn,grotto=debug"
                .to_owned(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_what_is_wanted_is_said() {
        assert_eq!(field_of_view("75.5"), Ok(75.5));
        assert_eq!(seconds(" 30 "), Ok(30));
        for bad in ["0", "200", "-5", "x", "", "nan", "inf"] {
            let said = field_of_view(bad).expect_err("no field of view");
            assert_eq!(said, "write degrees, such as 60; from 1 to 150", "{bad:?}");
        }
        for bad in ["0", "-3", "1.5", "3601", "soon"] {
            assert!(seconds(bad).is_err(), "{bad:?} is no time");
        }
    }

    #[test]
    fn levels_and_filters_are_read() {
        for good in [
            "warn",
            "WARN",
            "off",
            "warn,grotto=debug",
            "wgpu_core=error,info",
            "",
        ] {
            assert_eq!(log_filter(good), Ok(good.to_owned()));
        }
        for bad in ["loud", "warn,grotto=loud", "grotto"] {
            assert!(log_filter(bad).is_err(), "{bad:?} is no filter");
        }
    }
}
