//! What a probe calls the things that it makes: a name that everybody in Intercom understands, and by which the next
//! probe finds what one that was killed left behind.

/// What every name begins with. Nothing without it is ever deleted.
pub const MARK: &str = "helpbook probe, will be deleted";

/// The name of a thing, such as `helpbook probe, will be deleted: text`.
pub(super) fn name(what: &str) -> String {
    format!("{MARK}: {what}")
}

/// Whether a name is one of a probe's.
pub fn is_ours(name: &str) -> bool {
    name.trim_start().strip_prefix(MARK).is_some_and(|rest| rest.starts_with(": "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_else_is_taken_for_a_probes() {
        assert!(is_ours(&name("text")));
        for other in [
            "",
            "helpbook probe",
            "Helpbook probe, will be deleted: x",
            "helpbook probe, will be deleted",
            "About helpbook probe, will be deleted: x",
        ] {
            assert!(!is_ours(other), "{other}");
        }
    }
}
