//! The sample's words in two more languages, as far as these pictures need them: one that is
//! written from the right, one whose letters join and stack.

/// French beginnings, and what is said instead in Arabic and Hindi.
const SAID: [(&str, &str, &str); 3] = [
    ("La figure assise", "التمثال الجالس", "बैठी हुई मूर्ति"),
    (
        "Argile sur une armature",
        "طين فوق هيكل من الخشب والقش، كان مذهّبًا فيما مضى. صخر هذه المنحدرات حصى خشن لا يصلح للنحت، \
         ولذلك كانت التماثيل *تُبنى*: حزم من القصب تُربط حول عمود، ثم طين خشن مع التبن، ثم طين ناعم مع \
         الألياف، ثم طبقة بيضاء وألوان.",
        "लकड़ी और पुआल के ढाँचे पर मिट्टी, जिस पर कभी सोना चढ़ा था। ऐसी चट्टानों का पत्थर कंकरीला होता है, \
         तराशने के लिए बहुत खुरदरा, इसलिए मूर्तियाँ *गढ़ी* जाती थीं: खंभे से बँधे सरकंडे, भूसे वाली मोटी मिट्टी, \
         रेशों वाली महीन मिट्टी, फिर सफ़ेद परत और रंग।",
    ),
    (
        "Vous êtes devant une falaise",
        "تقف أمام جرف على حافة الصحراء. كانت الثقوب فوق الباب تحمل ذات يوم عوارض رواق خشبي.",
        "आप रेगिस्तान के किनारे एक चट्टान के सामने खड़े हैं। दरवाज़े के ऊपर के छेदों में कभी लकड़ी के बरामदे की \
         शहतीरें थीं।",
    ),
];

/// The sample with two more languages; what is not translated is said in French.
pub(super) fn with_arabic_and_hindi(scene: &str) -> String {
    let scene = scene.replace(
        r#"languages: ["en", "zh-Hans", "fr"]"#,
        r#"languages: ["en", "zh-Hans", "fr", "ar", "hi"]"#,
    );
    let mut parts = scene.split(r#""fr": ""#);
    let mut told = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = end_of_string(part);
        let (french, rest) = part.split_at(end);
        let (arabic, hindi) = SAID
            .iter()
            .find(|(begins, ..)| french.starts_with(begins))
            .map_or((french, french), |(_, arabic, hindi)| (*arabic, *hindi));
        told += &format!(r#""fr": "{french}", "ar": "{arabic}", "hi": "{hindi}"#);
        told += rest;
    }
    told
}

/// Where a string ends that has begun.
fn end_of_string(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, letter) in text.char_indices() {
        match letter {
            '"' if !is_escaped => return at,
            '\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    text.len()
}

/// The sample with a hundred more hotspots on its north wall, a hand apart.
pub(super) fn with_a_dense_wall(scene: &str) -> String {
    let spots: String = (0..100)
        .map(|index| {
            let (row, column) = (index / 20, index % 20);
            let (y, z) = (0.9 + 0.2 * f64::from(row), -2.0 + 0.2 * f64::from(column));
            format!(
                r#"        (id: "dense_{index}", title: {{"en": "{index}", "zh-Hans": "{index}", "fr": "{index}"}},
                 at: Point((3.05, {y:.2}, {z:.2})), group: "panels",
                 actions: [Panel(text: {{"en": "{index}", "zh-Hans": "{index}", "fr": "{index}"}})],
                 alternative: {{"en": "A spot.", "zh-Hans": "一处。", "fr": "Un point."}}),
"#
            )
        })
        .collect();
    scene.replacen("    hotspots: [\n", &format!("    hotspots: [\n{spots}"), 1)
}
