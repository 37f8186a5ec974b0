//! Every transcript of the README and of the guide, made again by real runs against the local Help Center.
//!
//! A fenced block of the language `console` is a transcript. The runs say what each one is, by its page and heading;
//! a block that says something else, or that no run makes, fails. `HELPBOOK_WRITE_TRANSCRIPTS=1 cargo test transcripts`
//! writes them into the pages.

mod desk;
mod page;
mod publishing;
mod reference;
mod starting;
mod teamwork;
mod terminal;
mod writing;

use std::env;

use page::{Page, TRANSCRIPT};

/// What makes the blocks of a page.
type Runs = fn(&mut Page);

const PAGES: &[(&str, Runs)] = &[
    ("README.md", |page| {
        starting::readme_pull(page);
        publishing::readme_plan(page);
    }),
    ("example-docs/automation/api.md", reference::api),
    ("example-docs/getting-started/change-one-article.md", writing::change_one_article),
    ("example-docs/getting-started/connect-your-workspace.fr.md", starting::connect_in_french),
    ("example-docs/getting-started/connect-your-workspace.md", starting::connect),
    ("example-docs/getting-started/import.md", starting::import),
    ("example-docs/getting-started/install.fr.md", starting::install_in_french),
    ("example-docs/getting-started/install.md", starting::install),
    ("example-docs/getting-started/local-help-center.md", starting::local_help_center),
    ("example-docs/getting-started/probe-your-workspace.md", starting::probe),
    ("example-docs/getting-started/start-a-project.md", starting::start_a_project),
    ("example-docs/publishing/apply-and-publish.md", publishing::apply_and_publish),
    ("example-docs/publishing/history-and-undo.md", publishing::history),
    ("example-docs/publishing/read-a-plan.md", publishing::read_a_plan),
    ("example-docs/publishing/state.md", publishing::state),
    ("example-docs/publishing/teamwork/edits-in-intercom.md", teamwork::edits_in_intercom),
    ("example-docs/publishing/teamwork/in-intercom.md", teamwork::in_intercom),
    ("example-docs/publishing/teamwork/pull.md", teamwork::pull),
    ("example-docs/publishing/teamwork/take-over.md", teamwork::take_over),
    ("example-docs/publishing/teamwork/what-is-committed.md", teamwork::what_is_committed),
    ("example-docs/reference/configuration.md", writing::configuration),
    ("example-docs/reference/json.md", reference::json),
    ("example-docs/reference/messages.md", writing::messages),
    ("example-docs/writing/articles.md", writing::articles),
    ("example-docs/writing/find-the-file.md", writing::find_the_file),
    ("example-docs/writing/for-writers.md", writing::for_writers),
    ("example-docs/writing/images.md", writing::images),
    ("example-docs/writing/translations.md", writing::translations),
];

/// Languages of blocks that nothing printed: commands to type, files, and what a reader writes.
const OTHERS: &[&str] = &["sh", "powershell", "yaml", "toml", "json", "jsonc", "md", "html", "diff", "text"];

#[test]
fn every_transcript_is_what_a_run_prints() {
    let writes = env::var_os("HELPBOOK_WRITE_TRANSCRIPTS").is_some();
    let only = env::var("HELPBOOK_TRANSCRIPTS_OF").unwrap_or_default();
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let pages = PAGES.iter().filter(|(path, _)| path.contains(&only));
        let runs = pages.map(|&(path, run)| (path, scope.spawn(move || made(path, run, writes))));
        let failed = |path: &str| vec![format!("{path}: a run failed, see above")];
        let runs: Vec<_> = runs.collect();
        runs.into_iter().flat_map(|(path, run)| run.join().unwrap_or_else(|_| failed(path))).collect()
    });
    let how = "HELPBOOK_WRITE_TRANSCRIPTS=1 cargo test transcripts writes them";
    assert!(wrong.is_empty(), "{} transcripts are out of date; {how}\n{}", wrong.len(), wrong.join("\n"));
}

/// Runs what makes a page. What is wrong with it.
fn made(path: &str, run: Runs, writes: bool) -> Vec<String> {
    let mut page = Page::open(path);
    run(&mut page);
    if writes && page.write() {
        page = Page::open(path);
        run(&mut page);
    }
    page.wrong()
}

#[test]
fn every_block_says_what_it_is_and_every_page_with_a_transcript_has_runs() {
    let root = env!("CARGO_MANIFEST_DIR");
    let guide = walkdir::WalkDir::new(format!("{root}/example-docs")).into_iter().flatten();
    let guide = guide.map(walkdir::DirEntry::into_path).filter(|path| path.extension().is_some_and(|end| end == "md"));
    for file in guide.chain([format!("{root}/README.md").into()]) {
        let path: &str = file.strip_prefix(root).unwrap().to_str().unwrap();
        for block in Page::open(path).blocks() {
            let (line, language) = (block.line, block.language.as_str());
            let has_runs = PAGES.iter().any(|(other, _)| path == *other);
            assert!(
                OTHERS.contains(&language) || language == TRANSCRIPT && has_runs,
                "{path}:{line}: a block of `{language}`: name a language, or a run for a transcript",
            );
        }
    }
}
