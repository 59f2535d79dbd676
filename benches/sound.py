#!/usr/bin/env python3
"""Grotto's sound beside OpenAL Soft, interleaved in one run on one machine.

    apt-get install libopenal1
    python3 benches/sound.py [--rounds 5] [--sources 64] [--secs 20] [--ours "cargo test ..."]

The same for both: point sources around the head, each a loop of its own noise at 48 kHz,
in the open air; the head turns once in six seconds and is told so 60 times a second, so that
every source's filter changes all the time; two ears come out. OpenAL Soft renders through its
loopback device (ALC_SOFT_loopback) with HRTF on and its own default head; Grotto renders its
whole graph (sampler, levels, occlusion filter, convolution with crossfades, ducking, limiter).
What counts is the processor time of the rendering thread: sources x seconds / seconds of
processor. Absolute figures drift with the machine's load; the ratio of one round means
something, and the median of the rounds is what is said.
"""

import argparse
import ctypes
import math
import random
import re
import statistics
import subprocess
import sys
import time
from array import array
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RATE = 48_000
BLOCK = 800  # a sixtieth of a second
OURS = "cargo test --release --no-default-features --features sound --lib sources_a_core -- --ignored --nocapture"

# alc.h, alext.h
FREQUENCY, FORMAT_CHANNELS, FORMAT_TYPE = 0x1007, 0x1990, 0x1991
STEREO, FLOAT = 0x1501, 0x1406
HRTF, HRTF_STATUS, HRTF_SPECIFIER, MONO_SOURCES = 0x1992, 0x1993, 0x1995, 0x1010
BUFFER, LOOPING, POSITION, ORIENTATION = 0x1009, 0x1007, 0x1004, 0x100F
FORMAT_MONO16 = 0x1101
HRTF_ENABLED = 1


def openal(sources: int, secs: float) -> tuple[float, str]:
    """Sources a core of OpenAL Soft, and which version and head it has."""
    al = ctypes.CDLL("libopenal.so.1")
    al.alcLoopbackOpenDeviceSOFT.restype = ctypes.c_void_p
    al.alcCreateContext.restype = ctypes.c_void_p
    al.alcCreateContext.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    al.alcMakeContextCurrent.argtypes = [ctypes.c_void_p]
    al.alcGetIntegerv.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_void_p]
    al.alcGetString.argtypes = [ctypes.c_void_p, ctypes.c_int]
    al.alcGetString.restype = ctypes.c_char_p
    al.alGetString.restype = ctypes.c_char_p
    al.alcRenderSamplesSOFT.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int]
    al.alSource3f.argtypes = [ctypes.c_uint, ctypes.c_int] + [ctypes.c_float] * 3
    al.alBufferData.argtypes = [ctypes.c_uint, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_int]
    device = al.alcLoopbackOpenDeviceSOFT(None)
    assert device, "OpenAL Soft has no loopback device"
    wishes = [FORMAT_CHANNELS, STEREO, FORMAT_TYPE, FLOAT, FREQUENCY, RATE, HRTF, 1, MONO_SOURCES, sources, 0]
    context = al.alcCreateContext(device, (ctypes.c_int * len(wishes))(*wishes))
    assert context and al.alcMakeContextCurrent(context), "OpenAL Soft gives no context"
    status = ctypes.c_int()
    al.alcGetIntegerv(device, HRTF_STATUS, 1, ctypes.byref(status))
    assert status.value == HRTF_ENABLED, f"OpenAL Soft has no HRTF (status {status.value})"
    what = al.alGetString(0xB002).decode() + ", " + al.alcGetString(device, HRTF_SPECIFIER).decode()
    chance = random.Random(1)
    noise = array("h", (chance.randrange(-6000, 6000) for _ in range(11 * RATE))).tobytes()
    buffer = ctypes.c_uint()
    al.alGenBuffers(1, ctypes.byref(buffer))
    al.alBufferData(buffer, FORMAT_MONO16, noise, len(noise), RATE)
    names = (ctypes.c_uint * sources)()
    al.alGenSources(sources, names)
    for n, name in enumerate(names):
        al.alSourcei(name, BUFFER, buffer)
        al.alSourcei(name, LOOPING, 1)
        al.alSource3f(name, POSITION, 1.0, 0.0, n * 0.1)
    al.alSourcePlayv(sources, names)
    out = (ctypes.c_float * (BLOCK * 2))()
    ahead = (ctypes.c_float * 6)(0, 0, -1, 0, 1, 0)

    def render(ticks: int) -> None:
        for tick in range(ticks):
            turn = tick / 60 * math.tau / 6
            ahead[0], ahead[2] = -math.sin(turn), -math.cos(turn)
            al.alListenerfv(ORIENTATION, ahead)
            al.alcRenderSamplesSOFT(device, out, BLOCK)

    render(30)
    assert max(map(abs, out)) > 0.001, "OpenAL Soft renders silence"
    error = al.alGetError()
    assert error == 0, f"OpenAL Soft says error {error:#x}"
    begun = time.thread_time()
    render(int(secs * 60))
    return sources * secs / (time.thread_time() - begun), what


def ours(command: str) -> dict[str, float]:
    """Sources a core of Grotto, by the taps of the head."""
    run = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True)
    found = re.findall(r"(\d+) taps: .*: (\d+) a core", run.stdout)
    if not found:
        sys.exit(f"no figures came from {command!r}:\n{run.stdout}\n{run.stderr}")
    return {taps: float(count) for taps, count in found}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sources", type=int, default=64)
    parser.add_argument("--secs", type=float, default=20.0)
    parser.add_argument("--ours", default=OURS, help="what measures Grotto")
    parser.add_argument("--openal-only", action="store_true", help="one measurement of OpenAL Soft")
    args = parser.parse_args()
    if args.openal_only:
        count, what = openal(args.sources, args.secs)
        print(f"{count:.0f} {what}")
        return
    ratios: dict[str, list[float]] = {}
    what = ""
    for round_ in range(args.rounds):
        # A process of its own each time, as Grotto has.
        peer = subprocess.run(
            [sys.executable, __file__, "--openal-only", "--sources", str(args.sources), "--secs", str(args.secs)],
            capture_output=True, text=True, check=True,
        ).stdout.strip()
        count, what = peer.split(" ", 1)
        own = ours(args.ours)
        line = f"round {round_ + 1}: OpenAL Soft {count}"
        for taps, mine in own.items():
            ratios.setdefault(taps, []).append(mine / float(count))
            line += f"; Grotto, {taps} taps, {mine:.0f} ({mine / float(count):.2f} times)"
        print(line, flush=True)
    print(f"OpenAL Soft: {what}")
    for taps, values in ratios.items():
        print(f"Grotto with {taps} taps: {statistics.median(values):.2f} times its sources a core "
              f"({min(values):.2f} to {max(values):.2f})")


if __name__ == "__main__":
    main()
