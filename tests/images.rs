//! Images of the docs folder: addresses, the look before the first write, the upload command.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Response, Uri};
use tokio::runtime::Runtime;

use crate::harness::{Project, Server, id_of};

pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\nthe first";
const OTHER: &[u8] = b"\x89PNG\r\n\x1a\nthe second";

/// What is under a path: a file, or the status and place of another answer.
#[derive(Clone)]
pub enum There {
    Bytes(Vec<u8>),
    Page(&'static str),
    Status(u16),
    Redirect(String),
}

#[derive(Default)]
struct Shelf {
    files: BTreeMap<String, There>,
    requests: Vec<String>,
}

/// A host of images on loopback.
pub struct Host {
    _runtime: Runtime,
    url: String,
    shelf: Arc<Mutex<Shelf>>,
}

impl Host {
    pub fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let shelf: Arc<Mutex<Shelf>> = Arc::default();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shelf));
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { _runtime: runtime, url, shelf }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn put(&self, path: &str, there: There) {
        self.shelf.lock().unwrap().files.insert(path.to_owned(), there);
    }

    /// The requests since the last look.
    fn requests(&self) -> Vec<String> {
        std::mem::take(&mut self.shelf.lock().unwrap().requests)
    }
}

async fn answer(State(shelf): State<Arc<Mutex<Shelf>>>, headers: HeaderMap, uri: Uri) -> Response<Body> {
    let there = {
        let mut shelf = shelf.lock().unwrap();
        let secrets = ["authorization", "cookie", "intercom-version", "referer"];
        let secret = secrets.iter().filter(|name| headers.contains_key(**name)).map(|name| format!(" with {name}"));
        let line = format!("{uri}{}", secret.collect::<String>());
        shelf.requests.push(line);
        shelf.files.get(uri.path()).cloned().unwrap_or(There::Status(404))
    };
    let (status, header, body) = match there {
        There::Bytes(bytes) => (200, ("content-type", "image/png".to_owned()), bytes),
        There::Page(text) => (200, ("content-type", "text/html; charset=utf-8".to_owned()), text.into()),
        There::Status(status) => (status, ("content-type", "text/plain".to_owned()), Vec::new()),
        There::Redirect(to) => (302, ("location", to), Vec::new()),
    };
    Response::builder().status(status).header(header.0, header.1).body(Body::from(body)).unwrap()
}

/// Two articles that show images and one that shows none.
fn project(server: &Server, images: &str) -> Project {
    let config = format!("docs: docs\nstate: published\nimages: {images}\n");
    let project = Project::new(&[
        ("helpbook.yml", &config),
        ("docs/guide/menu.md", "# Menu\n\nLook:\n\n![the menu](images/menu.png)\n"),
        ("docs/guide/both.md", "# Both\n\n![the menu](images/menu.png)\n\n![the list](images/list.png)\n"),
        ("docs/guide/plain.md", "# Plain\n\nNo image.\n"),
    ]);
    bytes(&project, "docs/guide/images/menu.png", PNG);
    bytes(&project, "docs/guide/images/list.png", b"GIF89a the list");
    project.on(server)
}

fn bytes(project: &Project, path: &str, bytes: &[u8]) {
    let file = project.path().join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, bytes).unwrap();
}

/// The images of the guide, as a repository shows them.
fn push(host: &Host, project: &Project) {
    for name in ["menu.png", "list.png"] {
        let bytes = fs::read(project.path().join("docs/guide/images").join(name)).unwrap();
        host.put(&format!("/guide/images/{name}"), There::Bytes(bytes));
    }
}

/// Everything is live, from a host that shows the repository.
fn published(server: &Server, host: &Host) -> Project {
    let project = project(server, &format!("{{ base_url: \"{}/{{path}}?v={{sha256}}\" }}", host.url));
    push(host, &project);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
    host.requests();
    project
}

/// The same, with addresses below a folder of the host, whose names carry the digests.
fn published_with_digests(server: &Server, host: &Host) -> Project {
    let project = project(server, &format!("{{ base_url: \"{}/i\" }}", host.url));
    shelve(host, &project);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
    host.requests();
    project
}

/// Puts every image under its name with the digest.
fn shelve(host: &Host, project: &Project) {
    for name in ["menu", "list"] {
        let path = format!("docs/guide/images/{name}.png");
        let bytes = fs::read(project.path().join(path)).unwrap();
        let digest = helpbook::text::Sha256::of(&bytes);
        host.put(&format!("/i/guide/images/{name}.{}.png", digest.short()), There::Bytes(bytes));
    }
}

