//! Plans carried out over real HTTP against the local Help Center, with real files.

mod creating;
mod doubles;
mod going;
mod linking;
mod locales;
mod publishing;
mod record;
mod staging;
pub mod world;
