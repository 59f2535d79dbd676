//! What happens at every entry point: the call is counted, scripted lines that waited for it
//! run, stalls and failures asked for take effect, lost and unknown handles are refused, and
//! no panic crosses into C. And the reading and writing of the caller's structures.

use std::ffi::{CStr, c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};

use openxr_sys as xr;

use crate::world::{Guard, lock};

/// What a function answers: a success code, or the error.
pub(crate) type Answer = Result<xr::Result, xr::Result>;

/// The answer of a function that did what it was asked.
pub(crate) const DONE: Answer = Ok(xr::Result::SUCCESS);

/// The handle that a call is about, and whether a lost one will do.
#[derive(Clone, Copy)]
pub(crate) enum About {
    /// No handle (`xrCreateInstance`).
    Nothing,
    /// A handle that must be valid and not lost.
    Living(u64),
    /// A handle that must be valid; lost ones too can be destroyed.
    Any(u64),
}

/// Runs the body of an entry point.
pub(crate) fn entry(
    function: &'static str,
    about: About,
    body: impl FnOnce(Guard) -> Answer,
) -> xr::Result {
    let answer = catch_unwind(AssertUnwindSafe(|| {
        let mut world = lock();
        world.count(function);
        if let About::Living(handle) | About::Any(handle) = about
            && !world.handles.contains_key(&handle)
        {
            return Err(world.violation(
                function,
                "the handle is not a living one",
                xr::Result::ERROR_HANDLE_INVALID,
            ));
        }
        let mut world = crate::demands::stall(world, function, None)?;
        world.take_failure(function)?;
        if let About::Living(handle) = about {
            world.refuse_lost(handle)?;
        }
        body(world)
    }));
    match answer {
        Ok(Ok(result) | Err(result)) => result,
        Err(panic) => {
            let words = panic
                .downcast_ref::<&str>()
                .map(|words| (*words).to_owned())
                .or_else(|| panic.downcast_ref::<String>().cloned())
                .unwrap_or_default();
            let what = format!("the test runtime itself panicked: {words}");
            lock().violation(function, &what, xr::Result::ERROR_RUNTIME_FAILURE)
        }
    }
}

/// A structure that says its type in its first field.
pub(crate) trait Typed {
    /// The value of that field.
    const TYPE: xr::StructureType;
}

macro_rules! typed {
    ($($name:ident),* $(,)?) => {
        $(impl Typed for xr::$name {
            const TYPE: xr::StructureType = xr::$name::TYPE;
        })*
    };
}

typed!(
    ActionCreateInfo,
    ActionSetCreateInfo,
    ActionSpaceCreateInfo,
    ActionStateGetInfo,
    ActionsSyncInfo,
    BoundSourcesForActionEnumerateInfo,
    CompositionLayerProjection,
    FrameEndInfo,
    GraphicsBindingVulkanKHR,
    HapticActionInfo,
    HapticVibration,
    InputSourceLocalizedNameGetInfo,
    InstanceCreateInfo,
    InteractionProfileSuggestedBinding,
    ReferenceSpaceCreateInfo,
    SessionActionSetsAttachInfo,
    SessionBeginInfo,
    SessionCreateInfo,
    SpaceVelocity,
    SwapchainCreateInfo,
    SwapchainImageWaitInfo,
    SystemGetInfo,
    SystemUserPresencePropertiesEXT,
    ViewLocateInfo,
    VulkanDeviceCreateInfoKHR,
    VulkanGraphicsDeviceGetInfoKHR,
    VulkanInstanceCreateInfoKHR,
);

/// Reads a structure of the caller's.
///
/// # Errors
/// A null pointer or a structure of another type.
///
/// # Safety
/// The pointer is null or points to a structure that begins with its type and, when the
/// type is `T`'s, is a `T` that lives as long as the call.
pub(crate) unsafe fn input<'a, T: Typed>(pointer: *const T) -> Result<&'a T, xr::Result> {
    if pointer.is_null() {
        return Err(xr::Result::ERROR_VALIDATION_FAILURE);
    }
    // SAFETY: the caller promises a structure that begins with its type.
    let ty = unsafe { pointer.cast::<xr::StructureType>().read() };
    if ty != T::TYPE {
        return Err(xr::Result::ERROR_VALIDATION_FAILURE);
    }
    // SAFETY: the type says that this is a T.
    Ok(unsafe { &*pointer })
}

/// An array of the caller's.
///
/// # Safety
/// The pointer is null or points to `count` values that live as long as the call.
pub(crate) unsafe fn slice<'a, T>(pointer: *const T, count: u32) -> &'a [T] {
    if pointer.is_null() || count == 0 {
        &[]
    } else {
        // SAFETY: the caller promises `count` values.
        unsafe { std::slice::from_raw_parts(pointer, count as usize) }
    }
}

