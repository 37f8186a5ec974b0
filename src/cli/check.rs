//! `helpbook check`

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;

use super::changed_since::Since;
use super::exit::Exit;
use super::failure::Failure;
use super::project::{Project, warned};
use super::{Global, lock_findings};
use crate::book::{Book, edit, fix, is_excluded, looks_like_an_article};
use crate::diagnostic::{Diagnostic, Fix, IDS, Id, Severity, did_you_mean};
use crate::plan::Rules;
use crate::report::findings::{self, Fixed, Which};
use crate::report::{self, Message, Terminal};
use crate::text::{DocPath, Places, harmless};
use crate::threads;

/// Validate the docs, without network and without a token
///
/// Shows everything that is wrong with the docs in one run. An error stops every other command
/// before anything is changed; a warning stops nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook check docs/billing                what is wrong in a folder, or in one file
  helpbook check -v --only broken-link       all findings of one kind
  helpbook check --fix -n                    show what can be fixed safely; without -n it is
  helpbook check --since origin/main         only what you changed can fail
  helpbook check --format github             in a workflow: annotations on the pull request
  helpbook check --explain unknown-key       what a finding means and what to do")]
pub(super) struct Args {
    /// Only files and folders; links from them are followed in all the docs
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Fix in the files what can be fixed safely, and show what is left
    #[arg(long)]
    fix: bool,
    /// With `--fix`: show what it would change, and write nothing
    #[arg(long, short = 'n', requires = "fix", conflicts_with_all = ["format", "json"])]
    dry_run: bool,
    /// Errors outside the files that changed since the commit REF count as warnings
    #[arg(long, value_name = "REF")]
    since: Option<String>,
    /// Only findings of these kinds, as they are named in brackets
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    only: Vec<String>,
    /// Count warnings as errors
    #[arg(long)]
    strict: bool,
    /// How findings are printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Print one JSON document; the same as `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Print what a finding means and what to do, and nothing else
    #[arg(long, value_name = "ID", conflicts_with_all = ["paths", "fix", "since", "strict", "format", "json"])]
    explain: Option<String>,
}

impl Args {
    /// These files, or all, as a list of fixes.
    pub(super) fn for_agent(paths: Vec<PathBuf>) -> Self {
        Self {
            paths,
            fix: false,
            dry_run: false,
            since: None,
            only: Vec::new(),
            strict: false,
            format: Format::Agent,
            json: false,
            explain: None,
        }
    }

    /// These files, or all, for a person, as a hook of Git runs it.
    pub(super) fn of_hook(paths: Vec<PathBuf>, fix: bool) -> Self {
        Self { fix, format: Format::Text, ..Self::for_agent(paths) }
    }

    /// What a finding means.
    pub(super) fn explaining(id: String) -> Self {
        Self { explain: Some(id), ..Self::for_agent(Vec::new()) }
    }

    fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For a person
    Text,
    /// One JSON document
    Json,
    /// A short list of fixes, for the prompt of an agent; all of them with `-v`
    Agent,
    /// Commands of a GitHub workflow, which annotate the lines of a pull request
    Github,
    /// A Code Quality report for GitLab
    Gitlab,
    /// One line each, `FILE:LINE:COLUMN: error: MESSAGE [ID]`, for editors and other programs
    Lines,
}

pub(super) fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    if let Some(id) = &args.explain {
        return explain(id, terminal);
    }
    let only = args.only.iter().map(|id| known(id)).collect::<Result<Vec<Id>, Failure>>()?;
    let project = open(args.format(), global, terminal)?;
    let load = || {
        let progress = terminal.progress("reading the docs");
        let (lock, book) = threads::both(|| project.lock(), || project.book());
        drop(progress);
        let mut book = book.map_err(|failure| unquoted(failure, args.format()))?;
        lock_findings::add_findings(&project, &warned(lock?, terminal), &mut book);
        let paths = args.paths.iter().map(|path| project.below_docs(path, &book.root));
        let asked = Rules { paths: paths.collect::<Result<_, _>>()?, ..project.rules() };
        book.diagnostics.retain(|finding| {
            let mut about = [&finding.path].into_iter().chain(&finding.others);
            (only.is_empty() || only.contains(&finding.id)) && about.any(|path| asked.means(path.as_str()))
        });
        Ok::<_, Failure>(book)
    };
    let mut book = load()?;
    let since = args.since.as_deref().map(|reference| Since::new(&project, &book, reference, terminal)).transpose()?;
    let is_inside = |finding: &Diagnostic| since.as_ref().is_none_or(|since| since.is_inside(finding));
    let mut exit = Exit::Done;
    let mut fixed = Vec::new();
    if args.fix {
        let fixable: Vec<&Diagnostic> = book.diagnostics.iter().filter(|finding| is_inside(finding)).collect();
        let files = fixed_files(&fixable, &book);
        if args.dry_run {
            show_fixes(&files, &project.shown, terminal);
            return Ok(Exit::Done);
        }
        fixed = carry_out(files, &book.root, &project, terminal, &mut exit)?;
        if !fixed.is_empty() {
            book = load()?;
        }
    }
    let found = std::mem::take(&mut book.diagnostics);
    let (inside, mut outside): (Vec<_>, Vec<_>) = found.into_iter().partition(is_inside);
    for finding in &mut outside {
        finding.severity = Severity::Warning;
    }
    if inside.iter().any(|finding| finding.severity == Severity::Error || args.strict) {
        exit = exit.max(Exit::Failed);
    }
    // What changed comes first: GitHub shows only some annotations of a step.
    let number_outside = outside.len();
    let found: Vec<Diagnostic> = inside.into_iter().chain(outside).collect();
    let findings = Findings { found: &found, fixed: &fixed, sources: &book.sources, which: which(global) };
    findings.show(args.format(), &project.shown, &book.root, terminal);
    if let Some(left_out) = left_out(&book, &found, &project) {
        terminal.say(&left_out);
    }
    terminal.say(&summary(&book, &found, fixed.len(), number_outside));
    let fixable = found.iter().filter(|finding| finding.fix.is_some() && is_inside(finding)).count();
    if fixable > 0 && !args.fix {
        terminal.hint(&format!("run `helpbook check --fix` to fix {fixable} of them"));
    } else if !fixed.is_empty() && fixable > 0 {
        terminal.hint(&format!("run `helpbook check --fix` again: {fixable} of what is left can be fixed now"));
    } else if exit == Exit::Done {
        terminal.hint("run `helpbook plan` to see what would change in Intercom");
    }
    // The process ends sooner than the docs are freed piece by piece.
    std::mem::forget(book);
    Ok(exit)
}