/// The addresses of the images that are sent in a saved plan, of all changes that stage.
fn staged(project: &Project) -> Vec<String> {
    let plan: serde_json::Value = serde_json::from_str(&project.run(&["plan", "--json"]).exits(0).stdout).unwrap();
    let changes = plan["changes"].as_array().unwrap().iter().filter(|change| !change["stage"].is_null());
    changes.map(|change| change["path"].as_str().unwrap().to_owned()).collect()
}

/// Seen: a new article with a translation failed to go live, as its image came back with its name escaped.
#[test]
fn an_image_with_any_name_is_the_same_one_when_it_comes_back() {
    for name in ["menu.png", "combl\u{e9}.png", "a menu.png", "50%.png", "a+b.png", "%20.png", "\u{65e5}\u{672c}.png"] {
        let text = format!("---\ntitle: Menu\n---\n\nText.\n\n![menu](<{}>)\n", name.replace('%', "%25"));
        let project = Project::new(&[
            ("helpbook.yml", "docs: docs\nstate: published\nlocales: [en, fr]\n"),
            ("docs/guide/menu.md", &text),
            ("docs/guide/menu.fr.md", &text),
        ]);
        fs::write(project.path().join("docs/guide").join(name), PNG).unwrap();
        let ran = project.run(&["--local", "apply", "--publish", "--yes"]).exits(0);
        assert!(!ran.stdout.contains("another form"), "{name}: {}", ran.stdout);
        project.run(&["--local", "plan", "--detailed-exitcode"]).exits(0);
    }
}

#[test]
fn each_address_is_looked_at_once_and_nothing_secret_goes_there() {
    let (server, host) = (Server::start(), Host::start());
    let project = project(&server, &format!("{{ base_url: \"{}/{{path}}?v={{sha256}}\" }}", host.url));
    push(&host, &project);
    let sha256 = |bytes: &[u8]| helpbook::text::Sha256::of(bytes).as_str().to_owned();
    project.run(&["check"]).exits(0);
    project.run(&["plan"]).exits(0);
    assert_eq!(host.requests(), [""; 0]);
    project.run(&["apply"]).exits(0);
    let mut requests = host.requests();
    requests.sort();
    assert_eq!(
        requests,
        [
            format!("/guide/images/list.png?v={}", sha256(b"GIF89a the list")),
            format!("/guide/images/menu.png?v={}", sha256(PNG))
        ]
    );
    project.run(&["publish", "--yes"]).exits(0);
    project.run(&["status"]).exits(0);
    assert_eq!(host.requests(), [""; 0]);
    let article = server.get(&format!("/articles/{}", id_of(&project, "docs/guide/menu.md")));
    let body = article["body"].as_str().unwrap();
    assert!(body.contains("<img src=\"https://downloads.intercomcdn.com/") && body.contains("/menu.png?"), "{body}");
}

