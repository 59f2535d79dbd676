//! Everything that exists between `xrCreateSession` and `xrDestroySession`.
//!
//! A [`Link`] is made whole or not at all, and dropping it destroys session, spaces and
//! swapchain. Every call returns its outcome; what a failure means to the session's life is
//! said by [`failure`].

use super::{
    actions::{Doing, HandLink},
    caller::queue::QueueGate,
    chain::EyeChain,
    mask::Hidden,
    runtime::Runtime,
};
use crate::visit::session::Failure;
use bevy::math::{Quat, UVec2, Vec3};
use bevy::render::renderer::RenderDevice;
use bevy_mod_openxr::{
    graphics::GraphicsWrap, resources::OxrFrameStream, session::OxrSessionCreateNextChain,
};
use openxr::{FrameState, ReferenceSpaceType, ViewConfigurationType, Vulkan, sys::Result as Code};

/// Two eyes, the only view configuration we draw.
pub(super) const STEREO: ViewConfigurationType = ViewConfigurationType::PRIMARY_STEREO;

/// What kind of space the visitor is tracked in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SpaceKind {
    /// Recenters with the system's gesture, origin on the floor.
    LocalFloor,
    /// Fixed to the room, origin on the floor.
    Stage,
    /// Origin at the head when tracking began: the floor is estimated.
    Local,
}

impl SpaceKind {
    /// Whether an event about a reference space concerns this one.
    pub(super) fn is(self, kind: ReferenceSpaceType) -> bool {
        kind == match self {
            Self::LocalFloor => ReferenceSpaceType::LOCAL_FLOOR,
            Self::Stage => ReferenceSpaceType::STAGE,
            Self::Local => ReferenceSpaceType::LOCAL,
        }
    }
}

/// See the module's documentation.
pub(super) struct Link {
    pub(super) session: openxr::Session<Vulkan>,
    pub(super) stream: openxr::FrameStream<Vulkan>,
    pub(super) waiter: openxr::FrameWaiter,
    /// A frame that was waited for, and not begun: the world had gone on.
    waited: Option<FrameState>,
    /// The tracked space: where the rig begins.
    pub(super) space: openxr::Space,
    pub(super) space_kind: SpaceKind,
    pub(super) chain: EyeChain,
    pub(super) hands: HandLink,
    /// The pictures the runtime asks for, pixels an eye.
    pub(super) recommended: UVec2,
}

/// What the world knows of a session, without asking.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub(super) space_kind: SpaceKind,
    /// The pictures the runtime asks for, pixels an eye.
    pub(super) recommended: UVec2,
    /// What the lenses hide of each eye.
    pub(super) hidden: [Hidden; 2],
    /// The rates the display offers, hertz; none where there is no choice.
    pub(super) refresh_rates_hz: Vec<f32>,
}

/// A frame that was waited for and begun.
pub(super) struct Begun {
    pub(super) state: FrameState,
    pub(super) eyes: Result<Option<[EyeView; 2]>, Code>,
    pub(super) doing: Result<Doing, Code>,
}

/// What a failed call means to the session.
pub(super) fn failure(code: Code) -> Failure {
    match code {
        // A runtime whose process is gone answers with a failure of its own transport.
        Code::ERROR_INSTANCE_LOST | Code::ERROR_RUNTIME_UNAVAILABLE => Failure::InstanceLost,
        Code::ERROR_SESSION_LOST => Failure::SessionLost,
        _ => Failure::Other,
    }
}

impl Link {
    /// Creates a session and what belongs to it.
    ///
    /// # Errors
    /// The code of the call that failed; nothing is left behind then.
    pub(super) fn create(runtime: &Runtime, device: &RenderDevice) -> Result<Self, Code> {
        let instance = &runtime.instance;
        let views = instance.enumerate_view_configuration_views(runtime.system, STEREO)?;
        let recommended = views
            .first()
            .map(|view| {
                UVec2::new(
                    view.recommended_image_rect_width,
                    view.recommended_image_rect_height,
                )
            })
            .filter(|size| size.min_element() > 0 && views.len() == 2)
            .ok_or(Code::ERROR_VIEW_CONFIGURATION_TYPE_UNSUPPORTED)?;
        #[expect(unsafe_code, reason = "handles of the graphics device are passed")]
        // SAFETY: `graphics` was made by this instance for this system and the device lives
        // as long as the process.
        let created = unsafe {
            instance.create_session(
                runtime.system,
                runtime.graphics.clone(),
                &mut OxrSessionCreateNextChain::default(),
            )
        };
        let (session, waiter, OxrFrameStream(GraphicsWrap::Vulkan(stream))) =
            created.map_err(plain)?;
        let chain = EyeChain::create(&session, device, recommended).map_err(plain)?;
        let GraphicsWrap::Vulkan(session) = session.typed_session().clone();
        let (space, space_kind) = tracked_space(&session, runtime)?;
        let hands = HandLink::attach(&session, runtime)?;
        Ok(Self {
            hands,
            waiter: waiter.0,
            waited: None,
            session,
            stream,
            space,
            space_kind,
            chain,
            recommended,
        })
    }

