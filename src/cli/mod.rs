//! The `grotto` command: arguments to commands to exit codes.

mod bench;
mod check;
mod film;
mod film_light;
mod headset;
mod info;
mod new;
mod open;
mod rehearse;
mod render;
mod run;
mod sample;
mod storyboard;
mod tour_film;
#[cfg(feature = "sound")]
mod tour_sound;
mod values;

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::{io::Write, path::PathBuf, process::ExitCode};

/// How a command ended; the numbers are documented in the README.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// 0: done.
    Done,
    /// 1: the file was read and has errors.
    Errors,
    /// 2: a file cannot be read, or the arguments make no sense.
    CannotRead(String),
    /// 2: the scene file cannot be read, and the report has said why.
    Unreadable,
    /// 3: no picture can be made on this machine.
    NoGraphics(String),
    /// 4: the result cannot be written.
    CannotWrite(String),
    /// 10 to 19: a headset's process asks its parent for a new one.
    Restart(u8),
}

impl Outcome {
    /// The process's exit code.
    pub fn code(&self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Errors => 1,
            Self::CannotRead(_) | Self::Unreadable => 2,
            Self::NoGraphics(_) => 3,
            Self::CannotWrite(_) => 4,
            Self::Restart(code) => *code,
        }
    }

    fn message(&self) -> Option<&str> {
        match self {
            Self::Done | Self::Errors | Self::Unreadable | Self::Restart(_) => None,
            Self::CannotRead(text) | Self::NoGraphics(text) | Self::CannotWrite(text) => Some(text),
        }
    }
}

/// Walk into digitised heritage, in a window or without a display.
#[derive(Debug, Parser)]
#[command(
    name = "grotto",
    version,
    after_help = "Examples:\n  grotto                               walk through the sample, the Cave of Lamps\n  grotto run my-cave/exhibit.ron       walk through your exhibit\n  grotto check my-cave/exhibit.ron     what is wrong with it, and how to mend it\n  grotto new my-cave                   start an exhibit of your own\n  grotto render scan.glb --out a.png   a picture of a bare scan\n\nExit codes: 0 done, 1 the scene has errors, 2 a file cannot be read or the command is\nwrong, 3 no graphics on this machine, 4 the result cannot be written."
)]
pub struct Cli {
    /// What to do; the sample exhibit is shown when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How much to tell: error, warn, info, debug or trace; also a filter such as
    /// `warn,grotto=debug`.
    #[arg(
        long,
        global = true,
        env = "GROTTO_LOG",
        default_value = "warn,grotto=info",
        value_parser = values::log_filter
    )]
    pub log: String,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show an exhibit (or a bare .glb, .gltf) in a window, or as pictures without a display.
    Run(RunArgs),
    /// Say everything that is wrong with an exhibit, where, and how to mend it.
    Check(CheckArgs),
    /// Play every tour in every language through, fast, and say what is wrong.
    Rehearse(RehearseArgs),
    /// Make pictures of an exhibit or a bare model. Same input, same driver, same picture.
    Render(RenderArgs),
    /// Write a small complete exhibit to start from.
    New(NewArgs),
    /// Say what a glTF file or an image holds.
    Info(InfoArgs),
    /// Measure loading and frame times.
    Bench(BenchArgs),
    /// Generate the sample exhibit, the Cave of Lamps.
    Sample(SampleArgs),
    /// Say whether an OpenXR runtime with a headset is there; exit code 0 or 14.
    #[command(hide = true)]
    ProbeHeadset,
}

impl Command {
    /// It surely draws, and into memory.
    fn is_windowless(&self) -> bool {
        matches!(self, Self::Render(_) | Self::Bench(_))
    }

    /// Fonts are needed for it.
    fn draws_letters(&self) -> bool {
        match self {
            Self::Run(_) | Self::Check(_) | Self::Render(_) | Self::Bench(_) => true,
            Self::Rehearse(args) => args.storyboard.is_some(),
            Self::New(_) | Self::Info(_) | Self::Sample(_) | Self::ProbeHeadset => false,
        }
    }
}

