//! The jobs that `init` writes for GitLab, run by the same scripts: with the real program, a local Help Center, and a
//! stand-in for GitLab that answers its API and serves the repository over HTTP, by Git's own server.

mod auditing;
mod planning;
mod publishing;
mod pulling;
mod staging;
mod stand_in;
mod world;
