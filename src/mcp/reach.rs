//! Which paths of Intercom's API an agent may read.
//!
//! Articles and the Help Center are what every visitor may be shown. Contacts, conversations and teammates are
//! personal data: they are read only where whoever starts the server allows a pattern. A path is judged in the form
//! in which it is sent, and one with two meanings is refused. That a request only reads is decided elsewhere.

use globset::{GlobBuilder, GlobMatcher};
use url::Url;

/// What is read without being allowed.
const HELP_CENTER: [&str; 2] = ["/articles", "/help_center"];

/// The paths that may be read.
#[derive(Debug, Clone, Default)]
pub struct Reach(Vec<Pattern>);

/// A pattern of `--allow`, such as `/tags` or `/conversations/*`; `**` goes over slashes.
#[derive(Debug, Clone)]
pub struct Pattern(GlobMatcher);

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.glob().glob())
    }
}

impl std::str::FromStr for Pattern {
    type Err = globset::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = if text.starts_with('/') { text.to_owned() } else { format!("/{text}") };
        Ok(Self(GlobBuilder::new(&text).literal_separator(true).build()?.compile_matcher()))
    }
}

impl Reach {
    /// The Help Center, and what matches one of these.
    pub fn new(allowed: &[Pattern]) -> Self {
        Self(allowed.to_vec())
    }

    /// Whether a path may be read; its query does not count.
    pub fn allows(&self, path: &str) -> bool {
        let bare = path.split(['?', '#']).next().unwrap_or_default();
        let sent = Url::parse("https://api.intercom.io").and_then(|base| base.join(bare));
        // What a server could take for another path is none of ours.
        let is_plain = sent.is_ok_and(|sent| sent.path() == bare)
            && !bare.contains("//")
            && !bare.contains('\\')
            && !["%2e", "%2f", "%5c", "%25"].iter().any(|odd| bare.to_ascii_lowercase().contains(odd));
        let is_below =
            |room: &&str| bare.strip_prefix(*room).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        is_plain && (HELP_CENTER.iter().any(is_below) || self.0.iter().any(|one| one.0.is_match(bare)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(allowed: &[&str], path: &str, expected: bool) {
        let allowed: Vec<Pattern> = allowed.iter().map(|one| one.parse().unwrap()).collect();
        assert_eq!(Reach::new(&allowed).allows(path), expected, "{path}");
    }

    #[test]
    fn only_the_help_center_is_read_unless_more_is_allowed() {
        check(&[], "/articles", true);
        check(&[], "/articles/search?phrase=/contacts", true);
        check(&[], "/articles/7/versions", true);
        check(&[], "/help_center/collections", true);
        check(&[], "/articles_of_others", false);
        for path in ["/contacts", "/conversations/7", "/me", "/admins", "/tags", "/export/content/data"] {
            check(&[], path, false);
        }
        check(&["tags"], "/tags", true);
        check(&["/conversations/*"], "/conversations/7", true);
        check(&["/conversations/*"], "/conversations/7/parts", false);
        check(&["/conversations/**"], "/conversations/7/parts", true);
    }

    #[test]
    fn a_path_with_two_meanings_is_refused() {
        for path in [
            "/articles/../contacts",
            "/articles/%2e%2e/contacts",
            "/articles/%2E%2E/contacts",
            "/articles/.%2e/contacts",
            "/articles//../contacts",
            "/articles\\..\\contacts",
            "/articles/a%2f..%2fcontacts",
            "//example.com/articles",
            "/articles/%252e%252e/contacts",
        ] {
            check(&[], path, false);
        }
    }
}
