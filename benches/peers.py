#!/usr/bin/env python3
"""Grotto beside its peers, interleaved in one run on one machine.

    python3 -m venv /tmp/peers && /tmp/peers/bin/pip install numpy pillow vtk f3d
    apt-get install f3d xvfb chromium npm
    npm install --prefix /tmp/three-peer three
    /tmp/peers/bin/python benches/peers.py [--triangles 1,2,10] [--rounds 3]
        [--three /tmp/three-peer/node_modules/three] [--angle gl-egl]
    /tmp/peers/bin/python benches/peers.py --model ../shared/data/meshes/whale/whale_cranium.glb

Rooms of 1, 2 and 10 million triangles with a 4k texture are generated, the camera stands
inside and turns. Absolute times drift with the machine's load; only the ratios of one run
mean something. First picture: process start to a PNG written, and peak memory, against the
f3d of Debian (1.3.1). Frame time: 1280x720, ours as a window shows a model, with levels of detail, which
the peers do not have, and, to compare, with every triangle that wins a pixel; against VTK and f3d 4
from PyPI and three.js in headless Chromium (WebGL 2 by ANGLE; measured with r187 and Chromium 156). Without a GPU
`--angle gl-egl` is Mesa's llvmpipe, as for VTK and f3d; `vulkan` is lavapipe and as fast;
`swiftshader`, which Chromium itself chooses there, is one and a half to three times slower. Without three or Chromium that peer is
left out and the run says so.
"""

import argparse
import atexit
import base64
import json
import os
import queue
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", Path.home() / ".cache/grotto/target"))
GROTTO = TARGET / "release/grotto"
SIZE = (1280, 720)


def write_room(path: Path, triangles: int) -> None:
    """A room of 8 x 5 x 8 m, walls displaced like plaster, seen from inside."""
    import io

    import numpy as np
    from PIL import Image

    side = int((triangles / 2 / 6) ** 0.5)
    u, v = np.meshgrid(np.linspace(0, 1, side + 1), np.linspace(0, 1, side + 1))
    positions, normals, uvs, indices = [], [], [], []
    size = np.array([8.0, 5.0, 8.0])
    for axis in range(3):
        for sign in (-1.0, 1.0):
            a, b = (axis + 1) % 3, (axis + 2) % 3
            bump = 0.02 * np.sin(u * 90) * np.cos(v * 70) + 0.01 * np.sin((u + v) * 400)
            p = np.zeros((side + 1, side + 1, 3))
            p[..., axis] = sign * (size[axis] / 2 - bump)
            p[..., a] = (u - 0.5) * size[a]
            p[..., b] = (v - 0.5) * size[b]
            n = np.zeros_like(p)
            n[..., axis] = -sign
            base = sum(len(q) for q in positions)
            i = np.arange(side)[:, None] * (side + 1) + np.arange(side)[None, :]
            quad = np.stack([i, i + 1, i + side + 2, i, i + side + 2, i + side + 1], -1)
            if sign > 0:
                quad = quad[..., ::-1]
            positions.append(p.reshape(-1, 3))
            normals.append(n.reshape(-1, 3))
            uvs.append(np.stack([u, v], -1).reshape(-1, 2))
            indices.append(quad.reshape(-1) + base)
    position = np.concatenate(positions).astype("<f4")
    position[:, 1] += 2.5
    normal = np.concatenate(normals).astype("<f4")
    uv = np.concatenate(uvs).astype("<f4")
    index = np.concatenate(indices).astype("<u4")
    noise = np.random.default_rng(1).integers(90, 200, (512, 512, 3), dtype=np.uint8)
    texture = io.BytesIO()
    Image.fromarray(noise).resize((4096, 4096), Image.BICUBIC).save(texture, "JPEG", quality=85)
    parts = [index.tobytes(), position.tobytes(), normal.tobytes(), uv.tobytes(), texture.getvalue()]
    views, offset, blob = [], 0, b""
    for part in parts:
        views.append({"buffer": 0, "byteOffset": offset, "byteLength": len(part)})
        part += b"\0" * (-len(part) % 4)
        offset += len(part)
        blob += part
    accessor = lambda view, kind, count, shape, **more: {
        "bufferView": view, "componentType": kind, "count": count, "type": shape, **more}
    document = {
        "asset": {"version": "2.0", "generator": "grotto benches/peers.py"},
        "scene": 0, "scenes": [{"nodes": [0]}], "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"indices": 0, "material": 0, "attributes": {
            "POSITION": 1, "NORMAL": 2, "TEXCOORD_0": 3}}]}],
        "materials": [{"pbrMetallicRoughness": {
            "baseColorTexture": {"index": 0}, "metallicFactor": 0, "roughnessFactor": 1}}],
        "textures": [{"source": 0}],
        "images": [{"bufferView": 4, "mimeType": "image/jpeg"}],
        "buffers": [{"byteLength": len(blob)}], "bufferViews": views,
        "accessors": [
            accessor(0, 5125, len(index), "SCALAR"),
            accessor(1, 5126, len(position), "VEC3",
                     min=position.min(0).tolist(), max=position.max(0).tolist()),
            accessor(2, 5126, len(normal), "VEC3"),
            accessor(3, 5126, len(uv), "VEC2")],
    }
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    with open(path, "wb") as file:
        file.write(struct.pack("<4sII", b"glTF", 2, 12 + 8 + len(text) + 8 + len(blob)))
        file.write(struct.pack("<II", len(text), 0x4E4F534A) + text)
        file.write(struct.pack("<II", len(blob), 0x004E4942) + blob)


