//! The key `images`: under which addresses the images of the docs folder can be fetched, and the
//! command that brings them there.
//!
//! An address always depends on the bytes of its image: by `{sha256}`, else by ten digits of it in
//! the file name. So new bytes have a new address, and no cache on the way shows old ones. Nothing
//! here fetches or runs anything.

use serde_yaml::Value;
use url::{Host, Url};

use crate::diagnostic::did_you_mean;
use crate::text::{DocPath, Sha256};
use crate::yaml::{Entry, Wrong};

const EXAMPLE: &str = "write for example `images: { base_url: \"https://cdn.example.com/{sha256}/{name}\" }`";

/// The host of the docs folder's images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosting {
    /// The addresses of the images.
    pub base_url: AddressTemplate,
    /// The command that brings one image to its address, with its arguments; run by `apply` alone.
    pub upload: Option<Vec<String>>,
}

/// An address with holes for the image: `https://cdn.example.com/{sha256}/{name}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressTemplate(String);

/// The names of the holes.
const HOLES: [&str; 3] = ["sha256", "name", "path"];

impl AddressTemplate {
    /// Addresses below a folder that serves the docs' images, each with its digest in the file
    /// name: the local Help Center's.
    pub fn below(folder: &str) -> Self {
        Self(format!("{}/{{path}}", folder.trim_end_matches('/')))
    }

    /// The address of an image.
    ///
    /// `{sha256}` is the whole digest, `{name}` the file name with ten digits of it
    /// (`menu.0123456789.png`), `{path}` the path in the docs folder: with the digits in its file
    /// name, too, but where `{sha256}` is in the address already. Each part is escaped.
    pub fn fill(&self, path: &DocPath, sha256: &Sha256) -> String {
        let name = image_name(path, sha256);
        let named = match path.folder() {
            _ if self.0.contains("{sha256}") => path.as_str().to_owned(),
            "" => name.clone(),
            folder => format!("{folder}/{name}"),
        };
        let named = named.split('/').map(escaped).collect::<Vec<_>>().join("/");
        let mut address = String::new();
        let mut rest = self.0.as_str();
        while let Some((before, hole)) = rest.split_once('{') {
            let (hole, after) = hole.split_once('}').unwrap_or((hole, ""));
            address.push_str(before);
            match hole {
                "sha256" => address.push_str(sha256.as_str()),
                "name" => address.push_str(&escaped(&name)),
                _ => address.push_str(&named),
            }
            rest = after;
        }
        address.push_str(rest);
        address
    }

    fn parse(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        let mut holes = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let hole = rest[at..].strip_prefix('{').and_then(|after| after.split_once('}'));
            let Some((hole, after)) = hole else {
                return Err(Wrong::value(format!("a brace in `{text}` has no other half"), EXAMPLE));
            };
            if !HOLES.contains(&hole) {
                let near = did_you_mean(hole, HOLES).map(|near| near.replacen('`', "`{", 1).replace("`?", "}`?"));
                let help = near.unwrap_or_else(|| "there are `{sha256}`, `{name}` and `{path}`".to_owned());
                return Err(Wrong::value(format!("`{{{hole}}}` means nothing in the address of an image"), help));
            }
            holes.push(hole);
            rest = after;
        }
        let sample = HOLES.iter().fold(text.to_owned(), |text, hole| text.replace(&format!("{{{hole}}}"), "x"));
        let url = Url::parse(&sample).ok().filter(Url::has_host);
        let url = url.ok_or_else(|| Wrong::value(format!("`{text}` is not an address"), EXAMPLE))?;
        if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
            let help = "write an address that starts with https://; http:// is for this machine alone";
            return Err(Wrong::value(format!("images are not fetched from `{text}`"), help));
        }
        if !url.username().is_empty() || url.password().is_some() {
            let help = "remove it: Intercom fetches images without a password, and a file in Git is no place for one";
            return Err(Wrong::value("the address of the images holds a user or a password", help));
        }
        if url.fragment().is_some() || text.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\') {
            return Err(Wrong::value(format!("`{text}` is not the address of an image"), EXAMPLE));
        }
        let (_, after_scheme) = text.split_once("://").unwrap_or_default();
        let host = after_scheme.split(['/', '?']).next().unwrap_or_default();
        if host.contains('{') {
            return Err(Wrong::value("the host of the images must be one and the same", EXAMPLE));
        }
        let path = text.split('?').next().unwrap_or_default();
        if path.ends_with("/{name}") || path.ends_with("/{path}") {
            return Ok(Self(text.to_owned()));
        }
        if holes.is_empty() && !text.contains('?') {
            return Ok(Self::below(text));
        }
        Err(Wrong::value(
            "the address of an image has to end in its name",
            "end it with `/{name}` or `/{path}`; only a query may follow (`?…`)",
        ))
    }
}

