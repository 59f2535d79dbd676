// The lights of the exhibit as our shaders see them.
#define_import_path grotto::light

#import bevy_pbr::{mesh_view_bindings::{view, globals, clustered_lights}, mesh_view_types}
#import bevy_pbr::clustered_forward as clustering

// What a light sends to a place.
struct Lit {
    // Towards the light.
    direction: vec3<f32>,
    // Of its intensity, 1/m^2: distance, range, cone and flicker.
    strength: f32,
}

// Depth along the view, metres, negative in front: what picks a cluster of lights.
fn view_z(world_position: vec3<f32>) -> f32 {
    return dot(vec4(
        view.view_from_world[0].z, view.view_from_world[1].z, view.view_from_world[2].z, view.view_from_world[3].z,
    ), vec4(world_position, 1.0));
}

// Sines of three angles in radians, by parabolas: off by 0.06 at most, which no flame shows, and
// without the transcendental unit, of which a graphics card has one to eight others.
fn waves(angles: vec3<f32>) -> vec3<f32> {
    let turn = fract(angles * 0.15915494) - 0.5;
    return turn * (abs(turn) * 16.0 - 8.0);
}

// Smooth living flame, 1 on average, from three incommensurate waves; no flash: the sum
// stays within +-depth and below 6 Hz (WCAG 2.3.1 counts changes of 10 % and more).
fn flame(seed: f32, depth: f32) -> f32 {
    let s = waves(globals.time * vec3(2.1, 5.3, 9.7) + seed * vec3(1.0, 1.7, 2.3));
    return 1.0 + depth * dot(s, vec3(0.5, 0.3, 0.2));
}

// `most` is the strength that is not exceeded however near, 1/m^2, so that nothing burns out.
// Called for every light of every pixel: one square root, no division.
fn lit_by(id: u32, is_spot: bool, at: vec3<f32>, most: f32) -> Lit {
    let light = &clustered_lights.data[id];
    let ray = (*light).position_radius.xyz - at;
    let distance2 = max(dot(ray, ray), 1e-8);
    let inverse = inverseSqrt(distance2);
    var lit: Lit;
    lit.direction = ray * inverse;
    // The window of Karis 2013 ("Real Shading in Unreal Engine 4") ends light at its range.
    let factor = distance2 * (*light).color_inverse_square_range.w;
    let window = saturate(1.0 - factor * factor);
    lit.strength = window * window * min(inverse * inverse, most);
    if is_spot {
        var direction = vec3((*light).light_custom_data.x, 0.0, (*light).light_custom_data.y);
        direction.y = sqrt(max(0.0, 1.0 - direction.x * direction.x - direction.z * direction.z));
        if ((*light).flags & mesh_view_types::POINT_LIGHT_FLAGS_SPOT_LIGHT_Y_NEGATIVE) != 0u {
            direction.y = -direction.y;
        }
        let cone = saturate(dot(-direction, lit.direction) * (*light).light_custom_data.z + (*light).light_custom_data.w);
        lit.strength *= cone * cone;
    } else if ((*light).flags & mesh_view_types::POINT_LIGHT_FLAGS_VOLUMETRIC_BIT) != 0u {
        // Light in fog, which Bevy means by this bit, is not drawn here: it marks living flames
        // (see light.rs).
        lit.strength *= flame(f32(id) * 1.9 + (*light).position_radius.x * 7.0, 0.10);
    }
    return lit;
}
