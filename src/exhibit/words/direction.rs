//! Which way a language is written, and how Bevy's text is told.
//!
//! Bevy 0.19.1 lays text out with parley 0.9 and can say neither language nor base direction:
//! parley takes the direction of a whole text, all its lines, from the first strong character
//! (UAX #9, rules P2 and P3). `Justify::Start` and `Justify::End` follow that direction,
//! `Justify::Left` does not. So an Arabic caption that begins with a Latin name would be laid
//! out from the left, unless a mark stands before it: [`with_base`].

use crate::scene::schema::Language;
use std::{borrow::Cow, collections::HashSet, sync::LazyLock};

/// The base direction of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    /// As English, Chinese, Hindi.
    #[default]
    LeftToRight,
    /// As Arabic, Hebrew.
    RightToLeft,
}

/// Scripts written from right to left (CLDR 48.2, `scriptMetadata.json`, `rtl`).
static RTL_SCRIPTS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "Adlm Arab Armi Avst Chrs Cprt Elym Gara Hatr Hebr Hung Khar Lydi Mand Mani Mend Merc \
    Mero Narb Nbat Nkoo Orkh Ougr Palm Phli Phlp Phnx Prti Rohg Samr Sarb Sidt Sogd Sogo \
    Syrc Thaa Yezi"
        .split_ascii_whitespace()
        .collect()
});

/// Languages whose likely script is one of them (CLDR 48.2, `likelySubtags.json`).
static RTL_LANGUAGES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "aao abh abv acm acq acw acx adf ae aeb aec aee aeq afb aib aii aij aiq amw apc apd \
    ar arc arq ars ary arz ask atn auj auz avd avl ayh ayl ayn ayp azb bal bdz bej bft \
    bgn bgp bhe bhm bhn bjf bjm bqi brh brk bsh bsk chg cja ckb clh czk dcc def deh dgl \
    dmk dml dv ecy esh fa fay faz fia fub gbz ggg gha ghr gig gjk gju glh glk grr gwc \
    gwf gwt gzi hac haz hbo he hkh hnd hno hoh hrt hrz hss huy isk itk iw jad jat jbe \
    jbn jdg ji jnd jog jpa jpr jrb jye kbu kby kcy kfm khw klj kmz kqd ks ktl kvx kxp \
    lad lah lhs lki lrc lrk lrl lsa lsd lss luv luz mby mde mey mfa mfi mhj mid mki mnj \
    mve mvy myz mzb mzn nli nlm nqo ntz nyq oar obm odk oru ota otk oui pal pbt pgd phl \
    phn phr phv plk prc prd prx ps psh psi pst qxq rdb rhg rmt sam sbn scl sd sdb sdf \
    sdg sdh sds sgr sgy shd shm shu shv siy siz skr smp smy sog sqo sqt srh srz ssh sts \
    swb syc syn syr tjo tks tmr tov tra trg trm trw ug ur ush uzs vaf vgr vmh wbk wlo \
    wne wni wsv xco xhe xka xkc xkj xkp xld xly xmn xmr xna xpr xsa xsd xvi ydg yhd yi \
    yih yud zba zdj zrp zum"
        .split_ascii_whitespace()
        .collect()
});

/// Where the region tells another direction than the language alone (same source).
const BY_REGION: &[(&str, &str, Direction)] = &[
    ("az", "IQ", Direction::RightToLeft),
    ("az", "IR", Direction::RightToLeft),
    ("ha", "CM", Direction::RightToLeft),
    ("ha", "SD", Direction::RightToLeft),
    ("kk", "AF", Direction::RightToLeft),
    ("kk", "CN", Direction::RightToLeft),
    ("kk", "IR", Direction::RightToLeft),
    ("kk", "MN", Direction::RightToLeft),
    ("ku", "IQ", Direction::RightToLeft),
    ("ku", "IR", Direction::RightToLeft),
    ("ku", "LB", Direction::RightToLeft),
    ("ky", "CN", Direction::RightToLeft),
    ("mey", "SN", Direction::LeftToRight),
    ("ms", "CC", Direction::RightToLeft),
    ("pa", "PK", Direction::RightToLeft),
    ("sd", "IN", Direction::LeftToRight),
    ("tg", "PK", Direction::RightToLeft),
    ("ug", "KZ", Direction::LeftToRight),
    ("ug", "MN", Direction::LeftToRight),
    ("uz", "AF", Direction::RightToLeft),
];

impl Direction {
    /// The direction of a language: of the script it names, else of its likely script.
    pub fn of(language: &Language) -> Self {
        // What follows a singleton (`en-x-arab`) says nothing about the script.
        let mut parts = language
            .as_str()
            .split('-')
            .take_while(|part| part.len() > 1);
        let primary = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        let is_script = |part: &&&str| part.len() == 4 && part.starts_with(char::is_alphabetic);
        if let Some(script) = rest.iter().find(is_script) {
            return Self::if_listed(&RTL_SCRIPTS, script);
        }
        let by_region = BY_REGION
            .iter()
            .find(|(own, region, _)| *own == primary && rest.contains(region));
        by_region.map_or_else(
            || Self::if_listed(&RTL_LANGUAGES, primary),
            |(_, _, direction)| *direction,
        )
    }

    fn if_listed(list: &HashSet<&str>, name: &str) -> Self {
        if list.contains(name) {
            Self::RightToLeft
        } else {
            Self::LeftToRight
        }
    }

