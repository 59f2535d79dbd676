//! Built trees on disk, so that a scan of millions of triangles is sorted once.
//!
//! A file holds only the tree; positions always come from the model itself, and the file's
//! name is the BLAKE3 hash of those positions and indices. A file is believed only when its
//! magic, version, key, lengths, checksum and every index in it are right; any other is
//! ignored and written anew.
//!
//! Layout, all little-endian: magic (8 bytes), version (u32), zero (u32), key (32 bytes),
//! lengths of `order`, `runs`, `slots` and `nodes` (u64 each), the four arrays, BLAKE3 of all
//! before it (32 bytes).

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use bytemuck::{Pod, cast_slice, cast_slice_mut, zeroed_vec};
use obvhs::cwbvh::node::CwBvhNode;

use super::{Collider, Fixed, Soup, Tree, build::permute};
use crate::bake::cache_folder;

const MAGIC: &[u8; 8] = b"GROTTOCO";
/// Raise it whenever the building of trees or this layout changes.
const VERSION: u32 = 1;
const HEADER_BYTES: usize = 8 + 4 + 4 + 32 + 4 * 8;
const HASH_BYTES: usize = 32;
/// What the folder may hold before the oldest files go, bytes.
const FOLDER_LIMIT_BYTES: u64 = 4 << 30;

/// A folder of built trees. Safe to share between threads and processes: files are written
/// beside and renamed into place.
#[derive(Debug, Clone)]
pub struct CollisionCache {
    folder: PathBuf,
}

/// How a collider came about.
#[derive(Debug)]
pub enum CacheOutcome {
    /// Read from disk.
    Loaded,
    /// Built, and written to disk unless that failed.
    Built {
        /// Why a file that was there could not be believed.
        distrusted: Option<CacheError>,
        /// Why the tree could not be written; the collider is good all the same.
        not_saved: Option<io::Error>,
    },
}

/// Why a cache file was not used.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// The file could not be read.
    #[error("the collision cache could not be read: {0}")]
    Io(#[from] io::Error),
    /// It is not what it should be.
    #[error("the collision cache is damaged: {0}")]
    Damaged(&'static str),
}

impl CollisionCache {
    /// Names the folder; it is made when something is first written.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Reads the collider of these triangles, or builds and stores it. Slow: call it on a
    /// worker thread. Never fails; the outcome tells what happened, for the log.
    pub fn load_or_build(&self, soup: Soup) -> (Collider, CacheOutcome) {
        let (fixed, outcome) = self.load_or_build_fixed(soup);
        (fixed.into(), outcome)
    }

    fn load_or_build_fixed(&self, soup: Soup) -> (Fixed, CacheOutcome) {
        let key = key_of(&soup);
        let path = self.path_of(&key);
        let distrusted = match read_tree(&path, &key, &soup) {
            Ok(tree) => return (assemble(soup, tree), CacheOutcome::Loaded),
            Err(CacheError::Io(error)) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => Some(error),
        };
        let mut collider = Fixed::build_with_tree(soup);
        let not_saved = self.save(&path, &key, &collider.tree).err();
        collider.tree.order = Vec::new();
        let outcome = CacheOutcome::Built {
            distrusted,
            not_saved,
        };
        (collider, outcome)
    }

    fn path_of(&self, key: &[u8; 32]) -> PathBuf {
        let name = blake3::Hash::from_bytes(*key).to_hex();
        self.folder.join(format!("{}.collider", &name[..32]))
    }

    fn save(&self, path: &Path, key: &[u8; 32], tree: &Tree) -> io::Result<()> {
        static WRITERS: AtomicU32 = AtomicU32::new(0);
        fs::create_dir_all(&self.folder)?;
        let writer = WRITERS.fetch_add(1, Ordering::Relaxed);
        let beside = path.with_extension(format!("{}-{writer}.partial", std::process::id()));
        let written = write_tree(&beside, key, tree).and_then(|()| fs::rename(&beside, path));
        if written.is_err() {
            // The first error is the one worth telling.
            drop(fs::remove_file(&beside));
        }
        written?;
        self.prune(path, FOLDER_LIMIT_BYTES)
    }

    /// Removes the oldest files until the rest fit, but never `keep`.
    fn prune(&self, keep: &Path, limit_bytes: u64) -> io::Result<()> {
        let is_ours = |path: &Path| {
            path.extension()
                .is_some_and(|extension| extension == "collider" || extension == "partial")
        };
        cache_folder::prune(&self.folder, is_ours, keep, limit_bytes)
    }
}

fn assemble(mut soup: Soup, mut tree: Tree) -> Fixed {
    permute(&mut soup.triangles, &tree.order);
    tree.order = Vec::new();
    Fixed::assemble(soup, tree)
}

fn key_of(soup: &Soup) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&VERSION.to_le_bytes());
    hasher.update(&(soup.positions.len() as u64).to_le_bytes());
    hasher.update(cast_slice(&soup.positions));
    hasher.update(cast_slice(&soup.triangles));
    *hasher.finalize().as_bytes()
}