    /// What is to be known of it.
    pub(super) fn facts(&self) -> Facts {
        let rates = self.has_refresh_rates().then(|| {
            let offered = self.session.enumerate_display_refresh_rates();
            offered.unwrap_or_default()
        });
        Facts {
            space_kind: self.space_kind,
            recommended: self.recommended,
            hidden: Hidden::of(self),
            refresh_rates_hz: rates.unwrap_or_default(),
        }
    }

    /// Waits for a frame, begins it, and asks what is needed to draw it. `None` when the world
    /// has gone on without it: it is begun when next asked for.
    ///
    /// # Errors
    /// What the runtime said: no frame is under way then.
    pub(super) fn begin_frame(&mut self, gate: &QueueGate) -> Result<Option<Begun>, Code> {
        let state = match self.waited.take() {
            Some(state) => state,
            None => self.waiter.wait()?,
        };
        let Some(using) = gate.enter() else {
            self.waited = Some(state);
            return Ok(None);
        };
        self.stream.begin()?;
        drop(using);
        let time = state.predicted_display_time;
        Ok(Some(Begun {
            state,
            eyes: self.locate_eyes(time),
            doing: self.hands.read(&self.session, &self.space, time),
        }))
    }

    /// Ends a frame. A picture that was taken is given back; it is shown where it was drawn,
    /// as these eyes see it. False when the world has gone on: nothing was done.
    ///
    /// # Errors
    /// What the runtime said.
    pub(super) fn end_frame(
        &mut self,
        gate: &QueueGate,
        time: openxr::Time,
        has_taken: bool,
        drawn_for: Option<&[EyeView; 2]>,
    ) -> Result<bool, Code> {
        let Some(_using) = gate.enter() else {
            return Ok(false);
        };
        if has_taken {
            self.chain.give()?;
        }
        let opaque = openxr::EnvironmentBlendMode::OPAQUE;
        let Some(eyes) = drawn_for else {
            return self.stream.end(time, opaque, &[]).map(|()| true);
        };
        let size = self.chain.size;
        let rect = openxr::Rect2Di {
            offset: openxr::Offset2Di { x: 0, y: 0 },
            extent: openxr::Extent2Di {
                width: size.x as i32,
                height: size.y as i32,
            },
        };
        let views = [0, 1].map(|eye: usize| {
            openxr::CompositionLayerProjectionView::new()
                .pose(eyes[eye].pose())
                .fov(eyes[eye].fov())
                .sub_image(
                    openxr::SwapchainSubImage::new()
                        .swapchain(&self.chain.swapchain)
                        .image_array_index(eye as u32)
                        .image_rect(rect),
                )
        });
        let layer = openxr::CompositionLayerProjection::new()
            .space(&self.space)
            .views(&views);
        self.stream.end(time, opaque, &[&layer]).map(|()| true)
    }

    /// Asks the display for a rate; one that stays as it is is no failure.
    pub(super) fn ask_refresh_rate(&self, hz: f32) {
        if self.has_refresh_rates()
            && let Err(code) = self.session.request_display_refresh_rate(hz)
        {
            bevy::log::debug!("the display stays at its rate: {code}");
        }
    }

    /// The calls of the `openxr` crate panic without the extension.
    fn has_refresh_rates(&self) -> bool {
        let extensions = self.session.instance().exts();
        extensions.fb_display_refresh_rate.is_some()
    }

