//! `helpbook import`
//!
//! It reads a folder of another system, makes docs of it and writes them into the docs folder: files that are not
//! there yet, and with `--overwrite` those that differ. The source is never written to, and nothing is sent.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Global;
use super::exit::Exit;
use super::failure::Failure;
use super::project::Project;
use crate::book::{edit, id_in, is_with_id, with_id};
use crate::config::{Config, escaped};
use crate::disk;
use crate::git::Git;
use crate::import::{Import, Kind, Resolved, Site, Source, SourceError, import, sites};
use crate::intercom::model::Locale;
use crate::report::import::{Files, Which, json, text};
use crate::report::{Message, Terminal};
use crate::text::{DocPath, Span, one_line};
use crate::yaml::{Mapping, ways_to_set};

/// Bring in docs of another system
///
/// It reads docs of Docusaurus, MkDocs, GitBook, Mintlify, Hugo, Jekyll, Notion, Zendesk, Intercom's own Git sync or
/// plain Markdown, finds out which of them it is, and writes them as docs of this project: collections from the
/// navigation, boxes, tabs, includes and links as Markdown that Intercom shows. It ends with a report of every
/// construct: taken, approximated or left. A file of the docs that differs stays as it is. Nothing is sent, and the
/// source is not changed.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook import ../old-docs                a repository or a folder; what it is is found out
  helpbook import ../old-docs -n             show what would be written, and write nothing
  helpbook import ../old-docs/mkdocs.yml     one of several sites, by its configuration
  helpbook import notes --from notion --into docs/notes
  helpbook import ../old-docs --json         the report with every construct, its file and its line")]
pub(super) struct Args {
    /// A repository, a folder, or the configuration file of a site
    #[arg(value_name = "SOURCE")]
    source: PathBuf,
    /// What the source is written for, where it is not found out
    #[arg(long, value_name = "KIND", value_enum)]
    from: Option<Kind>,
    /// The folder of the docs that the files are written into
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// Show what would be written, and write nothing
    #[arg(long, short = 'n')]
    dry_run: bool,
    /// Replace files of the docs that differ; their ids stay
    #[arg(long)]
    overwrite: bool,
    /// Print the whole report as one JSON document
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let project = Project::open(global, terminal)?;
    let docs = project.root.join(&project.config.docs);
    let below = below_docs(args, &project, &docs)?;
    let progress = terminal.progress("reading the source");
    let (source, site) = chosen(args, &project, &docs)?;
    let import = import(&source, &site, &project.config, &below);
    drop(progress);
    if import.texts.is_empty() {
        return Err(Failure::new(
            Exit::Failed,
            format!("there is no page of {} in {}", site.kind.name(), shown(&args.source)),
        )
        .detail("nothing was written")
        .hint("name the folder of the pages, or say with `--from` what it is written for"));
    }
    let locales = Locales::of(&project, &import)?;
    let planned = Planned::of(&import, &docs, args);
    let mut exit = Exit::Done;
    if !args.dry_run {
        exit = planned.write(&docs, terminal);
        locales.write(&project, terminal)?;
    }
    if args.json {
        terminal.print_json(&json(&import, &planned.files, site.kind.word(), &site.folder));
    } else {
        let which = if global.verbose { Which::All } else { Which::Few };
        let place = if site.folder.is_empty() { shown(&args.source) } else { shown(&args.source.join(&site.folder)) };
        terminal.say(&format!("{place} is {}", site.kind.name()));
        terminal.say(text(&import, which).trim_end());
        report(args, &project, &import, &planned, terminal);
        locales.say(args, terminal);
        propose_host(&project, &import, terminal);
    }
    for (path, why) in &import.refused {
        let message = format!("{} is not imported: {}", one_line(path.as_str()), one_line(why));
        terminal.warning(&Message::new(message));
    }
    if !args.json && exit == Exit::Done {
        terminal.hint(if args.dry_run {
            "run it without `-n` to write the files"
        } else {
            "run `helpbook check`, then `helpbook plan`"
        });
    }
    Ok(exit)
}

fn shown(path: &Path) -> String {
    one_line(&path.display().to_string())
}