fn write_tree(path: &Path, key: &[u8; 32], tree: &Tree) -> io::Result<()> {
    let file = File::create(path)?;
    let mut out = BufWriter::new(&file);
    let mut hasher = blake3::Hasher::new();
    let mut header = Vec::with_capacity(HEADER_BYTES);
    header.extend(MAGIC);
    header.extend(VERSION.to_le_bytes());
    header.extend(0u32.to_le_bytes());
    header.extend(key);
    for length in lengths_of(tree) {
        header.extend((length as u64).to_le_bytes());
    }
    for bytes in [
        header.as_slice(),
        cast_slice(&tree.order),
        cast_slice(&tree.runs),
        cast_slice(&tree.slots),
        cast_slice(&tree.nodes),
    ] {
        hasher.update(bytes);
        out.write_all(bytes)?;
    }
    out.write_all(hasher.finalize().as_bytes())?;
    out.flush()?;
    drop(out);
    file.sync_all()
}

fn lengths_of(tree: &Tree) -> [usize; 4] {
    [
        tree.order.len(),
        tree.runs.len(),
        tree.slots.len(),
        tree.nodes.len(),
    ]
}

fn read_tree(path: &Path, key: &[u8; 32], soup: &Soup) -> Result<Tree, CacheError> {
    let file = File::open(path)?;
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(CacheError::Damaged("it is not a file"));
    }
    let mut input = BufReader::new(file);
    let mut hasher = blake3::Hasher::new();
    let mut header = [0u8; HEADER_BYTES];
    input.read_exact(&mut header)?;
    hasher.update(&header);
    let mut expected = [0u8; 48];
    expected[..8].copy_from_slice(MAGIC);
    expected[8..12].copy_from_slice(&VERSION.to_le_bytes());
    expected[16..].copy_from_slice(key);
    if header[..48] != expected {
        return Err(CacheError::Damaged("its header is not ours"));
    }
    let mut lengths = [0usize; 4];
    for (length, bytes) in lengths.iter_mut().zip(header[48..].chunks_exact(8)) {
        let mut eight = [0u8; 8];
        eight.copy_from_slice(bytes);
        *length = usize::try_from(u64::from_le_bytes(eight)).unwrap_or(usize::MAX);
    }
    let [order, runs, slots, nodes] = lengths;
    let triangles = soup.triangles.len();
    let is_plausible = order == triangles
        && runs <= triangles + 1
        && slots == runs.saturating_sub(1)
        && nodes <= runs;
    if !is_plausible {
        return Err(CacheError::Damaged("its lengths do not fit the model"));
    }
    let bytes = HEADER_BYTES
        + (order + runs + slots) * size_of::<u32>()
        + nodes * size_of::<CwBvhNode>()
        + HASH_BYTES;
    if about.len() != bytes as u64 {
        return Err(CacheError::Damaged("it is cut off or too long"));
    }
    let tree = Tree {
        order: read_array(&mut input, &mut hasher, order)?,
        runs: read_array(&mut input, &mut hasher, runs)?,
        slots: read_array(&mut input, &mut hasher, slots)?,
        nodes: read_array(&mut input, &mut hasher, nodes)?,
    };
    let mut checksum = [0u8; HASH_BYTES];
    input.read_exact(&mut checksum)?;
    if checksum != *hasher.finalize().as_bytes() {
        return Err(CacheError::Damaged("its checksum is wrong"));
    }
    check_tree(&tree, triangles)?;
    Ok(tree)
}

