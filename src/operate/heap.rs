//! What becomes of memory that was freed.

/// Bytes from which a block is asked of the system for itself and goes back as soon as it is
/// freed: rows of textures, vertices, pictures.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LARGE_BYTES: libc::c_int = 256 << 10;

/// Has large blocks go back to the system when they are freed. glibc would keep them after the first
/// (its threshold follows what is freed, up to 32 MiB; `man mallopt`), in one heap for each thread that
/// reads: of a first picture's memory an eighth, and of an exhibit that runs for months what its
/// languages and layers once took.
pub(crate) fn give_back_large_blocks() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[expect(
        unsafe_code,
        reason = "the C library's setting; there is no safe way to it"
    )]
    // SAFETY: a number is set that `malloc` reads. It may be called at any time, and is called before
    // there are other threads.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE_BYTES);
    }
}