    /// The direction a text would be given by its first strong character, as parley does;
    /// `None` where it has none (digits, marks).
    pub fn of_text(text: &str) -> Option<Self> {
        let mut isolates = 0_usize;
        for character in text.chars() {
            match character {
                // LRI, RLI, FSI: what they hold does not count (P2), until PDI.
                '\u{2066}'..='\u{2068}' => isolates += 1,
                '\u{2069}' => isolates = isolates.saturating_sub(1),
                _ if isolates > 0 => {}
                '\u{200E}' => return Some(Self::LeftToRight),
                _ if is_right_to_left(character) => return Some(Self::RightToLeft),
                _ if character.is_alphabetic() => return Some(Self::LeftToRight),
                _ => {}
            }
        }
        None
    }

    /// The mark that is a strong character of this direction and cannot be seen.
    fn mark(self) -> char {
        match self {
            Self::LeftToRight => '\u{200E}',
            Self::RightToLeft => '\u{200F}',
        }
    }
}

/// Letters of the bidirectional classes R and AL: the blocks that Unicode keeps for them
/// (`DerivedBidiClass.txt`, the defaults of the header), without their digits and marks.
fn is_right_to_left(character: char) -> bool {
    character == '\u{200F}'
        || character == '\u{061C}'
        || character.is_alphabetic()
            && matches!(character,
                '\u{0590}'..='\u{08FF}'
                | '\u{FB1D}'..='\u{FDFF}'
                | '\u{FE70}'..='\u{FEFF}'
                | '\u{10800}'..='\u{10FFF}'
                | '\u{1E800}'..='\u{1EFFF}')
}

/// A text that is laid out in a language's direction, whatever it begins with: unchanged
/// where it would be, else with a mark before it that cannot be seen. A text that fell back
/// to a language of the other direction keeps its own: for right-to-left it must hold such a
/// letter, for left-to-right as many as of the other.
pub fn with_base(text: &str, direction: Direction) -> Cow<'_, str> {
    if Direction::of_text(text).is_none_or(|own| own == direction) {
        return Cow::Borrowed(text);
    }
    let letters = text.chars().filter(|character| character.is_alphabetic());
    let (right_to_left, left_to_right): (Vec<char>, Vec<char>) =
        letters.partition(|character| is_right_to_left(*character));
    let is_of_language = match direction {
        Direction::RightToLeft => !right_to_left.is_empty(),
        Direction::LeftToRight => left_to_right.len() >= right_to_left.len(),
    };
    if is_of_language {
        Cow::Owned(format!("{}{text}", direction.mark()))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Direction::{LeftToRight, RightToLeft};

    #[test]
    fn scripts_decide_then_regions_then_languages() {
        for (tag, direction) in [
            ("en", LeftToRight),
            ("zh-Hant-TW", LeftToRight),
            ("hi", LeftToRight),
            ("ar", RightToLeft),
            ("ar-EG", RightToLeft),
            ("he", RightToLeft),
            ("fa-AF", RightToLeft),
            ("ar-Latn", LeftToRight),
            ("en-Arab", RightToLeft),
            ("pa", LeftToRight),
            ("pa-PK", RightToLeft),
            ("pa-Guru-PK", LeftToRight),
            ("uz-AF", RightToLeft),
            ("sd", RightToLeft),
            ("sd-IN", LeftToRight),
            ("de-1996", LeftToRight),
            ("en-x-arab", LeftToRight),
            ("ckb", RightToLeft),
        ] {
            let language = Language::parse(tag).expect("a tag of the list");
            assert_eq!(
                Direction::of(&language),
                direction,
                "the direction of {tag}"
            );
        }
    }

    #[test]
    fn the_first_strong_character_decides_a_text() {
        for (text, direction) in [
            ("Buddha بوذا", Some(LeftToRight)),
            ("«بوذا» Buddha", Some(RightToLeft)),
            ("1234 … שלום", Some(RightToLeft)),
            ("莫高窟", Some(LeftToRight)),
            ("123 – 456", None),
            ("١٢٣", None),
            ("\u{2068}Buddha\u{2069} بوذا", Some(RightToLeft)),
            ("", None),
        ] {
            assert_eq!(
                Direction::of_text(text),
                direction,
                "the direction of {text:?}"
            );
        }
    }

    #[test]
    fn marks_stand_only_where_they_are_needed() {
        for (text, direction, marked) in [
            ("Buddha بوذا", RightToLeft, "\u{200F}Buddha بوذا"),
            ("بوذا Buddha", RightToLeft, "بوذا Buddha"),
            ("סוף means end", LeftToRight, "\u{200E}סוף means end"),
            ("A cave", LeftToRight, "A cave"),
            ("12", LeftToRight, "12"),
            ("12", RightToLeft, "12"),
            (
                "A cave, in English only.",
                RightToLeft,
                "A cave, in English only.",
            ),
            ("مغارة موغاو Mogao", LeftToRight, "مغارة موغاو Mogao"),
            ("", RightToLeft, ""),
        ] {
            let found = with_base(text, direction);
            assert_eq!(found, marked, "{text:?} for {direction:?}");
            let again = with_base(&found, direction).into_owned();
            assert_eq!(again, found, "{text:?} is marked once");
        }
    }
}