def timed(command: list[str], out: Path) -> tuple[float, float]:
    """Seconds from start to the picture written, and peak memory in MiB."""
    out.unlink(missing_ok=True)
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if status != 0 or not out.exists():
        return float("nan"), float("nan")
    return seconds, usage.ru_maxrss / 1024


VTK_FRAMES = """
import json, sys, time, vtk
path, frames = sys.argv[1], int(sys.argv[2])
eye, target, orbits = json.loads(sys.argv[3])
importer = vtk.vtkGLTFImporter(); importer.SetFileName(path)
window = vtk.vtkRenderWindow(); window.SetOffScreenRendering(1); window.SetSize(1280, 720)
window.SetMultiSamples(0)
renderer = vtk.vtkRenderer(); window.AddRenderer(renderer); importer.SetRenderWindow(window)
importer.Update()
camera = renderer.GetActiveCamera(); camera.SetPosition(eye); camera.SetFocalPoint(target)
camera.SetViewUp(0, 1, 0); camera.SetViewAngle(60)
renderer.ResetCameraClippingRange(); window.Render()
times = []
for frame in range(frames):
    (camera.Azimuth if orbits else camera.Yaw)(360 / frames); renderer.ResetCameraClippingRange()
    start = time.monotonic(); window.Render(); window.WaitForCompletion()
    times.append(time.monotonic() - start)
times.sort(); print(times[len(times) // 2] * 1000)
"""

F3D_FRAMES = """
import json, sys, time, f3d
path, frames = sys.argv[1], int(sys.argv[2])
eye, target, orbits = json.loads(sys.argv[3])
engine = f3d.Engine.create(True)
engine.window.size = 1280, 720
engine.scene.add(path)
camera = engine.window.camera
camera.position = eye; camera.focal_point = target; camera.view_up = (0, 1, 0)
camera.view_angle = 60
engine.window.render()
times = []
for frame in range(frames):
    (camera.azimuth if orbits else camera.yaw)(360 / frames)
    start = time.monotonic(); engine.window.render_to_image(); times.append(time.monotonic() - start)
times.sort(); print(times[len(times) // 2] * 1000)
"""

