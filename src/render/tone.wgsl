// Colors that are to be seen as they are: photographs, skies, text.
#define_import_path grotto::tone

// What the tone mapping of a high dynamic range picture turns into `color`: the inverse of
// `ACESFitted` of Bevy (Stephen Hill's fit of the ACES RRT and ODT, BakingLab 2016), so
// that a photograph keeps its colors in a graded room. Without high dynamic range nothing
// is tone mapped later, and `color` stays.
fn as_shown(color: vec3<f32>) -> vec3<f32> {
#ifdef TONEMAP_IN_SHADER
    return color;
#else
    let shown = clamp(color, vec3(0.0), vec3(0.98));
    // The inverses of the two matrices of the fit, for vectors on the left.
    let rrt_from_odt = mat3x3<f32>(
        vec3(0.643038, 0.311187, 0.045775),
        vec3(0.059269, 0.931436, 0.009295),
        vec3(0.005962, 0.063929, 0.930118),
    );
    let rgb_from_rrt = mat3x3<f32>(
        vec3(1.764741, -0.675778, -0.088963),
        vec3(-0.147028, 1.160251, -0.013224),
        vec3(-0.036337, -0.162436, 1.198773),
    );
    let y = clamp(shown * rrt_from_odt, vec3(0.0), vec3(0.98));
    // y = (v (v + 0.0245786) - 0.000090537) / (v (0.983729 v + 0.432951) + 0.238081)
    let a = 1.0 - 0.983729 * y;
    let b = 0.0245786 - 0.432951 * y;
    let c = -0.000090537 - 0.238081 * y;
    let v = (sqrt(max(b * b - 4.0 * a * c, vec3(0.0))) - b) / (2.0 * a);
    return max(v * rgb_from_rrt, vec3(0.0));
#endif
}