/// Opens the project. What is wrong with its configuration is shown as all findings are.
fn open(format: Format, global: &Global, terminal: &Terminal) -> Result<Project, Failure> {
    if matches!(format, Format::Text) {
        return Project::open(global, terminal);
    }
    let (project, found) = Project::read(global)?;
    if let Err(failure) = found.stop() {
        let findings =
            Findings { found: &found.diagnostics, fixed: &[], sources: &found.sources, which: which(global) };
        findings.show(format, &found.shown, &project.root, terminal);
        return Err(failure);
    }
    Ok(project)
}

/// The failure to read the docs folder. In a workflow it does not quote the folder that the
/// configuration names: every line of standard error is looked at for commands, too.
fn unquoted(failure: Failure, format: Format) -> Failure {
    match format {
        Format::Text | Format::Json | Format::Agent | Format::Gitlab | Format::Lines => failure,
        Format::Github => Failure::new(Exit::Failed, "the docs folder cannot be read")
            .hint("make the folder that `docs` in helpbook.yml names, or correct the name"),
    }
}

/// The findings that a person reads: all of them with `-v`, errors alone with `-q`.
fn which(global: &Global) -> Which {
    match (global.verbose, global.quiet) {
        (true, _) => Which::All,
        (_, true) => Which::FewErrors,
        _ => Which::Few,
    }
}

fn explain(id: &str, terminal: &Terminal) -> Result<Exit, Failure> {
    terminal.print(&findings::explain(known(id)?, terminal.paint()));
    Ok(Exit::Done)
}

/// The kind of finding that is called so.
fn known(id: &str) -> Result<Id, Failure> {
    IDS.iter().copied().find(|known| *known == id).ok_or_else(|| {
        let near = did_you_mean(id, IDS.iter().copied());
        let help = near.unwrap_or_else(|| "a finding shows its name in brackets, `error[unknown-key]`".to_owned());
        Failure::new(Exit::Usage, format!("there is no finding `{id}`")).hint(help)
    })
}

/// A file with what can be fixed in it.
struct FixedFile<'b> {
    path: &'b DocPath,
    before: &'b str,
    after: String,
    fixed: Vec<Fixed>,
}

/// What fixing findings makes of the files, in the order of their paths.
fn fixed_files<'b>(found: &[&'b Diagnostic], book: &'b Book) -> Vec<FixedFile<'b>> {
    let mut fixes: BTreeMap<&DocPath, Vec<&Fix>> = BTreeMap::new();
    for finding in found {
        if let Some(fix) = &finding.fix {
            fixes.entry(&finding.path).or_default().push(fix);
        }
    }
    let of_file = |(path, fixes): (&'b DocPath, Vec<&Fix>)| {
        let before: &str = book.sources.get(path)?;
        let (after, done) = fix::fixed(before, fixes);
        let places = Places::of(before);
        let fixed = |fix: &Fix| {
            let line = places.position(fix.start()).line;
            Fixed { path: path.clone(), line, done: fix.done.clone() }
        };
        Some(FixedFile { path, before, after, fixed: done.into_iter().map(fixed).collect() })
    };
    fixes.into_iter().filter_map(of_file).collect()
}