/// The file name of an image with ten digits of its digest: `menu.0123456789.png`.
pub fn image_name(path: &DocPath, sha256: &Sha256) -> String {
    let name = path.name();
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{}.{extension}", sha256.short()),
        None => format!("{name}.{}", sha256.short()),
    }
}

/// One part of an address's path, escaped.
pub fn escaped(part: &str) -> String {
    url::form_urlencoded::byte_serialize(part.as_bytes()).map(|piece| piece.replace('+', "%20")).collect()
}

/// Whether a browser may open an address: one of the web, with nobody's name and password in it.
pub fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "https" | "http") && url.username().is_empty() && url.password().is_none()
}

/// Whether an address is one of this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Reads `images: { base_url: …, upload: […] }`.
pub(super) fn hosting(entry: &Entry) -> Result<Hosting, Wrong> {
    let mapping =
        entry.value.as_mapping().ok_or_else(|| Wrong::kind("`base_url`, and `upload` if need be", EXAMPLE))?;
    if let Some(key) = mapping.keys().find(|key| !matches!(key.as_str(), Some("base_url" | "upload"))) {
        let key = key.as_str().unwrap_or("?");
        let help = did_you_mean(key, ["base_url", "upload"]);
        return Err(Wrong::value(
            format!("`images` has no key `{key}`"),
            help.unwrap_or_else(|| "its keys are base_url and upload".to_owned()),
        ));
    }
    let base_url = match mapping.get("base_url") {
        Some(Value::String(text)) => AddressTemplate::parse(text)?,
        Some(_) => return Err(Wrong::kind("an address as `base_url`", EXAMPLE)),
        None => return Err(Wrong::value("`images` lacks `base_url`, the address of the images", EXAMPLE)),
    };
    let upload = mapping.get("upload").map(command).transpose()?;
    Ok(Hosting { base_url, upload })
}

