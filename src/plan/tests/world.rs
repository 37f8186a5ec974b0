//! A book and a Help Center that agree, made from one model, and a plan as short text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;

use crate::book::{self, Book, CollectionRef, Folder, FrontMatter};
use crate::config::Config;
use crate::html::{LinkTargets, RenderedDocs};
use crate::intercom::model::{
    Admin, AdminId, App, Article, ArticleContent, ArticleId, Collection, CollectionId, HelpCenter, HelpCenterId,
    Locale, Me, Schedule, State, TranslatedContent, Version,
};
use crate::live::{Flags, InLocale, Listed, Live, LiveArticle, Versions};
use crate::plan::{
    self, Action, Change, Content, Inputs, Place, Plan, Publish, Rules, SettingsEdit, Stage, TagEdit, Texts, Theirs,
};
use crate::record::{ArticleRecord, CollectionRecord, Pair, Record, Records};
use crate::text::{DocPath, Span};

/// The teammate of the token.
pub const ADA: AdminId = AdminId(1);

/// Another teammate.
pub const GRACE: AdminId = AdminId(2);

/// The article that is on both sides.
pub const REFUNDS: ArticleId = ArticleId(11);

/// Its file.
pub const FILE: &str = "billing/refunds.md";

/// Its file in French.
pub const FRENCH_FILE: &str = "billing/refunds.fr.md";

/// The second locale.
pub fn french() -> Locale {
    Locale("fr".to_owned())
}

/// Its collection.
pub const BILLING: CollectionId = CollectionId(7);

/// Both sides and what is known of them.
#[derive(Clone)]
pub struct World {
    pub book: Book,
    pub live: Live,
    pub record: Record,
    pub rules: Rules,
}

impl World {
    /// A published article in a collection, as its file says, and as the record knows.
    pub fn in_sync() -> Self {
        let mut world = Self::empty();
        world.add_collection(7, "billing", None);
        world.add(11, FILE, "Refunds", "Old text.");
        world
    }

    /// The same with an article that was never published.
    pub fn never_published() -> Self {
        let mut world = Self::in_sync();
        world.file().content.state = Some(State::Draft);
        let article = world.article();
        (article.state, article.url) = (State::Draft, None);
        let record = world.known();
        (record.state, record.staged) = (State::Draft, record.live.take());
        world
    }

    /// The same with an article that was published and then taken offline in Intercom.
    pub fn taken_offline() -> Self {
        let mut world = Self::in_sync();
        world.article().state = State::Draft;
        world
    }

    /// The same with French beside English, in sync as well.
    pub fn in_two_locales() -> Self {
        let mut world = Self::in_sync();
        world.rules.locales.push(french());
        let body = "Vieux texte.";
        let content = book::Content {
            path: DocPath::new(FRENCH_FILE),
            source: body.into(),
            body: Span::new(0, body.len()),
            blob: std::sync::OnceLock::new(),
            title: "Remboursements".to_owned(),
            ..world.file().content.clone()
        };
        world.file().translations.insert(french(), content);
        let content = serde_json::from_value(serde_json::json!({
            "type": "article_content", "title": "Remboursements", "description": "", "body": html(body),
            "author_id": ADA, "state": "published", "updated_at": 1_790_000_000, "updated_by_id": GRACE,
            "url": "https://h.example/fr/11", "has_unpublished_changes": false,
        }))
        .unwrap();
        world.article().translated_content = Some(TranslatedContent([(french(), Some(content))].into()));
        let seen = world.in_french();
        let record = ArticleRecord {
            live: Some(world.pair_in_french(&seen.article)),
            ..ArticleRecord::new(DocPath::new(FRENCH_FILE), seen.article.state)
        };
        world.record.articles.insert((REFUNDS, french()), record);
        world
    }

    /// The French content of the article's file.
    pub fn french_file(&mut self) -> &mut book::Content {
        self.file().translations.get_mut(&french()).unwrap()
    }

    /// Changes the French text of the article's file.
    pub fn write_french(&mut self, body: &str) {
        let file = self.french_file();
        (file.source, file.body) = (body.into(), Span::new(0, body.len()));
        file.blob = std::sync::OnceLock::new();
    }

    /// The article's live French text.
    pub fn french(&mut self) -> &mut ArticleContent {
        self.article().translated_content.as_mut().unwrap().0.get_mut(&french()).unwrap().as_mut().unwrap()
    }

