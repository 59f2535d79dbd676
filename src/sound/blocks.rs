//! Equal blocks out of unequal ones: the graph may hand over any number of frames, the
//! convolution wants whole partitions.

/// Gathers `IN` channels into blocks and hands `OUT` channels back, one block late.
pub(super) struct Blocks<const IN: usize, const OUT: usize> {
    filled: usize,
    inputs: [Box<[f32]>; IN],
    outputs: [Box<[f32]>; OUT],
}

impl<const IN: usize, const OUT: usize> Blocks<IN, OUT> {
    /// Blocks of `frames`.
    pub(super) fn new(frames: usize) -> Self {
        Self {
            filled: 0,
            inputs: std::array::from_fn(|_| vec![0.0; frames].into_boxed_slice()),
            outputs: std::array::from_fn(|_| vec![0.0; frames].into_boxed_slice()),
        }
    }

    /// Passes frames through; `compute` is called whenever a block is full. Neither allocates
    /// nor locks.
    pub(super) fn run(
        &mut self,
        inputs: &[&[f32]],
        outputs: &mut [&mut [f32]],
        frames: usize,
        mut compute: impl FnMut(&[Box<[f32]>; IN], &mut [Box<[f32]>; OUT]),
    ) {
        let len = self.inputs.first().map_or(0, |block| block.len());
        let mut done = 0;
        while done < frames {
            let now = (len - self.filled).min(frames - done);
            let (here, there) = (self.filled..self.filled + now, done..done + now);
            for (block, input) in self.inputs.iter_mut().zip(inputs) {
                block[here.clone()].copy_from_slice(&input[there.clone()]);
            }
            for (block, output) in self.outputs.iter().zip(outputs.iter_mut()) {
                output[there.clone()].copy_from_slice(&block[here.clone()]);
            }
            self.filled += now;
            done += now;
            if self.filled == len {
                compute(&self.inputs, &mut self.outputs);
                self.filled = 0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_cut_gives_the_same_frames_one_block_late() {
        let input: Vec<f32> = (0..96).map(|n| n as f32).collect();
        for cuts in [vec![96], vec![1; 96], vec![7, 50, 39], vec![32, 32, 32]] {
            let mut blocks = Blocks::<1, 1>::new(16);
            let mut heard = Vec::new();
            let mut at = 0;
            for cut in cuts {
                let mut output = vec![0.0; cut];
                blocks.run(
                    &[&input[at..at + cut]],
                    &mut [&mut output],
                    cut,
                    |input, output| {
                        output[0].copy_from_slice(&input[0]);
                    },
                );
                heard.extend(output);
                at += cut;
            }
            assert_eq!(
                heard[16..],
                input[..80],
                "the frames come 16 late and unchanged"
            );
            assert!(heard[..16].iter().all(|&frame| frame == 0.0));
        }
    }
}