/// The folder that the files go into, below the docs folder; empty for that itself.
fn below_docs(args: &Args, project: &Project, docs: &Path) -> Result<String, Failure> {
    let Some(into) = &args.into else { return Ok(String::new()) };
    let refuse = || {
        Failure::new(Exit::Usage, format!("{} is no folder of the docs", shown(into)))
            .detail("nothing was written")
            .hint(format!("name a folder below {}", project.config.docs.display()))
    };
    let full = project.here.join(into);
    let clean = |path: &Path| {
        let mut parts = PathBuf::new();
        for part in path.components() {
            match part {
                std::path::Component::ParentDir => drop(parts.pop()),
                std::path::Component::CurDir => {}
                part => parts.push(part),
            }
        }
        parts
    };
    let below = clean(&full).strip_prefix(clean(docs)).map(Path::to_owned).map_err(|_| refuse())?;
    let parts = below.iter().map(|part| part.to_str()).collect::<Option<Vec<_>>>().ok_or_else(refuse)?;
    if parts.iter().any(|part| part.starts_with(['.', '_'])) {
        return Err(refuse());
    }
    Ok(parts.join("/"))
}

/// The source and the site of it that is meant.
fn chosen(args: &Args, project: &Project, docs: &Path) -> Result<(Source, Site), Failure> {
    let place = project.here.join(&args.source);
    let (folder, file) = match place.is_file() {
        true => (
            place.parent().unwrap_or(Path::new(".")).to_owned(),
            place.file_name().map(|name| name.to_string_lossy().into_owned()),
        ),
        false => (place.clone(), None),
    };
    let source = Source::load(&folder, docs).map_err(|error| {
        let hint = match error {
            SourceError::Docs(_) => "import into another folder: name it as `docs` in helpbook.yml",
            _ => "check the path of the source",
        };
        Failure::new(Exit::Usage, one_line(&error.to_string())).detail("nothing was written").hint(hint)
    })?;
    let mut found = sites(&source);
    if let Some(file) = &file {
        let of_file = found
            .iter()
            .filter(|site| site.folder.is_empty() && is_configuration(file, site.kind))
            .cloned()
            .collect::<Vec<_>>();
        if of_file.is_empty() && args.from.is_none() {
            return Err(Failure::new(
                Exit::Usage,
                format!("{} is the configuration of no system that is known", shown(&args.source)),
            )
            .detail("nothing was written")
            .hint("name a folder, or say with `--from` what it is written for"));
        }
        found = of_file;
    }
    if let Some(kind) = args.from {
        found.retain(|site| site.kind == kind);
        if found.is_empty() {
            found.push(Site { kind, folder: String::new() });
        }
    }
    match found.as_slice() {
        [site] => Ok((source, site.clone())),
        several => {
            // One at the top has what is below it.
            let top: Vec<&Site> = several.iter().filter(|site| site.folder.is_empty()).collect();
            if let [site] = top.as_slice() {
                return Ok((source, (*site).clone()));
            }
            let mut failure = Failure::new(Exit::Usage, format!("{} has {} sites", shown(&args.source), several.len()))
                .detail("nothing was written");
            for site in several.iter().take(20) {
                let folder = args.source.join(&site.folder);
                failure = failure.hint(format!(
                    "for {}: `helpbook import {} --from {}`",
                    site.kind.name(),
                    shown(&folder),
                    site.kind.word()
                ));
            }
            Err(failure)
        }
    }
}

fn is_configuration(file: &str, kind: Kind) -> bool {
    match kind {
        Kind::Docusaurus => file.starts_with("docusaurus.config.") || file.starts_with("sidebars."),
        Kind::Mkdocs => file.starts_with("mkdocs."),
        Kind::Gitbook => matches!(file, "SUMMARY.md" | ".gitbook.yaml"),
        Kind::Mintlify => matches!(file, "docs.json" | "mint.json"),
        Kind::Hugo => file.starts_with("hugo.") || file.starts_with("config."),
        Kind::Jekyll => file == "_config.yml",
        Kind::Intercom => file == "intercom-sync.yaml",
        Kind::Zendesk => file.ends_with(".json"),
        Kind::Notion | Kind::Plain => false,
    }
}

/// What is to be written.
struct Planned<'i> {
    files: Files,
    texts: BTreeMap<DocPath, Write>,
    images: &'i BTreeMap<DocPath, PathBuf>,
}

/// A text with what is there now.
struct Write {
    before: Option<String>,
    after: String,
}

