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
    fn lists_of_names_read_like_a_sentence() {
        assert_eq!(one_of(&["a", "b", "c"], "or"), "a, b or c");
        assert_eq!(one_of(&["a"], "or"), "a");
    }
}
