//! Images of the docs folder: what is a change, and what Intercom has to fetch.

use super::world::World;
use crate::book::ImageFile;
use crate::config::{AddressTemplate, Config};
use crate::plan::{Content, Rules, Stage};
use crate::text::{DocPath, Sha256};

const CDN: &str = "https://downloads.intercomcdn.com/i/o/1";

/// An article that shows `menu.png`, as Intercom keeps it under a file name.
fn shown_as(name: &str) -> World {
    let mut world = World::in_sync();
    world.rules = Rules { images: template("https://x.example/{path}"), ..world.rules };
    world.write("![menu](menu.png)");
    save(&mut world, "first");
    world.article().body = Some(format!("<img src=\"{CDN}/{name}?expires=1\" alt=\"menu\">"));
    world.without_lock();
    world
}

fn template(base_url: &str) -> Option<AddressTemplate> {
    let text = format!("images: {{ base_url: \"{base_url}\" }}");
    Config::parse(&text, &DocPath::new("helpbook.yml"), &mut Vec::new()).images.map(|images| images.base_url)
}

fn save(world: &mut World, bytes: &str) {
    let file = ImageFile { sha256: Sha256::of(bytes), bytes: bytes.len() as u64, flaw: None };
    world.book.images.insert(DocPath::new("billing/menu.png"), file);
}

fn digest_name(bytes: &str) -> String {
    format!("menu.{}.png", Sha256::of(bytes).short())
}

/// What is staged, and the addresses of the images that Intercom has to fetch for it.
fn staged(world: &World) -> (Content, Vec<String>) {
    let plan = world.plan();
    assert_eq!(plan.changes.len(), 1);
    let Some(Stage::Draft { texts, .. }) = plan.changes[0].stage.clone() else { panic!("{:?}", plan.changes) };
    let content = texts[&crate::intercom::model::Locale::english()].clone();
    let urls = content.images.iter().map(|image| image.url.clone()).collect();
    (*content, urls)
}

#[test]
fn an_image_is_the_same_by_the_digest_in_its_name_wherever_it_stands() {
    let mut world = shown_as(&digest_name("first"));
    for base_url in
        ["https://x.example/{path}", "https://y.example/{sha256}/{name}", "https://z.example/{path}?{sha256}"]
    {
        world.rules.images = template(base_url);
        assert_eq!(world.plan().changes, [], "{base_url}");
    }
    save(&mut world, "second");
    world.rules.images = template("https://x.example/{path}");
    let (content, urls) = staged(&world);
    assert_eq!(urls, [format!("https://x.example/billing/{}", digest_name("second"))]);
    assert!(content.body.unwrap().contains(&urls[0]));
}

#[test]
fn an_image_that_intercom_has_is_sent_by_its_address_there() {
    let mut world = shown_as(&digest_name("first"));
    world.write("![menu](menu.png)\n\nMore.");
    let (content, urls) = staged(&world);
    assert_eq!(urls, [""; 0]);
    assert!(content.body.unwrap().contains(&format!("src=\"{CDN}/{}\"", digest_name("first"))));
}

#[test]
fn an_image_with_a_plain_name_is_the_same_until_base_knows_otherwise() {
    let mut world = shown_as("menu.png");
    assert_eq!(world.plan().changes, []);
    let settled = world.plan().settled[0].clone();
    settled.keep(&mut world.record);
    assert_eq!(world.plan().changes, []);
    save(&mut world, "second");
    assert_eq!(staged(&world).1.len(), 1);
}

#[test]
fn a_title_alone_sends_no_image() {
    let mut world = shown_as("menu.png");
    world.file().content.title = "Other".to_owned();
    let (content, urls) = staged(&world);
    assert_eq!((content.body, urls), (None, vec![]));
}