    /// What the record knows of the French text.
    pub fn french_record(&mut self) -> &mut ArticleRecord {
        self.record.articles.get_mut(&(REFUNDS, french())).unwrap()
    }

    /// A teammate's draft behind the live French text.
    pub fn draft_in_french(&mut self, body: &str) {
        let flagged = self.article().has_unpublished_changes;
        self.french().has_unpublished_changes = Some(true);
        let mut draft = self.found().draft.clone().unwrap_or_else(|| self.article().clone());
        draft.has_unpublished_changes = flagged;
        let content = draft.translated_content.as_mut().unwrap().0.get_mut(&french()).unwrap().as_mut().unwrap();
        (content.body, content.has_unpublished_changes) = (Some(html(body)), Some(true));
        self.found().draft = Some(draft);
    }

    /// Our own draft, staged with the French file as it is now.
    pub fn stage_french(&mut self, body: &str) {
        self.draft_in_french(body);
        let draft = self.in_french().draft.unwrap();
        let pair = self.pair_in_french(&draft);
        self.french_record().staged = Some(pair);
    }

    /// The article was never published in French.
    pub fn hide_french(&mut self) {
        let french = self.french();
        (french.state, french.url) = (State::Draft, None);
        self.french_file().state = Some(State::Draft);
        let record = self.french_record();
        (record.state, record.staged) = (State::Draft, record.live.take());
    }

    fn in_french(&mut self) -> LiveArticle {
        match self.found().in_locale(&french(), &Locale::english()) {
            InLocale::There(found) => found.into_owned(),
            other => panic!("{other:?}"),
        }
    }

    fn pair_in_french(&self, stored: &Article) -> Pair {
        let locale = french();
        self.pair(&locale, &self.book.articles[&DocPath::new(FILE)].translations[&locale], stored)
    }

    /// A text as Intercom made of it, when it was sent as a file is now.
    fn pair(&self, locale: &Locale, content: &book::Content, stored: &Article) -> Pair {
        let (docs, links) = (RenderedDocs::default(), LinkTargets::default());
        let Self { book, live, record, rules } = self;
        let inputs = Inputs { book, docs: &docs, live, record, rules };
        let desired = plan::desired::Desired::of(inputs, &links, locale, content, None).unwrap();
        desired.wanted(None).pair(stored, &desired.linked.own)
    }

    /// Nothing on either side.
    pub fn empty() -> Self {
        let admin = |id, name: &str| {
            let email = format!("{}@example.com", name.to_lowercase());
            (id, Admin { id, email: Some(email), name: Some(name.to_owned()) })
        };
        Self {
            book: Book::default(),
            live: Live {
                fetched_at: Timestamp::from_second(1_800_000_000).unwrap(),
                me: Me { id: ADA, app: App { id_code: "w1".to_owned(), ..App::default() }, ..Me::default() },
                help_center: HelpCenter {
                    id: HelpCenterId(1),
                    identifier: Some("acme".to_owned()),
                    ..HelpCenter::default()
                },
                admins: [admin(ADA, "Ada"), admin(GRACE, "Grace")].into(),
                collections: [].into(),
                articles: [].into(),
                unreadable: BTreeMap::new(),
                is_complete: true,
                audiences: Listed::NotFetched,
                redirects: Listed::NotFetched,
                last_put: BTreeMap::new(),
            },
            record: Record { workspace: Some("w1".to_owned()), ..Record::default() },
            rules: Rules { state: None, ..Rules::new(&Config::default()) },
        }
    }

    /// Adds a collection to both sides and to the record.
    pub fn add_collection(&mut self, id: u64, folder: &str, parent: Option<u64>) {
        self.add_folder(folder);
        let (id, folder) = (CollectionId(id), Folder(folder.to_owned()));
        let name = book::title_of_folder(&folder);
        let collection: Collection = serde_json::from_value(serde_json::json!({
            "id": id, "name": name, "description": "", "parent_id": parent, "help_center_id": 1,
        }))
        .unwrap();
        self.record.collections.insert(id, CollectionRecord::stored(folder.clone(), &collection));
        self.live.collections.insert(id, collection);
        self.book.collections.get_mut(&folder).unwrap().id = Some(id);
    }

