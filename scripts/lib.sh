# Shared by scripts/run and scripts/test: what a fresh Debian 12 or 13 needs, installed once.
# shellcheck shell=bash

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }

# A target folder outside the clone, so that every clone on this machine shares one build.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/grotto/target}"
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-auto}"

# Installs the Debian packages given that are missing; needs root or sudo only then.
need() {
    local missing=()
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
            missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    say "Installing ${missing[*]}"
    local sudo=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || {
            say "Run this as root, or install: ${missing[*]}"
            exit 1
        }
        sudo=(sudo)
    fi
    "${sudo[@]}" apt-get update -qq
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Rust 1.95 or newer: what the pinned Bevy needs. Debian's own is older.
need_rust() {
    [ -d "$HOME/.cargo/bin" ] && PATH="$HOME/.cargo/bin:$PATH"
    if ! command -v cargo >/dev/null; then
        need rustup
        rustup default stable
    fi
    local version
    version=$(rustc --version | sed -E 's/rustc ([0-9]+)\.([0-9]+).*/\1\2/')
    if [ "${version:-0}" -lt 195 ]; then
        say "Grotto needs Rust 1.95; this machine has $(rustc --version). Run: rustup update stable"
        exit 1
    fi
}

setup() {
    # A C and C++ compiler and headers to build with; Vulkan on the CPU where there is no
    # GPU; fonts for the scripts of the sample.
    need ca-certificates gcc g++ libc6-dev pkg-config \
        libudev-dev libwayland-dev libxkbcommon-dev libxkbcommon-x11-0 \
        libx11-6 libxcursor1 libxi6 libxrandr2 \
        libfontconfig-dev fonts-noto-core fonts-droid-fallback \
        libvulkan1 mesa-vulkan-drivers "$@"
    need_rust
    # Wayland and Mesa complain where a session has no runtime folder.
    if [ -z "${XDG_RUNTIME_DIR:-}" ]; then
        XDG_RUNTIME_DIR=$(mktemp -d)
        chmod 700 "$XDG_RUNTIME_DIR"
        export XDG_RUNTIME_DIR
    fi
}
