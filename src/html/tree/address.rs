//! Addresses in a body: which may be followed, and which are videos.
//!
//! Forms of video addresses, each with where it is known from; a share address becomes the address
//! that is embedded:
//!
//! | host | share | embedded | source |
//! |---|---|---|---|
//! | YouTube | `youtube.com/watch?v=ID`, `youtu.be/ID`, `/shorts/ID`, `/live/ID` | `youtube.com/embed/ID` | docs/intercom.md 3.7, bodies 01, 05; support.google.com/youtube/answer/171780 |
//! | Vimeo | `vimeo.com/ID`, `vimeo.com/ID/HASH`, `/channels/NAME/ID` | `player.vimeo.com/video/ID?h=HASH` | developer.vimeo.com/player/embedding |
//! | Loom | `loom.com/share/ID` | `loom.com/embed/ID` | docs/intercom.md 3.7, body 07; support.loom.com, "Embed your video" |
//! | Wistia | `NAME.wistia.com/medias/ID`, `wi.st/medias/ID` | `fast.wistia.net/embed/iframe/ID` | docs.wistia.com/docs/embed-options |
//! | Vidyard | `share.vidyard.com/watch/ID`, `NAME.hubs.vidyard.com/watch/ID` | `play.vidyard.com/ID` | knowledge.vidyard.com, "Embed videos" |
//! | StreamIO | (its share pages name no video) | `streamio.com/api/v1/videos/ID/public_show` | streamio.com/api |
//!
//! The list of hosts is Intercom's own (docs/intercom.md 3.1).

use std::borrow::Cow;

use url::Url;

/// The hosts of Intercom's list, each with its subdomains.
const VIDEO_HOSTS: [&str; 9] = [
    "youtube.com",
    "youtube-nocookie.com",
    "youtu.be",
    "wistia.com",
    "wistia.net",
    "vimeo.com",
    "loom.com",
    "vidyard.com",
    "streamio.com",
];

/// Whether an address may be followed by a reader: nothing that runs code.
pub fn is_safe(address: &str) -> bool {
    // A browser skips control characters and white space when it looks for the scheme.
    let is_passed = |c: char| c.is_control() || c.is_whitespace();
    let plain: Cow<'_, str> = match address.bytes().all(|byte| byte.is_ascii_graphic()) {
        true => address.into(),
        false => address.chars().filter(|c| !is_passed(*c)).collect(),
    };
    match plain.split_once(':') {
        Some((scheme, _)) if !scheme.contains(['/', '?', '#']) => {
            matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https" | "mailto" | "tel" | "sms" | "intercom")
        }
        _ => true,
    }
}

/// Whether an address names its scheme.
pub(in crate::html) fn has_scheme(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| !scheme.contains(['/', '?', '#']))
}

/// An address without the white space and the control characters that a browser passes over.
pub(in crate::html) fn plain(address: &str) -> String {
    let mut plain = address.trim().to_owned();
    if !plain.bytes().all(|byte| byte.is_ascii_graphic()) {
        plain.retain(|c| !c.is_control());
    }
    plain
}

/// An address in which every character has one spelling: what need not be escaped is not, and a blank
/// is `%20`. Both spellings name one place (RFC 3986, 6.2.2).
pub(in crate::html) fn spelled(address: &str) -> Cow<'_, str> {
    if !address.contains(['%', ' ']) {
        return address.into();
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let mut out = String::with_capacity(address.len());
    let mut rest = address;
    while let Some(at) = rest.find(['%', ' ']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix(' ') {
            out.push_str("%20");
            rest = after;
            continue;
        }
        let escaped = escaped_bytes(rest);
        if escaped.is_empty() {
            out.push('%');
            rest = &rest[1..];
            continue;
        }
        for part in escaped.utf8_chunks() {
            for c in part.valid().chars() {
                match u8::try_from(c) {
                    Ok(byte) if byte.is_ascii() && !is_plain(byte) => out.push_str(&format!("%{byte:02X}")),
                    _ => out.push(c),
                }
            }
            part.invalid().iter().for_each(|byte| out.push_str(&format!("%{byte:02X}")));
        }
        rest = &rest[escaped.len() * 3..];
    }
    out.push_str(rest);
    out.into()
}

