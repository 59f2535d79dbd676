//! What the runtime has seen, as JSON.

use serde_json::{Value, json};

use crate::world::{Kind, World};

/// The report that the line `report` is answered with.
pub(crate) fn json(world: &World) -> Value {
    let living = |kind: Kind| {
        world
            .handles
            .values()
            .filter(|handle| handle.kind == kind)
            .count()
    };
    let sessions: Vec<Value> = world
        .sessions
        .values()
        .map(|session| {
            json!({
                "state": format!("{:?}", session.state),
                "running": session.is_running,
                "headless": session.graphics.is_none(),
                "frames": session.frames_ended,
            })
        })
        .collect();
    json!({
        "process_id": std::process::id(),
        "calls": world.calls,
        "violations": world.violations,
        "violation_count": world.violation_count,
        "living": {
            "instances": living(Kind::Instance),
            "sessions": living(Kind::Session),
            "spaces": living(Kind::Space),
            "swapchains": living(Kind::Swapchain),
            "action_sets": living(Kind::ActionSet),
            "actions": living(Kind::Action),
        },
        "sessions": sessions,
        "sessions_created": world.sessions_created,
        "frames_ended": world.frames_ended,
        "frames_discarded": world.frames_discarded,
        "haptics": { "left": world.haptics[0], "right": world.haptics[1] },
        "touches": world.touches,
        "time_ns": world.time_ns,
        "pictures_taken": world.pictures_taken,
        "last_layers": world.last_layers,
        "scheduled": world.schedule.len(),
    })
}