#[test]
fn a_missing_image_refuses_the_articles_that_show_it_and_no_other() {
    let (server, host) = (Server::start(), Host::start());
    let project = project(&server, &format!("{{ base_url: \"{}/{{path}}?v={{sha256}}\" }}", host.url));
    host.put("/guide/images/menu.png", There::Bytes(PNG.to_vec()));
    let ran = project
        .run(&["apply", "--publish", "--yes"])
        .exits(3)
        .says("refused guide/both.md: guide/images/list.png: 404 at http://127.0.0.1:")
        .says("hint: push the commit first, or set `images.upload`")
        .says("published guide/menu.md")
        .says("published guide/plain.md");
    assert!(!ran.stderr.contains("created guide/both.md"), "{}", ran.stderr);
    assert_eq!(server.ids().len(), 2);
    push(&host, &project);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    assert_eq!(server.ids().len(), 3);
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn other_bytes_a_page_and_a_closed_door_are_told_apart() {
    let (server, host) = (Server::start(), Host::start());
    let project = project(&server, &format!("{{ base_url: \"{}/{{path}}?v={{sha256}}\" }}", host.url));
    push(&host, &project);
    let says = |there: There, message: &str, hint: &str| {
        host.put("/guide/images/list.png", there);
        let mark = server.requests().len();
        project.run(&["apply", "docs/guide/both.md"]).exits(3).says(message).says(hint);
        let writes = server.writes_since(mark);
        assert!(writes.iter().all(|line| !line.contains("/articles")), "{writes:?}");
    };
    says(There::Bytes(OTHER.to_vec()), "guide/images/list.png: other bytes at http://", "some hosts show old bytes");
    let mut huge = b"GIF89a".to_vec();
    huge.resize(11 * 1024 * 1024, 0);
    says(There::Bytes(huge), "guide/images/list.png: other bytes at http://", "push the commit first");
    says(There::Page("<h1>Sign in</h1>"), "other bytes, of the kind `text/html`, at http://", "push the commit first");
    says(There::Status(403), "403 at http://", "make the address public");
    says(There::Status(500), "500 at http://", "push the commit first");
    let away = There::Redirect("http://192.0.2.1/list.png".to_owned());
    says(away, "redirects elsewhere: to an address that is not https", "write the address where it ends");
    let round = There::Redirect("/guide/images/list.png".to_owned());
    says(round, "redirects elsewhere: again and again", "write the address where it ends");
    let mut requests = host.requests();
    requests.retain(|line| line.contains(" with "));
    assert_eq!(requests, [""; 0]);
    host.put("/elsewhere.png", There::Bytes(b"GIF89a the list".to_vec()));
    host.put("/guide/images/list.png", There::Redirect("/elsewhere.png".to_owned()));
    project.run(&["apply"]).exits(0);
}

#[test]
fn nobody_there_is_told_as_such() {
    let server = Server::start();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let project = project(&server, &format!("{{ base_url: \"{url}/{{path}}\" }}"));
    project
        .run(&["apply"])
        .exits(3)
        .says("guide/images/menu.png: no answer at http://127.0.0.1:")
        .says("hint: check the address in `images.base_url`")
        .says("created guide/plain.md");
}

#[test]
fn new_bytes_under_the_same_name_stage_the_articles_that_show_them() {
    for published in [published, published_with_digests] {
        let (server, host) = (Server::start(), Host::start());
        let project = published(&server, &host);
        bytes(&project, "docs/guide/images/list.png", OTHER);
        assert_eq!(staged(&project), ["guide/both.md"]);
        bytes(&project, "docs/guide/images/menu.png", b"GIF89a third");
        assert_eq!(staged(&project), ["guide/both.md", "guide/menu.md"]);
        project.run(&["plan"]).exits(0).says("menu.");
        push(&host, &project);
        shelve(&host, &project);
        project.run(&["apply"]).exits(0);
        let mark = server.requests().len();
        project.run(&["apply"]).exits(0);
        assert_eq!(server.writes_since(mark), [""; 0]);
        project.run(&["publish", "--yes"]).exits(0);
        project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
        host.requests();
        project.run(&["apply"]).exits(0);
        assert_eq!(host.requests(), [""; 0]);
    }
}

#[test]
fn without_the_lock_nothing_is_to_do() {
    for published in [published, published_with_digests] {
        let (server, host) = (Server::start(), Host::start());
        let project = published(&server, &host);
        project.remove("helpbook.lock");
        project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
        for path in ["docs/guide/menu.md", "docs/guide/both.md", "docs/guide/plain.md"] {
            let text: String =
                project.read(path).split_inclusive('\n').filter(|line| !line.starts_with("id: ")).collect();
            project.write(path, &text);
        }
        project.run(&["apply"]).exits(0).says("adopted guide/both.md");
        assert_eq!(server.ids().len(), 3);
        project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
        bytes(&project, "docs/guide/images/list.png", OTHER);
        assert_eq!(staged(&project), ["guide/both.md"]);
    }
}

#[test]
fn a_staged_image_is_known_when_the_lock_was_never_written() {
    // A plain name does not prove which bytes are behind it, so such a draft is sent once more.
    for (published, sent_again) in [(published as fn(&Server, &Host) -> Project, 2), (published_with_digests, 0)] {
        let (server, host) = (Server::start(), Host::start());
        let project = published(&server, &host);
        let lock = project.read("helpbook.lock");
        bytes(&project, "docs/guide/images/menu.png", OTHER);
        push(&host, &project);
        shelve(&host, &project);
        project.run(&["apply"]).exits(0);
        // The run died right after the answer.
        project.write("helpbook.lock", &lock);
        let mark = server.requests().len();
        project.run(&["apply"]).exits(0);
        assert_eq!(server.writes_since(mark).len(), sent_again);
        let mark = server.requests().len();
        project.run(&["apply"]).exits(0);
        assert_eq!(server.writes_since(mark), [""; 0]);
        project.run(&["publish", "--yes"]).exits(0);
        project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
    }
}

#[test]
fn a_saved_plan_sends_no_image_that_changed_since() {
    let (server, host) = (Server::start(), Host::start());
    let project = published(&server, &host);
    bytes(&project, "docs/guide/images/list.png", OTHER);
    project.run(&["plan", "--out", "plan.json"]).exits(0);
    bytes(&project, "docs/guide/images/list.png", b"GIF89a third");
    push(&host, &project);
    let mark = server.requests().len();
    project.run(&["apply", "plan.json"]).exits(3).says("the file changed after this plan was made");
    assert_eq!(server.writes_since(mark), [""; 0]);
    bytes(&project, "docs/guide/images/list.png", OTHER);
    push(&host, &project);
    project.run(&["apply", "plan.json", "--publish", "--yes"]).exits(0);
    project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
}

#[test]
fn another_address_alone_is_no_change() {
    for published in [published, published_with_digests] {
        let (server, host) = (Server::start(), Host::start());
        let project = published(&server, &host);
        for base_url in ["https://cdn.example.com/{sha256}/{name}", "https://cdn.example.com/{path}?{sha256}"] {
            let config = format!("docs: docs\nstate: published\nimages: {{ base_url: \"{base_url}\" }}\n");
            project.write("helpbook.yml", &config);
            project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
        }
    }
}

#[test]
fn what_intercom_has_is_neither_looked_at_nor_fetched_again() {
    let (server, host) = (Server::start(), Host::start());
    let project = published_with_digests(&server, &host);
    let id = id_of(&project, "docs/guide/both.md");
    let images = |body: &serde_json::Value| -> Vec<String> {
        let body = body["body"].as_str().unwrap();
        body.split("src=\"").skip(1).map(|rest| rest.split('?').next().unwrap().to_owned()).collect()
    };
    let before = images(&server.get(&format!("/articles/{id}")));
    project.edit("docs/guide/both.md", "# Both\n", "# Both\n\nA word.\n");
    bytes(&project, "docs/guide/images/list.png", OTHER);
    shelve(&host, &project);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let requests = host.requests();
    assert!(requests.len() == 1 && requests[0].starts_with("/i/guide/images/list."), "{requests:?}");
    let after = images(&server.get(&format!("/articles/{id}")));
    assert_eq!(before[0], after[0]);
    assert_ne!(before[1], after[1]);
}

#[test]
fn a_teammates_draft_with_the_old_image_is_not_taken_for_ours() {
    let (server, host) = (Server::start(), Host::start());
    let project = published(&server, &host);
    let id = id_of(&project, "docs/guide/menu.md");
    let body = server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().to_owned();
    // Saved once more in the editor, with a mark that no reader sees.
    server.edit(id, &serde_json::json!({ "body": body.replace("<p", "<p data-x=\"1\"") + "<p></p>" }));
    bytes(&project, "docs/guide/images/menu.png", OTHER);
    push(&host, &project);
    project.run(&["apply", "--publish", "--yes", "docs/guide/menu.md"]).exits(3).says("draft is pending");
}

#[test]
fn without_a_host_an_image_of_the_docs_is_an_error_that_says_what_to_set() {
    let server = Server::start();
    let project = project(&server, "{ base_url: \"https://x.example\" }");
    project.write("helpbook.yml", "docs: docs\n");
    project
        .run(&["apply"])
        .exits(1)
        .says("error[local-image]: Intercom cannot fetch `guide/images/menu.png`")
        .says("docs/guide/both.md:3:1")
        .says("and so it is with all 3 images in 2 files")
        .says("set `images: { base_url:");
    assert_eq!(server.writes_since(0), [""; 0]);
    project.run(&["--local", "apply", "--publish", "--yes"]).exits(0);
    project.run(&["--local", "plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn with_local_neither_the_host_nor_the_command_is_used() {
    let (server, host) = (Server::start(), Host::start());
    let images = format!("{{ base_url: \"{}\", upload: [./no-such-command] }}", host.url);
    let project = project(&server, &images);
    project.run(&["--local", "apply", "--publish", "--yes"]).exits(0);
    assert_eq!(host.requests(), [""; 0]);
}

#[test]
fn the_local_help_center_can_be_the_host_itself() {
    let before = Project::new(&[("docs/a b/menü.md", "# Menu\n\n![the menu](größe.png)\n")]);
    bytes(&before, "docs/a b/größe.png", PNG);
    let docs = Some(before.path().join("docs"));
    let server = Server::with(helpbook::local::Options { docs, ..helpbook::local::Options::default() });
    let project = before.on(&server);
    let config = format!("docs: docs\nstate: published\nimages: {{ base_url: \"{}/docs\" }}\n", server.url());
    project.write("helpbook.yml", &config);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
    project.remove("helpbook.lock");
    project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
}

#[cfg(unix)]
#[test]
fn what_is_no_image_of_the_docs_is_told_at_its_place() {
    let server = Server::start();
    let project = project(&server, "{ base_url: \"https://x.example\" }");
    bytes(&project, "secret.png", PNG);
    bytes(&project, "docs/text.png", b"not an image");
    bytes(&project, "docs/lfs.png", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n");
    bytes(&project, "docs/bad.svg", b"<svg onload=\"x()\"/>");
    std::os::unix::fs::symlink(project.path().join("secret.png"), project.path().join("docs/out.png")).unwrap();
    project.write(
        "docs/bad.md",
        "# Bad\n\n![a](text.png)\n\n![a](lfs.png)\n\n![a](bad.svg)\n\n![a](out.png)\n\n![a](../../etc/passwd)\n\n![a](../secret.png)\n\n![a](guide/images/menü.png)\n",
    );
    let ran = project.run(&["apply"]).exits(1);
    for (line, id) in [
        (3, "not-an-image"),
        (5, "not-an-image"),
        (7, "image-script"),
        (9, "image-address"),
        (11, "image-address"),
        (13, "image-address"),
        (15, "missing-image"),
    ] {
        assert!(ran.stderr.contains(&format!("error[{id}]")), "{}", ran.stderr);
        assert!(ran.stderr.contains(&format!("docs/bad.md:{line}:1")), "{line}: {}", ran.stderr);
    }
    ran.says("git lfs pull").says("did you mean `guide/images/menu.png`?");
    assert_eq!(server.writes_since(0), [""; 0]);
}

/// The upload command.
#[cfg(unix)]
mod upload {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// A script beside `helpbook.yml`.
    fn script(project: &Project, text: &str) {
        project.write("tools/upload.sh", &format!("#!/bin/sh\n{text}\n"));
        let file = project.path().join("tools/upload.sh");
        fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn with_upload(server: &Server, host: &Host) -> Project {
        let images = format!("{{ base_url: \"{}/{{sha256}}/{{name}}\", upload: [./tools/upload.sh, now] }}", host.url);
        project(server, &images)
    }

    /// What the host serves once the command ran: all images under their addresses.
    fn shelve(host: &Host, project: &Project) {
        for name in ["menu", "list"] {
            let bytes = fs::read(project.path().join(format!("docs/guide/images/{name}.png"))).unwrap();
            let digest = helpbook::text::Sha256::of(&bytes);
            let path = format!("/{}/{name}.{}.png", digest.as_str(), digest.short());
            host.put(&path, There::Bytes(bytes));
        }
    }

    #[test]
    fn it_is_run_by_apply_alone_and_once_per_image_that_intercom_has_not() {
        let (server, host) = (Server::start(), Host::start());
        let project = with_upload(&server, &host);
        script(&project, "echo \"$1 $HELPBOOK_IMAGE_PATH $PWD\" >> log");
        shelve(&host, &project);
        for command in [&["check"][..], &["plan"], &["status"], &["apply", "-n"], &["publish", "--yes"]] {
            project.run(command);
            assert!(!project.exists("log"), "{command:?}");
        }
        project.run(&["apply"]).exits(0);
        let here = fs::canonicalize(project.path()).unwrap();
        let mut log: Vec<String> = project.read("log").lines().map(str::to_owned).collect();
        log.sort();
        let line = |name: &str| format!("now guide/images/{name}.png {}", here.display());
        assert_eq!(log, [line("list"), line("menu")]);
        project.run(&["publish", "--yes"]).exits(0);
        project.edit("docs/guide/both.md", "# Both\n", "# Both\n\nA word.\n");
        project.run(&["apply", "--publish", "--yes"]).exits(0);
        assert_eq!(project.read("log").lines().count(), 2);
        bytes(&project, "docs/guide/images/menu.png", OTHER);
        shelve(&host, &project);
        project.run(&["apply", "--publish", "--yes"]).exits(0);
        assert_eq!(project.read("log").lines().count(), 3);
        project.run(&["plan", "--detailed-exitcode"]).exits(0);
    }

    #[test]
    fn an_image_that_publish_sends_was_brought_there_by_apply() {
        let (server, host) = (Server::start(), Host::start());
        let project = with_upload(&server, &host);
        script(&project, "echo $HELPBOOK_IMAGE_PATH >> log");
        shelve(&host, &project);
        project.run(&["apply", "--publish", "--yes"]).exits(0);
        project.edit("docs/guide/menu.md", "---\nid: ", "---\nstate: draft\nid: ");
        bytes(&project, "docs/guide/images/menu.png", OTHER);
        project.write("log", "");
        project.run(&["publish", "--yes", "docs/guide/menu.md"]).exits(3).says("404 at");
        assert_eq!(project.read("log"), "");
        shelve(&host, &project);
        project.run(&["apply", "docs/guide/menu.md"]).exits(0);
        assert_eq!(project.read("log"), "guide/images/menu.png\n");
        project.run(&["publish", "--yes", "docs/guide/menu.md"]).exits(0).says("taken offline guide/menu.md");
        assert_eq!(project.read("log"), "guide/images/menu.png\n");
    }

    #[test]
    fn its_environment_has_the_image_and_no_token() {
        let (server, host) = (Server::start(), Host::start());
        let project = with_upload(&server, &host).env("INTERCOM_TOKEN", server.token()).env("AWS_REGION", "eu-1");
        script(
            &project,
            "env > \"env.$HELPBOOK_IMAGE_SHA256\"; cmp \"$HELPBOOK_IMAGE_FILE\" docs/$HELPBOOK_IMAGE_PATH",
        );
        shelve(&host, &project);
        project.run(&["apply"]).exits(0);
        let digest = helpbook::text::Sha256::of(PNG);
        let environment = project.read(&format!("env.{}", digest.as_str()));
        assert!(!environment.contains(server.token()), "{environment}");
        assert!(!environment.contains("INTERCOM_ACCESS_TOKEN") && !environment.contains("INTERCOM_TOKEN"));
        let name = format!("menu.{}.png", digest.short());
        let file = fs::canonicalize(project.path().join("docs/guide/images/menu.png")).unwrap();
        for line in [
            "AWS_REGION=eu-1".to_owned(),
            "HELPBOOK_IMAGE_PATH=guide/images/menu.png".to_owned(),
            format!("HELPBOOK_IMAGE_FILE={}", file.display()),
            format!("HELPBOOK_IMAGE_NAME={name}"),
            format!("HELPBOOK_IMAGE_URL={}/{}/{name}", host.url, digest.as_str()),
        ] {
            assert!(environment.lines().any(|found| found == line), "{line}: {environment}");
        }
    }

    #[test]
    fn where_it_fails_its_articles_are_not_sent_and_the_others_are() {
        let (server, host) = (Server::start(), Host::start());
        let project = with_upload(&server, &host);
        script(&project, "case $HELPBOOK_IMAGE_PATH in *list*) printf 'no \\033[2Jaccess\\n' >&2; exit 7;; esac");
        shelve(&host, &project);
        let ran = project
            .run(&["apply", "--publish", "--yes"])
            .exits(1)
            .says("failed guide/both.md: guide/images/list.png: `./tools/upload.sh now` exited with 7")
            .says("| no \u{fffd}[2Jaccess")
            .says("published guide/menu.md")
            .says("published guide/plain.md");
        assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
        assert_eq!(server.ids().len(), 2);
        script(&project, "exit 0");
        project.run(&["apply", "--publish", "--yes"]).exits(0);
        assert_eq!(server.ids().len(), 3);
    }

    #[test]
    fn one_that_is_not_there_or_brings_nothing_is_told() {
        let (server, host) = (Server::start(), Host::start());
        let project = with_upload(&server, &host);
        project.run(&["apply"]).exits(1).says("`./tools/upload.sh now` cannot be run: ").says("created guide/plain.md");
        script(&project, "exit 0");
        project.run(&["apply"]).exits(3).says("404 at").says("`images.upload` ended well");
        assert_eq!(server.ids().len(), 1);
    }
}
