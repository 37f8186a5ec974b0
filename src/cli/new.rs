//! `helpbook new`

use super::Global;
use super::exit::Exit;
use super::failure::Failure;
use super::project::Project;
use crate::book::{self, Book, edit};
use crate::pull;
use crate::report::{Message, Terminal};
use crate::text::{DocPath, one_line};

/// Create the file of a new article
///
/// The file is named after the title and has its front matter. Nothing is sent to Intercom: write the
/// text, then run `helpbook plan`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook new \"Refund a customer\" --in billing        docs/billing/refund-a-customer.md
  helpbook new \"Refund a customer\" --in \"Money matters\"  in the folder of that collection
  helpbook new Drafting --draft                        an article that stays a draft")]
pub(super) struct Args {
    /// The title of the article
    #[arg(value_name = "TITLE")]
    title: String,
    /// The collection: a folder of the docs, or the title of one; made where there is none
    #[arg(long = "in", value_name = "COLLECTION")]
    collection: Option<String>,
    /// Keep it a draft, also at `publish`
    #[arg(long)]
    draft: bool,
}

pub(super) fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let project = Project::open(global, terminal)?;
    let title = one_line(args.title.trim());
    let name = pull::slug(&title);
    if name.is_empty() {
        return Err(Failure::new(Exit::Usage, format!("`{title}` has no letter and no digit for the name of a file"))
            .detail("nothing was written")
            .hint("give a title in words"));
    }
    let root = project.root.join(&project.config.docs);
    let book = if root.is_dir() { project.files()? } else { Book { root, ..Book::default() } };
    // Our own messages name files from the project's folder.
    let below_docs = |wanted: &str| {
        let docs = project.config.docs.to_string_lossy().into_owned();
        wanted.strip_prefix(&docs).and_then(|rest| rest.strip_prefix('/')).unwrap_or(wanted).to_owned()
    };
    let place = args.collection.as_deref().map(|wanted| Place::of(&book, &below_docs(wanted))).transpose()?;
    let folder = place.as_ref().map(|place| format!("{}/", place.folder)).unwrap_or_default();
    let path = DocPath::new(format!("{folder}{name}.md"));
    let shown = |path: &DocPath| project.shown.join(path.as_str()).display().to_string();
    let exists = |path: &DocPath| book.root.join(path.as_str()).exists();
    if exists(&path) {
        return Err(Failure::new(Exit::Failed, format!("{} is already there", shown(&path)))
            .detail("nothing was written")
            .hint("give another title, or edit that file"));
    }
    let mut files = Vec::new();
    if let Some(Place { folder, title: Some(title) }) = &place {
        let index = DocPath::new(format!("{folder}/_index.md"));
        if !exists(&index) {
            files.push((index, format!("---\ntitle: {}\n---\n", book::quoted(title))));
        }
    }
    let state = match (args.draft, project.config.state) {
        (true, _) => "state: draft\n",
        (false, None) => "state: published\n",
        (false, Some(_)) => "",
    };
    files.push((path, format!("---\ntitle: {}\n{state}---\n\n", book::quoted(&title))));
    let ignored = project.ignored_by_git(files.iter().map(|(path, _)| path));
    for (path, text) in &files {
        edit::create(&book.root, path, text).map_err(|error| Failure::new(Exit::Failed, error.to_string()))?;
        terminal.say(&format!("wrote {}", shown(path)));
    }
    for path in ignored {
        let message = format!("Git ignores {}, so that it is no article", shown(&path));
        terminal.warning(&Message::new(message).hint("change the `.gitignore` that names it"));
    }
    terminal.hint("write the text below the second `---` line, then run `helpbook plan`");
    Ok(Exit::Done)
}

/// Where an article goes.
struct Place {
    folder: String,
    /// The title of a collection that has no file yet.
    title: Option<String>,
}

impl Place {
    /// The folder that somebody means, by its path or by the title of its collection.
    fn of(book: &Book, wanted: &str) -> Result<Self, Failure> {
        let path = wanted.trim_end_matches('/');
        let titled: Vec<&str> = book
            .collections
            .iter()
            .filter(|(folder, collection)| {
                let title = collection.title.clone().unwrap_or_else(|| book::title_of_folder(folder));
                folder.0 == path || title.trim() == wanted.trim()
            })
            .map(|(folder, _)| folder.0.as_str())
            .collect();
        match titled.as_slice() {
            [folder] => Ok(Self { folder: (*folder).to_owned(), title: None }),
            [] => Self::new(book, path),
            several => Err(Failure::new(Exit::Usage, format!("several collections are called `{wanted}`"))
                .detail("nothing was written")
                .hint(format!("name one by its folder: `{}`", several.join("`, `")))),
        }
    }

    fn new(book: &Book, path: &str) -> Result<Self, Failure> {
        let parts: Vec<String> = path.split('/').map(pull::slug).collect();
        if parts.iter().any(String::is_empty) {
            return Err(Failure::new(Exit::Usage, format!("`{path}` names no folder of the docs"))
                .detail("nothing was written")
                .hint("name a folder below the docs folder, as `billing/refunds`, or a title"));
        }
        let folder = parts.join("/");
        let is_there = book.root.join(&folder).is_dir();
        let title = path.split('/').next_back().unwrap_or(path);
        // A folder says its own name where that is all there is to say.
        let says_more = !is_there && parts.last().is_some_and(|name| name != title);
        Ok(Self { folder, title: says_more.then(|| title.trim().to_owned()) })
    }
}
