//! The lines by which a test tells the runtime what to play.
//!
//! ```text
//! @frame N LINE                  do LINE as the N-th xrWaitFrame begins
//! @xrPollEvent N LINE            … as the N-th call of that function begins
//! state NAME                     lead sessions by legal steps to idle, ready, synchronized,
//!                                visible, focused or exiting; loss-pending at once
//! lose session [silently]        calls answer XR_ERROR_SESSION_LOST, after LOSS_PENDING
//! lose instance                  calls answer XR_ERROR_INSTANCE_LOST
//! headset on|off                 off: no system is found, and sessions are lost
//! presence on|off                the visitor wears the headset (XR_EXT_user_presence)
//! head x y z yaw pitch           in the room, meters and degrees (left and up)
//! hand left|right x y z qx qy qz qw [trigger=0.7] [thumbstick=0,1] [a=1] …
//! hand left|right off|on
//! profile PATH                   the controllers at hand
//! tracking on|off|orientation
//! recenter [FRAMES] [unsaid]     LOCAL moves to the head; announced for the frame after the last
//!                                predicted one, or FRAMES after it (0: at once); how it moves too,
//!                                unless unsaid
//! spaces [view] [local] [local_floor] [stage]      what is offered
//! without EXTENSION / with EXTENSION               what the next instance is offered
//! size WIDTH HEIGHT              of an eye's picture, in pixels
//! pace HZ                        real frames a second; 0: as fast as they come
//! patience SECONDS               how long a call waits for one that must come first
//! render on|off                  what xrWaitFrame says of shouldRender
//! frames hold|run|N              hold frames back, let them run, or grant N more
//! fail FUNCTION XR_ERROR_… [TIMES|always]          heal [FUNCTION]
//! stall FUNCTION SECONDS         from its next call on       unstall [FUNCTION]
//! hang FUNCTION                  it does not return until `unstall`
//! event state NAME|NUMBER        an event as it stands, true or not
//! event presence on|off          event unknown [TYPE]     event lost COUNT
//! event instance-loss-pending    event profile            event recenter SPACE
//! picture FOLDER                 write the next frame's eyes to left.ppm and right.ppm
//! report                         answered with JSON
//! reset                          zero what is counted, by which @ goes; settings stay
//! go                             ends the wait of a freshly loaded runtime
//! ```

use std::time::Duration;

use openxr_sys as xr;

use crate::demands::{Failure, Scheduled, Stall};
use crate::events::Event;
use crate::input::Hand;
use crate::pose::{chain, inverse, on_floor, turned};
use crate::session::{self, Goal};
use crate::world::{CHANGED, Frames, Kind, Tracking, World};

/// Does what the line says and answers with `ok` or, for `report`, with JSON.
pub(crate) fn execute(world: &mut World, line: &str) -> Result<String, String> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return done();
    }
    if let Some(rest) = line.strip_prefix('@') {
        return schedule(world, rest);
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    let answer = match words[..] {
        ["report"] => return Ok(crate::report::json(world).to_string()),
        ["go"] => done(),
        ["reset"] => reset(world),
        ["state", name] => lead(world, name),
        ["lose", "session"] => lose_sessions(world, true),
        ["lose", "session", "silently"] => lose_sessions(world, false),
        ["lose", "instance"] => lose_instances(world),
        ["headset", on] => headset(world, switch(on)?),
        ["presence", on] => presence(world, switch(on)?),
        ["head", ref numbers @ ..] => head(world, numbers),
        ["hand", side, ref rest @ ..] => hand(world, side, rest),
        ["profile", path] => profile(world, path),
        ["tracking", reach] => tracking(world, reach),
        ["recenter"] => recenter(world, 1, true),
        ["recenter", frames] => recenter(world, number(frames)?, true),
        ["recenter", frames, "unsaid"] => recenter(world, number(frames)?, false),
        ["spaces", ref names @ ..] => spaces(world, names),
        ["without", extension] => {
            world
                .settings
                .missing_extensions
                .insert(extension.to_owned());
            done()
        }
        ["with", extension] => {
            world.settings.missing_extensions.remove(extension);
            done()
        }
        ["size", width, height] => {
            world.settings.eye_px = (number(width)?, number(height)?);
            done()
        }
        ["pace", hz] => {
            world.settings.pace_hz = number(hz)?;
            done()
        }
        ["patience", seconds] => {
            world.settings.patience_secs = number(seconds)?;
            done()
        }
        ["render", on] => {
            world.settings.should_render = switch(on)?;
            done()
        }
        ["picture", folder] => {
            world.picture_folder = Some(folder.into());
            done()
        }
        ["frames", what] => frames(world, what),
        ["fail", function, result] => fail(world, function, result, Some(1)),
        ["fail", function, result, "always"] => fail(world, function, result, None),
        ["fail", function, result, times] => fail(world, function, result, Some(number(times)?)),
        ["heal"] => {
            world.failures.clear();
            done()
        }
        ["heal", function] => {
            world.failures.remove(function);
            done()
        }
        ["stall", function, seconds] => {
            let duration = Duration::try_from_secs_f64(number(seconds)?)
                .ok()
                .ok_or_else(|| format!("`{seconds}` is no length of time"))?;
            begin_stall(world, function, Some(duration))
        }
        ["hang", function] => begin_stall(world, function, None),
        ["unstall"] => {
            world.stalls.clear();
            done()
        }
        ["unstall", function] => {
            world.stalls.remove(function);
            done()
        }
        ["event", ref what @ ..] => event(world, what),
        _ => Err(format!("there is no line `{line}`")),
    };
    CHANGED.notify_all();
    answer
}

