//! Addresses in a body: which links stay, and whose videos may be embedded.

use url::Url;

/// The hosts whose videos Intercom embeds (docs/intercom.md 3.1), each with its subdomains.
const VIDEO_HOSTS: [&str; 10] = [
    "youtube.com",
    "youtube-nocookie.com",
    "youtu.be",
    "wistia.com",
    "wistia.net",
    "vimeo.com",
    "loom.com",
    "vidyard.com",
    "streamio.com",
    "stream.io",
];

/// Whether a link's address may stay: relative ones, fragments, and those of schemes that only
/// lead somewhere. A scheme that runs code in the reader's browser may not.
pub(super) fn is_safe(href: &str) -> bool {
    // A browser skips control characters and white space when it looks for the scheme.
    let seen: String = href.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    let Some((scheme, _)) = seen.split_once(':') else {
        return true;
    };
    if scheme.contains(['/', '?', '#']) {
        return true;
    }
    ["http", "https", "mailto", "tel", "sms", "ftp"].contains(&scheme.to_ascii_lowercase().as_str())
}

/// Whether an `iframe` of this address is a video that Intercom embeds.
pub(super) fn is_video(src: &str) -> bool {
    let src = src.trim();
    let whole = if src.starts_with("//") { format!("https:{src}") } else { src.to_owned() };
    let Ok(url) = Url::parse(&whole) else {
        return false;
    };
    let Some(host) = url.host_str() else {
        return false;
    };
    ["http", "https"].contains(&url.scheme())
        && VIDEO_HOSTS
            .iter()
            .any(|known| host.strip_suffix(known).is_some_and(|before| before.is_empty() || before.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_runs_code_is_not_safe() {
        for href in [
            "javascript:alert(1)",
            " JavaScript:x",
            "java\nscript:x",
            "\u{1}javascript:x",
            "data:text/html,x",
            "vbscript:x",
        ] {
            assert!(!is_safe(href), "{href:?}");
        }
        for href in ["", "#h_0123456789", "/a:b", "a?b:c", "https://x.com", "mailto:a@b.c", "HTTP://x"] {
            assert!(is_safe(href), "{href:?}");
        }
    }

    #[test]
    fn a_video_is_one_of_a_known_host() {
        for src in [
            "https://www.youtube.com/embed/x?rel=0",
            "//fast.wistia.net/embed/x",
            "https://player.vimeo.com/video/1",
            "https://www.loom.com/embed/x",
        ] {
            assert!(is_video(src), "{src}");
        }
        for src in [
            "https://evil.com/youtube.com",
            "https://notyoutube.com/x",
            "https://youtube.com.evil.com/",
            "javascript:youtube.com",
            "/embed",
            "",
        ] {
            assert!(!is_video(src), "{src}");
        }
    }
}