    /// Adds a folder that Intercom does not have.
    pub fn add_folder(&mut self, folder: &str) {
        let folder = Folder(folder.to_owned());
        let index = Some(folder.index());
        let collection = book::Collection {
            index,
            id: None,
            id_span: None,
            title: None,
            description: None,
            translations: BTreeMap::new(),
        };
        self.book.collections.insert(folder, collection);
    }

    /// Adds a published article to both sides and to the record.
    pub fn add(&mut self, id: u64, path: &str, title: &str, body: &str) {
        self.add_file(path, title, body);
        self.add_live(id, title, body);
        let id = ArticleId(id);
        let file = self.book.articles.get_mut(&DocPath::new(path)).unwrap();
        (file.id, file.content.state) = (Some(id), Some(State::Published));
        let record = ArticleRecord {
            collection: Some(BILLING),
            live: Some(self.pair_of(path, &self.live.articles[&id].article)),
            ..ArticleRecord::new(DocPath::new(path), State::Published)
        };
        self.record.articles.insert((id, Locale::english()), record);
    }

    /// Adds a file that Intercom does not know.
    pub fn add_file(&mut self, path: &str, title: &str, body: &str) {
        let path = DocPath::new(path);
        let content = book::Content {
            path: path.clone(),
            source: body.into(),
            blob: std::sync::OnceLock::new(),
            front: FrontMatter::default(),
            body: Span::new(0, body.len()),
            title: title.to_owned(),
            description: None,
            state: None,
            author: None,
            readers: book::Availability::default(),
        };
        let collection = CollectionRef::Folder(Folder::of(&path));
        let article = book::Article {
            path: path.clone(),
            id: None,
            collection,
            settings: book::Settings::default(),
            content,
            translations: BTreeMap::new(),
        };
        self.book.articles.insert(path, article);
    }

    /// Adds a published article that no file claims.
    pub fn add_live(&mut self, id: u64, title: &str, body: &str) {
        let article = serde_json::from_value(serde_json::json!({
            "id": id, "title": title, "description": "", "body": html(body), "author_id": ADA, "state": "published",
            "updated_at": 1_790_000_000, "updated_by_id": GRACE, "url": "https://h.example/11", "parent_ids": [BILLING],
        }))
        .unwrap();
        self.live.articles.insert(ArticleId(id), LiveArticle::of(article));
    }

    /// The article's file.
    pub fn file(&mut self) -> &mut book::Article {
        self.book.articles.get_mut(&DocPath::new(FILE)).unwrap()
    }

    /// Changes the text of the article's file.
    pub fn write(&mut self, body: &str) {
        let file = &mut self.file().content;
        (file.source, file.body) = (body.into(), Span::new(0, body.len()));
        file.blob = std::sync::OnceLock::new();
    }

    /// The article in Intercom.
    pub fn found(&mut self) -> &mut LiveArticle {
        self.live.articles.get_mut(&REFUNDS).unwrap()
    }

    /// Its live text.
    pub fn article(&mut self) -> &mut Article {
        &mut self.found().article
    }

    /// What the record knows of it.
    pub fn known(&mut self) -> &mut ArticleRecord {
        self.record.articles.get_mut(&(REFUNDS, Locale::english())).unwrap()
    }

    /// What the record knows of its collection.
    pub fn collection(&mut self) -> &mut Collection {
        self.live.collections.get_mut(&BILLING).unwrap()
    }

    /// The collection's folder.
    pub fn folder(&mut self) -> &mut book::Collection {
        self.book.collections.get_mut(&Folder("billing".to_owned())).unwrap()
    }

    /// A teammate's draft behind the live text.
    pub fn draft(&mut self, body: &str) -> &mut Article {
        let found = self.found();
        found.article.has_unpublished_changes = Some(true);
        let mut draft = found.article.clone();
        (draft.content.body, draft.content.updated_by_id) = (Some(html(body)), Some(GRACE));
        found.draft.insert(draft)
    }

    /// Our own draft, staged with the file as it is now.
    pub fn stage(&mut self, body: &str) {
        let draft = self.draft(body).clone();
        let pair = self.pair_of(FILE, &draft);
        self.known().staged = Some(pair);
    }

    /// A text as Intercom made of it, when it was sent as the file is now.
    pub fn pair_of(&self, path: &str, stored: &Article) -> Pair {
        self.pair(&self.rules.locale, &self.book.articles[&DocPath::new(path)].content, stored)
    }

    /// Forgets what was sent, as if the lock file were lost.
    pub fn without_lock(&mut self) {
        self.record.articles = Records::default();
        self.record.collections.clear();
    }

