//! Pictures of models that move, and of surfaces with two UV sets.

use crate::command::grotto;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// A glTF in the making, with its buffer beside it.
struct Model {
    json: Value,
    bytes: Vec<u8>,
}

impl Model {
    /// A square of 2 m in the x-y plane, white and unlit; its node is the first.
    fn square() -> Self {
        let mut model = Self {
            json: json!({
                "asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}],
                "nodes": [{"name": "square", "mesh": 0}], "accessors": [], "bufferViews": [],
                "extensionsUsed": ["KHR_materials_unlit"],
                "materials": [{"doubleSided": true, "extensions": {"KHR_materials_unlit": {}}}],
            }),
            bytes: Vec::new(),
        };
        let corners = [
            [-1.0_f32, -1.0, 0.0],
            [1.0, -1.0, 0.0],
            [1.0, 1.0, 0.0],
            [-1.0, 1.0, 0.0],
        ];
        let positions = model.floats(&corners, "VEC3");
        model.json["accessors"][positions]["min"] = json!([-1, -1, 0]);
        model.json["accessors"][positions]["max"] = json!([1, 1, 0]);
        let normals = model.floats(&[[0.0_f32, 0.0, 1.0]; 4], "VEC3");
        let indices: Vec<u8> = [0_u16, 1, 2, 0, 2, 3].map(u16::to_le_bytes).concat();
        let indices = model.accessor(&indices, 5123, 6, "SCALAR");
        model.json["meshes"] = json!([{"primitives": [{
            "attributes": {"POSITION": positions, "NORMAL": normals}, "indices": indices, "material": 0,
        }]}]);
        model
    }

    fn accessor(&mut self, bytes: &[u8], component: u32, count: usize, shape: &str) -> usize {
        let view = self.view(bytes);
        let list = self.json["accessors"].as_array_mut().expect("a list");
        list.push(json!({
            "bufferView": view, "componentType": component, "count": count, "type": shape,
        }));
        list.len() - 1
    }

    fn floats<const N: usize>(&mut self, rows: &[[f32; N]], shape: &str) -> usize {
        let flat: Vec<u8> = rows
            .iter()
            .flatten()
            .flat_map(|v| v.to_le_bytes())
            .collect();
        self.accessor(&flat, 5126, rows.len(), shape)
    }

    fn view(&mut self, bytes: &[u8]) -> usize {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        let offset = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        let list = self.json["bufferViews"].as_array_mut().expect("a list");
        list.push(json!({"buffer": 0, "byteOffset": offset, "byteLength": bytes.len()}));
        list.len() - 1
    }

    /// An animation of one property of a node, with keyframes at 0 s and 1 s.
    fn animate<const N: usize>(
        &mut self,
        node: usize,
        path: &str,
        shape: &str,
        ends: [[f32; N]; 2],
    ) {
        let times = self.floats(&[[0.0], [1.0]], "SCALAR");
        self.json["accessors"][times]["min"] = json!([0]);
        self.json["accessors"][times]["max"] = json!([1]);
        let values = self.floats(&ends, shape);
        self.json["animations"] = json!([{
            "name": "Move",
            "channels": [{"sampler": 0, "target": {"node": node, "path": path}}],
            "samplers": [{"input": times, "output": values}],
        }]);
    }

    /// Two texels, red and green, as the image of a texture.
    fn red_and_green(&mut self) {
        let mut png = std::io::Cursor::new(Vec::new());
        let mut image = image::RgbImage::new(2, 1);
        image.put_pixel(0, 0, image::Rgb([255, 0, 0]));
        image.put_pixel(1, 0, image::Rgb([0, 255, 0]));
        image
            .write_to(&mut png, image::ImageFormat::Png)
            .expect("a small PNG can be written");
        let view = self.view(&png.into_inner());
        self.json["images"] = json!([{"bufferView": view, "mimeType": "image/png"}]);
        self.json["samplers"] = json!([{"magFilter": 9728, "minFilter": 9728}]);
        self.json["textures"] = json!([{"source": 0, "sampler": 0}]);
        // The first set lies on the red texel, the second on the green one.
        let first = self.floats(&[[0.25_f32, 0.5]; 4], "VEC2");
        let second = self.floats(&[[0.75_f32, 0.5]; 4], "VEC2");
        let attributes = &mut self.json["meshes"][0]["primitives"][0]["attributes"];
        attributes["TEXCOORD_0"] = json!(first);
        attributes["TEXCOORD_1"] = json!(second);
    }

    /// A morph target that draws the corners to the middle.
    fn draw_to_the_middle(&mut self) {
        let moves = [
            [1.0_f32, 1.0, 0.0],
            [-1.0, 1.0, 0.0],
            [-1.0, -1.0, 0.0],
            [1.0, -1.0, 0.0],
        ];
        let target = self.floats(&moves, "VEC3");
        self.json["meshes"][0]["primitives"][0]["targets"] = json!([{"POSITION": target}]);
    }