/// `grotto rehearse`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  grotto rehearse\n  grotto rehearse my-cave/exhibit.ron --format json\n  grotto rehearse my-cave/exhibit.ron --storyboard out\n\nExit code 0: nothing is wrong; 1: errors; 2: the exhibit cannot be read."
)]
pub struct RehearseArgs {
    /// An exhibit (.ron); the sample when left out.
    pub scene: Option<PathBuf>,
    /// For people or for programs.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// Read the scene file alone: no walls, no sight lines, no loudness.
    #[arg(long, conflicts_with = "storyboard")]
    pub fast: bool,
    /// Write a storyboard into this folder: a page with a picture of each step, what is said
    /// in each language, the cues as a timeline, and what is wrong. Open its index.html.
    #[arg(long, value_name = "FOLDER")]
    pub storyboard: Option<PathBuf>,
}

/// Where the picture goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// A headset where a runtime with one answers, else a window, else pictures.
    Auto,
    /// A window.
    Desktop,
    /// A headset, through OpenXR.
    Vr,
    /// Pictures and a film in `out/`.
    Headless,
}

/// How much beauty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum QualityArg {
    /// By the machine: low without a GPU, high with one.
    Auto,
    /// No anti-aliasing, no glow.
    Low,
    /// Anti-aliasing.
    Medium,
    /// Anti-aliasing and glow.
    High,
}

/// `grotto run`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  grotto run\n  grotto run my-cave/exhibit.ron --language zh --view altar\n  grotto run scan.glb --mode headless\n  grotto run my-cave/exhibit.ron --record evening"
)]
pub struct RunArgs {
    /// An exhibit (.ron), or a model (.glb, .gltf); the sample when left out.
    pub scene: Option<PathBuf>,
    /// Where to show it.
    #[arg(long, value_enum, default_value = "auto")]
    pub mode: Mode,
    /// The visitor's language, as a BCP 47 tag such as `en`, `zh-Hans` or `fr`.
    #[arg(long)]
    pub language: Option<String>,
    /// Start at this named view.
    #[arg(long)]
    pub view: Option<String>,
    /// How much beauty.
    #[arg(long, value_enum, default_value = "auto")]
    pub quality: QualityArg,
    /// Cover the whole screen.
    #[arg(long)]
    pub fullscreen: bool,
    /// Where pictures go without a display.
    #[arg(long, default_value = "out")]
    pub out: PathBuf,
    /// Record a guide: walk, speak and switch; it becomes a tour of this name in the
    /// exhibit's folder `tours`. F6 begins and stops, in a headset the red dot in the menu.
    #[arg(long, value_name = "NAME", value_parser = values::tour_name)]
    pub record: Option<String>,
    /// What concerns a headset.
    #[command(flatten)]
    pub headset: HeadsetArgs,
}

/// What concerns a headset.
#[derive(Debug, Clone, Default, Args)]
pub struct HeadsetArgs {
    /// Seconds after which a headset that was taken off is ready for the next visitor; 30
    /// when left out.
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds, allow_negative_numbers = true)]
    pub grace: Option<u32>,
    /// What the monitor beside a headset shows.
    #[arg(long, value_enum, default_value = "mirror")]
    pub monitor: MonitorArg,
    /// Whether resolution, shadows and lights of a headset are traded for its rate: `auto` where
    /// a graphics card draws, `on` always, `off` never.
    #[arg(long, value_enum, default_value_t)]
    pub governor: GovernorArg,
    /// Write what the headset does to the end of this file, as JSON lines.
    #[arg(long)]
    pub report: Option<PathBuf>,
    /// Write the times of each frame, as the governor sees them, to this file, as JSON lines.
    #[arg(long, hide = true)]
    pub frame_trace: Option<PathBuf>,
    /// Take pictures of both eyes whenever a file NAME.wanted appears in this folder.
    #[arg(long, hide = true)]
    pub eye_pictures: Option<PathBuf>,
    /// Visitors and runtimes are given up so many times sooner: for tests.
    #[arg(long, hide = true, default_value_t = 1)]
    pub haste: u32,
    /// This process is kept alive by a parent.
    #[arg(long, hide = true, value_enum)]
    pub child: Option<Child>,
    /// Take up the visit that the last process left.
    #[arg(long, hide = true)]
    pub resume: bool,
}

