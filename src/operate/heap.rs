//! What becomes of memory that was freed.

/// Bytes from which a block is asked of the system for itself and goes back as soon as it is
/// freed: rows of textures, vertices, pictures.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LARGE_BYTES: libc::c_int = 256 << 10;
/// Bytes of smaller blocks that stay when they are freed. A processor that draws wants 10 MiB anew
/// in each frame; given back and asked for again they make a frame half as long again.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const KEPT_BYTES: libc::c_int = 64 << 20;

/// Has large blocks go back to the system when they are freed, and small ones stay. glibc would
/// learn both from what is freed first (`man mallopt`): after a texture it would keep blocks up to
/// 32 MiB, in one heap for each thread that reads. That was an eighth of the memory of a first
/// picture, and in an exhibit that runs for months what its languages and layers once took.
pub(crate) fn give_back_large_blocks() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[expect(
        unsafe_code,
        reason = "the C library's setting; there is no safe way to it"
    )]
    // SAFETY: numbers are set that `malloc` reads, before there are other threads.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE_BYTES);
        libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT_BYTES);
    }
}