THREE_PAGE = """<!doctype html>
<meta charset="utf-8">
<title>three.js</title>
<style>body { margin: 0 }</style>
<script>
const done = answer => fetch("/done", { method: "POST", body: JSON.stringify(answer) });
addEventListener("error", event => done({ error: event.message || "cannot load a script" }), true);
addEventListener("unhandledrejection", event => done({ error: String(event.reason) }));
</script>
<script type="importmap">
{ "imports": { "three": "/three/build/three.module.js", "three/addons/": "/three/examples/jsm/" } }
</script>
<script type="module">
import * as THREE from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

const asked = new URLSearchParams(location.search);
const count = Number(asked.get("frames"));
const [eye, target, orbits] = JSON.parse(asked.get("camera"));
const renderer = new THREE.WebGLRenderer({ antialias: false });
renderer.setPixelRatio(1);
renderer.setSize(1280, 720);
document.body.append(renderer.domElement);
const gl = renderer.getContext();
const pixel = new Uint8Array(4);
const scene = new THREE.Scene();
const far = Math.hypot(...eye.map((at, axis) => at - target[axis]));
const camera = new THREE.PerspectiveCamera(60, 1280 / 720, orbits ? far / 10 : 0.1, orbits ? far * 3 : 100);
const middle = new THREE.Vector3(...target);
camera.position.set(...eye);
camera.lookAt(middle);
const headlight = new THREE.DirectionalLight(0xffffff, 2);
headlight.position.set(0, 0, 0);
headlight.target.position.set(0, 0, -1);
camera.add(headlight, headlight.target);
scene.add(camera, new THREE.AmbientLight(0xffffff, 1));
scene.add((await new GLTFLoader().loadAsync("/room.glb")).scene);
const draw = () => {
    renderer.render(scene, camera);
    // WebGL returns before the picture is drawn; a pixel read back is not.
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
};
draw();
const picture = renderer.domElement.toDataURL("image/png");
// All frames in one task: the browser does not put any of them on its page, which would cost.
const times = [];
for (let frame = 0; frame < count; frame++) {
    if (orbits) {
        const up = new THREE.Vector3(0, 1, 0);
        camera.position.sub(middle).applyAxisAngle(up, 2 * Math.PI / count).add(middle);
        camera.lookAt(middle);
    } else {
        camera.rotation.y += 2 * Math.PI / count;
    }
    const start = performance.now();
    draw();
    times.push(performance.now() - start);
}
const info = gl.getExtension("WEBGL_debug_renderer_info");
done({
    times, picture, revision: THREE.REVISION, triangles: renderer.info.render.triangles,
    adapter: gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER),
    failed: gl.isContextLost() || gl.getError() !== gl.NO_ERROR,
});
</script>
"""
THREE_FLAGS = {
    "gl": ["--use-gl=angle", "--use-angle=gl"],
    "gl-egl": ["--use-gl=angle", "--use-angle=gl-egl"],
    "swiftshader": ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
    "vulkan": ["--use-gl=angle", "--use-angle=vulkan", "--enable-features=Vulkan",
               # Without it there is no WebGL on lavapipe.
               "--disable-gpu-driver-bug-workarounds"],
}