fn done() -> Result<String, String> {
    Ok("ok".to_owned())
}

fn number<T: std::str::FromStr>(word: &str) -> Result<T, String> {
    word.parse()
        .ok()
        .ok_or_else(|| format!("`{word}` is not a number that fits"))
}

fn switch(word: &str) -> Result<bool, String> {
    match word {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(format!("`{word}` is neither on nor off")),
    }
}

/// `frame N LINE` or `xrFunction N LINE`.
fn schedule(world: &mut World, rest: &str) -> Result<String, String> {
    let mut parts = rest.splitn(3, char::is_whitespace);
    let (Some(function), Some(at), Some(line)) = (parts.next(), parts.next(), parts.next()) else {
        return Err("`@` wants a function, a count and a line".to_owned());
    };
    let function = if function == "frame" {
        "xrWaitFrame"
    } else {
        function
    };
    if !crate::table::knows(function) {
        return Err(format!("there is no function `{function}`"));
    }
    world.schedule.push(Scheduled {
        function: function.to_owned(),
        at: number(at)?,
        line: line.trim().to_owned(),
    });
    done()
}

fn reset(world: &mut World) -> Result<String, String> {
    world.calls.clear();
    world.violations.clear();
    world.violation_count = 0;
    world.frames_ended = 0;
    world.frames_discarded = 0;
    world.sessions_created = 0;
    world.haptics = [0; 2];
    world.touches.clear();
    done()
}

fn lead(world: &mut World, name: &str) -> Result<String, String> {
    if name == "loss-pending" {
        for handle in session::handles(world) {
            session::enter(world, handle, xr::SessionState::LOSS_PENDING);
        }
        return done();
    }
    world.goal = match name {
        "idle" => Goal::Idle,
        "ready" => Goal::Ready,
        "synchronized" => Goal::Synchronized,
        "visible" => Goal::Visible,
        "focused" => Goal::Focused,
        "exiting" => Goal::Exiting,
        _ => return Err(format!("there is no state `{name}`")),
    };
    for handle in session::handles(world) {
        session::advance(world, handle);
    }
    done()
}

fn lose_sessions(world: &mut World, is_announced: bool) -> Result<String, String> {
    for handle in session::handles(world) {
        if let Some(entry) = world.handles.get_mut(&handle) {
            entry.is_lost = true;
        }
        if is_announced {
            session::enter(world, handle, xr::SessionState::LOSS_PENDING);
        }
    }
    done()
}

fn lose_instances(world: &mut World) -> Result<String, String> {
    for entry in world.handles.values_mut() {
        if entry.kind == Kind::Instance {
            entry.is_lost = true;
        }
    }
    done()
}

fn headset(world: &mut World, is_there: bool) -> Result<String, String> {
    world.settings.has_headset = is_there;
    if is_there {
        done()
    } else {
        lose_sessions(world, true)
    }
}

fn presence(world: &mut World, is_present: bool) -> Result<String, String> {
    if world.settings.is_present != is_present {
        world.settings.is_present = is_present;
        session::tell_presence(world);
    }
    done()
}

fn head(world: &mut World, numbers: &[&str]) -> Result<String, String> {
    let [x, y, z, yaw, pitch] = numbers else {
        return Err("head wants x y z yaw pitch".to_owned());
    };
    world.room_from_head = xr::Posef {
        orientation: turned(number(yaw)?, number(pitch)?),
        position: xr::Vector3f {
            x: number(x)?,
            y: number(y)?,
            z: number(z)?,
        },
    };
    done()
}

fn hand(world: &mut World, side: &str, rest: &[&str]) -> Result<String, String> {
    let index = match side {
        "left" => 0,
        "right" => 1,
        _ => return Err(format!("`{side}` is neither left nor right")),
    };
    let was_active = world.hands[index].is_active;
    match rest {
        [on @ ("on" | "off")] => world.hands[index].is_active = switch(on)?,
        _ => world.hands[index] = Hand::parse(rest)?,
    }
    if world.hands[index].is_active != was_active {
        tell_profile(world);
    }
    done()
}

fn profile(world: &mut World, path: &str) -> Result<String, String> {
    if path != world.settings.profile {
        path.clone_into(&mut world.settings.profile);
        tell_profile(world);
    }
    done()
}

fn tell_profile(world: &mut World) {
    world.tell_sessions(|session| Event::ProfileChanged { session });
}

fn tracking(world: &mut World, reach: &str) -> Result<String, String> {
    world.settings.tracking = match reach {
        "on" => Tracking::Full,
        "off" => Tracking::Off,
        "orientation" => Tracking::Orientation,
        _ => return Err(format!("tracking is on, off or orientation, not `{reach}`")),
    };
    done()
}

