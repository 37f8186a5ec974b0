//! The client's doors to what is around articles, against the local Help Center.

use helpbook::intercom::Connection;
use helpbook::intercom::model::{
    AdminId, Article, ArticleId, CreateArticle, CreateRedirect, HelpCenterId, Locale, NewParent, RedirectTarget,
    Schedule, State, TagId, TargetId, UpdateArticle, WriteCollection, WriteContent, WriteGroup,
};
use helpbook::local::{LocalHelpCenter, Options};
use serde_json::json;

fn french() -> Locale {
    Locale("fr".into())
}

async fn start() -> (LocalHelpCenter, Connection) {
    let locales = vec![Locale::english(), french()];
    let local = LocalHelpCenter::start(Options { locales, ..Options::default() }).await.unwrap();
    let connection = Connection::new(&local.url(), &local.token().to_owned().into()).unwrap();
    (local, connection)
}

async fn article(connection: &Connection) -> Article {
    let content =
        WriteContent { title: Some("Bonjour".into()), body: Some("<p>b</p>".into()), ..WriteContent::default() };
    let wanted = CreateArticle {
        translated_content: [(french(), content)].into(),
        ..CreateArticle::draft("Hello".into(), "<p>a</p>".into(), AdminId(1))
    };
    connection.writer().create_article(&wanted).await.unwrap()
}

#[tokio::test]
async fn an_article_is_created_in_two_locales() {
    let (_local, connection) = start().await;
    let made = article(&connection).await;
    let locales = made.translated_content.as_ref().unwrap();
    assert_eq!(locales.get(&Locale::english()).unwrap().title, "Hello");
    assert_eq!(
        (locales.get(&french()).unwrap().title.as_str(), locales.get(&french()).unwrap().state),
        ("Bonjour", State::Draft)
    );
    assert_eq!((made.fin.ai_chatbot_availability, made.default_locale.clone()), (Some(true), Some(Locale::english())));
}

#[tokio::test]
async fn tags_are_made_attached_and_detached() {
    let (_local, connection) = start().await;
    let writer = connection.writer();
    let id = article(&connection).await.id;
    let tag = writer.create_tag("billing").await.unwrap();
    assert_eq!(writer.create_tag("Billing").await.unwrap(), tag);
    writer.attach_tag(id, tag.id).await.unwrap();
    assert_eq!(connection.reader().article(id).await.unwrap().unwrap().tags.unwrap().tags, std::slice::from_ref(&tag));
    writer.detach_tag(id, tag.id).await.unwrap();
    writer.detach_tag(id, TagId(7)).await.unwrap();
    assert_eq!(connection.reader().article(id).await.unwrap().unwrap().tags.unwrap().tags, []);
    assert_eq!(connection.reader().tags().await.unwrap(), std::slice::from_ref(&tag));
    assert_eq!(writer.attach_tag(ArticleId(7), tag.id).await.unwrap_err().status(), Some(404));
}

#[tokio::test]
async fn redirects_are_made_listed_and_deleted() {
    let (_local, connection) = start().await;
    let (reader, writer, center) = (connection.reader(), connection.writer(), HelpCenterId(1));
    let id = article(&connection).await.id;
    let wanted = |n: u32| CreateRedirect {
        from_url: format!("http://help.localhost/local/fr/old-{n}"),
        locale: french(),
        target_type: RedirectTarget::Article,
        target_id: TargetId(id.0),
    };
    let mut made = Vec::new();
    for n in 0..3 {
        made.push(writer.create_redirect(center, &wanted(n)).await.unwrap());
    }
    assert_eq!((&made[0].locale, made[0].help_center_id), (&Some(french()), Some(center)));
    assert_eq!(writer.create_redirect(center, &wanted(0)).await.unwrap_err().status(), Some(409));
    assert_eq!(reader.redirects(center).await.unwrap(), made);
    writer.delete_redirect(center, made[0].id).await.unwrap();
    writer.delete_redirect(center, made[0].id).await.unwrap();
    assert_eq!(reader.redirects(center).await.unwrap(), made[1..]);
}

#[tokio::test]
async fn audiences_of_several_pages_are_all_found() {
    let (local, connection) = start().await;
    let client = reqwest::Client::new();
    for n in 0..51 {
        let request = client.post(format!("{}/audiences", local.url())).bearer_auth(local.token());
        let request = request.header("Intercom-Version", "2.16").json(&json!({"name": format!("Audience {n}")}));
        assert_eq!(request.send().await.unwrap().status().as_u16(), 201);
    }
    let found = connection.reader().audiences().await.unwrap();
    assert_eq!((found.len(), found[50].name.as_str()), (51, "Audience 50"));
}

#[tokio::test]
async fn a_schedule_is_set_and_cancelled() {
    let (_local, connection) = start().await;
    let id = article(&connection).await.id;
    let writer = connection.writer();
    let update = async |schedule| {
        let update = UpdateArticle { scheduled_publish_at: schedule, ..UpdateArticle::default() };
        writer.update_article(id, &update).await.unwrap().scheduled_publish_at
    };
    let at = "2100-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(update(Schedule::At(at)).await, Some(at.as_second()));
    assert_eq!(update(Schedule::Unchanged).await, Some(at.as_second()));
    assert_eq!(update(Schedule::Cancel).await, None);
}

#[tokio::test]
async fn a_collection_is_translated_and_moved_to_the_top() {
    let (_local, connection) = start().await;
    let writer = connection.writer();
    let named = |name: &str| WriteCollection { name: Some(name.into()), ..WriteCollection::default() };
    let top = writer.create_collection(&named("Top")).await.unwrap();
    let below = WriteCollection { parent_id: NewParent::Below(top.id), ..named("Below") };
    let below = writer.create_collection(&below).await.unwrap();
    assert_eq!((below.parent_id, below.help_center_id), (Some(top.id), None));
    let name = WriteGroup { name: Some("Dessus".into()), ..WriteGroup::default() };
    let update = WriteCollection {
        parent_id: NewParent::Top,
        translated_content: [(french(), name)].into(),
        ..WriteCollection::default()
    };
    let moved = writer.update_collection(below.id, &update).await.unwrap();
    assert_eq!((moved.parent_id, moved.name.as_str()), (None, "Below"));
    assert_eq!(moved.translated_content.unwrap().get(&french()).unwrap().name, "Dessus");
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_broken_or_foreign_may_have_happened() {
    let (local, connection) = start().await;
    let next = async |fault: &str| {
        let request = reqwest::Client::new().post(format!("{}/_local/faults", local.url()));
        let sent = request.bearer_auth(local.token()).json(&json!({"next": [fault]})).send().await.unwrap();
        assert_eq!(sent.status().as_u16(), 200);
    };
    let wanted = CreateArticle::draft("Hello".into(), String::new(), AdminId(1));
    let mut there = 0;
    for (fault, is_done) in [
        ("drop-before", false),
        ("drop-after", true),
        ("error-before", false),
        ("error-after", true),
        ("truncated", true),
        ("wrong-type", true),
    ] {
        next(fault).await;
        let error = connection.writer().create_article(&wanted).await.unwrap_err();
        assert!(error.may_have_happened(), "{fault}: {error}");
        there += usize::from(is_done);
        assert_eq!(connection.reader().newest_articles().await.unwrap().len(), there, "{fault}");
    }
}