class Three:
    """three.js in a headless Chromium, on a page served from here."""

    def __init__(self, library: Path, angle: str) -> None:
        self.library, self.angle = library.resolve(), angle
        self.browser = shutil.which("chromium")
        self.known = False

    def missing(self) -> str | None:
        if self.browser is None:
            return "no chromium on the path"
        for file in ("build/three.module.js", "examples/jsm/loaders/GLTFLoader.js"):
            if not (self.library / file).is_file():
                return f"no {self.library / file}"
        return None

    def frames(self, model: Path, count: int, camera: str, picture: Path) -> float:
        answers: queue.Queue[dict] = queue.Queue()
        library = self.library

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                if path == "/":
                    kind, body = "text/html", THREE_PAGE.encode()
                elif path == "/room.glb":
                    kind, body = "model/gltf-binary", model.read_bytes()
                else:
                    file = (library / path.removeprefix("/three/")).resolve()
                    if not file.is_relative_to(library) or not file.is_file():
                        # Chromium asks for an icon of the page.
                        self.send_error(404)
                        return
                    kind, body = "text/javascript", file.read_bytes()
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                # An isolated page has a clock of 5 us, others one of 100 us.
                self.send_header("Cross-Origin-Opener-Policy", "same-origin")
                self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(204)
                self.end_headers()
                answers.put(json.loads(body))

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            log = Path(profile) / "log"
            with log.open("w") as errors:
                process = subprocess.Popen(
                    [self.browser, "--headless=new", "--no-sandbox", "--no-first-run",
                     "--disable-extensions", "--disable-background-networking",
                     "--ignore-gpu-blocklist", "--disable-gpu-watchdog", "--window-size=1280,720",
                     f"--user-data-dir={profile}/profile", *THREE_FLAGS[self.angle],
                     f"http://127.0.0.1:{server.server_port}/?frames={count}&camera={quote(camera)}"],
                    stdout=errors, stderr=errors, start_new_session=True,
                    env=os.environ | {"TMPDIR": profile})
            try:
                answer = self.answer(process, answers, log)
            finally:
                # All of its processes and at once: the next peer is to have the machine alone.
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                server.shutdown()
                server.server_close()
        if "error" in answer or answer["failed"]:
            print("three.js:", answer.get("error", "the context was lost"), file=sys.stderr)
            return float("nan")
        picture.write_bytes(base64.b64decode(answer["picture"].partition(",")[2]))
        if not self.known:
            self.known = True
            print(f"three.js r{answer['revision']} on {answer['adapter']}, "
                  f"{answer['triangles']} triangles a frame, its picture in {picture}", flush=True)
        return median(answer["times"])

    @staticmethod
    def answer(process: subprocess.Popen, answers: queue.Queue, log: Path) -> dict:
        deadline = time.monotonic() + 600
        while time.monotonic() < deadline:
            try:
                return answers.get(timeout=1)
            except queue.Empty:
                # Not reaped here, so that its group can still be ended.
                if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                    return {"error": f"chromium ended: {log.read_text()[-300:]}"}
        return {"error": "no answer in 10 minutes"}