/// LOCAL moves to where the head is, level, as the system gesture does.
fn recenter(world: &mut World, frames: u32, is_told_how: bool) -> Result<String, String> {
    let head = world.room_from_head;
    // The part of the rotation about the vertical axis (swing-twist decomposition).
    let (y, w) = (head.orientation.y, head.orientation.w);
    let length = y.hypot(w);
    let level = if length > 1e-6 {
        xr::Quaternionf {
            x: 0.0,
            y: y / length,
            z: 0.0,
            w: w / length,
        }
    } else {
        turned(0.0, 0.0)
    };
    let new = xr::Posef {
        orientation: level,
        position: head.position,
    };
    let before = world.room_from_local(i64::MAX);
    let time_ns = world.time_ns + i64::from(frames) * world.period_ns();
    let now_ns = world.time_ns;
    let current = world
        .locals
        .iter()
        .rposition(|(since_ns, _)| *since_ns <= now_ns);
    world.locals.drain(..current.unwrap_or(0));
    world.locals.push((time_ns, new));
    let offered = world.settings.spaces.clone();
    for space in [
        xr::ReferenceSpaceType::LOCAL,
        xr::ReferenceSpaceType::LOCAL_FLOOR,
    ] {
        if offered.contains(&space) {
            let (was, is) = if space == xr::ReferenceSpaceType::LOCAL {
                (before, new)
            } else {
                (on_floor(before), on_floor(new))
            };
            let previous_from_new = is_told_how.then(|| chain(inverse(was), is));
            world.tell_sessions(|session| Event::SpaceChange {
                session,
                space,
                time_ns,
                previous_from_new,
            });
        }
    }
    done()
}

fn space_type(name: &str) -> Result<xr::ReferenceSpaceType, String> {
    match name {
        "view" => Ok(xr::ReferenceSpaceType::VIEW),
        "local" => Ok(xr::ReferenceSpaceType::LOCAL),
        "local_floor" => Ok(xr::ReferenceSpaceType::LOCAL_FLOOR),
        "stage" => Ok(xr::ReferenceSpaceType::STAGE),
        _ => Err(format!("there is no space `{name}`")),
    }
}

fn spaces(world: &mut World, names: &[&str]) -> Result<String, String> {
    world.settings.spaces = names
        .iter()
        .map(|name| space_type(name))
        .collect::<Result<_, _>>()?;
    done()
}

fn frames(world: &mut World, what: &str) -> Result<String, String> {
    world.frames = match what {
        "run" => Frames::Run,
        "hold" => Frames::Granted(0),
        count => {
            let more: u64 = number(count)?;
            match world.frames {
                Frames::Granted(left) => Frames::Granted(left + more),
                Frames::Run => Frames::Granted(more),
            }
        }
    };
    done()
}

fn fail(
    world: &mut World,
    function: &str,
    result: &str,
    times_left: Option<u64>,
) -> Result<String, String> {
    if !crate::table::knows(function) {
        return Err(format!("there is no function `{function}`"));
    }
    if times_left == Some(0) {
        return Err("a function cannot fail zero times".to_owned());
    }
    let result = crate::instance::result_named(result)
        .ok_or_else(|| format!("there is no result `{result}`"))?;
    world
        .failures
        .insert(function.to_owned(), Failure { result, times_left });
    done()
}

fn begin_stall(
    world: &mut World,
    function: &str,
    duration: Option<Duration>,
) -> Result<String, String> {
    if !crate::table::knows(function) {
        return Err(format!("there is no function `{function}`"));
    }
    world.stalls.insert(
        function.to_owned(),
        Stall {
            duration,
            until: None,
        },
    );
    done()
}

fn event(world: &mut World, what: &[&str]) -> Result<String, String> {
    let time_ns = world.time_ns;
    match *what {
        ["state", name] => {
            let state = match session::state_named(name) {
                Some(state) => state,
                None => xr::SessionState::from_raw(number(name)?),
            };
            world.tell_sessions(|session| Event::SessionState {
                session,
                state,
                time_ns,
            });
        }
        ["presence", on] => {
            let is_present = switch(on)?;
            world.tell_sessions(|session| Event::Presence {
                session,
                is_present,
            });
        }
        ["profile"] => tell_profile(world),
        ["recenter", space] => {
            let space = space_type(space)?;
            world.tell_sessions(|session| Event::SpaceChange {
                session,
                space,
                time_ns,
                previous_from_new: None,
            });
        }
        ["unknown"] => tell_instances(world, Event::Unknown { ty: 1_999_999_999 }),
        ["unknown", ty] => tell_instances(world, Event::Unknown { ty: number(ty)? }),
        ["lost", count] => tell_instances(
            world,
            Event::EventsLost {
                count: number(count)?,
            },
        ),
        ["instance-loss-pending"] => tell_instances(world, Event::InstanceLossPending { time_ns }),
        _ => return Err(format!("there is no event `{}`", what.join(" "))),
    }
    done()
}

fn tell_instances(world: &mut World, event: Event) {
    for instance in world.instances.values_mut() {
        instance.events.push_back(event);
    }
}
