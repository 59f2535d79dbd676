//! What languages call themselves: the buttons of a choice of languages, without flags.
//!
//! The names are those of the Unicode CLDR 48.2 (`cldr-localenames-full`, each language's own
//! `languages.json`; Unicode License v3), with a capital at the beginning where the script
//! has them, as CLDR's context transform for menus asks.

use crate::scene::schema::Language;

/// Sorted by tag.
const NAMES: &[(&str, &str)] = &[
    ("af", "Afrikaans"),
    ("am", "አማርኛ"),
    ("ar", "العربية"),
    ("az", "Azərbaycan"),
    ("be", "Беларуская"),
    ("bg", "Български"),
    ("bn", "বাংলা"),
    ("bo", "བོད་སྐད་"),
    ("bs", "Bosanski"),
    ("ca", "Català"),
    ("ckb", "کوردیی ناوەندی"),
    ("cs", "Čeština"),
    ("cy", "Cymraeg"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("dz", "རྫོང་ཁ"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("es", "Español"),
    ("et", "Eesti"),
    ("eu", "Euskara"),
    ("fa", "فارسی"),
    ("fi", "Suomi"),
    ("fil", "Filipino"),
    ("fr", "Français"),
    ("ga", "Gaeilge"),
    ("gd", "Gàidhlig"),
    ("gl", "Galego"),
    ("gu", "ગુજરાતી"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("hr", "Hrvatski"),
    ("hu", "Magyar"),
    ("hy", "Հայերեն"),
    ("id", "Indonesia"),
    ("ii", "ꆈꌠꉙ"),
    ("is", "Íslenska"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ka", "ქართული"),
    ("kk", "Қазақ тілі"),
    ("km", "ខ្មែរ"),
    ("kn", "ಕನ್ನಡ"),
    ("ko", "한국어"),
    ("ky", "Кыргызча"),
    ("lo", "ລາວ"),
    ("lt", "Lietuvių"),
    ("lv", "Latviešu"),
    ("mi", "Māori"),
    ("mk", "Македонски"),
    ("ml", "മലയാളം"),
    ("mn", "Монгол"),
    ("mr", "मराठी"),
    ("ms", "Melayu"),
    ("mt", "Malti"),
    ("my", "မြန်မာ"),
    ("nb", "Norsk bokmål"),
    ("ne", "नेपाली"),
    ("nl", "Nederlands"),
    ("nn", "Norsk nynorsk"),
    ("no", "Norsk"),
    ("or", "ଓଡ଼ିଆ"),
    ("pa", "ਪੰਜਾਬੀ"),
    ("pl", "Polski"),
    ("ps", "پښتو"),
    ("pt", "Português"),
    ("pt-PT", "Português europeu"),
    ("ro", "Română"),
    ("ru", "Русский"),
    ("sa", "संस्कृत भाषा"),
    ("sd", "سنڌي"),
    ("si", "සිංහල"),
    ("sk", "Slovenčina"),
    ("sl", "Slovenščina"),
    ("sq", "Shqip"),
    ("sr", "Српски"),
    ("sv", "Svenska"),
    ("sw", "Kiswahili"),
    ("ta", "தமிழ்"),
    ("te", "తెలుగు"),
    ("th", "ไทย"),
    ("tr", "Türkçe"),
    ("ug", "ئۇيغۇرچە"),
    ("uk", "Українська"),
    ("ur", "اردو"),
    ("uz", "O‘zbek"),
    ("vi", "Tiếng Việt"),
    ("yi", "ייִדיש"),
    ("yue", "粵語"),
    ("zh", "中文"),
    ("zh-Hans", "简体中文"),
    ("zh-Hant", "繁體中文"),
    ("zu", "isiZulu"),
];

/// What a language calls itself: `Français` for `fr-CA`. A script or region that the table
/// does not name apart is left out; a language it does not know is called by its tag.
pub fn autonym(language: &Language) -> &str {
    let known = |tag: &str| {
        NAMES
            .binary_search_by(|(own, _)| (*own).cmp(tag))
            .ok()
            .map(|at| NAMES[at].1)
    };
    language
        .and_wider()
        .find_map(known)
        .unwrap_or(language.as_str())
}

/// What each of some languages calls itself, told apart: where two would bear one name, the
/// tag follows it.
pub fn autonyms(languages: &[Language]) -> Vec<String> {
    let names: Vec<&str> = languages.iter().map(autonym).collect();
    languages
        .iter()
        .zip(&names)
        .map(|(language, name)| {
            let is_shared = names.iter().filter(|other| *other == name).count() > 1;
            if is_shared {
                format!("{name} ({language})")
            } else {
                (*name).to_owned()
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(tag: &str) -> Language {
        Language::parse(tag).unwrap_or_else(|help| panic!("{tag} is a tag, but: {help}"))
    }

    #[test]
    fn every_entry_is_a_tag_and_the_table_can_be_searched() {
        for (tag, name) in NAMES {
            assert_eq!(language(tag).as_str(), *tag, "{tag} is in canonical case");
            assert!(!name.trim().is_empty(), "{tag} has a name");
        }
        assert!(
            NAMES.is_sorted_by(|a, b| a.0 < b.0),
            "sorted by tag, without repetition: it is searched by halves"
        );
    }

    #[test]
    fn languages_call_themselves() {
        for (tag, name) in [
            ("en-GB", "English"),
            ("fr", "Français"),
            ("zh", "中文"),
            ("zh-Hans-CN", "简体中文"),
            ("zh-Hant-TW", "繁體中文"),
            ("ar", "العربية"),
            ("he", "עברית"),
            ("ja", "日本語"),
            ("ko", "한국어"),
            ("hi", "हिन्दी"),
            ("haw", "haw"),
        ] {
            assert_eq!(autonym(&language(tag)), name, "what {tag} calls itself");
        }
    }

    #[test]
    fn two_of_one_name_are_told_apart() {
        let all = ["en", "pt-BR", "pt-AO", "pt-PT"].map(language);
        assert_eq!(
            autonyms(&all),
            [
                "English",
                "Português (pt-BR)",
                "Português (pt-AO)",
                "Português europeu"
            ]
        );
    }
}
