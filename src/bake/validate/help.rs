//! What to do about a finding, by its code.
//!
//! A curator seldom edits glTF by hand: most cures are a setting of the exporter, or one
//! pass through a tool that writes the file anew.

const EXPORT_AGAIN: &str =
    "Export the model again, from a current version of the program that made it.";
const COPY_AGAIN: &str =
    "The file was cut short or altered on its way: copy or download it again from its source.";
const REWRITE: &str =
    "Open the model in Blender and export it again as glTF 2.0, which writes sound data.";
const RECOMPUTE_NORMALS: &str =
    "Recompute the normals (Blender: Mesh > Normals > Recalculate Outside) and export again.";
const CLEAN_MESH: &str =
    "Clean the mesh (Blender: Mesh > Clean Up > Degenerate Dissolve) and export again.";
const REFERENCE: &str =
    "The file names something it does not hold: export the model again, with all its parts.";
const SIDE_FILE: &str = "Put the file beside the model under exactly this name (upper and lower case count), or export one .glb.";
const DECLARE: &str = "Add the extension to the list in the file, or export the model again.";
const TEXTURE_TYPE: &str =
    "Convert the image to what its name and declaration say (PNG or JPEG), or export again.";
const HARMLESS: &str = "It does no harm; it can stay, or be removed by exporting again.";
const RIG: &str =
    "Export the skeleton together with its mesh, or apply the pose and remove the skeleton.";
const ANIMATION: &str =
    "Export the animation again with sampled keyframes (Blender: Always Sample Animations).";

/// The cure for findings of a code; empty when the message says it all.
pub(super) fn help_for(code: &str) -> &'static str {
    match code {
        "IO_ERROR" => SIDE_FILE,
        "NON_RELATIVE_URI" => "Copy the file beside the model and name it by its relative path.",
        "INVALID_URI" => "Name files by relative paths, with '/' and without spaces.",
        "INVALID_JSON" | "json-too-large" => {
            "If the file was edited by hand, undo that; else export the model again."
        }
        "UNKNOWN_ASSET_MAJOR_VERSION" => {
            "Convert the model to glTF 2.0: most programs that read it can also write it."
        }
        "GLB_INVALID_MAGIC" => "A .glb holds binary glTF; name a glTF in text form .gltf.",
        "GLB_EXTRA_DATA"
        | "GLB_UNKNOWN_CHUNK_TYPE"
        | "BUFFER_GLB_CHUNK_TOO_BIG"
        | "UNEXPECTED_PROPERTY"
        | "ACCESSOR_JOINTS_USED_ZERO_WEIGHT" => HARMLESS,
        "DATA_URI_GLB" => "Export again with everything packed into the .glb; it gets smaller.",
        "data-not-checked" => "Split the model into parts to have all of it checked.",
        "MESH_PRIMITIVE_GENERATED_TANGENT_SPACE" => {
            "Switch tangents on when exporting to have the relief exactly as baked."
        }
        "MESH_PRIMITIVE_NO_TANGENT_SPACE" => "Switch tangents on when exporting.",
        "MESH_PRIMITIVE_TOO_FEW_TEXCOORDS" => {
            "Export the model with all its UV maps, or assign the texture to one that is there."
        }
        "MESH_PRIMITIVE_NO_POSITION" => "Remove the empty part, or export the model again.",
        "MESH_PRIMITIVE_INVALID_ATTRIBUTE" => "Let names of attributes of your own start with '_'.",
        "ACCESSOR_VECTOR3_NON_UNIT" | "ACCESSOR_INVALID_SIGN" => RECOMPUTE_NORMALS,
        "ACCESSOR_INDEX_TRIANGLE_DEGENERATE" => CLEAN_MESH,
        "ACCESSOR_NON_CLAMPED" => "Limit the vertex colours to the range from 0 to 1.",
        "ACCESSOR_INVALID_FLOAT" => {
            "Remove the broken points (MeshLab: Filters > Cleaning) and export again."
        }
        "NODE_MATRIX_NON_TRS" => {
            "Apply the node's transforms (Blender: Object > Apply > All Transforms)."
        }
        "NODE_MATRIX_TRS" | "ROTATION_NON_UNIT" => {
            "Apply the node's transforms (Blender: Object > Apply > All Transforms) and export again."
        }
        "NODE_LOOP" | "NODE_PARENT_OVERRIDE" | "SCENE_NON_ROOT_NODE" => {
            "Give every node one parent only, and start scenes from nodes without one."
        }
        "UNRESOLVED_REFERENCE" | "INVALID_INDEX" => REFERENCE,
        "UNDECLARED_EXTENSION" | "UNUSED_EXTENSION_REQUIRED" | "NON_REQUIRED_EXTENSION" => DECLARE,
        "UNEXPECTED_EXTENSION_OBJECT" => "Remove the extension from this place.",
        "IMAGE_MIME_TYPE_INVALID"
        | "IMAGE_NON_ENABLED_MIME_TYPE"
        | "TEXTURE_INVALID_IMAGE_MIME_TYPE"
        | "IMAGE_UNRECOGNIZED_FORMAT" => TEXTURE_TYPE,
        "IMAGE_DATA_INVALID" | "IMAGE_UNEXPECTED_EOS" => {
            "Open the image in an image editor and save it again, or fetch it anew."
        }
        "CAMERA_YFOV_GEQUAL_PI" => "Give the angle in radians: 60 degrees are 1.047.",
        "MATERIAL_ALPHA_CUTOFF_INVALID_MODE" => {
            "Set the alpha mode to MASK, or leave the cutoff out."
        }
        "KHR_LIGHTS_PUNCTUAL_LIGHT_SPOT_ANGLES" => "Make the outer angle wider than the inner one.",
        "VALUE_NOT_IN_LIST"
        | "VALUE_NOT_IN_RANGE"
        | "TYPE_MISMATCH"
        | "ARRAY_TYPE_MISMATCH"
        | "UNDEFINED_PROPERTY"
        | "EMPTY_ENTITY"
        | "PATTERN_MISMATCH"
        | "ONE_OF_MISMATCH"
        | "UNSATISFIED_DEPENDENCY"
        | "DUPLICATE_ELEMENTS"
        | "ARRAY_LENGTH_NOT_IN_LIST"
        | "VALUE_MULTIPLE_OF"
        | "INVALID_GL_VALUE" => EXPORT_AGAIN,
        "BUFFER_BYTE_LENGTH_MISMATCH" | "BUFFER_MISSING_GLB_DATA" => COPY_AGAIN,
        code if code.starts_with("GLB_") => COPY_AGAIN,
        code if code.contains("ANIMATION") => ANIMATION,
        code if code.contains("SKIN")
            || code.contains("JOINTS")
            || code.contains("WEIGHTS")
            || code.contains("IBM") =>
        {
            RIG
        }
        code if code.starts_with("ACCESSOR_")
            || code.starts_with("BUFFER_VIEW_")
            || code.starts_with("MESH_") =>
        {
            REWRITE
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commonest_findings_have_a_cure() {
        for code in [
            "IO_ERROR",
            "ACCESSOR_MIN_MISMATCH",
            "GLB_CHUNK_TOO_BIG",
            "UNDEFINED_PROPERTY",
        ] {
            assert!(!help_for(code).is_empty(), "{code} has a cure.");
        }
        assert_eq!(
            help_for("ACCESSOR_ANIMATION_INPUT_NEGATIVE"),
            ANIMATION,
            "Animations have a cure of their own."
        );
    }
}