    /// Where the eyes will be at a time, in the tracked space, once known.
    pub(super) fn locate_eyes(&self, time: openxr::Time) -> Result<Option<[EyeView; 2]>, Code> {
        let (flags, views) = self.session.locate_views(STEREO, time, &self.space)?;
        let is_known = flags.contains(openxr::ViewStateFlags::ORIENTATION_VALID)
            && flags.contains(openxr::ViewStateFlags::POSITION_VALID);
        let [left, right] = views.as_slice() else {
            return Ok(None);
        };
        let eyes = [EyeView::of(left), EyeView::of(right)];
        Ok((is_known && eyes.iter().all(EyeView::is_finite)).then_some(eyes))
    }
}

/// LOCAL_FLOOR, else STAGE, else LOCAL: what the runtime has.
fn tracked_space(
    session: &openxr::Session<Vulkan>,
    runtime: &Runtime,
) -> Result<(openxr::Space, SpaceKind), Code> {
    let offered = session.enumerate_reference_spaces()?;
    let has_floor = runtime.extensions.raw().ext_local_floor;
    let here = openxr::Posef::IDENTITY;
    let mut last = Code::ERROR_REFERENCE_SPACE_UNSUPPORTED;
    for (kind, name) in [
        (SpaceKind::LocalFloor, ReferenceSpaceType::LOCAL_FLOOR),
        (SpaceKind::Stage, ReferenceSpaceType::STAGE),
        (SpaceKind::Local, ReferenceSpaceType::LOCAL),
    ] {
        let is_offered = offered.contains(&name) && (has_floor || kind != SpaceKind::LocalFloor);
        if !is_offered {
            continue;
        }
        match session.create_reference_space(name, here) {
            Ok(space) => return Ok((space, kind)),
            Err(code) => last = code,
        }
    }
    Err(last)
}

fn plain(error: bevy_mod_openxr::error::OxrError) -> Code {
    match error {
        bevy_mod_openxr::error::OxrError::OpenXrError(code) => code,
        other => {
            bevy::log::warn!("the session cannot be made: {other}");
            Code::ERROR_RUNTIME_FAILURE
        }
    }
}

/// An eye in the tracked space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct EyeView {
    /// Metres.
    pub(super) position: Vec3,
    /// OpenXR's axes are Bevy's: -Z ahead, Y up.
    pub(super) rotation: Quat,
    /// Angles to the edges of the picture, radians: left and down are negative.
    pub(super) left_rad: f32,
    pub(super) right_rad: f32,
    pub(super) up_rad: f32,
    pub(super) down_rad: f32,
}

impl EyeView {
    fn of(view: &openxr::View) -> Self {
        let (position, rotation) = pose_of(&view.pose);
        Self {
            position,
            rotation,
            left_rad: view.fov.angle_left,
            right_rad: view.fov.angle_right,
            up_rad: view.fov.angle_up,
            down_rad: view.fov.angle_down,
        }
    }

    fn is_finite(&self) -> bool {
        self.position.is_finite()
            && self.rotation.is_normalized()
            && self.right_rad > self.left_rad
            && self.up_rad > self.down_rad
    }

    /// Back to OpenXR, for the compositor.
    pub(super) fn pose(&self) -> openxr::Posef {
        let (p, q) = (self.position, self.rotation);
        openxr::Posef {
            orientation: openxr::Quaternionf {
                x: q.x,
                y: q.y,
                z: q.z,
                w: q.w,
            },
            position: openxr::Vector3f {
                x: p.x,
                y: p.y,
                z: p.z,
            },
        }
    }

    /// Back to OpenXR, for the compositor.
    pub(super) fn fov(&self) -> openxr::Fovf {
        openxr::Fovf {
            angle_left: self.left_rad,
            angle_right: self.right_rad,
            angle_up: self.up_rad,
            angle_down: self.down_rad,
        }
    }

    /// Tangents of the angles to the left, right, upper and lower edge.
    pub(super) fn tangents(&self) -> [f32; 4] {
        [self.left_rad, self.right_rad, self.up_rad, self.down_rad].map(bevy::math::ops::tan)
    }
}

/// Position in metres and rotation of an OpenXR pose.
pub(super) fn pose_of(pose: &openxr::Posef) -> (Vec3, Quat) {
    let (p, q) = (pose.position, pose.orientation);
    (
        Vec3::new(p.x, p.y, p.z),
        Quat::from_xyzw(q.x, q.y, q.z, q.w).normalize(),
    )
}
