// An eye's picture as it goes to the compositor: scaled, under the veil of fade and vignette.

#import bevy_core_pipeline::fullscreen_vertex_shader::FullscreenVertexOutput

struct Veil {
    // Tangents of the angles to the left, right, upper and lower edge of the picture.
    tangents: vec4<f32>,
    // Darkness 0 to 1; cosine of the angle beyond which it is dark, and of the one within
    // which it is clear.
    shade: vec4<f32>,
}

@group(0) @binding(0) var picture: texture_2d<f32>;
@group(0) @binding(1) var picture_sampler: sampler;
@group(0) @binding(2) var<uniform> veil: Veil;

@fragment
fn fragment(in: FullscreenVertexOutput) -> @location(0) vec4<f32> {
    let color = textureSample(picture, picture_sampler, in.uv).rgb;
    let across = mix(veil.tangents.x, veil.tangents.y, in.uv.x);
    let up = mix(veil.tangents.z, veil.tangents.w, in.uv.y);
    let off = inverseSqrt(1.0 + across * across + up * up);
    let clear = smoothstep(veil.shade.y, veil.shade.z, off);
    return vec4<f32>(color * clear * (1.0 - veil.shade.x), 1.0);
}
