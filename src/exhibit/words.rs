//! Grotto's own words: few, and in the visitor's language.

use bevy::prelude::Resource;

/// The languages Grotto itself speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tongue {
    /// English.
    #[default]
    English,
    /// Chinese, simplified.
    Chinese,
    /// French.
    French,
}

impl Tongue {
    /// The tongue nearest to a BCP 47 tag or a POSIX locale (`zh_CN.UTF-8`); English where
    /// Grotto does not speak it.
    pub fn of(tag: &str) -> Self {
        let primary = tag.split(['-', '_', '.']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "zh" | "cmn" | "yue" => Self::Chinese,
            "fr" => Self::French,
            _ => Self::English,
        }
    }
}

/// The tongue in which Grotto speaks to this visitor.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Speaks(pub Tongue);

/// Something Grotto says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// Below the title while loading.
    Loading,
    /// Once everything is there.
    Help,
    /// Title of the help.
    HelpTitle,
    /// How to see the help.
    HelpHint,
    /// A broken scene file was saved.
    KeptLastGood,
    /// A picture was written to a file.
    PictureSaved,
    /// A picture could not be written.
    PictureFailed,
    /// On the sign of a model that cannot be shown.
    Missing,
    /// Below a panel.
    CloseHint,
    /// How to begin the guided tour.
    GuideStart,
    /// How to go on in it.
    GuideNext,
}

/// A word in a tongue.
pub fn say(word: Word, tongue: Tongue) -> &'static str {
    use Tongue::{Chinese, English, French};
    match (word, tongue) {
        (Word::Loading, English) => "Opening the cave …",
        (Word::Loading, Chinese) => "正在打开洞窟……",
        (Word::Loading, French) => "Ouverture de la grotte…",
        (Word::HelpTitle, English) => "How to look around",
        (Word::HelpTitle, Chinese) => "如何参观",
        (Word::HelpTitle, French) => "Comment se promener",
        (Word::HelpHint, English) => "F1  Help",
        (Word::HelpHint, Chinese) => "F1  帮助",
        (Word::HelpHint, French) => "F1  Aide",
        (Word::KeptLastGood, English) => "The saved file has errors; the last good state is shown.",
        (Word::KeptLastGood, Chinese) => "保存的文件有错误，仍显示上一个正确的状态。",
        (Word::KeptLastGood, French) => {
            "Le fichier enregistré contient des erreurs ; le dernier état correct reste affiché."
        }
        (Word::PictureSaved, English) => "Picture saved: ",
        (Word::PictureSaved, Chinese) => "图片已保存：",
        (Word::PictureSaved, French) => "Image enregistrée : ",
        (Word::PictureFailed, English) => "The picture could not be saved: ",
        (Word::PictureFailed, Chinese) => "图片无法保存：",
        (Word::PictureFailed, French) => "L’image n’a pas pu être enregistrée : ",
        (Word::CloseHint, English) => "Esc  close",
        (Word::CloseHint, Chinese) => "Esc  关闭",
        (Word::CloseHint, French) => "Échap  fermer",
        (Word::GuideStart, English) => "G  guided tour",
        (Word::GuideStart, Chinese) => "G  导览",
        (Word::GuideStart, French) => "G  visite guidée",
        (Word::GuideNext, English) => "G  go on",
        (Word::GuideNext, Chinese) => "G  继续",
        (Word::GuideNext, French) => "G  continuer",
        (Word::Missing, English) => "cannot be shown at the moment",
        (Word::Missing, Chinese) => "暂时无法展示",
        (Word::Missing, French) => "ne peut être montré pour l’instant",
        (Word::Help, English) => {
            "W A S D, arrows    walk\n\
             Mouse (click)      look; Esc frees the pointer\n\
             Right button       aim the lamp\n\
             Shift              faster\n\
             Space, C           up and down while flying\n\
             F                  walk or fly\n\
             L                  lamp\n\
             T                  next layer: today, restored …\n\
             N, B               next and previous view\n\
             H                  back to the start\n\
             G, R, Backspace    guided tour: on, back, leave\n\
             E, Enter, click    open what you look at\n\
             Tab                next thing to look at\n\
             F3                 frame statistics\n\
             F11                full screen\n\
             F12                save a picture\n\
             Gamepad            sticks move and look, A and B views,\n\
             \u{20}                  X lamp, Y layer\n\
             Touch              one finger looks, two fingers walk"
        }
        (Word::Help, Chinese) => {
            "W A S D、方向键    行走\n\
             鼠标（点击）       环顾；Esc 释放指针\n\
             右键               调整灯光方向\n\
             Shift              加快\n\
             空格、C            飞行时上升、下降\n\
             F                  行走或飞行\n\
             L                  灯\n\
             T                  下一图层：现状、复原……\n\
             N、B               下一个、上一个视点\n\
             H                  回到起点\n\
             G、R、退格键       导览：继续、后退、离开\n\
             E、回车、点击      打开所看之物\n\
             Tab                下一个看点\n\
             F3                 帧统计\n\
             F11                全屏\n\
             F12                保存图片\n\
             手柄               摇杆移动和环顾，A、B 切换视点，\n\
             \u{20}                  X 灯，Y 图层\n\
             触摸               单指环顾，双指行走"
        }
        (Word::Help, French) => {
            "Z Q S D, flèches   marcher\n\
             Souris (clic)      regarder ; Échap libère le pointeur\n\
             Bouton droit       orienter la lampe\n\
             Maj                plus vite\n\
             Espace, C          monter, descendre en vol\n\
             F                  marcher ou voler\n\
             L                  lampe\n\
             T                  calque suivant : aujourd’hui, restauré…\n\
             N, B               vue suivante, précédente\n\
             H                  retour au départ\n\
             G, R, Retour arr.  visite guidée : suite, retour, quitter\n\
             E, Entrée, clic    ouvrir ce que l’on regarde\n\
             Tab                prochaine chose à voir\n\
             F3                 statistiques\n\
             F11                plein écran\n\
             F12                enregistrer une image\n\
             Manette            sticks : marcher, regarder ; A, B : vues,\n\
             \u{20}                  X lampe, Y calque\n\
             Tactile            un doigt regarde, deux doigts marchent"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_locales_find_their_tongue() {
        for (tag, tongue) in [
            ("zh-Hans", Tongue::Chinese),
            ("zh_CN.UTF-8", Tongue::Chinese),
            ("fr-CA", Tongue::French),
            ("C", Tongue::English),
            ("", Tongue::English),
        ] {
            assert_eq!(Tongue::of(tag), tongue, "the tongue of {tag:?}");
        }
    }
}