    fn write(mut self, folder: &Path) -> PathBuf {
        self.json["buffers"] = json!([{"uri": "model.bin", "byteLength": self.bytes.len()}]);
        std::fs::write(folder.join("model.bin"), &self.bytes).expect("the buffer can be written");
        let path = folder.join("model.gltf");
        std::fs::write(&path, self.json.to_string()).expect("the model can be written");
        path
    }
}

/// The first pictures of a model, a sixtieth of a second apart, seen from before it.
fn pictures(model: Model, count: u32) -> Vec<image::RgbImage> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = model.write(folder.path());
    let path = path.to_str().expect("the temporary folder is UTF-8");
    let count_text = count.to_string();
    let arguments = [
        "render",
        path,
        "--orbit",
        &count_text,
        "--out",
        "out",
        "--size",
        "160x90",
    ];
    let output = grotto(&arguments, folder.path());
    assert!(
        output.status.success(),
        "grotto {arguments:?} makes pictures: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    (0..count)
        .map(|index| {
            image::open(folder.path().join(format!("out/{index:04}.png")))
                .expect("the picture can be opened")
                .into_rgb8()
        })
        .collect()
}

/// Pixels that are brighter than the background.
/// After half a second of a model's animation.
fn assert_shrinks(model: Model) {
    let pictures = pictures(model, 60);
    let (first, half) = (bright(&pictures[0]), bright(&pictures[30]));
    assert!(
        first > 500 && half * 2 < first && half > 50,
        "after half a second it has shrunk: {first} bright pixels, then {half}"
    );
}

fn bright(picture: &image::RgbImage) -> usize {
    picture.pixels().filter(|pixel| pixel.0[0] > 180).count()
}

fn middle(picture: &image::RgbImage) -> [u8; 3] {
    picture
        .get_pixel(picture.width() / 2, picture.height() / 2)
        .0
}

#[test]
fn a_bare_model_plays_its_first_animation() {
    let mut model = Model::square();
    model.animate(0, "scale", "VEC3", [[1.0; 3], [0.2; 3]]);
    // Sixty pictures go round the model: the first and the middle one see it from opposite sides.
    assert_shrinks(model);
}

#[test]
fn a_skinned_mesh_follows_its_joints() {
    let mut model = Model::square();
    // All four corners follow a joint that shrinks.
    let joints: Vec<u8> = vec![0; 16];
    let joints = model.accessor(&joints, 5121, 4, "VEC4");
    let weights = model.floats(&[[1.0_f32, 0.0, 0.0, 0.0]; 4], "VEC4");
    let attributes = &mut model.json["meshes"][0]["primitives"][0]["attributes"];
    attributes["JOINTS_0"] = json!(joints);
    attributes["WEIGHTS_0"] = json!(weights);
    model.json["nodes"] = json!([{"mesh": 0, "skin": 0}, {"name": "joint"}]);
    model.json["scenes"][0]["nodes"] = json!([0, 1]);
    model.json["skins"] = json!([{"joints": [1]}]);
    model.animate(1, "scale", "VEC3", [[1.0; 3], [0.2; 3]]);
    assert_shrinks(model);
}

#[test]
fn a_morph_target_changes_the_shape() {
    let mut model = Model::square();
    model.draw_to_the_middle();
    model.animate(0, "weights", "SCALAR", [[0.0], [0.8]]);
    assert_shrinks(model);
}

#[test]
fn morph_weights_of_a_model_that_stands_still_show_in_the_first_picture() {
    let mut model = Model::square();
    model.draw_to_the_middle();
    model.json["meshes"][0]["weights"] = json!([0.6]);
    let shrunk = bright(&pictures(model, 1)[0]);
    let whole = bright(&pictures(Model::square(), 1)[0]);
    assert!(
        shrunk * 4 < whole && shrunk > 50,
        "two fifths of the side: {shrunk} bright pixels of {whole}"
    );
}

#[test]
fn a_texture_of_the_second_uv_set_lies_by_it() {
    let mut model = Model::square();
    model.red_and_green();
    model.json["materials"][0]["pbrMetallicRoughness"] =
        json!({"baseColorTexture": {"index": 0, "texCoord": 1}});
    let [red, green, blue] = middle(&pictures(model, 1)[0]);
    assert!(
        green > 200 && red < 60 && blue < 60,
        "the second set is green, not {red}, {green}, {blue}"
    );
}

#[test]
fn two_textures_of_one_material_lie_each_by_its_own_set() {
    let mut model = Model::square();
    model.red_and_green();
    let material = &mut model.json["materials"][0];
    material["pbrMetallicRoughness"] = json!({"baseColorTexture": {"index": 0, "texCoord": 0}});
    material["emissiveTexture"] = json!({"index": 0, "texCoord": 1});
    material["emissiveFactor"] = json!([1.0, 1.0, 1.0]);
    let [red, green, blue] = middle(&pictures(model, 1)[0]);
    assert!(
        red > 200 && green > 200 && blue < 60,
        "red of the first set and green of the second, not {red}, {green}, {blue}"
    );
}