/// The bytes that a text starts with as `%XX%XX`.
fn escaped_bytes(text: &str) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let bytes = text.as_bytes().chunks_exact(3).map_while(|chunk| match chunk {
        [b'%', high, low] => Some((digit(*high)? * 16 + digit(*low)?) as u8),
        _ => None,
    });
    bytes.collect()
}

/// Whether Intercom embeds a video from this address.
pub(in crate::html) fn is_video(address: &str) -> bool {
    video(address).is_some()
}

fn video(address: &str) -> Option<Url> {
    let whole = if address.starts_with("//") { format!("https:{address}") } else { address.to_owned() };
    let url = Url::parse(&whole).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.host_str()?;
    let is_known = VIDEO_HOSTS
        .iter()
        .any(|known| host.strip_suffix(known).is_some_and(|before| before.is_empty() || before.ends_with('.')))
        || host == "wi.st";
    is_known.then_some(url)
}

/// The address to embed for the address of one video; `None` for any other address, a channel's
/// for example. One that is already of that form stays as it is.
pub(in crate::html) fn embedded(address: &str) -> Option<String> {
    let url = video(address)?;
    let host = url.host_str()?.trim_start_matches("www.").trim_start_matches("m.");
    let parts: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
    let query = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let youtube = |id: &str| {
        let start = query("t").or_else(|| query("start")).and_then(|time| seconds(&time));
        let start = start.map_or_else(String::new, |seconds| format!("?start={seconds}"));
        is_id(id).then(|| format!("https://www.youtube.com/embed/{id}{start}"))
    };
    let as_it_is = || Some(address.to_owned());
    match (host, parts.as_slice()) {
        ("youtube.com" | "youtube-nocookie.com", ["embed", _]) => as_it_is(),
        ("youtube.com", ["watch"]) => youtube(&query("v")?),
        ("youtube.com", ["shorts" | "live" | "v", id]) | ("youtu.be", [id]) => youtube(id),
        ("player.vimeo.com", ["video", _]) => as_it_is(),
        ("vimeo.com", [id] | ["channels", _, id]) if is_number(id) => {
            let hash = query("h").filter(|hash| is_id(hash)).map_or_else(String::new, |hash| format!("?h={hash}"));
            Some(format!("https://player.vimeo.com/video/{id}{hash}"))
        }
        ("vimeo.com", [id, hash]) if is_number(id) && is_id(hash) => {
            Some(format!("https://player.vimeo.com/video/{id}?h={hash}"))
        }
        ("loom.com", ["embed", _]) => as_it_is(),
        ("loom.com", ["share", id]) if is_id(id) => Some(format!("https://www.loom.com/embed/{id}")),
        (host, ["embed", "iframe" | "medias", _]) if host.contains("wistia.") => as_it_is(),
        (host, ["medias", id]) if (host.contains("wistia.") || host == "wi.st") && is_id(id) => {
            Some(format!("https://fast.wistia.net/embed/iframe/{id}"))
        }
        ("play.vidyard.com", [_]) => as_it_is(),
        (host, ["watch", id]) if host.ends_with("vidyard.com") && is_id(id) => {
            Some(format!("https://play.vidyard.com/{id}"))
        }
        ("streamio.com", ["api", ..]) => as_it_is(),
        _ => None,
    }
}

/// One address for each video, however it is written: what two bodies are compared by.
pub(in crate::html) fn canonical_video(src: &str) -> String {
    let src = embedded(src).unwrap_or_else(|| src.to_owned());
    let Some(url) = video(&src) else { return src };
    // The examples of YouTube videos carry `rel=0` (docs/intercom.md 3.7, bodies 01 and 05), which says nothing of the
    // video itself.
    let rest: Vec<String> =
        url.query_pairs().filter(|(key, _)| key != "rel").map(|(key, value)| format!("{key}={value}")).collect();
    let host = url.host_str().unwrap_or_default().trim_start_matches("www.");
    let query = if rest.is_empty() { String::new() } else { format!("?{}", rest.join("&")) };
    format!("https://{host}{}{query}", url.path())
}

