//! The window shows what the visitor's lens does: a tour may narrow it and open it again.

use crate::exhibit::visitor::{Visitor, VisitorEye, VisitorSystems};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, follow.after(VisitorSystems::Move));
}

fn follow(visitor: Res<Visitor>, mut eyes: Query<&mut Projection, With<VisitorEye>>) {
    let field_rad = visitor.field_of_view_rad();
    for mut projection in &mut eyes {
        let is_changed = matches!(
            &*projection,
            Projection::Perspective(own) if own.fov != field_rad
        );
        if is_changed && let Projection::Perspective(own) = &mut *projection {
            own.fov = field_rad;
        }
    }
}
