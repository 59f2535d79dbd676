// The lean material of scans: base colour, normal, occlusion/roughness/metallic, a second
// image layer, light baked per vertex, the exhibit's lamps, fog and exposure.
// What a file lacks is compiled out (see `ScanKey` in scan.rs).

#import bevy_pbr::{
    mesh_bindings::mesh,
    mesh_functions,
    skinning,
    morph,
    mesh_view_bindings::{view, clustered_lights},
    mesh_view_types,
    view_transformations::position_world_to_clip,
    clustered_forward as clustering,
}
#import grotto::light::{lit_by, flame, view_z}
#import grotto::tone::as_shown
#ifdef TONEMAP_IN_SHADER
#import bevy_core_pipeline::tonemapping::tone_mapping
#endif
#ifdef DISTANCE_FOG
#import bevy_pbr::mesh_view_bindings::fog
#import bevy_pbr::fog::exponential_fog
#endif

struct Scan {
    base_color: vec4<f32>,
    emissive: vec4<f32>,
    // Rows of the 2x3 matrices of KHR_texture_transform, two an image: base color, normal,
    // roughness and metallic, occlusion, emission. w: 1 takes the second UV set.
    uv: array<vec4<f32>, 10>,
    // rgb: illuminance in lux at a baked value of 1; w: flicker depth, 0 to 1.
    daylight: vec4<f32>,
    lamps_a: vec4<f32>,
    lamps_b: vec4<f32>,
    // Unbaked light everywhere, lux.
    ambient: vec4<f32>,
    // xyz: where daylight comes from, in world; w: 1 when it is known.
    daylight_from: vec4<f32>,
    roughness: f32,
    metallic: f32,
    occlusion_strength: f32,
    normal_scale: f32,
    layer_mix: f32,
    alpha_cutoff: f32,
    // Where everything stands that wears this, under SCAN_STILL.
    world_from_local: mat4x4<f32>,
    normal_from_local: mat3x3<f32>,
}

