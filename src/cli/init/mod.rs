//! What `helpbook init` writes.

#[allow(dead_code, reason = "`init` will call it")]
pub(super) mod workflow;
