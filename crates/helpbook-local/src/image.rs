//! Images on save and on read (docs/intercom.md 3.5).
//!
//! On save an image is taken over: it gets an address of Intercom's, a new one each time. One that
//! has such an address already keeps it, without its query. On read that address is signed, other
//! than on any read before. Nothing is fetched: an image of this server's own docs folder is read
//! there, and any other host is believed, but for those ending in `.invalid`, which no host does.

use sha2::{Digest as _, Sha256};
use url::{Host, Url};

use super::docs_folder::DocsFolder;
use super::refusal::Refusal;

/// Where the addresses of images that were taken over begin.
pub(super) const TAKEN_OVER: &str = "https://downloads.intercomcdn.com/i/o/local";

/// How long a signed address is good for.
const GOOD_FOR: i64 = 3 * 24 * 60 * 60;

/// An image that was read from the docs folder, to be kept in the store.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StoredImage {
    /// Its address, without a query.
    pub address: String,
    pub bytes: Vec<u8>,
}

/// Takes an image over. `number` is used once only. Returns the address to store, and the image
/// if this server has it.
///
/// # Errors
/// A 400 where Intercom could not fetch it: no complete address, `data:`, or nothing there.
pub(super) fn take_over(
    src: &str,
    number: u64,
    own_port: u16,
    docs: Option<&DocsFolder>,
) -> Result<(String, Option<StoredImage>), Refusal> {
    let unreachable = || Refusal::parameter_invalid("body: an image could not be fetched");
    let url = Url::parse(src.trim()).map_err(|_| unreachable())?;
    if !["http", "https"].contains(&url.scheme()) {
        return Err(unreachable());
    }
    let host = url.host().ok_or_else(unreachable)?;
    if is_intercoms(&host) {
        let mut bare = url;
        bare.set_query(None);
        bare.set_fragment(None);
        return Ok((bare.into(), None));
    }
    let name = name_of(&url);
    let digest = hex(&[src.as_bytes(), &number.to_be_bytes()], 24);
    let address = format!("{TAKEN_OVER}/{number}/{digest}/{name}");
    if is_loopback(&host) && url.port_or_known_default() == Some(own_port) {
        let path = url.path().strip_prefix("/docs/").ok_or_else(unreachable)?;
        let image = docs.and_then(|docs| docs.image(path)).ok_or_else(unreachable)?;
        let stored = StoredImage { address: address.clone(), bytes: image.bytes };
        return Ok((address, Some(stored)));
    }
    if host.to_string().ends_with(".invalid") {
        return Err(unreachable());
    }
    Ok((address, None))
}

/// A new address for an image that was taken over before.
pub(super) fn again(address: &str, number: u64) -> String {
    let name = address.rsplit('/').next().unwrap_or(address);
    let digest = hex(&[address.as_bytes(), &number.to_be_bytes()], 24);
    format!("{TAKEN_OVER}/{number}/{digest}/{name}")
}

/// Signs every image address of Intercom's in a stored body. `read` counts the reads.
pub(super) fn sign(body: &str, now: i64, read: u64) -> String {
    const START: &str = "<img src=\"";
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    // `<` is escaped in text and attributes, so this is an image's tag and nothing else.
    while let Some((before, after)) = rest.split_once(START) {
        out.push_str(before);
        out.push_str(START);
        let (src, tail) = after.split_once('"').unwrap_or((after, ""));
        out.push_str(src);
        let is_ours = Url::parse(src).is_ok_and(|url| url.host().as_ref().is_some_and(is_intercoms));
        if is_ours {
            let expires = now + GOOD_FOR;
            let signature = hex(&[src.as_bytes(), &expires.to_be_bytes(), &read.to_be_bytes()], 64);
            let request = hex(&[b"req", signature.as_bytes()], 24);
            out.push_str(&format!("?expires={expires}&amp;signature={signature}&amp;req={request}"));
        }
        out.push('"');
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// `n` hex digits of the digest of `parts`.
pub(super) fn hex(parts: &[&[u8]], n: usize) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    let mut hex: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    hex.truncate(n);
    hex
}

/// Intercom's image hosts, of all regions and the older ones.
fn is_intercoms(host: &Host<&str>) -> bool {
    let Host::Domain(name) = host else {
        return false;
    };
    ["downloads.intercomcdn.com", "downloads.intercomcdn.eu", "downloads.au.intercomcdn.com"].contains(name)
        || (name.starts_with("intercom-attachments-") && name.ends_with(".com"))
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// The last part of the address, of plain characters only.
fn name_of(url: &Url) -> String {
    let last = url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || "._-%".contains(c) { c } else { '_' }
    };
    let name: String = last.chars().map(plain).collect();
    if name.is_empty() { "image".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(src: &str, number: u64) -> Result<String, u16> {
        take_over(src, number, 80, None).map(|(address, _)| address).map_err(|refusal| refusal.status)
    }

    #[test]
    fn another_hosts_image_gets_a_new_address_each_time() {
        let first = address("https://example.com/a/menu.png?v=1", 1).unwrap();
        let second = address("https://example.com/a/menu.png?v=1", 2).unwrap();
        assert!(first.starts_with("https://downloads.intercomcdn.com/i/o/local/1/"), "{first}");
        assert!(first.ends_with("/menu.png"), "{first}");
        assert_ne!(first, second);
    }

    #[test]
    fn an_address_of_intercoms_is_kept_without_its_query() {
        for host in [
            "downloads.intercomcdn.com",
            "downloads.intercomcdn.eu",
            "downloads.au.intercomcdn.com",
            "intercom-attachments-7.com",
        ] {
            let bare = format!("https://{host}/i/o/1/2/a.png");
            assert_eq!(address(&format!("{bare}?expires=1&signature=2&req=3"), 9), Ok(bare));
        }
        assert_ne!(
            address("https://downloads.intercomcdn.com.evil.com/a.png", 9).as_deref(),
            Ok("https://downloads.intercomcdn.com.evil.com/a.png")
        );
    }

    #[test]
    fn what_cannot_be_fetched_is_refused() {
        for src in [
            "",
            "images/a.png",
            "/a.png",
            "data:image/png;base64,AA",
            "file:///a.png",
            "https://nowhere.invalid/a.png",
            "http://127.0.0.1/docs/a.png",
            "http://localhost/other/a.png",
        ] {
            assert_eq!(address(src, 1), Err(400), "{src}");
        }
    }

    #[test]
    fn signing_touches_images_of_intercoms_only_and_differs_per_read() {
        let body = "<p>src=\"https://downloads.intercomcdn.com/x\"</p>\
                    <img src=\"https://downloads.intercomcdn.com/i/o/local/1/2/a.png\" alt=\"a\">\
                    <img src=\"https://example.com/b.png\">";
        let first = sign(body, 100, 1);
        assert_eq!(first.matches("?expires=259300&amp;signature=").count(), 1);
        assert!(first.contains("/a.png?expires=") && first.contains("\" alt=\"a\">"));
        assert!(first.ends_with("<img src=\"https://example.com/b.png\">"));
        assert_ne!(first, sign(body, 100, 2));
    }
}
