//! Wording that diagnostics share.

/// `did you mean "lamp"?` for the nearest of some names, if one is near.
pub(crate) fn did_you_mean(wrong: &str, names: &[&str]) -> Option<String> {
    nearest(wrong, names.iter().copied()).map(|name| format!("did you mean `{name}`?"))
}

/// The nearest of some names, if one is near enough to be meant.
pub(crate) fn nearest<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    // Comparing is quadratic in length: nobody misspells a page.
    if wrong.len() > 200 {
        return None;
    }
    names
        .filter(|name| name.len() <= 200)
        .map(|name| (likeness(wrong, name), name))
        .filter(|(score, _)| *score >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, name)| name)
}

/// What other programs call what scene files have under other names, and those, the likeliest
/// first.
const ELSEWHERE: [(&str, &[&str]); 23] = [
    ("rotation", &["yaw"]),
    ("rotate", &["yaw"]),
    ("heading", &["yaw"]),
    ("angle", &["yaw", "beam_angle"]),
    ("translation", &["position"]),
    ("location", &["position", "at"]),
    ("where", &["at"]),
    ("origin", &["position"]),
    ("name", &["title", "id"]),
    ("label", &["title"]),
    ("description", &["about", "alternative"]),
    ("text", &["about", "title"]),
    ("alt", &["alternative"]),
    ("file", &["path", "source"]),
    ("filename", &["path", "source"]),
    ("src", &["path", "source"]),
    ("url", &["path", "source"]),
    ("model", &["path", "mesh"]),
    ("intensity", &["lumens", "lux"]),
    ("brightness", &["lumens"]),
    ("power", &["lumens"]),
    ("fov", &["field_of_view"]),
    ("volume", &["gain_db", "gain"]),
];

/// The name of a field that other programs call otherwise, if it is among some.
pub(crate) fn known_elsewhere<'n>(
    wrong: &str,
    names: impl Iterator<Item = &'n str> + Clone,
) -> Option<&'n str> {
    let lower = wrong.to_lowercase();
    let (_, meant) = ELSEWHERE.iter().find(|(other, _)| *other == lower)?;
    meant
        .iter()
        .find_map(|meant| names.clone().find(|name| name == meant))
}

/// How alike two names are, 0 to 1; capitals do not count.
pub(crate) fn likeness(wrong: &str, name: &str) -> f64 {
    let (lower, other) = (wrong.to_lowercase(), name.to_lowercase());
    if other == lower {
        return 1.0;
    }
    let near = strsim::normalized_damerau_levenshtein(&lower, &other);
    // `lamp` for `lamp-left`, `colour` for `base_color`.
    let is_part =
        lower.len() >= 4 && (other.contains(&lower) || lower.contains(&other) && other.len() >= 4);
    // `pos` for `position`.
    let is_short = lower.len() == 3 && other.starts_with(&lower);
    if is_part || is_short {
        near.max(0.75)
    } else {
        near
    }
}

/// `a, b or c`.
pub(crate) fn one_of<T: AsRef<str>>(names: &[T], last: &str) -> String {
    match names {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [init @ .., end] => {
            let init: Vec<&str> = init.iter().map(AsRef::as_ref).collect();
            format!("{} {last} {}", init.join(", "), end.as_ref())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["title", "default_language", "hotspots", "base_color"];
        for (wrong, right) in [
            ("titel", Some("title")),
            ("Title", Some("title")),
            ("language", Some("default_language")),
            ("hotspot", Some("hotspots")),
            ("xyz", None),
        ] {
            assert_eq!(
                nearest(wrong, names.iter().copied()),
                right,
                "what {wrong} may mean"
            );
        }
    }

    #[test]
    fn names_of_other_programs_are_known_where_the_field_is() {
        let placement = ["position", "yaw", "pitch", "roll", "scale"];
        assert_eq!(
            known_elsewhere("Rotation", placement.into_iter()),
            Some("yaw")
        );
        assert_eq!(known_elsewhere("label", placement.into_iter()), None);
    }

    #[test]
    fn lists_of_names_read_like_a_sentence() {
        assert_eq!(one_of(&["a", "b", "c"], "or"), "a, b or c");
        assert_eq!(one_of(&["a"], "or"), "a");
    }
}
