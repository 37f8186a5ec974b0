//! Plans carried out over real HTTP against the local Help Center, with real files.

mod base;
mod creating;
mod going;
mod linking;
mod locales;
mod publishing;
mod staging;
mod world;