/// Finds a structure in a `next` chain.
///
/// # Safety
/// The chain is well formed and lives as long as the call.
pub(crate) unsafe fn chained<T: Typed>(first: *const c_void) -> Option<*mut T> {
    let mut link = first.cast::<xr::BaseInStructure>();
    while !link.is_null() {
        // SAFETY: every link of the chain begins with its type and the next link.
        let (ty, next) = unsafe { ((*link).ty, (*link).next) };
        if ty == T::TYPE {
            return Some(link.cast_mut().cast());
        }
        link = next;
    }
    None
}

/// Text of the caller's.
///
/// # Safety
/// The pointer is null or points to text that ends in a null byte.
pub(crate) unsafe fn text(pointer: *const c_char) -> Result<String, xr::Result> {
    if pointer.is_null() {
        return Err(xr::Result::ERROR_VALIDATION_FAILURE);
    }
    // SAFETY: the caller promises text that ends.
    let text = unsafe { CStr::from_ptr(pointer) };
    text.to_str()
        .map(str::to_owned)
        .or(Err(xr::Result::ERROR_VALIDATION_FAILURE))
}

/// Text in a fixed array, up to its null byte.
pub(crate) fn fixed_text(characters: &[c_char]) -> String {
    let bytes: Vec<u8> = characters
        .iter()
        .take_while(|&&character| character != 0)
        .map(|&character| character.cast_unsigned())
        .collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Writes text into a fixed array, cut to fit, ending in a null byte.
///
/// # Safety
/// `out` points to `capacity` characters.
pub(crate) unsafe fn put_text(words: &str, out: *mut c_char, capacity: usize) {
    let bytes = words.as_bytes();
    let length = bytes.len().min(capacity.saturating_sub(1));
    for (index, &byte) in bytes.iter().take(length).chain([&0]).enumerate() {
        // SAFETY: `length + 1 <= capacity`.
        unsafe { out.add(index).write(byte.cast_signed()) };
    }
}

/// Answers one value through a pointer of the caller's.
///
/// # Safety
/// The pointer is null or valid for a write of `T`.
pub(crate) unsafe fn put<T>(out: *mut T, value: T) -> Answer {
    if out.is_null() {
        return Err(xr::Result::ERROR_VALIDATION_FAILURE);
    }
    // SAFETY: not null, and the caller promises that it is valid.
    unsafe { out.write(value) };
    DONE
}

/// Answers a list the way of OpenXR: asked with no room, only the count is told.
///
/// # Safety
/// `count` is null or valid; `out` is null or has room for `capacity` values.
pub(crate) unsafe fn put_list<T: Copy>(
    items: &[T],
    capacity: u32,
    count: *mut u32,
    out: *mut T,
) -> Answer {
    // SAFETY: as promised; each slot takes a plain value.
    unsafe {
        put_each(items.len(), capacity, count, out, |index, slot| {
            slot.write(items[index]);
        })
    }
}

/// [`put_list`] for structures, of which only some fields are ours to fill.
///
/// # Safety
/// As [`put_list`]; `fill` writes only into the slot that it is given.
pub(crate) unsafe fn put_each<T>(
    length: usize,
    capacity: u32,
    count: *mut u32,
    out: *mut T,
    mut fill: impl FnMut(usize, *mut T),
) -> Answer {
    let needed = u32::try_from(length).or(Err(xr::Result::ERROR_RUNTIME_FAILURE))?;
    // SAFETY: `count` is null or valid.
    unsafe { put(count, needed) }?;
    if capacity == 0 {
        return DONE;
    }
    if capacity < needed {
        return Err(xr::Result::ERROR_SIZE_INSUFFICIENT);
    }
    if out.is_null() {
        return Err(xr::Result::ERROR_VALIDATION_FAILURE);
    }
    for index in 0..length {
        // SAFETY: `index < length <= capacity`, and the caller has room for `capacity`.
        fill(index, unsafe { out.add(index) });
    }
    DONE
}

/// [`put_list`] for text, whose count includes the null byte.
///
/// # Safety
/// As [`put_list`].
pub(crate) unsafe fn put_string(
    words: &str,
    capacity: u32,
    count: *mut u32,
    out: *mut c_char,
) -> Answer {
    let characters: Vec<c_char> = words
        .bytes()
        .chain([0])
        .map(|byte| byte.cast_signed())
        .collect();
    // SAFETY: as promised by the caller.
    unsafe { put_list(&characters, capacity, count, out) }
}