impl<'i> Planned<'i> {
    fn of(import: &'i Import, docs: &Path, args: &Args) -> Self {
        let mut planned = Self { files: Files::default(), texts: BTreeMap::new(), images: &import.images };
        for (path, text) in &import.texts {
            let file = docs.join(path.as_str());
            if std::fs::symlink_metadata(&file).is_err() {
                planned.files.new.push(path.clone());
                planned.texts.insert(path.clone(), Write { before: None, after: text.clone() });
                continue;
            }
            let there = disk::read(&file, LARGEST).ok();
            let is_same = there.as_ref().is_some_and(|there| there == text || is_with_id(text, there));
            if is_same {
                planned.files.unchanged += 1;
            } else if let Some(before) = there.filter(|_| args.overwrite) {
                let id = id_in(&before).and_then(|id| with_id(text, id));
                planned
                    .texts
                    .insert(path.clone(), Write { before: Some(before), after: id.unwrap_or_else(|| text.clone()) });
                planned.files.replaced.push(path.clone());
            } else {
                planned.files.different.push(path.clone());
            }
        }
        for (path, from) in &import.images {
            let there = std::fs::symlink_metadata(docs.join(path.as_str())).ok();
            let from = std::fs::symlink_metadata(from).ok();
            match there {
                None => planned.files.new.push(path.clone()),
                // The bytes are compared when it is written.
                Some(about) if from.is_some_and(|from| from.len() == about.len()) => planned.files.unchanged += 1,
                Some(_) => planned.files.different.push(path.clone()),
            }
        }
        planned
    }

    /// Writes images, then texts. One that fails does not stop the others.
    fn write(&self, docs: &Path, terminal: &Terminal) -> Exit {
        let mut exit = Exit::Done;
        let mut failed = |error: String| {
            terminal.error(&Message::new(one_line(&error)));
            exit = Exit::Failed;
        };
        for path in self.files.new.iter().filter(|path| self.images.contains_key(*path)) {
            let Some(from) = self.images.get(path) else { continue };
            match bytes(from) {
                Ok(bytes) => {
                    if let Err(error) = edit::create_image(docs, path, &bytes) {
                        failed(error.to_string());
                    }
                }
                Err(error) => failed(format!("cannot read {}: {error}", from.display())),
            }
        }
        for (path, write) in &self.texts {
            let written = match &write.before {
                None => edit::create_copy(docs, path, &write.after),
                Some(before) => edit::change(docs, path, before, &write.after),
            };
            if let Err(error) = written {
                failed(error.to_string());
            }
        }
        exit
    }
}

/// How large a text of the docs may be, in bytes.
const LARGEST: u64 = 16 * 1024 * 1024;

/// The bytes of an image of the source, which is no link.
fn bytes(file: &Path) -> std::io::Result<Vec<u8>> {
    let about = std::fs::symlink_metadata(file)?;
    if !about.is_file() || about.len() > crate::book::LARGEST_IMAGE {
        return Err(std::io::Error::other("it is no plain file, or too large"));
    }
    std::fs::read(file)
}

/// Says what became of links, images and files.
fn report(args: &Args, project: &Project, import: &Import, planned: &Planned<'_>, terminal: &Terminal) {
    let files = &planned.files;
    let said = |what: &str, counted: Resolved| {
        if counted.there + counted.missing > 0 {
            let missing = if counted.missing > 0 {
                format!(", {} point to nothing that is imported", counted.missing)
            } else {
                String::new()
            };
            terminal.say(&format!("{what}: {} of {} resolved{missing}", counted.resolved, counted.there));
        }
    };
    said("links", import.report.links);
    said("images", import.report.images);
    match import.report.files_left {
        0 => {}
        1 => terminal.say("files: 1 link to a file that is no image keeps only its words: no article holds files"),
        number => terminal.say(&format!(
            "files: {number} links to files that are no images keep only their words: no article holds files"
        )),
    }
    for path in &files.different {
        let message = format!(
            "{} differs, and stays as it is",
            one_line(&project.shown.join(path.as_str()).display().to_string())
        );
        terminal.warning(&Message::new(message).hint("`--overwrite` replaces it"));
    }
    let verb = if args.dry_run { "would be written" } else { "written" };
    let mut counts = Vec::new();
    for (number, what) in [(files.new.len(), "new"), (files.replaced.len(), "replaced")] {
        if number > 0 {
            counts.push(format!("{number} {what}"));
        }
    }
    let unchanged =
        if files.unchanged > 0 { format!(", {} say the same already", files.unchanged) } else { String::new() };
    match counts.is_empty() {
        true => terminal.say(&format!("no file changes{unchanged}")),
        false => terminal.say(&format!("files {verb}: {}{unchanged}", counts.join(", "))),
    }
}

/// The locales that the source has and the project does not list.
struct Locales {
    all: Vec<Locale>,
    new: Vec<Locale>,
}

