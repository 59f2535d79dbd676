//! A window that is to cover the screen covers it, also where no window manager sees to that: a kiosk's
//! bare X server shows one program and nothing else.

use bevy::{
    ecs::system::NonSendMarker,
    prelude::*,
    window::{PrimaryWindow, WindowMode},
    winit::WINIT_WINDOWS,
};

pub(crate) fn plugin(app: &mut App) {
    app.add_systems(Update, cover);
}

/// A window manager has made it large by then, seconds.
const WAIT_SECS: f32 = 1.0;

/// What there is to wait for.
#[derive(Default)]
enum Cover {
    /// A window that is not to cover the screen.
    #[default]
    No,
    /// Seconds since it is.
    Waiting(f32),
    /// It was asked for once.
    Asked,
}

fn cover(
    windows: Query<(Entity, &Window), With<PrimaryWindow>>,
    time: Res<Time<Real>>,
    mut cover: Local<Cover>,
    // Windows belong to the main thread.
    _main: NonSendMarker,
) {
    let Ok((entity, window)) = windows.single() else {
        return;
    };
    *cover = match (&*cover, window.mode) {
        (_, WindowMode::Windowed) => Cover::No,
        (Cover::No, _) => Cover::Waiting(0.0),
        (Cover::Waiting(secs), _) if *secs < WAIT_SECS => Cover::Waiting(secs + time.delta_secs()),
        (Cover::Waiting(_), _) => {
            ask_for_all(entity);
            Cover::Asked
        }
        (Cover::Asked, _) => Cover::Asked,
    };
}

fn ask_for_all(window: Entity) {
    WINIT_WINDOWS.with_borrow(|windows| {
        let Some(window) = windows.get_window(window) else {
            return;
        };
        let screen = window
            .current_monitor()
            .or_else(|| window.primary_monitor())
            .or_else(|| window.available_monitors().next());
        let Some(screen) = screen else { return };
        let (own, all) = (window.inner_size(), screen.size());
        if is_less([own.width, own.height], [all.width, all.height]) {
            info!("nothing made the window as large as the screen: it is asked for");
            window.set_outer_position(screen.position());
            // What is granted at once comes as an event as well.
            let _granted = window.request_inner_size(all);
        }
    });
}

/// Whether a window leaves much of the screen free; what is left of a notch or of rounding is not much.
fn is_less(own: [u32; 2], screen: [u32; 2]) -> bool {
    let is_short = |axis: usize| u64::from(own[axis]) * 10 < u64::from(screen[axis]) * 9;
    is_short(0) || is_short(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_window_that_is_much_smaller_than_the_screen_is_made_larger() {
        assert!(is_less([800, 600], [1280, 720]));
        assert!(is_less([1280, 600], [1280, 720]));
        assert!(!is_less([1280, 720], [1280, 720]));
        assert!(!is_less([3456, 2170], [3456, 2234]), "a notch");
        assert!(!is_less([1281, 721], [1280, 720]));
    }
}