/// Reads a command: a list of its name and its arguments. No shell takes it apart.
fn command(value: &Value) -> Result<Vec<String>, Wrong> {
    let wrong = || {
        Wrong::kind(
            "a list of a command and its arguments as `upload`",
            "write for example `upload: [./upload.sh]`; its path counts from the folder of `helpbook.yml`",
        )
    };
    let words = value.as_sequence().ok_or_else(wrong)?;
    let words = words.iter().map(|word| match word {
        Value::String(word) if !word.contains('\0') => Ok(word.clone()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(wrong()),
    });
    let words = words.collect::<Result<Vec<_>, _>>()?;
    if words.first().is_none_or(|name| name.trim().is_empty()) { Err(wrong()) } else { Ok(words) }
}

#[cfg(test)]
mod tests {
    use super::super::{Config, FILE};
    use super::*;

    fn read(text: &str) -> (Option<Hosting>, Vec<(String, Option<String>)>) {
        let mut diagnostics = Vec::new();
        let config = Config::parse(text, &DocPath::new(FILE), &mut diagnostics);
        (config.images, diagnostics.into_iter().map(|found| (found.message, found.help)).collect())
    }

    #[track_caller]
    fn fills(base_url: &str, path: &str, expected: &str) {
        let (hosting, found) = read(&format!("images: {{ base_url: \"{base_url}\" }}"));
        assert_eq!(found, []);
        let sha256 = Sha256::of("x");
        let address = hosting.unwrap().base_url.fill(&DocPath::new(path), &sha256);
        assert_eq!(address.replace(sha256.as_str(), "SHA"), expected);
    }

    #[track_caller]
    fn refuses(images: &str, message: &str) {
        let (hosting, found) = read(&format!("images: {images}"));
        assert_eq!((hosting, found.iter().map(|found| found.0.as_str()).collect::<Vec<_>>()), (None, vec![message]));
        assert!(found[0].1.is_some());
    }

    #[test]
    fn every_address_depends_on_the_bytes() {
        fills(
            "https://cdn.example.com/{sha256}/{name}",
            "a/menu.png",
            "https://cdn.example.com/SHA/menu.2d711642b7.png",
        );
        fills("https://cdn.example.com/{path}", "a/menu.png", "https://cdn.example.com/a/menu.2d711642b7.png");
        fills("https://cdn.example.com/i/{name}", "menu.png", "https://cdn.example.com/i/menu.2d711642b7.png");
        fills("https://cdn.example.com/docs/", "a/menu.png", "https://cdn.example.com/docs/a/menu.2d711642b7.png");
        fills("https://cdn.example.com/{path}?v={sha256}", "a/menu.png", "https://cdn.example.com/a/menu.png?v=SHA");
        fills("http://127.0.0.1:9/{path}", "menu.png", "http://127.0.0.1:9/menu.2d711642b7.png");
    }

    #[test]
    fn every_part_of_a_path_is_escaped() {
        fills(
            "https://cdn.example.com/{path}",
            "a b/größe #1?.png",
            "https://cdn.example.com/a%20b/gr%C3%B6%C3%9Fe%20%231%3F.2d711642b7.png",
        );
    }

    #[test]
    fn what_no_image_can_be_fetched_from_is_refused() {
        refuses("https://x", "`images` has the wrong type");
        refuses("{ upload: [a] }", "`images` lacks `base_url`, the address of the images");
        refuses("{ base_ulr: x }", "`images` has no key `base_ulr`");
        refuses("{ base_url: 3 }", "`images` has the wrong type");
        refuses("{ base_url: \"cdn/{name}\" }", "`cdn/{name}` is not an address");
        refuses(
            "{ base_url: \"http://cdn.example.com/{name}\" }",
            "images are not fetched from `http://cdn.example.com/{name}`",
        );
        refuses("{ base_url: \"file:///x/{name}\" }", "`file:///x/{name}` is not an address");
        refuses(
            "{ base_url: \"https://a:b@cdn.example.com/{name}\" }",
            "the address of the images holds a user or a password",
        );
        refuses("{ base_url: \"https://{name}/{path}\" }", "the host of the images must be one and the same");
        refuses("{ base_url: \"https://x.example/{nam}\" }", "`{nam}` means nothing in the address of an image");
        refuses("{ base_url: \"https://x.example/{name\" }", "a brace in `https://x.example/{name` has no other half");
        refuses("{ base_url: \"https://x.example/{sha256}\" }", "the address of an image has to end in its name");
        refuses("{ base_url: \"https://x.example/?f={path}\" }", "the address of an image has to end in its name");
        refuses(
            "{ base_url: \"https://x.example/{name}#a\" }",
            "`https://x.example/{name}#a` is not the address of an image",
        );
        for upload in ["./upload.sh", "[]", "[\"\"]", "[[a]]"] {
            refuses(
                &format!("{{ base_url: \"https://x.example/\", upload: {upload} }}"),
                "`images` has the wrong type",
            );
        }
    }

    #[test]
    fn whatever_a_file_is_called_its_address_is_one() {
        proptest::proptest!(|(path in "[^/\\\\]{1,9}(/[^/\\\\]{1,9}){0,2}", template in "https://x\\.example/[a-z{}?=/]{0,12}\\{(path|name|sha256)\\}")| {
            if let Ok(template) = AddressTemplate::parse(&template) {
                let address = template.fill(&DocPath::new(path), &Sha256::of("x"));
                let url = Url::parse(&address).unwrap();
                proptest::prop_assert_eq!(url.host_str(), Some("x.example"));
                let is_plain = address.is_ascii() && !address.contains(['"', '<', '>', ' ', '{', '}']);
                proptest::prop_assert!(is_plain, "{}", address);
            }
        });
    }

    #[test]
    fn the_nearest_hole_is_named() {
        let (_, found) = read("images: { base_url: \"https://x.example/{sha265}/{name}\" }");
        assert_eq!(found[0].1.as_deref(), Some("did you mean `{sha256}`?"));
    }

    #[test]
    fn a_command_is_a_list_that_no_shell_takes_apart() {
        let (hosting, found) = read("images:\n  base_url: https://x.example\n  upload: [./upload.sh, --region, 3]\n");
        assert_eq!(found, []);
        assert_eq!(hosting.unwrap().upload.unwrap(), ["./upload.sh", "--region", "3"]);
    }
}