fn read_array<T: Pod>(
    input: &mut impl Read,
    hasher: &mut blake3::Hasher,
    length: usize,
) -> io::Result<Vec<T>> {
    let mut values = zeroed_vec(length);
    input.read_exact(cast_slice_mut(&mut values))?;
    hasher.update(cast_slice(&values));
    Ok(values)
}

/// Makes sure that no query of this tree can leave an array or run in circles.
fn check_tree(tree: &Tree, triangles: usize) -> Result<(), CacheError> {
    let require = |is_right: bool, what: &'static str| match is_right {
        true => Ok(()),
        false => Err(CacheError::Damaged(what)),
    };
    let mut is_seen = vec![false; triangles];
    for &index in &tree.order {
        let seen = is_seen.get_mut(index as usize);
        let is_new = seen.is_some_and(|seen| !std::mem::replace(seen, true));
        require(is_new, "its order is no permutation")?;
    }
    let runs_fit = tree.runs.first().is_none_or(|first| *first == 0)
        && tree.runs.is_sorted()
        && tree
            .runs
            .last()
            .is_none_or(|last| *last as usize == triangles);
    require(runs_fit, "its runs do not cover the triangles")?;
    let run_count = tree.runs.len().saturating_sub(1);
    let slots_fit = tree.slots.iter().all(|run| (*run as usize) < run_count);
    require(slots_fit, "a slot names no run")?;
    let mut has_parent = vec![false; tree.nodes.len()];
    for (index, node) in tree.nodes.iter().enumerate() {
        for child in 0..8 {
            let meta = node.child_meta[child];
            if meta == 0 {
                continue;
            }
            if node.is_leaf(child) {
                let end = u64::from(node.primitive_base_idx)
                    + u64::from(meta & 0b1_1111)
                    + u64::from((meta >> 5).count_ones());
                require(end <= tree.slots.len() as u64, "a leaf names no slot")?;
                continue;
            }
            let is_sound = meta & 0b1_1111 >= 24 && node.child_base_idx < u32::MAX - 8;
            require(is_sound, "a node is malformed")?;
            let below = node.child_node_index(child) as usize;
            let parent = has_parent.get_mut(below);
            let is_new = parent.is_some_and(|seen| !std::mem::replace(seen, true));
            require(is_new && below > index, "its nodes are no tree")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::math::Vec3;

    fn bumpy_floor() -> Soup {
        let n = 40u32;
        let points: Vec<Vec3> = (0..n * n)
            .map(|i| Vec3::new((i % n) as f32, (i % 7) as f32 * 0.1, (i / n) as f32))
            .collect();
        let mut triangles = Vec::new();
        for i in (0..(n - 1) * n).filter(|i| i % n != n - 1) {
            triangles.push([i, i + n, i + 1]);
            triangles.push([i + 1, i + n, i + n + 1]);
        }
        let mut soup = Soup::default();
        soup.add_triangles(&points, &triangles, true).unwrap();
        soup
    }

    fn only_file(folder: &Path) -> PathBuf {
        let mut files: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        assert_eq!(files.len(), 1, "one finished file lies in the cache");
        files.remove(0)
    }

    fn is_loaded(cache: &CollisionCache) -> bool {
        let (collider, outcome) = cache.load_or_build(bumpy_floor());
        for i in 0..50 {
            let from = Vec3::new(i as f32 * 0.7, 5.0, 38.0 - i as f32 * 0.7);
            let hit = collider.cast_ray(from, Vec3::NEG_Y, 10.0);
            assert!(
                hit.is_some_and(|hit| hit.is_walkable),
                "the floor is whole, however the collider came about"
            );
        }
        matches!(outcome, CacheOutcome::Loaded)
    }

    #[test]
    fn the_second_time_is_read_from_disk() {
        let folder = tempfile::tempdir().unwrap();
        let cache = CollisionCache::new(folder.path().join("deep/er"));
        assert!(!is_loaded(&cache), "an empty cache builds");
        assert!(is_loaded(&cache), "a filled cache loads");
        let mut other = bumpy_floor();
        other.positions[17][1] += 0.001;
        let (_, outcome) = cache.load_or_build(other);
        assert!(
            matches!(
                outcome,
                CacheOutcome::Built {
                    distrusted: None,
                    ..
                }
            ),
            "a changed vertex is another model"
        );
    }

    #[test]
    fn damage_anywhere_is_noticed_and_mended() {
        let folder = tempfile::tempdir().unwrap();
        let cache = CollisionCache::new(folder.path());
        assert!(!is_loaded(&cache), "an empty cache builds");
        let path = only_file(folder.path());
        let good = fs::read(&path).unwrap();
        let places = [
            0,
            9,
            20,
            48,
            55,
            60,
            70,
            HEADER_BYTES,
            good.len() / 2,
            good.len() - 1,
        ];
        for at in places {
            let mut bad = good.clone();
            bad[at] ^= 0x41;
            fs::write(&path, &bad).unwrap();
            assert!(!is_loaded(&cache), "a flipped byte at {at} is not believed");
            assert!(is_loaded(&cache), "and the file was mended");
        }
        for length in [0, 5, HEADER_BYTES, good.len() - 1] {
            fs::write(&path, &good[..length]).unwrap();
            assert!(
                !is_loaded(&cache),
                "a file of {length} bytes is not believed"
            );
        }
    }

    #[test]
    fn wrong_indices_are_found_even_under_a_right_checksum() {
        let soup = bumpy_floor();
        let triangles = soup.triangles.len();
        let tree = Fixed::build_with_tree(soup).tree;
        let check = |change: &dyn Fn(&mut Tree), what: &str| {
            let mut bad = tree.clone();
            change(&mut bad);
            assert!(check_tree(&bad, triangles).is_err(), "{what} is found");
        };
        assert!(
            check_tree(&tree, triangles).is_ok(),
            "a fresh tree is sound"
        );
        check(&|t| t.order[3] = t.order[4], "a repeated triangle");
        check(&|t| t.order[3] = u32::MAX, "a wild triangle");
        check(&|t| t.runs[1] = u32::MAX, "a wild run");
        check(&|t| t.slots[0] = u32::MAX, "a wild slot");
        check(&|t| t.nodes[0].child_base_idx = 0, "a circle");
        check(&|t| t.nodes[0].child_base_idx = u32::MAX, "a wild child");
        check(
            &|t| {
                for node in &mut t.nodes {
                    node.primitive_base_idx = u32::MAX;
                }
            },
            "a wild leaf",
        );
    }

    #[test]
    fn an_unwritable_folder_costs_only_the_cache() {
        let folder = tempfile::tempdir().unwrap();
        let blocker = folder.path().join("file");
        fs::write(&blocker, b"not a folder").unwrap();
        let cache = CollisionCache::new(blocker.join("inside"));
        let (collider, outcome) = cache.load_or_build(bumpy_floor());
        assert!(collider.triangle_count() > 0, "the collider is built");
        assert!(
            matches!(
                outcome,
                CacheOutcome::Built {
                    not_saved: Some(_),
                    ..
                }
            ),
            "and the failure is told"
        );
    }

    #[test]
    fn the_oldest_files_go_first() {
        let folder = tempfile::tempdir().unwrap();
        let cache = CollisionCache::new(folder.path());
        let at = |seconds| std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        for (name, seconds) in [("a", 1), ("b", 3), ("c", 2)] {
            let file = File::create(folder.path().join(format!("{name}.collider"))).unwrap();
            file.set_len(100).unwrap();
            file.set_modified(at(seconds)).unwrap();
        }
        let keep = folder.path().join("a.collider");
        cache.prune(&keep, 200).unwrap();
        let left = |name: &str| folder.path().join(name).exists();
        assert!(
            left("a.collider") && left("b.collider") && !left("c.collider"),
            "the oldest file but the kept one goes"
        );
    }
}
