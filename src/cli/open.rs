//! `helpbook open`

use std::path::{Path, PathBuf};

use super::Global;
use super::exit::Exit;
use super::failure::Failure;
use super::project::{Project, Target};
use super::workspace::{Workspace, pins, refuse_other};
use crate::book::{Book, Folder};
use crate::intercom::model::{ArticleId, CollectionId, Locale};
use crate::live::{Addresses, LiveArticle};
use crate::report::{Message, Terminal};
use crate::text::DocPath;

/// Open an article in your browser: live, or in Intercom's editor
///
/// The live address is the one that Intercom gives. No document says where the editor is: where `--draft` leads
/// elsewhere, `editor_url` in helpbook.yml corrects it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook open docs/billing/refunds.md     the article, as customers see it
  helpbook open docs/billing/refunds.fr.md  its French text
  helpbook open docs/billing                a collection
  helpbook open --draft 9100004             an article in Intercom's editor, by its id
  helpbook open -n docs/billing/refunds.md  print the address, and open nothing")]
pub(super) struct Args {
    /// An article or a folder of the docs, or the id of an article
    #[arg(value_name = "PATH|ID")]
    what: PathBuf,
    /// Open it in Intercom's editor, where its draft is
    #[arg(long)]
    draft: bool,
    /// Print the address, and open nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// What is opened.
enum What {
    Article(ArticleId, Locale),
    Collection(CollectionId),
}

pub(super) async fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let project = Project::open(global, terminal)?;
    if project.target == Target::Local {
        return Err(Failure::new(Exit::Usage, "the local Help Center answers no browser while no command runs")
            .hint("run `helpbook preview` to look at it beside the docs"));
    }
    let record = project.record(terminal)?;
    let what = named(&project, &args.what)?;
    let workspace = Workspace::connect(&project).await?;
    let me = workspace.connection.reader().me().await;
    let me = me.map_err(|error| Failure::of_request(&error, &workspace.connection.host()))?;
    let pins = pins(project.config.workspace.as_ref(), &record);
    refuse_other(pins, &me.app.id_code, &workspace.connection.host())?;
    let Some(addresses) = workspace.addresses(&project, &me) else { return Ok(Exit::Done) };
    let address = if args.draft {
        match what {
            What::Article(id, _) => addresses.editor(id),
            What::Collection(_) => {
                return Err(Failure::new(Exit::Usage, "a collection has no draft")
                    .hint("name an article, or leave `--draft` out"));
            }
        }
    } else {
        live(&workspace, &project, &addresses, what, &args.what).await?
    };
    terminal.print(&format!("{address}\n"));
    if !args.dry_run && open::that_detached(&address).is_err() {
        terminal.warning(&Message::new("cannot open a browser").hint(format!("open {address}")));
    }
    Ok(Exit::Done)
}

/// The article or the collection that the command line names.
fn named(project: &Project, given: &Path) -> Result<What, Failure> {
    let default = &project.config.default_locale;
    if let Some(id) = given.to_str().and_then(|text| text.parse().ok()) {
        return Ok(What::Article(ArticleId(id), default.clone()));
    }
    let book = project.files()?;
    let path = project.below_docs(given, &book.root)?;
    let shown = given.display();
    let no_id = || {
        Failure::new(Exit::Failed, format!("`{shown}` has no `id`: it is not in Intercom yet"))
            .hint(format!("run `helpbook apply {shown}` to stage it, or `helpbook preview {shown}` to look at it here"))
    };
    match found(&book, &path, default) {
        Some(Found::Article(id, locale)) => Ok(What::Article(id.ok_or_else(no_id)?, locale)),
        Some(Found::Collection(id)) => Ok(What::Collection(id.ok_or_else(no_id)?)),
        None => Err(Failure::new(Exit::Usage, format!("`{shown}` is neither an article nor a collection"))
            .hint("`helpbook status` lists the articles")),
    }
}

/// What a path of the docs is, with its id once it has one.
enum Found {
    Article(Option<ArticleId>, Locale),
    Collection(Option<CollectionId>),
}

fn found(book: &Book, path: &DocPath, default: &Locale) -> Option<Found> {
    for article in book.articles.values() {
        if article.path == *path {
            return Some(Found::Article(article.id, default.clone()));
        }
        if let Some((locale, _)) = article.translations.iter().find(|(_, content)| content.path == *path) {
            return Some(Found::Article(article.id, locale.clone()));
        }
    }
    book.collections.get(&Folder(path.to_string())).map(|collection| Found::Collection(collection.id))
}

/// The address at which customers see it.
async fn live(
    workspace: &Workspace,
    project: &Project,
    addresses: &Addresses,
    what: What,
    given: &Path,
) -> Result<String, Failure> {
    let (reader, host, given) = (workspace.connection.reader(), workspace.connection.host(), given.display());
    let gone = || {
        Failure::new(Exit::Failed, format!("Intercom has no `{given}` any more"))
            .hint("run `helpbook status` to see what is there")
    };
    match what {
        What::Article(id, locale) => {
            let article = reader.article(id).await.map_err(|error| Failure::of_request(&error, &host))?;
            let article = LiveArticle::of(article.ok_or_else(gone)?);
            addresses.live(&article, &locale, &project.config.default_locale).ok_or_else(|| {
                Failure::new(Exit::Failed, format!("article {id} is not live in `{locale}`: customers cannot see it"))
                    .hint(format!("run `helpbook open --draft {given}` to see it in Intercom"))
            })
        }
        What::Collection(id) => {
            let collection = reader.collection(id).await.map_err(|error| Failure::of_request(&error, &host))?;
            let url = collection.ok_or_else(gone)?.url;
            url.and_then(|url| addresses.shown(&url)).ok_or_else(|| {
                Failure::new(Exit::Failed, format!("collection {id} has no address"))
                    .hint("it gets one with its first published article")
            })
        }
    }
}