/// The last part of an image's address, without the signature.
pub(in crate::html) fn image_name(src: &str) -> &str {
    let path = src.split(['?', '#']).next().unwrap_or(src);
    path.rsplit('/').next().unwrap_or(path)
}

/// An address as it reads, without percent signs that stand for other characters.
pub fn percent_decoded(address: &str) -> String {
    if !address.contains('%') {
        return address.to_owned();
    }
    let query = format!("x={}", address.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(query.as_bytes())
        .next()
        .map_or_else(|| address.to_owned(), |(_, value)| value.into_owned())
}

/// A path or a heading as a part of an address: letters beyond ASCII stay.
pub(in crate::html) fn percent_encoded(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/');
    if text.bytes().all(is_plain) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() && !c.is_ascii_alphanumeric() && !matches!(c, '-' | '.' | '_' | '~' | '/') {
            out.push_str(&format!("%{:02X}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// `90`, `90s` and `1m30s` as seconds.
fn seconds(time: &str) -> Option<u32> {
    let mut total: u32 = 0;
    let mut number = String::new();
    for c in time.chars() {
        let factor = match c {
            '0'..='9' => {
                number.push(c);
                continue;
            }
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        total = total.checked_add(number.parse::<u32>().ok()?.checked_mul(factor)?)?;
        number.clear();
    }
    if !number.is_empty() {
        total = total.checked_add(number.parse().ok()?)?;
    }
    (total > 0).then_some(total)
}

fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn is_number(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_address_becomes_the_embedded_one() {
        for (share, embed) in [
            ("https://www.youtube.com/watch?v=a_B-1&feature=x", "https://www.youtube.com/embed/a_B-1"),
            ("https://youtu.be/a_B-1?t=1m30s", "https://www.youtube.com/embed/a_B-1?start=90"),
            ("https://www.youtube.com/shorts/abc", "https://www.youtube.com/embed/abc"),
            ("https://www.youtube.com/embed/abc?rel=0", "https://www.youtube.com/embed/abc?rel=0"),
            ("https://vimeo.com/123", "https://player.vimeo.com/video/123"),
            ("https://vimeo.com/123/ab", "https://player.vimeo.com/video/123?h=ab"),
            ("https://www.loom.com/share/ab", "https://www.loom.com/embed/ab"),
            ("https://acme.wistia.com/medias/ab", "https://fast.wistia.net/embed/iframe/ab"),
            ("https://share.vidyard.com/watch/ab", "https://play.vidyard.com/ab"),
            ("https://streamio.com/api/v1/videos/ab/public_show", "https://streamio.com/api/v1/videos/ab/public_show"),
        ] {
            assert_eq!(embedded(share).as_deref(), Some(embed), "{share}");
            assert!(is_video(embed), "{embed}");
        }
    }

    #[test]
    fn other_addresses_are_no_videos() {
        for address in [
            "https://www.youtube.com/@acme",
            "https://vimeo.com/features",
            "https://youtube.com.evil.example/embed/x",
            "https://notyoutube.com/embed/x",
            "javascript:youtube.com",
            "https://example.com/?https://youtu.be/x",
            "youtu.be/x",
            "",
        ] {
            assert_eq!(embedded(address), None, "{address}");
        }
    }

    #[test]
    fn an_address_that_runs_code_is_never_safe() {
        for address in
            ["javascript:x", " JavaScript:x", "java\nscript:x", "\u{1}javascript:x", "data:text/html,x", "vbscript:x"]
        {
            assert!(!is_safe(address), "{address:?}");
        }
        for address in ["", "#h_0123456789", "/a:b", "a?b:c", "https://x.example", "mailto:a@b.example"] {
            assert!(is_safe(address), "{address:?}");
        }
    }
}
