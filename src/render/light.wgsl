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

// Smooth living flame, 1 on average, from three incommensurate sines; no flash: the sum
// stays within +-depth and below 6 Hz (WCAG 2.3.1 counts changes of 10 % and more).
fn flame(seed: f32, depth: f32) -> f32 {
    let t = globals.time;
    let s = sin(t * 2.1 + seed) * 0.5 + sin(t * 5.3 + seed * 1.7) * 0.3 + sin(t * 9.7 + seed * 2.3) * 0.2;
    return 1.0 + depth * s;
}

// `nearest2` is the smallest squared distance that counts, so that nothing burns out.
fn lit_by(id: u32, is_spot: bool, at: vec3<f32>, nearest2: f32) -> Lit {
    let light = &clustered_lights.data[id];
    let ray = (*light).position_radius.xyz - at;
    let distance2 = dot(ray, ray);
    var lit: Lit;
    lit.direction = ray * inverseSqrt(max(distance2, 1e-8));
    // The window of Karis 2013 ("Real Shading in Unreal Engine 4") ends light at its range.
    let factor = distance2 * (*light).color_inverse_square_range.w;
    let window = saturate(1.0 - factor * factor);
    lit.strength = window * window / max(distance2, nearest2);
    if is_spot {
        var direction = vec3((*light).light_custom_data.x, 0.0, (*light).light_custom_data.y);
        direction.y = sqrt(max(0.0, 1.0 - direction.x * direction.x - direction.z * direction.z));
        if ((*light).flags & mesh_view_types::POINT_LIGHT_FLAGS_SPOT_LIGHT_Y_NEGATIVE) != 0u {
            direction.y = -direction.y;
        }
        let cone = saturate(dot(-direction, lit.direction) * (*light).light_custom_data.z + (*light).light_custom_data.w);
        lit.strength *= cone * cone;
    } else {
        lit.strength *= flame(f32(id) * 1.9 + (*light).position_radius.x * 7.0, 0.10);
    }
    return lit;
}
