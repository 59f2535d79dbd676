//! Everything Grotto says, by name: what a Fluent file may hold, and what the code asks for.

/// Declares [`Word`]: its variant, its name in Fluent files, the arguments it takes in
/// parentheses, and `.keys` where it names keys to press beside what they do.
macro_rules! words {
    ($($(#[$doc:meta])* $variant:ident = $key:literal $(($($argument:literal),+))? $(.$keys:ident)?,)+) => {
        /// Something Grotto says.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Word {
            $($(#[$doc])* $variant,)+
        }

        impl Word {
            /// All of them, in the order of the Fluent files.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name in Fluent files.
            pub fn key(self) -> &'static str {
                match self {
                    $(Self::$variant => $key,)+
                }
            }

            /// The arguments it takes: `{ $path }` in a Fluent file.
            pub fn arguments(self) -> &'static [&'static str] {
                match self {
                    $(Self::$variant => &[$($($argument),+)?],)+
                }
            }

            /// Whether it is a row of the help, with an attribute `.keys`.
            pub fn is_help_row(self) -> bool {
                match self {
                    $(Self::$variant => !<[&str]>::is_empty(&[$(stringify!($keys))?]),)+
                }
            }
        }
    };
}

words! {
    /// Below the title while loading.
    Loading = "loading",
    /// On the sign of a model that cannot be shown.
    Missing = "missing",
    /// A broken scene file was saved.
    KeptLastGood = "kept-last-good",
    /// A picture was written to a file.
    PictureSaved = "picture-saved" ("path"),
    /// A picture could not be written.
    PictureFailed = "picture-failed" ("error"),
    /// Below a panel.
    CloseHint = "close-hint",
    /// How to begin the guided tour.
    GuideStart = "guide-start",
    /// How to go on in it.
    GuideNext = "guide-next",
    /// A button: go back a step of the tour.
    GuideBack = "guide-back",
    /// A button: let the tour wait.
    GuidePause = "guide-pause",
    /// A button: go on with the tour that waits.
    GuideResume = "guide-resume",
    /// A button: go on to the next step at once.
    GuideSkip = "guide-skip",
    /// A button: leave the tour.
    GuideLeave = "guide-leave",
    /// A button: leave a detour.
    GuideReturn = "guide-return",
    /// A button: take a detour.
    GuideDetour = "guide-detour" ("number", "title"),
    /// What the step waits for: an answer.
    RemindAnswer = "remind-answer",
    /// What the step waits for: something to be found.
    RemindHotspot = "remind-hotspot" ("title"),
    /// A button: play the sound of a panel.
    Listen = "listen",
    /// A button: stop it.
    ListenStop = "listen-stop",
    /// Below a panel that is longer than it is shown.
    ReadOn = "read-on",
    /// How loud everything is.
    Volume = "volume" ("percent"),
    /// Nothing is heard.
    VolumeMuted = "volume-muted",
    /// What is said is shown.
    CaptionsOn = "captions-on",
    /// It is not.
    CaptionsOff = "captions-off",
    /// How large letters are.
    TextSize = "text-size" ("percent"),
    /// Captions stand on the place itself.
    CaptionOutline = "caption-outline",
    /// Captions stand on a dark plate.
    CaptionPlate = "caption-plate",
    /// Captions stand on black.
    CaptionSolid = "caption-solid",
    /// Sound is made for headphones.
    Headphones = "headphones",
    /// Sound is made for two loudspeakers.
    Loudspeakers = "loudspeakers",
    /// Sound is made for one.
    OneLoudspeaker = "one-loudspeaker",
    /// Ready to record a tour.
    RecordReady = "record-ready",
    /// A tour is recorded; for how long.
    Recording = "recording" ("time"),
    /// How often a key was pressed in it.
    RecordKeys = "record-keys" ("count"),
    /// How often a guide in a headset asked for a new step or marked a place.
    RecordMarks = "record-marks" ("count"),
    /// What can be done while recording.
    RecordHint = "record-hint",
    /// There is no voice, and why.
    RecordVoiceless = "record-voiceless" ("error"),
    /// The tour is being written.
    RecordWriting = "record-writing",
    /// It is written, and how many steps it has.
    RecordSaved = "record-saved" ("count", "path"),
    /// The exhibit names it now, and where its former scene file is.
    RecordListed = "record-listed" ("path"),
    /// How it comes into the exhibit.
    RecordInclude = "record-include" ("path"),
    /// It is not written, and why.
    RecordFailed = "record-failed" ("error"),
    /// How to see the help.
    HelpHint = "help-hint",
    /// Title of the help.
    HelpTitle = "help-title",
    /// A row of the help.
    HelpWalk = "help-walk" .keys,
    /// A row of the help.
    HelpLook = "help-look" .keys,
    /// A row of the help.
    HelpAim = "help-aim" .keys,
    /// A row of the help.
    HelpRun = "help-run" .keys,
    /// A row of the help.
    HelpRise = "help-rise" .keys,
    /// A row of the help.
    HelpFly = "help-fly" .keys,
    /// A row of the help.
    HelpLamp = "help-lamp" .keys,
    /// A row of the help.
    HelpLayer = "help-layer" .keys,
    /// A row of the help.
    HelpView = "help-view" .keys,
    /// A row of the help.
    HelpHome = "help-home" .keys,
    /// A row of the help.
    HelpGuide = "help-guide" .keys,
    /// A row of the help.
    HelpGuideMore = "help-guide-more" .keys,
    /// A row of the help.
    HelpDetour = "help-detour" .keys,
    /// A row of the help.
    HelpOpen = "help-open" .keys,
    /// A row of the help.
    HelpNext = "help-next" .keys,
    /// A row of the help.
    HelpPanel = "help-panel" .keys,
    /// A row of the help.
    HelpVolume = "help-volume" .keys,
    /// A row of the help.
    HelpThrough = "help-through" .keys,
    /// A row of the help.
    HelpCaptions = "help-captions" .keys,
    /// A row of the help.
    HelpTextSize = "help-text-size" .keys,
    /// A row of the help.
    HelpCaptionGround = "help-caption-ground" .keys,
    /// A row of the help.
    HelpLanguage = "help-language" .keys,
    /// A row of the help.
    HelpStatistics = "help-statistics" .keys,
    /// A row of the help.
    HelpFullscreen = "help-fullscreen" .keys,
    /// A row of the help.
    HelpPicture = "help-picture" .keys,
    /// A row of the help.
    HelpGamepad = "help-gamepad" .keys,
    /// A row of the help.
    HelpGamepadTour = "help-gamepad-tour" .keys,
    /// A row of the help.
    HelpTouch = "help-touch" .keys,
    /// A button for fingers.
    TouchLamp = "touch-lamp",
    /// A button for fingers.
    TouchLayer = "touch-layer",
    /// A button for fingers.
    TouchView = "touch-view",
    /// A button for fingers.
    TouchHome = "touch-home",
    /// A button for fingers.
    TouchLanguage = "touch-language",
    /// A button for fingers.
    TouchHelp = "touch-help",
}

/// Arguments that are numbers: a Fluent file may choose by them (`{ $count -> [one] … }`)
/// and writes them as its language does.
pub(super) const NUMBERS: [&str; 3] = ["count", "number", "percent"];

impl Word {
    /// The word with a name.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.key() == key)
    }

    /// The rows of the help, in their order.
    pub fn help_rows() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|word| word.is_help_row())
    }
}
