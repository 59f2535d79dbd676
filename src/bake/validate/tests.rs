//! The verdicts of the Khronos validator on its own test files, and hostile files.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::*;

/// The shared data, when it is there.
fn shared(path: &str) -> Option<PathBuf> {
    ["/../shared/data", "/../../shared/data"]
        .iter()
        .map(|folder| PathBuf::from(format!("{}{folder}/{path}", env!("CARGO_MANIFEST_DIR"))))
        .find(|path| path.exists())
}

/// All `.gltf` and `.glb` files below a folder, sorted.
fn models_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)
            .expect("the folder can be read")
            .flatten()
        {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|kind| kind == "gltf" || kind == "glb")
            {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

type Verdict = BTreeSet<(String, String)>;

/// Codes and pointers that a report of the Khronos validator holds.
fn theirs(model: &Path, severity: u64) -> Verdict {
    let text = std::fs::read(format!("{}.report.json", model.display())).expect("a report");
    let report: Value = serde_json::from_slice(&text).expect("the report is JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let messages = report["issues"]["messages"]
        .as_array()
        .expect("the report lists messages");
    messages
        .iter()
        .filter(|message| message["severity"] == severity)
        .map(|message| (text(&message["code"]), text(&message["pointer"])))
        .collect()
}

fn ours(findings: &[Finding], is_error: bool) -> Verdict {
    findings
        .iter()
        .filter(|finding| finding.is_error == is_error)
        .map(|finding| (finding.code.clone(), finding.pointer.clone()))
        .collect()
}

fn codes(verdict: &Verdict) -> BTreeSet<&str> {
    verdict.iter().map(|(code, _)| code.as_str()).collect()
}

#[test]
fn the_corpus_gets_the_verdicts_of_the_khronos_validator() {
    let Some(corpus) = shared("corpora/gltf-validator") else {
        return;
    };
    let models = models_below(&corpus);
    let (mut same_pointers, mut same_warnings) = (0, 0);
    let mut wrong = Vec::new();
    for model in &models {
        let findings = validate(model);
        let (wanted, errors) = (theirs(model, 0), ours(&findings, true));
        if codes(&wanted) != codes(&errors) {
            wrong.push(format!(
                "{}: {wanted:?}, but found {errors:?}",
                model.display()
            ));
        }
        same_pointers += usize::from(wanted == errors);
        let (wanted, warnings) = (theirs(model, 1), ours(&findings, false));
        same_warnings += usize::from(codes(&wanted).is_subset(&codes(&warnings)));
    }
    assert!(
        wrong.is_empty(),
        "Errors differ on {} files:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert_eq!(models.len(), 372, "The corpus has 372 models.");
    assert_eq!(same_pointers, 372, "Errors are told of at the same places.");
    assert_eq!(
        same_warnings, 372,
        "No warning of the validator is missing."
    );
}

#[test]
fn the_shared_meshes_are_sound() {
    let Some(meshes) = shared("meshes") else {
        return;
    };
    for model in models_below(&meshes) {
        let errors = ours(&validate(&model), true);
        assert!(
            errors.is_empty(),
            "{} has errors: {errors:?}",
            model.display()
        );
    }
}

/// A folder of files in memory.
struct InMemory(Vec<(&'static str, Vec<u8>)>);

impl Resolver for InMemory {
    fn read(&mut self, path: &str, most: u64) -> Result<SideFile, String> {
        let file = self.0.iter().find(|(name, _)| *name == path);
        let (_, bytes) = file.ok_or_else(|| "there is no such file".to_owned())?;
        let end = bytes.len().min(most as usize);
        Ok(SideFile {
            bytes: bytes[..end].to_vec(),
            length: bytes.len() as u64,
        })
    }
}

fn check_with(
    document: &Value,
    files: Vec<(&'static str, Vec<u8>)>,
    depth: ValidateDepth,
) -> Vec<Finding> {
    validate_bytes(
        document.to_string().as_bytes(),
        false,
        depth,
        &mut InMemory(files),
    )
}

fn error_codes(document: &Value, files: Vec<(&'static str, Vec<u8>)>) -> Vec<String> {
    let findings = check_with(document, files, ValidateDepth::Data);
    findings
        .into_iter()
        .filter(|each| each.is_error)
        .map(|each| each.code)
        .collect()
}

fn glb(document: &Value, binary: &[u8]) -> Vec<u8> {
    let mut text = document.to_string().into_bytes();
    text.resize(text.len().next_multiple_of(4), b' ');
    let mut out = b"glTF\x02\0\0\0".to_vec();
    out.extend((28 + text.len() + binary.len()).to_le_bytes()[..4].iter());
    for (kind, chunk) in [(b"JSON", text.as_slice()), (b"BIN\0", binary)] {
        out.extend(chunk.len().to_le_bytes()[..4].iter());
        out.extend(kind);
        out.extend(chunk);
    }
    out
}

/// A triangle with everything about it: positions, indices, a sparse override, a skin.
fn triangle() -> (Value, Vec<u8>) {
    let positions = [0.0_f32, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0];
    let mut binary: Vec<u8> = positions
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    binary.extend([0, 1, 2, 0, 2, 0, 0, 0]);
    binary.extend(
        [5.0_f32, 5.0, 5.0]
            .iter()
            .flat_map(|value| value.to_le_bytes()),
    );
    binary.extend([0; 12]);
    binary.extend(
        [1.0_f32, 0.0, 0.0, 0.0]
            .repeat(3)
            .iter()
            .flat_map(|value| value.to_le_bytes()),
    );
    let document = json!({
        "asset": { "version": "2.0" },
        "scene": 0,
        "scenes": [{ "nodes": [0, 1] }],
        "nodes": [{ "mesh": 0, "skin": 0 }, { "children": [2] }, { "translation": [1, 2, 3] }],
        "skins": [{ "joints": [1, 2], "skeleton": 1 }],
        "meshes": [{ "primitives": [{
            "attributes": { "POSITION": 0, "JOINTS_0": 3, "WEIGHTS_0": 4 },
            "indices": 1,
            "material": 0,
        }] }],
        "materials": [{ "pbrMetallicRoughness": { "baseColorFactor": [1, 1, 1, 1] } }],
        "buffers": [{ "byteLength": 116 }],
        "bufferViews": [
            { "buffer": 0, "byteLength": 36, "target": 34962 },
            { "buffer": 0, "byteOffset": 36, "byteLength": 3, "target": 34963 },
            { "buffer": 0, "byteOffset": 40, "byteLength": 4 },
            { "buffer": 0, "byteOffset": 44, "byteLength": 12 },
            { "buffer": 0, "byteOffset": 56, "byteLength": 12, "target": 34962 },
            { "buffer": 0, "byteOffset": 68, "byteLength": 48, "target": 34962 },
        ],
        "accessors": [
            {
                "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3",
                "min": [0, 0, 0], "max": [5, 5, 5],
                "sparse": {
                    "count": 1,
                    "indices": { "bufferView": 2, "componentType": 5121 },
                    "values": { "bufferView": 3 },
                },
            },
            { "bufferView": 1, "componentType": 5121, "count": 3, "type": "SCALAR" },
            { "componentType": 5126, "count": 3, "type": "VEC3" },
            { "bufferView": 4, "componentType": 5121, "count": 3, "type": "VEC4" },
            { "bufferView": 5, "componentType": 5126, "count": 3, "type": "VEC4" },
        ],
    });
    (document, binary)
}

#[test]
fn a_sound_triangle_is_sound_in_every_form() {
    let (mut document, binary) = triangle();
    let bytes = glb(&document, &binary);
    let findings = validate_bytes(&bytes, true, ValidateDepth::Data, &mut InMemory(vec![]));
    assert_eq!(findings, [], "The triangle is sound.");
    document["buffers"][0]["uri"] = json!("a%20b.bin");
    let files = || vec![("a b.bin", binary.clone())];
    assert_eq!(
        error_codes(&document, files()),
        [""; 0],
        "It is sound beside its data."
    );
    assert_eq!(
        error_codes(&document, vec![("a b.bin", binary[..115].to_vec())]),
        ["BUFFER_BYTE_LENGTH_MISMATCH"],
        "A missing byte is noticed."
    );
    assert_eq!(
        error_codes(&document, vec![]),
        ["IO_ERROR"],
        "A missing file is noticed."
    );
}

#[test]
fn numbers_are_checked_only_when_asked_for() {
    let (mut document, mut binary) = triangle();
    binary[38] = 7;
    binary[40] = 9;
    document["buffers"][0]["uri"] = json!("a.bin");
    let check = |depth| {
        let findings = check_with(&document, vec![("a.bin", binary.clone())], depth);
        findings
            .into_iter()
            .map(|finding| finding.code)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        check(ValidateDepth::Structure),
        [""; 0],
        "The structure is sound."
    );
    let data = check(ValidateDepth::Data);
    for code in [
        "ACCESSOR_INDEX_OOB",
        "ACCESSOR_SPARSE_INDEX_OOB",
        "ACCESSOR_MAX_MISMATCH",
    ] {
        assert!(
            data.iter().any(|found| found == code),
            "{code} is found in {data:?}."
        );
    }
}

#[test]
fn counts_without_bytes_behind_them_cost_nothing() {
    let huge = json!({
        "asset": { "version": "2.0" },
        "buffers": [{ "byteLength": 9_000_000_000_000_000_u64, "uri": "data:application/octet-stream;base64,AAAA" }],
        "bufferViews": [{ "buffer": 0, "byteOffset": 9_007_199_254_740_991_u64, "byteLength": 9_007_199_254_740_991_u64 }],
        "accessors": [
            { "componentType": 5126, "count": 2_000_000_000, "type": "MAT4",
              "min": [0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0],
              "sparse": { "count": 2_000_000_000,
                "indices": { "bufferView": 0, "componentType": 5125 },
                "values": { "bufferView": 0, "byteOffset": 9_007_199_254_740_991_u64 } } },
            { "bufferView": 0, "byteOffset": 9_007_199_254_740_991_u64, "componentType": 5126,
              "count": 9_007_199_254_740_991_u64, "type": "MAT4" },
        ],
    });
    let codes = error_codes(&huge, vec![]);
    for code in [
        "BUFFER_BYTE_LENGTH_MISMATCH",
        "BUFFER_VIEW_TOO_LONG",
        "ACCESSOR_TOO_LONG",
    ] {
        assert!(
            codes.iter().any(|found| found == code),
            "{code} is found in {codes:?}."
        );
    }
    let zeros = json!({
        "asset": { "version": "2.0" },
        "buffers": [{ "byteLength": 20, "uri": "data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAAAAAAAAAAA=" }],
        "bufferViews": [{ "buffer": 0, "byteLength": 20 }],
        "accessors": [{
            "componentType": 5126, "count": 2_000_000_000, "type": "VEC3",
            "sparse": { "count": 1, "indices": { "bufferView": 0, "componentType": 5121 },
                        "values": { "bufferView": 0, "byteOffset": 4 } },
        }],
    });
    let findings = check_with(&zeros, vec![], ValidateDepth::Data);
    assert!(
        findings
            .iter()
            .any(|finding| finding.code == "data-not-checked"),
        "Two thousand million zeros are not looked at, which is said: {findings:?}"
    );
}

#[test]
fn extensions_that_we_read_are_known() {
    let (mut document, binary) = triangle();
    document["extensionsUsed"] = json!([
        "KHR_draco_mesh_compression",
        "EXT_meshopt_compression",
        "KHR_texture_basisu",
        "KHR_mesh_quantization"
    ]);
    document["extensionsRequired"] = json!(["KHR_mesh_quantization"]);
    document["textures"] = json!([{ "extensions": { "KHR_texture_basisu": { "source": 0 } } }]);
    document["images"] = json!([{ "uri": "a.ktx2", "mimeType": "image/ktx2" }]);
    document["meshes"][0]["primitives"][0]["extensions"] =
        json!({ "KHR_draco_mesh_compression": { "bufferView": 9, "attributes": {} } });
    document["bufferViews"][0]["extensions"] = json!({ "EXT_meshopt_compression": { "buffer": 0, "byteLength": 1, "byteStride": 4, "mode": "ATTRIBUTES" } });
    let mut image = b"\xABKTX 20\xBB\r\n\x1A\n".to_vec();
    image.resize(80, 0);
    let mut files = InMemory(vec![("a.ktx2", image)]);
    let findings = validate_bytes(
        &glb(&document, &binary),
        true,
        ValidateDepth::Data,
        &mut files,
    );
    let found = ours(&findings, true);
    let wanted = [
        (
            "UNDEFINED_PROPERTY",
            "/bufferViews/0/extensions/EXT_meshopt_compression",
        ),
        (
            "UNRESOLVED_REFERENCE",
            "/meshes/0/primitives/0/extensions/KHR_draco_mesh_compression/bufferView",
        ),
    ];
    let wanted = wanted.map(|(code, pointer)| (code.to_owned(), pointer.to_owned()));
    assert_eq!(
        found,
        wanted.into(),
        "What is wrong in the extensions is told, nothing else."
    );
}

/// A small generator of numbers (xorshift), the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// Changes one value somewhere in the document.
fn mutate(value: &mut Value, random: &mut Random) {
    let deeper = random.below(8) > 0;
    match value {
        Value::Array(items) if deeper && !items.is_empty() => {
            let at = random.below(items.len());
            if random.below(12) == 0 {
                items.push(items[at].clone());
            } else {
                mutate(&mut items[at], random);
            }
        }
        Value::Object(map) if deeper && !map.is_empty() => {
            let key = map
                .keys()
                .nth(random.below(map.len()))
                .cloned()
                .unwrap_or_default();
            if random.below(12) == 0 {
                map.remove(&key);
            } else if let Some(value) = map.get_mut(&key) {
                mutate(value, random);
            }
        }
        _ => {
            let others = [
                json!(-1),
                json!(0),
                json!(1),
                json!(2),
                json!(3),
                json!(7),
                json!(255),
                json!(0.5),
                json!(5120),
                json!(5123),
                json!(5125),
                json!(5126),
                json!(34963),
                json!(1e300),
                json!(4_294_967_295_u64),
                json!(u64::MAX),
                json!(i64::MIN),
                json!(null),
                json!(true),
                json!([]),
                json!({}),
                json!("MAT3"),
                json!("SCALAR"),
                json!("VEC4"),
                json!("data:,"),
                json!([0, 0, 0]),
                json!({ "POSITION": 0 }),
                json!("../x"),
                json!("é"),
            ];
            *value = others[random.below(others.len())].clone();
        }
    }
}

#[test]
fn no_mutation_makes_it_panic() {
    let (document, binary) = triangle();
    let mut documents = vec![document];
    if let Some(corpus) = shared("corpora/gltf-validator") {
        let texts = models_below(&corpus)
            .into_iter()
            .filter_map(|path| std::fs::read(path).ok());
        documents.extend(texts.filter_map(|text| serde_json::from_slice::<Value>(&text).ok()));
    }
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut refused = 0;
    for round in 0..6000 {
        let mut document = documents[random.below(documents.len())].clone();
        for _ in 0..=random.below(4) {
            mutate(&mut document, &mut random);
        }
        let mut bytes = glb(&document, &binary);
        for _ in 0..random.below(3) {
            let at = random.below(bytes.len());
            bytes[at] = random.below(256) as u8;
        }
        if random.below(4) == 0 {
            bytes.truncate(random.below(bytes.len()));
        }
        let is_glb = round % 2 == 0;
        let text = document.to_string();
        let bytes = if is_glb {
            bytes.as_slice()
        } else {
            text.as_bytes()
        };
        let mut files = InMemory(vec![("a.bin", binary.clone())]);
        let findings = validate_bytes(bytes, is_glb, ValidateDepth::Data, &mut files);
        refused += usize::from(findings.iter().any(|finding| finding.is_error));
    }
    assert!(
        refused > 3000,
        "Mutations break most files: {refused} of 6000 were refused."
    );
}
