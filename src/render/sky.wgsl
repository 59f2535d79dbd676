// What is seen where no mesh is: three colors, or a panorama all around.

#import bevy_pbr::mesh_view_bindings::view
#import grotto::tone::as_shown

struct Sky {
    zenith: vec4<f32>,
    horizon: vec4<f32>,
    ground: vec4<f32>,
}

@group(#{MATERIAL_BIND_GROUP}) @binding(0) var<uniform> sky: Sky;
@group(#{MATERIAL_BIND_GROUP}) @binding(1) var panorama: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(2) var panorama_sampler: sampler;

struct Fragment {
    @builtin(position) position: vec4<f32>,
    @location(0) direction: vec3<f32>,
}

// One triangle that covers the view, as far away as there is (0 with reversed depth).
@vertex
fn vertex(@location(0) position: vec3<f32>) -> Fragment {
    var out: Fragment;
    out.position = vec4(position.xy, 0.0, 1.0);
    let near = view.world_from_clip * vec4(position.xy, 1.0, 1.0);
    out.direction = near.xyz / near.w - view.world_position;
    return out;
}

@fragment
fn fragment(in: Fragment) -> @location(0) vec4<f32> {
    let direction = normalize(in.direction);
#ifdef SKY_PANORAMA
    let size = vec2<f32>(textureDimensions(panorama));
    // Equirectangular: the middle of the picture is -Z, its left edge +Z.
    let uv = vec2(
        0.5 + atan2(direction.x, -direction.z) * 0.15915494,
        acos(clamp(direction.y, -1.0, 1.0)) * 0.31830989,
    );
    // The level by angle, not by uv: where the left edge meets the right one uv jumps.
    let angle = max(length(dpdx(direction)), length(dpdy(direction)));
    let level = log2(max(size.x * 0.15915494 * angle, 1.0));
    let color = textureSampleLevel(panorama, panorama_sampler, uv, level).rgb;
#else
    let up = direction.y;
    let share = pow(abs(up), 0.6);
    let color = mix(sky.horizon.rgb, select(sky.ground.rgb, sky.zenith.rgb, up > 0.0), share);
#endif
    return vec4(as_shown(color), 1.0);
}
