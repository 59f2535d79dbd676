//! Places, beginnings and other things with more than one way to write them.

use bevy::math::DVec3;

use super::{Decode, Decoder, FieldSchema, Spec};
use crate::scene::schema::{
    HotspotId, MeshId, Origin, Place, Pose, SoundAt, SoundPath, Spanned, Start, Target, ViewId,
};
use crate::scene::syntax::{Body, Kind, Node};

choice! {
    /// A place by name.
    pub(crate) enum NamedPlace = (Self::View(ViewId::default())) {
        /// A node of a mesh.
        Node(MeshId, Spanned<String>),
        /// A view.
        View(ViewId),
    }
}

choice! {
    /// Where a sound comes from, by name.
    pub(crate) enum NamedSoundAt = (Self::Bed) {
        /// From everywhere.
        Bed,
        /// From something that moves.
        Path(SoundPath),
        /// From a node of a mesh.
        Node(MeshId, Spanned<String>),
        /// From a view.
        View(ViewId),
    }
}

choice! {
    /// Something to look at, by name.
    pub(crate) enum NamedTarget = (Self::View(ViewId::default())) {
        /// A hotspot.
        Hotspot(HotspotId),
        /// A node of a mesh.
        Node(MeshId, Spanned<String>),
        /// A view.
        View(ViewId),
    }
}

choice! {
    /// An origin by name.
    pub(crate) enum NamedOrigin = (Self::Auto) {
        /// The middle of the mesh's floor.
        Auto,
    }
}

record! {
    /// A beginning per mode.
    pub(crate) struct StartPerMode {
        /// On a monitor.
        desktop: Option<Place> = None,
        /// In a headset.
        headset: Option<Place> = None,
    }
}

/// Whether a record stands under a name of its own (and not under its type's).
fn is_named(node: &Node<'_>, type_name: &str) -> bool {
    match &node.kind {
        Kind::Record(record) => record
            .name
            .as_ref()
            .is_some_and(|name| name.text != type_name),
        _ => false,
    }
}

/// Whether a thing is written in a way that only coordinates are.
fn is_pose(node: &Node<'_>) -> bool {
    !is_named(node, "Pose") && matches!(node.kind, Kind::Record(_) | Kind::Map(_))
}

const PLACE_HELP: &str =
    "write (position: (x, y, z), yaw: 0), Node(\"mesh\", \"node\") or View(\"id\")";

impl Decode for Place {
    fn type_name() -> String {
        "Place".to_owned()
    }

    fn parts() -> &'static [FieldSchema] {
        Pose::SCHEMA.fields
    }

    fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
        if is_pose(node) {
            return decoder.pose(node, spec).map(Self::At);
        }
        if !is_named(node, "Pose") {
            decoder.wrong_type(node, "a place", PLACE_HELP);
            return None;
        }
        Some(match NamedPlace::decode(node, spec, decoder)? {
            NamedPlace::Node(mesh, node) => Self::Node { mesh, node },
            NamedPlace::View(view) => Self::View(view),
        })
    }
}

impl Decoder<'_> {
    /// A pose; coordinates alone are a common slip.
    fn pose(&mut self, node: &Node<'_>, spec: &Spec) -> Option<Pose> {
        if let Kind::Record(record) = &node.kind
            && let Body::Values(values) = &record.body
            && values.len() == 3
        {
            self.wrong_type(node, "a place", "write (position: (x, y, z))");
            return None;
        }
        Pose::decode(node, spec, self)
    }
}

impl Decode for SoundAt {
    fn type_name() -> String {
        "SoundAt".to_owned()
    }

    fn parts() -> &'static [FieldSchema] {
        Pose::SCHEMA.fields
    }

    fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
        if is_pose(node) {
            return decoder
                .pose(node, spec)
                .map(|pose| Self::Place(Place::At(pose)));
        }
        Some(match NamedSoundAt::decode(node, spec, decoder)? {
            NamedSoundAt::Bed => Self::Bed,
            NamedSoundAt::Path(path) => Self::Path(path),
            NamedSoundAt::Node(mesh, node) => Self::Place(Place::Node { mesh, node }),
            NamedSoundAt::View(view) => Self::Place(Place::View(view)),
        })
    }
}

impl Decode for Target {
    fn type_name() -> String {
        "Target".to_owned()
    }

    fn parts() -> &'static [FieldSchema] {
        Pose::SCHEMA.fields
    }

    fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
        if is_pose(node) {
            return decoder
                .pose(node, spec)
                .map(|pose| Self::Place(Place::At(pose)));
        }
        Some(match NamedTarget::decode(node, spec, decoder)? {
            NamedTarget::Hotspot(hotspot) => Self::Hotspot(hotspot),
            NamedTarget::Node(mesh, node) => Self::Place(Place::Node { mesh, node }),
            NamedTarget::View(view) => Self::Place(Place::View(view)),
        })
    }
}

impl Decode for Origin {
    fn type_name() -> String {
        "Auto or (x, y, z)".to_owned()
    }

    fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
        if is_named(node, "") {
            return NamedOrigin::decode(node, spec, decoder).map(|_| Self::Auto);
        }
        DVec3::decode(node, spec, decoder).map(Self::At)
    }
}

impl Decode for Start {
    fn type_name() -> String {
        "Start".to_owned()
    }

    fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
        let is_per_mode = match &node.kind {
            Kind::Record(record) => match &record.body {
                Body::Fields(fields) => fields
                    .iter()
                    .any(|field| matches!(field.name.text.as_ref(), "desktop" | "headset")),
                _ => false,
            },
            _ => false,
        };
        if !is_per_mode {
            let place = Place::decode(node, spec, decoder)?;
            return Some(Self {
                desktop: place.clone(),
                headset: place,
            });
        }
        let start = StartPerMode::decode(node, spec, decoder)?;
        let either = start.desktop.clone().or_else(|| start.headset.clone())?;
        Some(Self {
            desktop: start.desktop.unwrap_or_else(|| either.clone()),
            headset: start.headset.unwrap_or(either),
        })
    }
}
