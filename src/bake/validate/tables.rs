//! What the objects of glTF 2.0 may hold, after its JSON schema.

use super::schema::Rule::{self, *};
use super::schema::{Field, Shape};
use super::tables_extensions as ext;

/// An optional property.
pub(super) const fn may(name: &'static str, rule: Rule) -> Field {
    Field {
        name,
        rule,
        is_required: false,
    }
}

/// A required property.
pub(super) const fn must(name: &'static str, rule: Rule) -> Field {
    Field {
        name,
        rule,
        is_required: true,
    }
}

/// Shapes without extensions of ours.
pub(super) const fn plain(fields: &'static [Field]) -> Shape {
    Shape {
        fields,
        extensions: &[],
    }
}

/// Largest whole number that JSON carries safely.
const MOST: u64 = 9_007_199_254_740_991;

pub(super) fn any(_: f64) -> bool {
    true
}

/// 0 to 1.
pub(super) fn unit(number: f64) -> bool {
    (0.0..=1.0).contains(&number)
}

fn signed_unit(number: f64) -> bool {
    (-1.0..=1.0).contains(&number)
}

pub(super) fn positive(number: f64) -> bool {
    number > 0.0
}

pub(super) fn not_negative(number: f64) -> bool {
    number >= 0.0
}

fn is_version(text: &str) -> bool {
    text.split_once('.').is_some_and(|(major, minor)| {
        [major, minor]
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

const VERSION: Rule = Pattern(is_version, "'<number>.<number>'");

/// The extensions this validator knows.
pub(super) const EXTENSIONS: &[&str] = &[
    "EXT_meshopt_compression",
    "EXT_texture_webp",
    "KHR_animation_pointer",
    "KHR_draco_mesh_compression",
    "KHR_lights_punctual",
    "KHR_materials_anisotropy",
    "KHR_materials_clearcoat",
    "KHR_materials_dispersion",
    "KHR_materials_emissive_strength",
    "KHR_materials_ior",
    "KHR_materials_iridescence",
    "KHR_materials_pbrSpecularGlossiness",
    "KHR_materials_sheen",
    "KHR_materials_specular",
    "KHR_materials_transmission",
    "KHR_materials_unlit",
    "KHR_materials_variants",
    "KHR_materials_volume",
    "KHR_mesh_quantization",
    "KHR_meshopt_compression",
    "KHR_node_visibility",
    "KHR_texture_basisu",
    "KHR_texture_transform",
];

/// Words that an extension adds to a list: the word, the property, the extension.
pub(super) const MORE_WORDS: &[(&str, &str, &str)] = &[
    ("image/webp", "/mimeType", "EXT_texture_webp"),
    ("image/ktx2", "/mimeType", "KHR_texture_basisu"),
    ("pointer", "/path", "KHR_animation_pointer"),
];

pub(super) static ROOT: Shape = Shape {
    fields: &[
        may("extensionsUsed", Strings),
        may("extensionsRequired", Strings),
        must("asset", Object(&ASSET)),
        may("scene", Index("scenes")),
        // Walked by way of COLLECTIONS.
        may("accessors", Any),
        may("animations", Any),
        may("buffers", Any),
        may("bufferViews", Any),
        may("cameras", Any),
        may("images", Any),
        may("materials", Any),
        may("meshes", Any),
        may("nodes", Any),
        may("samplers", Any),
        may("scenes", Any),
        may("skins", Any),
        may("textures", Any),
    ],
    extensions: &[
        ("KHR_lights_punctual", &ext::LIGHTS),
        ("KHR_materials_variants", &ext::VARIANTS),
    ],
};

/// The root's lists of objects.
pub(super) static COLLECTIONS: &[(&str, &Shape)] = &[
    ("accessors", &ACCESSOR),
    ("animations", &ANIMATION),
    ("buffers", &BUFFER),
    ("bufferViews", &BUFFER_VIEW),
    ("cameras", &CAMERA),
    ("images", &IMAGE),
    ("materials", &MATERIAL),
    ("meshes", &MESH),
    ("nodes", &NODE),
    ("samplers", &SAMPLER),
    ("scenes", &SCENE),
    ("skins", &SKIN),
    ("textures", &TEXTURE),
];

static ASSET: Shape = plain(&[
    may("copyright", Text),
    may("generator", Text),
    must("version", VERSION),
    may("minVersion", VERSION),
]);

static ACCESSOR: Shape = plain(&[
    may("name", Text),
    may("bufferView", Index("bufferViews")),
    may("byteOffset", Uint(0, MOST)),
    must(
        "componentType",
        UintOf(&[5120, 5121, 5122, 5123, 5125, 5126]),
    ),
    must("count", Uint(1, MOST)),
    must(
        "type",
        TextOf(&["SCALAR", "VEC2", "VEC3", "VEC4", "MAT2", "MAT3", "MAT4"]),
    ),
    may("normalized", Bool),
    // Depend on the type: checked with the accessor's declaration.
    may("max", Any),
    may("min", Any),
    may("sparse", Object(&SPARSE)),
]);

static SPARSE: Shape = plain(&[
    must("count", Uint(1, MOST)),
    must("indices", Object(&SPARSE_INDICES)),
    must("values", Object(&SPARSE_VALUES)),
]);

static SPARSE_INDICES: Shape = plain(&[
    must("bufferView", Index("bufferViews")),
    may("byteOffset", Uint(0, MOST)),
    must("componentType", UintOf(&[5121, 5123, 5125])),
]);

static SPARSE_VALUES: Shape = plain(&[
    must("bufferView", Index("bufferViews")),
    may("byteOffset", Uint(0, MOST)),
]);

static ANIMATION: Shape = plain(&[
    may("name", Text),
    must("channels", Objects(&CHANNEL)),
    must("samplers", Objects(&ANIMATION_SAMPLER)),
]);

static CHANNEL: Shape = plain(&[must("sampler", Index("")), must("target", Object(&TARGET))]);

static TARGET: Shape = Shape {
    fields: &[
        may("node", Index("nodes")),
        must(
            "path",
            TextOf(&["translation", "rotation", "scale", "weights"]),
        ),
    ],
    extensions: &[("KHR_animation_pointer", &ext::POINTER)],
};

static ANIMATION_SAMPLER: Shape = plain(&[
    must("input", Index("")),
    may("interpolation", TextOf(&["LINEAR", "STEP", "CUBICSPLINE"])),
    must("output", Index("")),
]);

static BUFFER: Shape = Shape {
    fields: &[
        may("name", Text),
        may("uri", Text),
        must("byteLength", Uint(1, MOST)),
    ],
    extensions: &[
        ("EXT_meshopt_compression", &ext::MESHOPT_BUFFER),
        ("KHR_meshopt_compression", &ext::MESHOPT_BUFFER),
    ],
};

static BUFFER_VIEW: Shape = Shape {
    fields: &[
        may("name", Text),
        must("buffer", Index("buffers")),
        may("byteOffset", Uint(0, MOST)),
        must("byteLength", Uint(1, MOST)),
        may("byteStride", Uint(4, 252)),
        may("target", UintOf(&[34962, 34963])),
    ],
    extensions: &[
        ("EXT_meshopt_compression", &ext::MESHOPT_VIEW),
        ("KHR_meshopt_compression", &ext::MESHOPT_VIEW),
    ],
};

static CAMERA: Shape = plain(&[
    may("name", Text),
    must("type", TextOf(&["orthographic", "perspective"])),
    may("orthographic", ObjectOfType(&ORTHOGRAPHIC)),
    may("perspective", ObjectOfType(&PERSPECTIVE)),
]);

static ORTHOGRAPHIC: Shape = plain(&[
    must("xmag", Number(any)),
    must("ymag", Number(any)),
    must("zfar", Number(positive)),
    must("znear", Number(not_negative)),
]);

static PERSPECTIVE: Shape = plain(&[
    may("aspectRatio", Number(positive)),
    must("yfov", Number(positive)),
    may("zfar", Number(positive)),
    must("znear", Number(positive)),
]);

static IMAGE: Shape = plain(&[
    may("name", Text),
    may("uri", Text),
    may("mimeType", TextOf(&["image/jpeg", "image/png"])),
    may("bufferView", Index("bufferViews")),
]);

static MATERIAL: Shape = Shape {
    fields: &[
        may("name", Text),
        may("pbrMetallicRoughness", Object(&METALLIC)),
        may("normalTexture", Object(&NORMAL_TEXTURE)),
        may("occlusionTexture", Object(&OCCLUSION_TEXTURE)),
        may("emissiveTexture", Object(&TEXTURE_INFO)),
        may("emissiveFactor", Numbers(&[3], unit)),
        may("alphaMode", TextOf(&["OPAQUE", "MASK", "BLEND"])),
        may("alphaCutoff", Number(not_negative)),
        may("doubleSided", Bool),
    ],
    extensions: ext::MATERIAL,
};

static METALLIC: Shape = plain(&[
    may("baseColorFactor", Numbers(&[4], unit)),
    may("baseColorTexture", Object(&TEXTURE_INFO)),
    may("metallicFactor", Number(unit)),
    may("roughnessFactor", Number(unit)),
    may("metallicRoughnessTexture", Object(&TEXTURE_INFO)),
]);

pub(super) static TEXTURE_INFO: Shape = Shape {
    fields: &[
        must("index", Index("textures")),
        may("texCoord", Uint(0, MOST)),
    ],
    extensions: ext::TEXTURE_INFO,
};

pub(super) static NORMAL_TEXTURE: Shape = Shape {
    fields: &[
        must("index", Index("textures")),
        may("texCoord", Uint(0, MOST)),
        may("scale", Number(any)),
    ],
    extensions: ext::TEXTURE_INFO,
};

static OCCLUSION_TEXTURE: Shape = Shape {
    fields: &[
        must("index", Index("textures")),
        may("texCoord", Uint(0, MOST)),
        may("strength", Number(unit)),
    ],
    extensions: ext::TEXTURE_INFO,
};

static MESH: Shape = plain(&[
    may("name", Text),
    must("primitives", Objects(&PRIMITIVE)),
    may("weights", Numbers(&[], any)),
]);

static PRIMITIVE: Shape = Shape {
    fields: &[
        must("attributes", Attributes),
        may("indices", Index("accessors")),
        may("material", Index("materials")),
        may("mode", Uint(0, 6)),
        may("targets", Targets),
    ],
    extensions: &[
        ("KHR_draco_mesh_compression", &ext::DRACO),
        ("KHR_materials_variants", &ext::MAPPINGS),
    ],
};

static NODE: Shape = Shape {
    fields: &[
        may("name", Text),
        may("camera", Index("cameras")),
        may("children", Indices("nodes")),
        may("skin", Index("skins")),
        may("matrix", Numbers(&[16], any)),
        may("mesh", Index("meshes")),
        may("rotation", Numbers(&[4], signed_unit)),
        may("scale", Numbers(&[3], any)),
        may("translation", Numbers(&[3], any)),
        may("weights", Numbers(&[], any)),
    ],
    extensions: &[
        ("KHR_lights_punctual", &ext::NODE_LIGHT),
        ("KHR_node_visibility", &ext::VISIBILITY),
    ],
};

static SAMPLER: Shape = plain(&[
    may("name", Text),
    may("magFilter", UintOf(&[9728, 9729])),
    may("minFilter", UintOf(&[9728, 9729, 9984, 9985, 9986, 9987])),
    may("wrapS", UintOf(&[33071, 33648, 10497])),
    may("wrapT", UintOf(&[33071, 33648, 10497])),
]);

static SCENE: Shape = plain(&[may("name", Text), may("nodes", Indices("nodes"))]);

static SKIN: Shape = plain(&[
    may("name", Text),
    may("inverseBindMatrices", Index("accessors")),
    may("skeleton", Index("nodes")),
    must("joints", Indices("nodes")),
]);

static TEXTURE: Shape = Shape {
    fields: &[
        may("name", Text),
        may("sampler", Index("samplers")),
        may("source", Index("images")),
    ],
    extensions: &[
        ("EXT_texture_webp", &ext::SOURCE),
        ("KHR_texture_basisu", &ext::SOURCE),
    ],
};