    /// Who made the newest version: `web` or `api`.
    pub fn newest(&mut self, via: &str) {
        self.found().versions = [(None, versions(via))].into();
    }

    /// Takes the docs' side of everything: `--overwrite`.
    pub fn overwrite(&mut self) {
        self.rules.theirs = Theirs::Overwritten;
    }

    /// The plan.
    pub fn plan(&self) -> Plan {
        plan::plan(&self.book, &self.live, &self.record, &self.rules)
    }

    /// Compares the plan, as short text, with what it should be.
    #[track_caller]
    pub fn check(&self, expected: &str) {
        let lines: Vec<&str> = expected.split(" | ").map(str::trim).filter(|line| !line.is_empty()).collect();
        let plan = short(&self.plan());
        let plan: Vec<&str> = plan.lines().collect();
        assert_eq!(plan, lines, "\n{}\n", plan.join("\n"));
    }
}

/// The newest version of a text whose body nobody knows.
pub fn versions(via: &str) -> Versions {
    let version = Version { id: "1".to_owned(), created_via: Some(via.to_owned()), ..Version::default() };
    Versions { newest: Some(version.clone()), live: Some(version), ..Versions::default() }
}

/// A body as Intercom stores it.
pub fn html(text: &str) -> String {
    format!("<p class=\"no-margin\">{text}</p>")
}

/// A plan in a few lines: per change its path and action, what differs, and every step.
pub fn short(plan: &Plan) -> String {
    let mut text = String::new();
    for change in &plan.changes {
        let _ = writeln!(text, "{}: {:?}", change.subject.path(), change.action);
        for line in lines(change) {
            let _ = writeln!(text, "{line}");
        }
    }
    for note in &plan.notes {
        let _ = writeln!(text, "note: {note}");
    }
    text
}

fn lines(change: &Change) -> Vec<String> {
    let mut lines = Vec::new();
    for part in change.parts() {
        if !change.is_own(part) {
            lines.push(format!("{}: {:?}", part.locale, part.action));
        }
        for field in &part.fields {
            lines.push(format!("{}: {} -> {}", field.field.id(), field.old, field.new));
        }
        if !part.body.is_empty() {
            lines.push("body".to_owned());
        }
        if let Some(blocked) = &part.blocked {
            let by = blocked.by.as_ref().map_or_else(String::new, |by| format!(" ({by})"));
            lines.push(format!("blocked: {}{by}", blocked.reason));
        }
        if let Some(drift) = &part.drift {
            let fields: Vec<_> = drift.fields.iter().map(|field| field.id()).collect();
            lines.push(format!("drift: {} by {}", fields.join(", "), drift.by));
            lines.extend(drift.publish_blocked_by.iter().map(|reason| format!("refuses: {reason}")));
        }
        lines.extend(part.notes.iter().map(|note| format!("note: {note}")));
    }
    lines.extend(change.stage.iter().map(|stage| format!("stage: {}", stage_line(stage)).trim_end().to_owned()));
    lines.extend((!change.tags.is_empty()).then(|| format!("stage: {}", tags(&change.tags))));
    lines.extend(change.publish.iter().map(|step| format!("publish: {}", publish_line(step))));
    let blocked = change.is_blocked();
    let does_more = !change.publish.is_empty()
        || change.stage.is_some()
        || change.locales.values().any(|part| part.drift.is_some());
    assert!((change.action == Action::Blocked) == blocked || blocked && does_more, "{change:?}");
    lines
}

fn stage_line(stage: &Stage) -> String {
    match stage {
        Stage::CreateCollection { names, parent, .. } => {
            let name = names[&Locale::english()].name.clone().unwrap_or_default();
            format!("collection {name}{}", place(parent.as_ref()))
        }
        Stage::Adopt => "adopt".to_owned(),
        Stage::Create { texts, place: at, .. } => format!("create {}", placed(texts, at.as_ref())),
        Stage::Update { texts, place: at } => format!("update {}", placed(texts, at.as_ref())),
        Stage::Draft { texts, hidden } => {
            let before = placed(hidden, None);
            let before = if before.is_empty() { before } else { format!(" after update {}", before.trim()) };
            format!("draft {}{before}", placed(texts, None))
        }
    }
}