impl Locales {
    fn of(project: &Project, import: &Import) -> Result<Self, Failure> {
        let Config { default_locale, locales, .. } = &project.config;
        if let Some(other) = import.locales.first().filter(|first| *first != default_locale) {
            return Err(Failure::new(
                Exit::Usage,
                format!("the pages are in `{other}`, and the default locale of this project is `{default_locale}`"),
            )
            .detail("nothing was written")
            .hint(format!("set `default_locale: {other}` in helpbook.yml")));
        }
        let new: Vec<Locale> = import.locales.iter().filter(|locale| !locales.contains(locale)).cloned().collect();
        Ok(Self { all: locales.iter().chain(&new).cloned().collect(), new })
    }

    /// Lists them in `helpbook.yml`.
    fn write(&self, project: &Project, terminal: &Terminal) -> Result<(), Failure> {
        if self.new.is_empty() {
            return Ok(());
        }
        let fail = |error: String| {
            Failure::new(Exit::Failed, format!("cannot add the locales to {}: {error}", project.file.display()))
        };
        let before = disk::read(&project.file, LARGEST).map_err(|error| fail(error.to_string()))?;
        let names: Vec<&str> = self.all.iter().map(|locale| locale.0.as_str()).collect();
        let value = format!("[{}]", names.join(", "));
        let path = DocPath::new(crate::config::FILE);
        let mapping = Mapping::parse(&before, 0, &path, &mut Vec::new());
        let layout = mapping.as_ref().map(Mapping::layout);
        let ways = layout.map(|layout| match layout.places.is_empty() {
            true => vec![format!(
                "{}locales: {value}\n",
                if before.is_empty() || before.ends_with('\n') { before.clone() } else { format!("{before}\n") }
            )],
            false => ways_to_set(&before, Span::new(0, before.len()), layout, "locales", &value)
                .iter()
                .map(|way| way.made_in(&before))
                .collect(),
        });
        let after = ways.into_iter().flatten().find(|after| {
            let mut found = Vec::new();
            let config = Config::parse(after, &path, &mut found);
            config.locales == self.all && config.docs == project.config.docs && found.is_empty()
        });
        match after {
            Some(after) => edit::replace(&project.file, &after).map_err(|error| fail(error.to_string())),
            None => {
                let message = format!("the locales {} are not added to helpbook.yml", names.join(", "));
                terminal.warning(&Message::new(message).hint(format!("write `locales: {value}` there")));
                Ok(())
            }
        }
    }

    fn say(&self, args: &Args, terminal: &Terminal) {
        if !self.new.is_empty() {
            let names: Vec<&str> = self.new.iter().map(|locale| locale.0.as_str()).collect();
            let verb = if args.dry_run { "would be added" } else { "added" };
            terminal.say(&format!("locales {verb} to helpbook.yml: {}", names.join(", ")));
        }
    }
}

/// Says under which address Intercom could fetch the images, where nobody says it yet.
fn propose_host(project: &Project, import: &Import, terminal: &Terminal) {
    if import.images.is_empty() || project.config.images.is_some() {
        return;
    }
    let git = Git::new(&project.root);
    let tree = git.tree().ok();
    let repository = git.origin().as_deref().and_then(github);
    let number = import.images.len();
    let images = if number == 1 { "1 image".to_owned() } else { format!("{number} images") };
    match (repository, tree) {
        (Some(repository), Some(tree)) => {
            let branch = tree.branch.unwrap_or_else(|| "main".to_owned());
            let docs = project.root.join(&project.config.docs);
            let below =
                docs.strip_prefix(&tree.top).unwrap_or(&project.config.docs).to_string_lossy().replace('\\', "/");
            let below = if below.is_empty() || below == "." {
                String::new()
            } else {
                format!("{}/", below.split('/').map(escaped).collect::<Vec<_>>().join("/"))
            };
            terminal.say(&format!("{images} need an address from which Intercom can fetch them. If the repository is public, this is one, for helpbook.yml:"));
            terminal.say(&format!("  images: {{ base_url: \"https://raw.githubusercontent.com/{repository}/{branch}/{below}{{path}}?v={{sha256}}\" }}"));
        }
        _ => terminal
            .say(&format!("{images} need an address from which Intercom can fetch them: set `images` in helpbook.yml")),
    }
}

/// Owner and name of a repository of GitHub, from the address of a remote.
fn github(address: &str) -> Option<String> {
    let rest = address.split_once("github.com").map(|(_, rest)| rest)?;
    let path = rest.trim_start_matches([':', '/']).trim_end_matches('/').trim_end_matches(".git");
    let is_fine = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    match path.split('/').collect::<Vec<_>>().as_slice() {
        [owner, name] if is_fine(owner) && is_fine(name) => Some(format!("{owner}/{name}")),
        _ => None,
    }
}
