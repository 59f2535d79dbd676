// What the lenses hide, at the near plane: nothing behind it is drawn.

@vertex
fn vertex(@location(0) at: vec2<f32>) -> @builtin(position) vec4<f32> {
    return vec4<f32>(at, 1.0, 1.0);
}