fn publish_line(step: &Publish) -> String {
    match step {
        Publish::Collection { names, parent } => {
            let own = names.get(&Locale::english()).cloned().unwrap_or_default();
            let others = names.iter().filter(|(locale, _)| **locale != Locale::english());
            let others: String = others.map(|(locale, naming)| format!(" {locale}({naming:?})")).collect();
            let goes = match parent {
                Some(crate::plan::NewPlace::Top) => " to the top".to_owned(),
                Some(crate::plan::NewPlace::Below(below)) => place(Some(below)),
                None => String::new(),
            };
            format!("collection {:?} {:?}{goes}{others}", own.name, own.description)
        }
        Publish::Live { texts, at } => {
            let at = at.map_or_else(String::new, |at| format!(" at {at}"));
            format!("live{at}{}", others(texts))
        }
        Publish::Draft { locales } if locales.as_slice() == [Locale::english()] => "draft".to_owned(),
        Publish::Draft { locales } => {
            format!("draft in {}", locales.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        }
        Publish::Locales { texts } => {
            format!("locales{}{}", if texts.contains_key(&Locale::english()) { " en()" } else { "" }, others(texts))
        }
        Publish::Settings(edit) => settings(edit),
        Publish::Tags(edit) => tags(edit),
        Publish::Redirects { from, .. } => {
            let from = from.iter().map(|old| format!(" {} ({})", old.url, old.locale)).collect::<String>();
            format!("redirect{from}")
        }
        Publish::Offline { texts } => format!("offline {}", placed(texts, None).trim()).trim().to_owned(),
        Publish::Delete => "delete".to_owned(),
    }
}

/// What is sent of each locale, the default one first and without its name.
fn placed(texts: &Texts, at: Option<&Place>) -> String {
    let own = texts.get(&Locale::english()).map(|own| content(own)).unwrap_or_default();
    format!("{own}{}{}", place(at), others(texts))
}

fn settings(edit: &SettingsEdit) -> String {
    let what = if edit.place.is_some() { "move" } else { "set" };
    let flags = edit.flags.iter().map(|(locale, sent)| format!(" {locale}({})", flags(sent))).collect::<String>();
    let at = |name: &str, at: Schedule| match at {
        Schedule::Unchanged => String::new(),
        Schedule::Cancel => format!(" {name}=none"),
        Schedule::At(at) => format!(" {name}={at}"),
    };
    let (publish, unpublish) = (at("publish", edit.publish_at), at("unpublish", edit.unpublish_at));
    format!("{what}{}{flags}{publish}{unpublish}", place(edit.place.as_ref()))
}

fn tags(edit: &TagEdit) -> String {
    let given = edit.attach.iter().map(|name| format!(" +{name}"));
    given.chain(edit.detach.iter().map(|tag| format!(" -{}", tag.name))).fold("tag".to_owned(), |all, tag| all + &tag)
}

fn flags(flags: &Flags) -> String {
    let switches = [("chatbot", flags.chatbot), ("copilot", flags.copilot), ("sales_agent", flags.sales_agent)];
    let switches = switches.into_iter().filter_map(|(name, flag)| Some(format!("{name}={}", flag?)));
    let audiences =
        flags.audiences.iter().map(|ids| format!("audiences={:?}", ids.iter().map(|id| id.0).collect::<Vec<_>>()));
    switches.chain(audiences).collect::<Vec<_>>().join(" ")
}

/// Other locales, each with what is sent of it.
fn others(texts: &Texts) -> String {
    let others = texts.iter().filter(|(locale, _)| **locale != Locale::english());
    others.map(|(locale, sent)| format!(" {locale}({})", content(sent))).collect()
}

fn place(place: Option<&Place>) -> String {
    match place {
        None => String::new(),
        Some(Place::Id(id)) => format!(" in {id}"),
        Some(Place::Folder(folder)) => format!(" in new {folder}"),
    }
}

/// The fields that are sent, each with its text.
fn content(content: &Content) -> String {
    let mut fields = Vec::new();
    fields.extend(content.title.iter().map(|text| format!("title={text}")));
    fields.extend(content.description.iter().map(|text| format!("description={text}")));
    fields.extend(content.body.iter().map(|text| format!("body={}", text.replace(" class=\"no-margin\"", ""))));
    fields.extend(content.author.iter().map(|id| format!("author={id}")));
    fields.extend((!content.flags.is_empty()).then(|| flags(&content.flags)));
    fields.join(" ")
}
