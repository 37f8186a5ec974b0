//! The state table, row by row: one model makes both sides, a test changes one thing.

mod articles;
mod collections;
mod explain;
mod images;
mod links;
mod locales;
mod runs;
mod settings;
mod whose_change;
mod world;