@group(#{MATERIAL_BIND_GROUP}) @binding(0) var<uniform> scan: Scan;
@group(#{MATERIAL_BIND_GROUP}) @binding(1) var base_color_texture: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(2) var base_color_sampler: sampler;
@group(#{MATERIAL_BIND_GROUP}) @binding(3) var normal_texture: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(4) var orm_texture: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(5) var layer_color_texture: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(6) var layer_normal_texture: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(7) var layer_orm_texture: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(8) var emissive_texture: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(9) var occlusion_texture: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(10) var normal_sampler: sampler;
@group(#{MATERIAL_BIND_GROUP}) @binding(11) var orm_sampler: sampler;
@group(#{MATERIAL_BIND_GROUP}) @binding(12) var emissive_sampler: sampler;
@group(#{MATERIAL_BIND_GROUP}) @binding(13) var occlusion_sampler: sampler;

struct Vertex {
    @builtin(instance_index) instance_index: u32,
#ifdef MORPH_TARGETS
    @builtin(vertex_index) index: u32,
#endif
    @location(0) position: vec3<f32>,
#ifdef SCAN_NORMALS
    @location(1) normal: vec3<f32>,
#endif
#ifdef SCAN_UV
    @location(2) uv: vec2<f32>,
#endif
#ifdef SCAN_COLOR
    @location(3) color: vec4<f32>,
#endif
#ifdef SCAN_BAKED
    @location(4) baked: vec4<f32>,
#endif
#ifdef SKINNED
    @location(5) joints: vec4<u32>,
    @location(6) joint_weights: vec4<f32>,
#endif
#ifdef SCAN_UV_SECOND
    @location(7) uv_second: vec2<f32>,
#endif
}

struct Fragment {
    @builtin(position) position: vec4<f32>,
#ifdef SCAN_LIT_AT_CORNERS
    // Centroid: with several samples a pixel, the middle of one at an edge lies beside the triangle, and
    // what is worked out beside a small triangle is far from true. Not where derivatives are taken.
    // How much light each side gets.
    @location(0) @interpolate(perspective, centroid) lit_front: f32,
#ifdef SCAN_DOUBLE_SIDED
    @location(1) @interpolate(perspective, centroid) lit_back: f32,
#endif
#else
    @location(0) world_position: vec3<f32>,
#ifdef SCAN_NORMALS
    @location(1) @interpolate(perspective, centroid) world_normal: vec3<f32>,
#endif
#endif
#ifdef SCAN_UV
    @location(2) uv: vec2<f32>,
#endif
#ifdef SCAN_COLOR
    @location(3) @interpolate(perspective, centroid) color: vec4<f32>,
#endif
#ifdef SCAN_BAKED
    @location(4) @interpolate(perspective, centroid) baked: vec4<f32>,
#endif
#ifdef SCAN_UV_EACH
    @location(5) uv_second: vec2<f32>,
#endif
}

// Where image `index` lies, of the two UV sets.
fn laid(first: vec2<f32>, second: vec2<f32>, index: u32) -> vec2<f32> {
    let u = scan.uv[2u * index];
    let v = scan.uv[2u * index + 1u];
    let at = vec3(select(first, second, u.w > 0.5), 1.0);
    return vec2(dot(u.xyz, at), dot(v.xyz, at));
}

#ifdef SCAN_STUDIO
// A soft light above the viewer's left shoulder (`studio_aside` in light.rs): from straight
// ahead things look flat.
fn studio_key(normal: vec3<f32>, to_eye: vec3<f32>) -> f32 {
    let aside = vec3(0.0, 0.5, 0.0) - 0.45 * view.world_from_view[0].xyz;
    let squared_length = 1.0 + dot(aside, aside) + 2.0 * dot(aside, to_eye);
    return saturate((dot(normal, to_eye) + dot(normal, aside)) * inverseSqrt(squared_length));
}

// With a bright room: no lamp, no loop.
fn studio(normal: vec3<f32>, key: f32) -> f32 {
    return 0.28 + 0.09 * normal.y + 0.64 * key;
}
#endif

@vertex
fn vertex(in: Vertex) -> Fragment {
    var out: Fragment;
    var position = in.position;
#ifdef SCAN_NORMALS
    var normal = in.normal;
#endif
#ifdef MORPH_TARGETS
    let own_vertex = in.index - mesh[in.instance_index].first_vertex_index;
    // Without a place for its weights yet, in the first frame, the mesh keeps its base shape.
    var targets = 0u;
    if mesh[in.instance_index].morph_descriptor_index != 0xffffffffu {
        targets = morph::layer_count(in.instance_index);
    }
    for (var target_index = 0u; target_index < targets; target_index += 1u) {
        let weight = morph::weight_at(target_index, in.instance_index);
        if weight == 0.0 {
            continue;
        }
        position += weight * morph::morph_position(own_vertex, target_index, in.instance_index);
#ifdef SCAN_NORMALS
        normal += weight * morph::morph_normal(own_vertex, target_index, in.instance_index);
#endif
    }
#endif
#ifdef SKINNED
    let world_from_local = skinning::skin_model(in.joints, in.joint_weights, in.instance_index);
#else ifdef SCAN_STILL
    let world_from_local = scan.world_from_local;
#else
    let world_from_local = mesh_functions::get_world_from_local(in.instance_index);
#endif
    let world = world_from_local * vec4(position, 1.0);
    out.position = position_world_to_clip(world.xyz);
#ifdef SCAN_NORMALS
#ifdef SKINNED
    let world_normal = skinning::skin_normals(world_from_local, normal);
#else ifdef SCAN_STILL
    let world_normal = normalize(scan.normal_from_local * normal);
#else
    let world_normal = mesh_functions::mesh_normal_local_to_world(normal, in.instance_index);
#endif
#endif
#ifdef SCAN_LIT_AT_CORNERS
    let to_eye = normalize(view.world_position - world.xyz);
    out.lit_front = studio(world_normal, studio_key(world_normal, to_eye));
#ifdef SCAN_DOUBLE_SIDED
    out.lit_back = studio(-world_normal, studio_key(-world_normal, to_eye));
#endif
#else
    out.world_position = world.xyz;
#ifdef SCAN_NORMALS
    out.world_normal = world_normal;
#endif
#endif
#ifdef SCAN_UV
#ifdef SCAN_UV_SECOND
    let uv_second = in.uv_second;
#else
    let uv_second = in.uv;
#endif
#ifdef SCAN_UV_EACH
    out.uv = in.uv;
    out.uv_second = uv_second;
#else
    // All images lie alike: their coordinates are worked out once a vertex.
    out.uv = laid(in.uv, uv_second, 0u);
#endif
#endif
#ifdef SCAN_COLOR
    out.color = in.color;
#endif
#ifdef SCAN_BAKED
    // Stored as square roots: 8 bits then keep the dark end smooth.
    out.baked = in.baked * in.baked;
#endif
    return out;
}

// Tangent frame from screen-space derivatives, so that a scan needs no tangents.
// Christian Schueler, "Normal Mapping without Precomputed Tangents", ShaderX 5 (2006).
fn perturb(normal: vec3<f32>, world: vec3<f32>, uv: vec2<f32>, mapped: vec3<f32>) -> vec3<f32> {
    let dp1 = dpdx(world);
    let dp2 = dpdy(world);
    let duv1 = dpdx(uv);
    let duv2 = dpdy(uv);
    let dp2perp = cross(dp2, normal);
    let dp1perp = cross(normal, dp1);
    let t = dp2perp * duv1.x + dp1perp * duv2.x;
    // glTF textures run downwards: +Y of the normal map is towards smaller v.
    let b = -(dp2perp * duv1.y + dp1perp * duv2.y);
    let scale = inverseSqrt(max(max(dot(t, t), dot(b, b)), 1e-20));
    return normalize(t * (scale * mapped.x) + b * (scale * mapped.y) + normal * mapped.z);
}

// An image under the layer that is mixed in. Both are read only while one turns into the other; the
// mix is the same for all pixels, so that derivatives stay defined.
fn with_layer(base: texture_2d<f32>, layer: texture_2d<f32>, as_base: sampler, uv: vec2<f32>) -> vec4<f32> {
    if scan.layer_mix <= 0.0 {
        return textureSample(base, as_base, uv);
    }
    let above = textureSample(layer, as_base, uv);
    if scan.layer_mix >= 1.0 {
        return above;
    }
    return mix(textureSample(base, as_base, uv), above, scan.layer_mix);
}

struct Surface {
    albedo: vec3<f32>,
    f0: vec3<f32>,
    normal: vec3<f32>,
    to_eye: vec3<f32>,
    n_dot_v: f32,
    alpha: f32,
}

// Cook-Torrance specular with GGX distribution and the visibility approximation of
// Hammon 2017 ("PBR Diffuse Lighting for GGX+Smith Microsurfaces", slide 84), under one fraction;
// Schlick's Fresnel (1994).
fn specular(s: Surface, l: vec3<f32>, n_dot_l: f32) -> vec3<f32> {
    let h = normalize(l + s.to_eye);
    let n_dot_h = saturate(dot(s.normal, h));
    let a2 = s.alpha * s.alpha;
    let d = (n_dot_h * a2 - n_dot_h) * n_dot_h + 1.0;
    let hidden = max(mix(2.0 * n_dot_l * s.n_dot_v, n_dot_l + s.n_dot_v, s.alpha), 1e-4);
    let ggx_visibility = 0.5 * a2 / ((3.14159265 * d * d + 1e-7) * hidden);
    let away = 1.0 - saturate(dot(l, h));
    let away2 = away * away;
    let f = s.f0 + (1.0 - s.f0) * (away2 * away2 * away);
    return f * ggx_visibility;
}

@fragment
fn fragment(in: Fragment, @builtin(front_facing) is_front: bool) -> @location(0) vec4<f32> {
#ifdef SCAN_UV
#ifdef SCAN_UV_EACH
    let uv = laid(in.uv, in.uv_second, 0u);
    let uv_normal = laid(in.uv, in.uv_second, 1u);
    let uv_orm = laid(in.uv, in.uv_second, 2u);
    let uv_occlusion = laid(in.uv, in.uv_second, 3u);
    let uv_emissive = laid(in.uv, in.uv_second, 4u);
#else
    let uv = in.uv;
    let uv_normal = uv;
    let uv_orm = uv;
    let uv_occlusion = uv;
    let uv_emissive = uv;
#endif
#endif
    var base = scan.base_color;
#ifdef SCAN_COLOR
    base *= in.color;
#endif
#ifdef SCAN_BASE_TEXTURE
#ifdef SCAN_LAYER
    let texel = with_layer(base_color_texture, layer_color_texture, base_color_sampler, uv);
#else
    let texel = textureSample(base_color_texture, base_color_sampler, uv);
#endif
    base *= texel;
#endif
#ifdef SCAN_ALPHA_MASK
    if base.a < scan.alpha_cutoff {
        discard;
    }
    base.a = 1.0;
#endif
#ifdef SCAN_OPAQUE
    base.a = 1.0;
#endif

    var color: vec3<f32>;
#ifdef SCAN_UNLIT
    color = as_shown(base.rgb);
#else

#ifdef SCAN_LIT_AT_CORNERS
#else ifdef SCAN_NORMALS
#ifdef SCAN_BENT_ONLY
    // Only a normal map bends it, which takes any length near 1.
    var face_normal = in.world_normal;
#else
    var face_normal = normalize(in.world_normal);
#endif
#else
    var face_normal = normalize(cross(dpdy(in.world_position), dpdx(in.world_position)));
#endif
#ifndef SCAN_LIT_AT_CORNERS
#ifdef SCAN_DOUBLE_SIDED
    if !is_front {
        face_normal = -face_normal;
    }
#endif
    var normal = face_normal;
#endif
#ifdef SCAN_NORMAL_TEXTURE
#ifdef SCAN_LAYER_NORMAL
    let normal_texel = with_layer(normal_texture, layer_normal_texture, normal_sampler, uv_normal);
#else
    let normal_texel = textureSample(normal_texture, normal_sampler, uv_normal);
#endif
    let mapped_xy = (normal_texel.xy * 2.0 - 1.0) * scan.normal_scale;
    let mapped = vec3(mapped_xy, sqrt(max(1.0 - dot(mapped_xy, mapped_xy), 0.05)));
    normal = perturb(face_normal, in.world_position, uv_normal, mapped);
#endif
    var occlusion = 1.0;
    var roughness = scan.roughness;
    var metallic = scan.metallic;
#ifdef SCAN_ORM_TEXTURE
#ifdef SCAN_LAYER_ORM
    let orm = with_layer(orm_texture, layer_orm_texture, orm_sampler, uv_orm).rgb;
#else
    let orm = textureSample(orm_texture, orm_sampler, uv_orm).rgb;
#endif
    roughness *= orm.g;
    metallic *= orm.b;
#ifdef SCAN_OCCLUSION_IN_ORM
    occlusion = mix(1.0, orm.r, scan.occlusion_strength);
#endif
#endif
#ifdef SCAN_OCCLUSION_IN_NORMAL
    occlusion = mix(1.0, normal_texel.a, scan.occlusion_strength);
#endif
#ifdef SCAN_OCCLUSION_TEXTURE
    occlusion = mix(1.0, textureSample(occlusion_texture, occlusion_sampler, uv_occlusion).r, scan.occlusion_strength);
#endif

#ifndef SCAN_LIT_AT_CORNERS
    let to_eye = normalize(view.world_position - in.world_position);
#endif

#ifdef SCAN_STUDIO
#ifdef SCAN_LIT_AT_CORNERS
#ifdef SCAN_DOUBLE_SIDED
    let lit = select(in.lit_back, in.lit_front, is_front);
#else
    let lit = in.lit_front;
#endif
#else
    let key = studio_key(normal, to_eye);
    let lit = studio(normal, key);
#endif
    color = base.rgb * ((1.0 - 0.6 * metallic) * occlusion * lit);
#ifdef SCAN_ORM_TEXTURE
    let gloss = pow(key, mix(8.0, 160.0, (1.0 - roughness) * (1.0 - roughness)));
    color += mix(vec3(0.04), base.rgb, metallic) * gloss * (1.0 - roughness) * 1.5;
#endif
#else
    var s: Surface;
    s.albedo = base.rgb * (1.0 - metallic);
    s.f0 = mix(vec3(0.04), base.rgb, metallic);
    s.normal = normal;
    s.to_eye = to_eye;
    s.n_dot_v = max(dot(normal, to_eye), 1e-4);
    s.alpha = max(roughness * roughness, 0.002);

    // Light in lux; radiance of a diffuse surface is albedo / pi times it.
    var irradiance = scan.ambient.rgb * occlusion;
    var glint = vec3(0.0);
#ifdef SCAN_BAKED
    irradiance *= in.baked.r;
    occlusion *= in.baked.r;
    let lamps_a = in.baked.b * flame(0.0, scan.lamps_a.w);
    let lamps_b = in.baked.a * flame(2.6, scan.lamps_b.w);
    var daylight = in.baked.g;
    // Baked light has no direction; the place it comes from gives back the relief.
    if scan.daylight_from.w > 0.5 {
        let from_sky = normalize(scan.daylight_from.xyz - in.world_position);
        daylight *= (0.35 + 0.65 * saturate(dot(normal, from_sky))) / (0.35 + 0.65 * saturate(dot(face_normal, from_sky)));
    }
    let baked_lamps = lamps_a * scan.lamps_a.rgb + lamps_b * scan.lamps_b.rgb;
    // Lux, a third of each color.
    var from_lamps = 0.0;
    var unshadowed = 0.0;
    let reached = saturate((lamps_a + lamps_b) * 8.0);
#endif

#ifdef SCAN_LIGHTS
    let cluster = clustering::view_fragment_cluster_index(in.position.xy, view_z(in.world_position), false);
    let ranges = clustering::unpack_clusterable_object_index_ranges(cluster);
    for (var i = ranges.first_point_light_index_offset; i < ranges.first_reflection_probe_index_offset; i += 1u) {
        let id = clustering::get_clusterable_object_id(i);
        let light = &clustered_lights.data[id];
        let is_spot = i >= ranges.first_spot_light_index_offset;
        let lit = lit_by(id, is_spot, in.world_position, 2500.0);
        if lit.strength <= 0.0 {
            continue;
        }
        let l = lit.direction;
        let n_dot_l = dot(normal, l);
        // The loop's colours are candela; divided by distance squared they are lux.
        let lux = (*light).color_inverse_square_range.rgb * (lit.strength * 3.14159265);
#ifdef SCAN_BAKED
        if ((*light).flags & mesh_view_types::POINT_LIGHT_FLAGS_AFFECTS_LIGHTMAPPED_MESH_DIFFUSE_BIT) == 0u {
            // Its diffuse light is in the bake, with shadows; here only the glint and the
            // direction. Weighted so that a wrapped lobe keeps the relief of the normal map.
            let wrapped = 0.3 + 0.7 * saturate(n_dot_l);
            let flat_wrapped = 0.3 + 0.7 * saturate(dot(face_normal, l));
            let gray = dot(lux, vec3(0.33));
            from_lamps += gray * (wrapped / flat_wrapped - 1.0);
            unshadowed += gray * flat_wrapped;
            if n_dot_l > 0.0 && reached > 0.0 {
                glint += lux * (reached * n_dot_l) * specular(s, l, n_dot_l);
            }
            continue;
        }
#endif
        if n_dot_l > 0.0 {
            irradiance += lux * n_dot_l;
            glint += lux * n_dot_l * specular(s, l, n_dot_l);
        }
    }
#endif
#ifdef SCAN_BAKED
    // A share of the lamps' light as it would be without shadows: where the bake says that
    // none of it arrives there is little relief, and nowhere is it cut off.
    let whole = max(unshadowed, dot(baked_lamps, vec3(0.33)));
    let lean = from_lamps / max(whole, 1e-3);
    let relief = lean / (1.0 + abs(lean) * 1.6);
    irradiance += baked_lamps * (1.0 + relief) + daylight * scan.daylight.rgb;
    // A rough stand-in for reflected surroundings: metals see the baked light.
    glint += s.f0 * (baked_lamps + daylight * scan.daylight.rgb) * (0.3183 * occlusion * mix(0.55, 0.25, roughness));
#else
    glint += s.f0 * scan.ambient.rgb * (0.3183 * occlusion);
#endif
    color = (s.albedo * irradiance * 0.31830989 + glint) * view.exposure;
#endif
#endif

#ifdef SCAN_EMISSIVE
    var emitted = scan.emissive.rgb;
#ifdef SCAN_EMISSIVE_TEXTURE
    emitted *= textureSample(emissive_texture, emissive_sampler, uv_emissive).rgb;
#endif
    color += emitted;
#endif
    var out = vec4(color, base.a);
#ifdef DISTANCE_FOG
    out = exponential_fog(fog, out, distance(view.world_position, in.world_position), vec3(0.0));
#endif
#ifndef SCAN_UNLIT
#ifdef TONEMAP_IN_SHADER
    out = tone_mapping(out, view.color_grading);
#endif
#endif
    return out;
}