def frames(command: list[str]) -> float:
    try:
        # Mesa's llvmpipe can take for ever over one frame, see --frames.
        done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    except subprocess.TimeoutExpired:
        print("no answer in 4 minutes", file=sys.stderr)
        return float("nan")
    try:
        return float(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        print(done.stderr[-300:], file=sys.stderr)
        return float("nan")


def grotto_frames(model: Path, count: int, *more: str) -> float:
    done = subprocess.run(
        [GROTTO, "bench", model, "--json", "--frames", str(count), *more],
        capture_output=True, text=True)
    return json.loads(done.stdout)["frame_ms"]["p50"] if done.returncode == 0 else float("nan")


# In the middle of a room, turning.
INSIDE = json.dumps([[0, 1.6, 0], [0, 1.6, -1], False])


def around(model: Path) -> str:
    """Eye, what it looks at, and that it goes around: as ours does (src/exhibit/orbit)."""
    import math

    with model.open("rb") as file:
        length, = struct.unpack("<12xI4x", file.read(20))
        document = json.loads(file.read(length))
    if any(node.keys() & {"matrix", "translation", "rotation", "scale"} for node in document["nodes"]):
        sys.exit(f"{model}: its nodes are placed, so that its bounds are not those of its points")
    points = [document["accessors"][part["attributes"]["POSITION"]]
              for mesh in document["meshes"] for part in mesh["primitives"]]
    least = [min(one["min"][axis] for one in points) for axis in range(3)]
    most = [max(one["max"][axis] for one in points) for axis in range(3)]
    middle = [(a + b) / 2 for a, b in zip(least, most)]
    distance = math.dist(least, most) / 2 * 1.04 / math.sin(math.radians(30))
    way = [math.cos(0.35) * math.sin(0.6), math.sin(0.35), math.cos(0.35) * math.cos(0.6)]
    return json.dumps([[at + distance * part for at, part in zip(middle, way)], middle, True])


def median(values: list[float]) -> float:
    values = sorted(value for value in values if value == value)
    return values[len(values) // 2] if values else float("nan")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--triangles", default="1,2,10", help="millions")
    arguments.add_argument("--write-room", nargs=2, metavar=("FILE", "TRIANGLES"),
                           help="only write a room")
    arguments.add_argument("--model", type=Path, action="append", default=[], metavar="FILE.glb",
                           help="a model that is looked at from around, instead of rooms")
    arguments.add_argument("--rounds", type=int, default=3)
    # In the room of two million triangles one meets the near plane at 45 degrees, and llvmpipe, asked by f3d 4
    # for anisotropy, walks the whole texture for each of its pixels. Steps of 30 degrees miss it.
    arguments.add_argument("--frames", type=int, default=12, help="frames a turn")
    arguments.add_argument("--three", type=Path, metavar="FOLDER",
                           default=Path("/tmp/three-peer/node_modules/three"),
                           help="the npm package three; left out of the run when it is not there")
    arguments.add_argument("--angle", choices=THREE_FLAGS, default="gl-egl",
                           help="what Chromium draws with")
    arguments = arguments.parse_args()
    if arguments.write_room:
        write_room(Path(arguments.write_room[0]), int(arguments.write_room[1]))
        return
    three = Three(arguments.three, arguments.angle)
    if reason := three.missing():
        print(f"three.js is left out: {reason}", file=sys.stderr)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if "DISPLAY" not in os.environ:
        # The peers want a display even for pictures in memory.
        display = subprocess.Popen(["Xvfb", ":78", "-screen", "0", "1280x720x24"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        atexit.register(display.terminate)
        os.environ["DISPLAY"] = ":78"
        time.sleep(1)
    folder = Path(tempfile.gettempdir()) / "grotto-peers"
    folder.mkdir(exist_ok=True)
    f3d_debian = ["f3d", "--no-background", "--resolution=1280,720"]
    rooms = [] if arguments.model else arguments.triangles.split(",")
    models = [(f"{millions} MTri", folder / f"room-{millions}m.glb") for millions in rooms]
    models += [(model.stem, model) for model in arguments.model]
    for name, model in models:
        camera = around(model) if arguments.model else INSIDE
        if not model.exists():
            # In a process of its own: what this one ever held counts as memory of whatever
            # it starts (Linux keeps the peak over exec).
            subprocess.run([sys.executable, __file__, "--write-room", model,
                            str(int(float(name.split()[0]) * 1e6))], check=True)
        ours, theirs = [], []
        for _ in range(arguments.rounds):
            out = folder / "a.png"
            ours.append(timed([GROTTO, "render", model, "--quality", "low", "--out", out], out))
            out = folder / "b.png"
            theirs.append(timed([*f3d_debian, f"--output={out}", str(model)], out))
        a, b = (median([x[0] for x in who]) for who in (ours, theirs))
        am, bm = (median([x[1] for x in who]) for who in (ours, theirs))
        print(f"{name}  first picture: grotto {a:.2f} s {am:.0f} MiB, "
              f"f3d {b:.2f} s {bm:.0f} MiB, ratio {b / a:.2f}", flush=True)
        lean, shown, vtk, f3d4, webgl = [], [], [], [], []
        for _ in range(arguments.rounds):
            lean.append(grotto_frames(model, arguments.frames, "--every-triangle"))
            shown.append(grotto_frames(model, arguments.frames))
            vtk.append(frames([sys.executable, "-c", VTK_FRAMES, str(model), str(arguments.frames), camera]))
            f3d4.append(frames([sys.executable, "-c", F3D_FRAMES, str(model), str(arguments.frames), camera]))
            if not three.missing():
                webgl.append(three.frames(model, arguments.frames, camera, folder / "three.png"))
        full = [grotto_frames(model, 6, "--full-material")]
        peers = {"VTK": vtk, "f3d 4": f3d4, "three.js": webgl, "StandardMaterial": full}
        beside = ", ".join(f"{who} {median(times):.0f} ms" for who, times in peers.items() if times)
        print(f"{name}  frame: {beside}", flush=True)
        for how, own in ("as in a window", shown), ("every triangle", lean):
            times = ", ".join(f"{who} x{median(other) / median(own):.2f}"
                              for who, other in peers.items() if other)
            print(f"{name}  grotto, {how}: {median(own):.1f} ms; {times}", flush=True)


if __name__ == "__main__":
    main()
