# Shared by scripts/run and scripts/test: what a fresh Debian 12 or 13 needs, installed once.
# shellcheck shell=bash

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }

# A target folder outside the clone, so that every clone on this machine shares one build.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/grotto/target}"
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-auto}"

# Runs a command as root.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        say "This needs root: run it as root, or install sudo. Needed now: $*"
        exit 1
    fi
}

# Fetches Debian's lists of packages, once a run.
need_lists() {
    [ -n "${lists_are_fresh:-}" ] && return
    as_root apt-get update -qq
    lists_are_fresh=1
}

# Whether Debian offers a package (a mere mention of its name is not an offer).
has_candidate() {
    apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [0-9]'
}

# Installs the Debian packages given that are missing; needs root or sudo only then.
need() {
    local missing=()
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
            missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    say "Installing ${missing[*]}"
    need_lists
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Rust 1.95 or newer: what the pinned Bevy needs. Debian's own is older. Where there is none,
# the version whose lints the sources are clean of.
need_rust() {
    local rust=1.95.0
    [ -d "$HOME/.cargo/bin" ] && PATH="$HOME/.cargo/bin:$PATH"
    if ! command -v cargo >/dev/null; then
        has_candidate rustup || need_lists
        if has_candidate rustup; then
            need rustup
            rustup toolchain install "$rust" --profile minimal -c rustfmt -c clippy
            rustup default "$rust"
        else
            # Debian 12 has no rustup: the installer of the Rust project itself.
            need curl
            say "Installing Rust into ~/.cargo"
            # It knows what to do by its own file name.
            local folder
            folder=$(mktemp -d)
            local installer="$folder/rustup-init"
            curl --proto '=https' --tlsv1.2 -sSfL -o "$installer" \
                "https://static.rust-lang.org/rustup/dist/$(uname -m)-unknown-linux-gnu/rustup-init"
            chmod +x "$installer"
            "$installer" -y --quiet --no-modify-path --profile minimal \
                --default-toolchain "$rust" -c rustfmt -c clippy
            rm -r "$folder"
            PATH="$HOME/.cargo/bin:$PATH"
        fi
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
    # GPU; fonts for the scripts of the sample, its stand-in voice, and the loader of headsets.
    need ca-certificates gcc g++ libc6-dev libclang-dev pkg-config \
        libudev-dev libwayland-dev libxkbcommon-dev libxkbcommon-x11-0 \
        libx11-6 libxcursor1 libxi6 libxrandr2 \
        libasound2-dev libfontconfig-dev fonts-noto-core fonts-droid-fallback \
        libvulkan1 mesa-vulkan-drivers libopenxr-loader1 espeak-ng "$@"
    need_rust
    # Wayland and Mesa complain where a session has no runtime folder.
    if [ -z "${XDG_RUNTIME_DIR:-}" ]; then
        XDG_RUNTIME_DIR=$(mktemp -d)
        chmod 700 "$XDG_RUNTIME_DIR"
        export XDG_RUNTIME_DIR
    fi
}
