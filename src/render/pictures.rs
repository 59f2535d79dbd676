//! Pictures on panels: read when they are first asked for, forgotten with the panel.

use super::upload;
use crate::bake::{self, model};
use bevy::prelude::*;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, TryRecvError, channel},
    },
};

/// See the module's documentation.
#[derive(Resource, Default)]
pub struct Pictures(BTreeMap<PathBuf, Picture>);

enum Picture {
    Reading(Mutex<Receiver<Image>>),
    Here(Handle<Image>, Vec2),
    /// It cannot be read; the log says why.
    Missing,
}

impl Pictures {
    /// The picture and its size in texels; `None` while it is being read, and where it
    /// cannot be.
    pub fn get(
        &mut self,
        path: &Path,
        images: &mut Assets<Image>,
    ) -> Option<(Handle<Image>, Vec2)> {
        let picture = self
            .0
            .entry(path.to_owned())
            .or_insert_with(|| Picture::Reading(Mutex::new(read(path))));
        if let Picture::Reading(receiver) = picture {
            let arrived = receiver
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner)
                .try_recv();
            *picture = match arrived {
                Ok(image) => {
                    let size = image.size_f32();
                    Picture::Here(images.add(image), size)
                }
                Err(TryRecvError::Empty) => return None,
                Err(TryRecvError::Disconnected) => Picture::Missing,
            };
        }
        match picture {
            Picture::Here(image, size) => Some((image.clone(), *size)),
            Picture::Reading(_) | Picture::Missing => None,
        }
    }

    /// A picture that is here, for tests.
    #[cfg(test)]
    pub(super) fn put(&mut self, path: &Path, image: Handle<Image>, size: Vec2) {
        self.0.insert(path.to_owned(), Picture::Here(image, size));
    }

    /// Lets go of all pictures.
    pub fn forget(&mut self) {
        self.0.clear();
    }
}

fn read(path: &Path) -> Receiver<Image> {
    let (send, receive) = channel();
    let path = path.to_owned();
    rayon::spawn(move || {
        let options = bake::ReadOptions::default();
        match bake::read_image(&path, model::ImageUse::Color, model::Alpha::Blend, &options) {
            Ok(image) => {
                let wrap = [model::Wrap::Clamp; 2];
                let image = upload::prepare_image(image, upload::sampler(wrap, false, 1));
                // Nobody waits for it when the panel was closed meanwhile.
                drop(send.send(image));
            }
            Err(error) => warn!("{} cannot be shown: {error}", path.display()),
        }
    });
    receive
}