impl HeadsetArgs {
    /// The options among them that were given, as they are typed.
    fn given(&self) -> Vec<&'static str> {
        [
            ("--grace", self.grace.is_some()),
            ("--monitor", self.monitor != MonitorArg::default()),
            ("--governor", self.governor != GovernorArg::default()),
            ("--report", self.report.is_some()),
            ("--frame-trace", self.frame_trace.is_some()),
            ("--eye-pictures", self.eye_pictures.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, is_given)| is_given.then_some(name))
        .collect()
    }
}

/// See [`HeadsetArgs::monitor`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum MonitorArg {
    /// What the visitor sees, steadied; while nobody visits, the named views in turn.
    #[default]
    Mirror,
    /// The starting view, or the one that --view names.
    View,
    /// The named views in turn, also while somebody visits.
    Attract,
}

/// When the governor of a headset's rate is at work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum GovernorArg {
    /// Where a graphics card draws.
    #[default]
    Auto,
    /// Always.
    On,
    /// Never.
    Off,
}

/// What a parent starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Child {
    /// In the headset.
    Headset,
    /// On the monitor.
    Flat,
}

/// `grotto check`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  grotto check my-cave/exhibit.ron\n  grotto check my-cave/exhibit.ron --format json\n\nExit codes: 0 no errors, 1 errors, 2 the file cannot be read."
)]
pub struct CheckArgs {
    /// An exhibit (.ron), or a model (.glb, .gltf).
    pub scene: PathBuf,
    /// For people or for programs.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// For people or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// What a picture is called where nothing is said.
const PICTURE: &str = "grotto.png";

/// `grotto render`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  grotto render --view altar --out altar.png\n  grotto render my-cave/exhibit.ron --all-views --out pictures\n  grotto render scan.glb --size 1920x1080 --out scan.png\n  grotto render scan.glb --orbit 12 --out turn\n  grotto render --pose \"0,1.6,2,180,-5\" --out back.png"
)]
pub struct RenderArgs {
    /// An exhibit (.ron), or a model (.glb, .gltf); the sample when left out.
    pub scene: Option<PathBuf>,
    /// A named view of the exhibit.
    #[arg(long, conflicts_with_all = ["pose", "all_views", "orbit"])]
    pub view: Option<String>,
    /// Eye in metres, then yaw and pitch in degrees: "x,y,z,yaw,pitch".
    #[arg(long, conflicts_with_all = ["all_views", "orbit"], allow_hyphen_values = true)]
    pub pose: Option<String>,
    /// Every named view, into the folder given by --out.
    #[arg(long, conflicts_with = "orbit")]
    pub all_views: bool,
    /// This many pictures all around a model, or turning round inside a room, or where an exhibit
    /// begins.
    #[arg(long, value_name = "COUNT", value_parser = values::pictures, allow_negative_numbers = true)]
    pub orbit: Option<u32>,
    /// A guided tour as a film (.mp4), with its captions and its sound.
    #[arg(long, conflicts_with_all = ["view", "pose", "all_views", "orbit"])]
    pub tour: Option<String>,
    /// Pictures a second of a film.
    #[arg(long, default_value = "24", value_parser = values::rate, allow_negative_numbers = true)]
    pub fps: u32,
    /// A film without captions.
    #[arg(long, requires = "tour")]
    pub no_captions: bool,
    /// Width x height in pixels.
    #[arg(long, default_value = "1280x720")]
    pub size: String,
    /// Vertical field of view in degrees; the view's own, or 60.
    #[arg(long, value_name = "DEGREES", value_parser = values::field_of_view, allow_negative_numbers = true)]
    pub fov: Option<f32>,
    /// The picture (.png, .jpg), a folder for several, or a film (.mp4). Several go into `pictures`
    /// where nothing is said.
    #[arg(long, default_value = PICTURE)]
    pub out: PathBuf,
    /// How much beauty.
    #[arg(long, value_enum, default_value = "high")]
    pub quality: QualityArg,
    /// The visitor's language.
    #[arg(long)]
    pub language: Option<String>,
    /// Show this layer of every surface that has it, such as `restored`.
    #[arg(long)]
    pub layer: Option<String>,
    /// The visitor's lamp, whatever the exhibit says.
    #[arg(long)]
    pub lamp: Option<bool>,
}

