//! The local Help Center.
