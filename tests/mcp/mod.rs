//! `helpbook mcp` over the real protocol: the built binary, one JSON message a line, the local Help Center behind it.

mod agent;
mod hostile;
mod install;
mod protocol;
mod tools;