/// `grotto new`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  grotto new my-cave && grotto run my-cave/exhibit.ron")]
pub struct NewArgs {
    /// A folder that does not exist yet, or is empty.
    pub dir: PathBuf,
}

/// `grotto info`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  grotto info scan.glb\n  grotto info mural.png --format json")]
pub struct InfoArgs {
    /// A .glb, .gltf, .png, .jpg, .webp or .ktx2 file.
    pub asset: PathBuf,
    /// For people or for programs.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// `grotto bench`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  grotto bench scan.glb --json\n  grotto bench --frames 120 --quality low"
)]
pub struct BenchArgs {
    /// An exhibit (.ron), or a model (.glb, .gltf); the sample when left out.
    pub scene: Option<PathBuf>,
    /// Figures as JSON.
    #[arg(long)]
    pub json: bool,
    /// Frames along the camera path: an exhibit from its start and from each named view, to both
    /// sides; a model from around, a room from inside.
    #[arg(long, default_value = "60", value_parser = values::pictures, allow_negative_numbers = true)]
    pub frames: u32,
    /// Width x height in pixels.
    #[arg(long, default_value = "1280x720")]
    pub size: String,
    /// How much beauty.
    #[arg(long, value_enum, default_value = "low")]
    pub quality: QualityArg,
    /// Draw scans with Bevy's StandardMaterial instead of the lean one, to compare.
    #[arg(long)]
    pub full_material: bool,
    /// Draw all of a scan's triangles however far away they are, as pictures and films do, to
    /// compare; windows and headsets draw fewer then, and so do these frames.
    #[arg(long)]
    pub every_triangle: bool,
    /// Tell what each pass of the renderer takes of a frame; timing them takes time itself.
    #[arg(long)]
    pub passes: bool,
}

/// `grotto sample`.
#[derive(Debug, Args)]
pub struct SampleArgs {
    /// A folder; grotto's cache when left out.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Small and fast, for tests.
    #[arg(long)]
    pub draft: bool,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    crate::operate::heap::give_back_large_blocks();
    // One untrusted texture, decoded in a process of its own.
    if let Some(code) = crate::bake::sandbox::run_if_asked() {
        return code;
    }
    let started = open::Started::now();
    let cli = Cli::try_parse().unwrap_or_else(|error| {
        if let Some(path) = open::bare_scene(std::env::args_os().nth(1)) {
            let path = path.display();
            say_error(&format!("grotto: to show {path}: grotto run {path}"));
            std::process::exit(i32::from(Outcome::Unreadable.code()));
        }
        error.exit()
    });
    let _log = open::start_log(&cli.log);
    let command = cli.command.unwrap_or(Command::Run(RunArgs {
        scene: None,
        mode: Mode::Auto,
        language: None,
        view: None,
        quality: QualityArg::Auto,
        fullscreen: false,
        out: PathBuf::from("out"),
        record: None,
        headset: HeadsetArgs::default(),
    }));
    if command.is_windowless() {
        crate::render::device::ask();
    }
    if command.draws_letters()
        && let Err(error) = crate::render::fonts::prepare()
    {
        say_error(&format!("grotto: {error}"));
        return ExitCode::from(Outcome::NoGraphics(error).code());
    }
    let result = match command {
        Command::Run(args) => run::run(&args),
        Command::Check(args) => check::check(&args),
        Command::Rehearse(args) => rehearse::rehearse(&args),
        Command::Render(args) => render::render(&args),
        Command::New(args) => new::new(&args),
        Command::Info(args) => info::info(&args),
        Command::Bench(args) => bench::bench(&args, &started),
        Command::Sample(args) => sample::sample(&args),
        Command::ProbeHeadset => headset::probe(),
    };
    crate::render::device::decline();
    if let Some(message) = result.message() {
        say_error(&format!("grotto: {message}"));
    }
    ExitCode::from(result.code())
}

/// One line on standard output. A closed pipe (`| head`) is no error.
fn say(text: &str) {
    drop(writeln!(std::io::stdout(), "{text}"));
}

/// One line on standard error.
fn say_error(text: &str) {
    drop(writeln!(std::io::stderr(), "{text}"));
}
