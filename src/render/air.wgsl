// Small things that glow in the air: flames with their halo, and dust that the lamps catch.
// Both are quads turned to the viewer; what they emit is added to the picture.

#import bevy_pbr::{
    mesh_functions,
    mesh_view_bindings::{view, globals, clustered_lights},
    view_transformations::position_world_to_clip,
    clustered_forward as clustering,
}
#import grotto::light::{lit_by, view_z}
#ifdef TONEMAP_IN_SHADER
#import bevy_core_pipeline::tonemapping::tone_mapping
#endif

struct Air {
    // rgb: color; w: strength.
    color: vec4<f32>,
    // Flames: width, height of the flame, radius of the halo, seed.
    // Dust: half size of the box in xyz; w: radius of a grain. All metres.
    shape: vec4<f32>,
}

@group(#{MATERIAL_BIND_GROUP}) @binding(0) var<uniform> air: Air;

struct Vertex {
    @builtin(instance_index) instance_index: u32,
    // Flames: the quad's corner in xy. Dust: the grain's place in the unit box.
    @location(0) position: vec3<f32>,
    // The quad's corner, -1 to 1.
    @location(1) corner: vec2<f32>,
}

struct Fragment {
    @builtin(position) position: vec4<f32>,
    @location(0) corner: vec2<f32>,
    @location(1) glow: vec3<f32>,
#ifndef AIR_FLAME
    @location(2) center: vec3<f32>,
#endif
}

#ifndef AIR_FLAME
// What the lamps throw on a grain; it scatters forwards, so it is brightest against the light.
fn caught_light(center: vec3<f32>, pixel: vec2<f32>) -> vec3<f32> {
    let from_eye = center - view.world_position;
    var light = vec3(0.0);
    let cluster = clustering::view_fragment_cluster_index(pixel, view_z(center), false);
    let ranges = clustering::unpack_clusterable_object_index_ranges(cluster);
    for (var i = ranges.first_point_light_index_offset; i < ranges.first_reflection_probe_index_offset; i += 1u) {
        let id = clustering::get_clusterable_object_id(i);
        let is_spot = i >= ranges.first_spot_light_index_offset;
        let lit = lit_by(id, is_spot, center, 50.0);
        let l = lit.direction;
        // The visitor's lamp is held near the eye: less of it, or dust would veil the room.
        let strength = lit.strength * select(1.0, 0.35, is_spot);
        let forward = saturate(dot(normalize(from_eye), l));
        light += clustered_lights.data[id].color_inverse_square_range.rgb * (strength * (0.25 + 1.5 * forward * forward * forward));
    }
    return light;
}
#endif

fn hash(p: vec2<f32>) -> f32 {
    let h = fract(p * vec2(0.3183099, 0.3678794) + 0.1);
    return fract(17.0 * h.x * h.y * (h.x + h.y) * 43.7);
}

fn noise(p: vec2<f32>) -> f32 {
    let i = floor(p);
    let f = fract(p);
    let u = f * f * (3.0 - 2.0 * f);
    return mix(mix(hash(i), hash(i + vec2(1.0, 0.0)), u.x),
               mix(hash(i + vec2(0.0, 1.0)), hash(i + vec2(1.0, 1.0)), u.x), u.y);
}

@vertex
fn vertex(in: Vertex) -> Fragment {
    var out: Fragment;
    out.corner = in.corner;
    let world_from_local = mesh_functions::get_world_from_local(in.instance_index);
    let right = view.world_from_view[0].xyz;
#ifdef AIR_FLAME
    // Flames stand upright whatever way the head is tilted.
    let center = world_from_local[3].xyz;
    let flat_right = normalize(vec3(right.x, 0.0, right.z) + vec3(1e-5, 0.0, 0.0));
    let radius = air.shape.z;
    let world = center + (flat_right * in.corner.x + vec3(0.0, 1.0, 0.0) * in.corner.y) * radius;
    out.glow = air.color.rgb * air.color.w;
#else
    // Dust drifts and wraps around a box that follows the eye: no grain is ever born in view.
    let size = air.shape.xyz * 2.0;
    let seed = fract(in.position.x * 91.7 + in.position.y * 47.3 + in.position.z * 17.9);
    let drift = vec3(
        sin(globals.time * 0.11 + seed * 40.0) * 0.25,
        globals.time * -0.006 + sin(globals.time * 0.07 + seed * 90.0) * 0.15,
        cos(globals.time * 0.09 + seed * 70.0) * 0.25,
    );
    let free = in.position * size + drift;
    let center = view.world_position - air.shape.xyz + (free - view.world_position)
        - floor((free - view.world_position) / size) * size;
    let from_eye = center - view.world_position;
    let up = view.world_from_view[1].xyz;
    let world = center + (right * in.corner.x + up * in.corner.y) * air.shape.w * (0.6 + 0.8 * seed);
    let near = smoothstep(0.25, 0.7, length(from_eye));
    let far = 1.0 - smoothstep(0.7, 1.0, length(from_eye) / air.shape.x);
    out.glow = air.color.rgb * (air.color.w * view.exposure * near * far);
    out.center = center;
#endif
    out.position = position_world_to_clip(world);
    return out;
}

@fragment
fn fragment(in: Fragment) -> @location(0) vec4<f32> {
    var color: vec3<f32>;
#ifdef AIR_FLAME
    // The quad is `radius` around the flame's heart; p is in flame widths.
    let radius = air.shape.z;
    let t = globals.time;
    let seed = air.shape.w;
    let p = in.corner * radius / vec2(air.shape.x, air.shape.y);
    let sway = (noise(vec2(seed * 7.0, t * 1.3)) - 0.5) * 0.5 * saturate(p.y + 0.4)
        + (noise(vec2(p.y * 1.2 - t * 2.6, seed * 3.0)) - 0.5) * 0.35 * saturate(p.y + 0.3);
    let y = p.y + 0.35;
    // A drop: round below, drawn out above.
    let half_width = 0.5 * sqrt(saturate(y * 2.2)) * pow(saturate(1.0 - y * (0.78 + 0.1 * noise(vec2(t * 3.0, seed)))), 0.8);
    let edge = abs(p.x - sway) / max(half_width, 0.001);
    let body = smoothstep(1.0, 0.15, edge) * step(0.0, y) * smoothstep(1.3, 0.9, y);
    let root = saturate(1.0 - y * 3.5);
    let inner = smoothstep(0.75, 0.0, edge);
    let tint = mix(vec3(1.0, 0.36, 0.06), vec3(1.0, 0.78, 0.38), inner) * (1.0 - 0.75 * root)
        + vec3(0.05, 0.12, 0.45) * root * 0.6;
    let flicker = 1.0 + 0.1 * (noise(vec2(t * 4.0, seed * 11.0)) - 0.5);
    let r = length(in.corner);
    let halo = pow(saturate(1.0 - r), 3.0) * 0.02;
    color = in.glow * (tint * body * flicker + vec3(1.0, 0.55, 0.2) * halo);
#else
    let r2 = dot(in.corner, in.corner);
    if r2 > 1.0 {
        discard;
    }
    color = in.glow * caught_light(in.center, in.position.xy) * pow(saturate(1.0 - r2), 2.0);
#endif
    var out = vec4(color, 0.0);
#ifdef TONEMAP_IN_SHADER
    out = vec4(tone_mapping(vec4(color, 1.0), view.color_grading).rgb, 0.0);
#endif
    return out;
}