/// Carries the fixes out, file by file; a file that cannot be written stays as it was.
fn carry_out(
    files: Vec<FixedFile<'_>>,
    root: &Path,
    project: &Project,
    terminal: &Terminal,
    exit: &mut Exit,
) -> Result<Vec<Fixed>, Failure> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let _held = project.exclusive()?;
    let mut fixed = Vec::new();
    for file in files {
        if let Err(error) = edit::change(root, file.path, file.before, &file.after) {
            terminal.error(&Message::new(harmless(&error.to_string())).detail("the file stays as it was"));
            *exit = Exit::Failed;
            continue;
        }
        fixed.extend(file.fixed);
    }
    Ok(fixed)
}

/// Shows what would be fixed, as Git shows changes.
fn show_fixes(files: &[FixedFile<'_>], shown: &Path, terminal: &Terminal) {
    for file in files {
        file.fixed.iter().for_each(|fix| terminal.say(&fix.planned(shown)));
        terminal.print(&report::pull::changed_lines(file.path, file.before, &file.after, terminal.paint()));
    }
    let number = files.iter().map(|file| file.fixed.len()).sum::<usize>();
    let findings = if number == 1 { "1 finding" } else { &format!("{number} findings") };
    let count = if files.len() == 1 { "1 file" } else { &format!("{} files", files.len()) };
    if number == 0 {
        terminal.say("nothing can be fixed safely");
    } else {
        terminal.say(&format!("{findings} would be fixed in {count}"));
        terminal.hint("run the same without `-n` to write this");
    }
}

/// What a check found.
struct Findings<'a> {
    found: &'a [Diagnostic],
    fixed: &'a [Fixed],
    sources: &'a BTreeMap<DocPath, Arc<str>>,
    which: Which,
}

impl Findings<'_> {
    /// Shows them. Their paths start in `folder`, which the user would write as `shown`.
    fn show(&self, format: Format, shown: &Path, folder: &Path, terminal: &Terminal) {
        let Self { found, fixed, sources, which } = self;
        match format {
            Format::Text => {
                fixed.iter().for_each(|fix| terminal.say(&fix.text(shown)));
                let (chosen, left) = findings::chosen(found, *which);
                terminal.print(&findings::text(chosen, sources, shown, terminal.surface()));
                for (id, number) in left {
                    terminal.say(&format!("{number} times `{id}`; `helpbook check -v --only {id}` shows all"));
                }
            }
            Format::Json => terminal.print_json(&findings::json(found, fixed, sources)),
            Format::Agent => terminal.print(&findings::agent(found, sources, *which)),
            Format::Lines => terminal.print(&findings::lines(found, fixed, sources, shown)),
            Format::Gitlab => {
                let folder = in_repository(folder).unwrap_or_else(|| shown.to_owned());
                terminal.print_json(&findings::gitlab(found, sources, &folder));
            }
            Format::Github => {
                let folder = in_repository(folder).unwrap_or_else(|| shown.to_owned());
                terminal.print_as_it_is(&findings::github(found, fixed, sources, &folder));
            }
        }
    }
}

/// A folder as its repository names it, if it is in one.
fn in_repository(folder: &Path) -> Option<PathBuf> {
    let folder = fs::canonicalize(folder).ok()?;
    let top = folder.ancestors().find(|above| above.join(".git").exists())?;
    folder.strip_prefix(top).ok().map(Path::to_owned)
}

/// What is left out and could be taken for an article, in one line: by its name, or as an article links to it.
fn left_out(book: &Book, found: &[Diagnostic], project: &Project) -> Option<String> {
    let is_link = |finding: &&Diagnostic| finding.id == "relative-link";
    let linked: BTreeSet<&DocPath> = found.iter().filter(is_link).flat_map(|finding| &finding.others).collect();
    let is_linked = |path: &DocPath| linked.contains(path) && path.name().to_ascii_lowercase().ends_with(".md");
    let is_meant =
        |path: &&DocPath| (looks_like_an_article(path) || is_linked(path)) && !is_excluded(path, &project.config);
    let names: Vec<&str> = book.others.iter().filter(is_meant).map(DocPath::as_str).collect();
    let (shown, more) = names.split_at(names.len().min(3));
    let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
    let help =
        "articles are `.md` files; name a project file under `include` in helpbook.yml, or all of them under `exclude`";
    (!names.is_empty()).then(|| harmless(&format!("left out: {}{more}; {help}", shown.join(", "))))
}

/// `12 articles checked: 2 fixed, 1 error, 3 warnings; 3 of them outside what changed`
fn summary(book: &Book, found: &[Diagnostic], fixed: usize, outside: usize) -> String {
    let articles = match book.articles.len() {
        1 => "1 article".to_owned(),
        count => format!("{count} articles"),
    };
    let fixed = (fixed > 0).then(|| format!("{fixed} fixed"));
    let left = findings::count(found);
    let mut numbers = [fixed, left].into_iter().flatten().collect::<Vec<_>>().join(", ");
    if numbers.is_empty() {
        numbers = "no problems".to_owned();
    } else if found.is_empty() {
        numbers.push_str(", no problems left");
    }
    let outside = if outside > 0 { format!("; {outside} of them outside what changed") } else { String::new() };
    format!("{articles} checked: {numbers}{outside}")
}
