//! The decimal comma of much of Europe: `1,6` is two values here.

use crate::scene::syntax::{Kind, Node};

/// What is said wherever a decimal comma is seen.
pub(super) const SAID: &str = "in scene files decimals are written with a point: 1.6, not 1,6";

/// The values as they were meant, where some of them are halves of decimals and there should be
/// `count`: `0, 1,6, 2` for three are `0, 1.6, 2`. Halves stand at their comma without a space;
/// `None` when these are no decimals with commas, or when there is more than one reading.
pub(super) fn meant(values: &[Node<'_>], count: usize) -> Option<String> {
    let excess = values
        .len()
        .checked_sub(count)
        .filter(|excess| *excess > 0)?;
    let wholes: Vec<i128> = values.iter().map_while(whole).collect();
    if wholes.len() < values.len() {
        return None;
    }
    let is_glued = |at: usize| {
        let (one, next) = (&values[at], values.get(at + 1)?);
        (one.span.end + 1 == next.span.start && wholes[at + 1] >= 0).then_some(())
    };
    let mut parts = Vec::new();
    let (mut at, mut joined) = (0, 0);
    while at < values.len() {
        if is_glued(at).is_some() {
            // Zeros at the beginning of the second half are not in its value.
            let digits = (values[at + 1].span.end - values[at + 1].span.start) as usize;
            // So is the sign of a zero in the first.
            let sign = if is_negative(&values[at]) { "-" } else { "" };
            let whole = wholes[at].unsigned_abs();
            parts.push(format!("{sign}{whole}.{:0digits$}", wholes[at + 1]));
            joined += 1;
            at += 2;
        } else {
            parts.push(wholes[at].to_string());
            at += 1;
        }
    }
    (joined == excess).then(|| parts.join(", "))
}

fn is_negative(node: &Node<'_>) -> bool {
    matches!(&node.kind, Kind::Number(number) if number.value.is_sign_negative())
}

fn whole(node: &Node<'_>) -> Option<i128> {
    match &node.kind {
        Kind::Number(number) => number.whole,
        _ => None,
    }
}
