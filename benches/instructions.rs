//! How many instructions the work takes, counted by valgrind: `cargo bench --profile counts --bench instructions`.
//!
//! Seconds on a shared machine say little below a tenth. Instructions of the same program on the same input differ by
//! less than 0.4 %, so `counts.tsv` holds how many each piece of work took, and this fails where one takes more than 3 %
//! above that. To announce that something takes more, write the file again with `HELPBOOK_WRITE_COUNTS=1` and commit
//! it. An argument chooses rows by a part of their name.
//!
//! Functions are run by this program itself below valgrind, and only what is inside [`measured`] counts. Commands are
//! the real binary, whole, with a Help Center in this process. Everything runs on one core, as which thread takes what
//! would count otherwise. It needs Linux and valgrind.

mod book;
mod world;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

use book::Book as Generated;
use helpbook::book::{Book, Ids, Ignored};
use helpbook::html::{self, RenderedDocs, TextSummary};
use helpbook::local::{Clock, LocalHelpCenter, Options};
use helpbook::plan::Plan;
use helpbook::record::Record;
use helpbook::report;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use world::{World, markdown, rendered};

/// How many articles the book of the commands has. One in ten has a translation.
const ARTICLES: usize = 60;

/// How many the book of the functions has, which valgrind has to make for each of them.
const FEW: usize = 20;

/// How much more than was written may be taken: three in a hundred.
const MOST: f64 = 1.03;

/// The same where another compiler made the program.
const MOST_OF_ANOTHER_COMPILER: f64 = 1.10;

/// The argument that runs one function and nothing else.
const ONE: &str = "--one-function";

type Failure = Box<dyn std::error::Error>;

/// Functions by name. What each prepares outside [`measured`] does not count.
const FUNCTIONS: [(&str, fn()); 14] = [
    ("load the book", || {
        let world = world();
        measured(|| Book::load(world.folder.path(), &world.config, Ids::FrontMatter, &Ignored::Usual));
    }),
    ("render", || {
        let markdown = markdown();
        // The first text makes tables for all.
        let _ = rendered(&markdown);
        measured(|| rendered(&markdown));
    }),
    ("parse a stored body", || {
        let html = rendered(&markdown()).html();
        measured(|| html::parse(&html));
    }),
    ("canonical form", || {
        let body = rendered(&markdown()).body;
        measured(|| html::canonical(&body));
    }),
    ("exact form", || {
        let rendered = rendered(&markdown());
        measured(|| TextSummary::of(rendered));
    }),
    ("Markdown of a body", || {
        let body = rendered(&markdown()).body;
        measured(|| html::markdown::markdown(&body));
    }),
    ("compare blocks", || {
        let [old, new] = two_texts().map(|text| rendered(&text).body);
        measured(|| html::block_diff::compare(&old, &new).len());
    }),
    ("compare words", || {
        let [old, new] = two_texts();
        measured(|| html::diff::words(&old, &new));
    }),
    ("plan of rendered texts, with the lock", || plan_of(&world(), Lock::Kept)),
    ("plan of rendered texts, without the lock", || plan_of(&world(), Lock::Lost)),
    ("plan of changed texts", || {
        let world = changed();
        plan_of(&world, Lock::Lost);
    }),
    ("report of changed texts, for a terminal", || {
        let plan = plan_with_changes();
        let look = report::plan::Look {
            paint: report::Paint::Plain,
            verbosity: report::Verbosity::Normal,
            width: Some(100),
            options: String::new(),
        };
        measured(|| report::plan::text(&plan, &look));
    }),
    ("report of changed texts, Markdown", || {
        let plan = plan_with_changes();
        measured(|| report::markdown(&plan));
    }),
    ("report of changed texts, HTML", || {
        let plan = plan_with_changes();
        measured(|| report::page(&plan));
    }),
];

/// What counts, until its result is gone. Its name is what valgrind is given, so it stays a function.
#[inline(never)]
fn measured<T>(act: impl FnOnce() -> T) {
    drop(black_box(act()));
}

#[derive(Debug, Clone, Copy)]
enum Lock {
    Kept,
    Lost,
}

fn plan_of(world: &World, lock: Lock) {
    let docs = RenderedDocs::of(&world.book, world.rules.rendering());
    let record = match lock {
        Lock::Kept => &world.record,
        Lock::Lost => &Record::default(),
    };
    measured(|| world.plan(record, &docs));
}

fn world() -> World {
    World::new(FEW).unwrap_or_else(|error| panic!("no world: {error}"))
}

/// One in four of the live texts is another one.
fn changed() -> World {
    let mut world = world();
    let other = Generated { articles: FEW, seed: 8 };
    for (at, found) in world.live.articles.values_mut().enumerate().filter(|(at, _)| at % 4 == 0) {
        found.article.body = Some(rendered(&other.markdown(at)).html());
    }
    world
}

fn plan_with_changes() -> Plan {
    let world = changed();
    let docs = RenderedDocs::of(&world.book, world.rules.rendering());
    world.plan(&Record::default(), &docs)
}

/// A text, and the same with another sentence in some paragraphs.
fn two_texts() -> [String; 2] {
    let old = markdown();
    let change = |(at, line): (usize, &str)| if at % 8 == 4 { format!("{line} This is new.") } else { line.to_owned() };
    let new: Vec<String> = old.lines().enumerate().map(change).collect();
    let new = new.join("\n");
    [old, new]
}

/// A Help Center with a book in it, and the book's folder.
struct Center {
    _runtime: Runtime,
    local: LocalHelpCenter,
    folder: TempDir,
}

/// Runs a command and counts.
type Act = fn(&Center) -> Result<u64, Failure>;

/// Commands by name.
const COMMANDS: [(&str, Act); 4] = [
    ("helpbook check", |center| center.counted(center.folder.path(), &["check"], "")),
    ("helpbook plan", |center| center.counted(center.folder.path(), &["plan"], "No changes.")),
    ("helpbook plan, without the lock", |center| {
        let (lock, kept) = (center.folder.path().join("helpbook.lock"), center.folder.path().join("kept"));
        fs::rename(&lock, &kept)?;
        let count = center.counted(center.folder.path(), &["plan"], "No changes.");
        fs::rename(&kept, &lock)?;
        count
    }),
    ("helpbook pull", |center| {
        let empty = tempfile::tempdir()?;
        fs::create_dir(empty.path().join("docs"))?;
        fs::copy(center.folder.path().join("helpbook.yml"), empty.path().join("helpbook.yml"))?;
        center.counted(empty.path(), &["pull"], "How to do task 59")
    }),
];

impl Center {
    fn start() -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        Generated { articles: ARTICLES, seed: 7 }.write(folder.path(), 0)?;
        let runtime = Runtime::new()?;
        let locales = ["en", "fr"].map(|name| helpbook::intercom::model::Locale(name.to_owned())).to_vec();
        let options = Options { locales, clock: Clock::manual(1_800_000_000), ..Options::default() };
        let local = runtime.block_on(LocalHelpCenter::start(options))?;
        let center = Self { _runtime: runtime, local, folder };
        let mut apply = center.command(env!("CARGO_BIN_EXE_helpbook"), center.folder.path());
        said(apply.args(["apply", "--publish", "--yes"]))?;
        Ok(center)
    }

    fn command(&self, program: &str, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder).env_clear().env("HOME", folder).env("PATH", "/usr/local/bin:/usr/bin:/bin");
        command.env("INTERCOM_BASE_URL", self.local.url()).env("INTERCOM_ACCESS_TOKEN", self.local.token());
        command
    }

    /// The instructions of the binary with some arguments, whose answer has to hold a text.
    fn counted(&self, folder: &Path, arguments: &[&str], answer: &str) -> Result<u64, Failure> {
        let log = folder.join("valgrind.log");
        let mut command = self.command("taskset", folder);
        valgrind(&mut command, &log).arg(env!("CARGO_BIN_EXE_helpbook")).args(arguments);
        let out = said(&mut command)?;
        if !out.contains(answer) {
            return Err(format!("`{answer}` is not in the answer to {arguments:?}:\n{out}").into());
        }
        count(&log)
    }
}

/// Adds to `taskset` what runs valgrind on one core, up to the program that it is to count.
fn valgrind<'c>(taskset: &'c mut Command, log: &Path) -> &'c mut Command {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    let first: String = allowed.unwrap_or("0").trim().chars().take_while(char::is_ascii_digit).collect();
    taskset.args(["-c", &first, "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    taskset.arg(format!("--log-file={}", log.display()))
}

/// What a process that ends well writes to standard output.
fn said(command: &mut Command) -> Result<String, Failure> {
    let ran = command.output().map_err(|error| format!("{} does not run: {error}", command.get_program().display()))?;
    if !ran.status.success() {
        return Err(format!("{command:?}: {}\n{}", ran.status, String::from_utf8_lossy(&ran.stderr)).into());
    }
    Ok(String::from_utf8(ran.stdout)?)
}

/// The count at the end of what valgrind logs.
fn count(log: &Path) -> Result<u64, Failure> {
    let text = fs::read_to_string(log)?;
    let count = text.lines().find_map(|line| line.split_once("Collected : "));
    Ok(count.ok_or_else(|| format!("no count in what valgrind says:\n{text}"))?.1.trim().parse()?)
}

fn of_function(name: &str) -> Result<u64, Failure> {
    let folder = tempfile::tempdir()?;
    let log = folder.path().join("valgrind.log");
    let mut command = Command::new("taskset");
    valgrind(&mut command, &log).args(["--collect-atstart=no", "--toggle-collect=*instructions::measured*"]);
    said(command.arg(env::current_exe()?).args([ONE, name]))?;
    count(&log)
}

/// What `counts.tsv` says: the compiler in a comment, and a count for each row.
struct Counts {
    compiler: String,
    rows: BTreeMap<String, u64>,
}

impl Counts {
    fn file() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/counts.tsv")
    }

    fn read() -> Self {
        let text = fs::read_to_string(Self::file()).unwrap_or_default();
        let compiler = text.lines().find_map(|line| line.strip_prefix("# rustc ")).unwrap_or_default();
        let row =
            |line: &str| line.split_once('\t').and_then(|(name, count)| Some((name.to_owned(), count.parse().ok()?)));
        Self { compiler: compiler.to_owned(), rows: text.lines().filter_map(row).collect() }
    }

    fn write(&self) -> Result<(), Failure> {
        let mut text = "# Instructions of each piece of work: see benches/README.md.\n".to_owned();
        writeln!(text, "# rustc {}", self.compiler)?;
        for (name, count) in &self.rows {
            writeln!(text, "{name}\t{count}")?;
        }
        Ok(fs::write(Self::file(), text)?)
    }
}

fn compiler() -> Result<String, Failure> {
    let text = said(Command::new("rustc").arg("-vV"))?;
    let of = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default().to_owned();
    Ok(format!("{} {}", of("release: "), of("host: ")))
}

/// Counts the rows that are asked for, shows them, and says whether all are as they may be.
fn run(wanted: &[String]) -> Result<ExitCode, Failure> {
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|part| name.contains(part));
    let (before, mut now) = (Counts::read(), Counts { compiler: compiler()?, rows: BTreeMap::new() });
    for (name, _) in FUNCTIONS.iter().filter(|(name, _)| is_wanted(name)) {
        now.rows.insert((*name).to_owned(), of_function(name)?);
    }
    if COMMANDS.iter().any(|(name, _)| is_wanted(name)) {
        let center = Center::start()?;
        for (name, act) in COMMANDS.iter().filter(|(name, _)| is_wanted(name)) {
            now.rows.insert((*name).to_owned(), act(&center)?);
        }
    }
    let is_same_compiler = before.compiler == now.compiler;
    let most = if is_same_compiler { MOST } else { MOST_OF_ANOTHER_COMPILER };
    let mut grown = 0;
    for (name, count) in &now.rows {
        #[allow(clippy::cast_precision_loss, reason = "a count is far below 2^52")]
        let ratio = before.rows.get(name).map(|before| *count as f64 / *before as f64);
        let is_more = ratio.is_none_or(|ratio| ratio > most);
        grown += usize::from(is_more);
        let ratio = ratio.map_or_else(|| "new".to_owned(), |ratio| format!("{:+.2} %", (ratio - 1.0) * 100.0));
        println!("{name:<42} {count:>14} {ratio:>9}{}", if is_more { "  MORE" } else { "" });
    }
    let rest: Vec<&String> =
        before.rows.keys().filter(|name| is_wanted(name) && !now.rows.contains_key(*name)).collect();
    for name in &rest {
        println!("{name:<42} is no longer counted");
    }
    if !is_same_compiler {
        println!("benches/counts.tsv was written with rustc {}, this is {}", before.compiler, now.compiler);
    }
    if env::var_os("HELPBOOK_WRITE_COUNTS").is_some() {
        now.rows.extend(before.rows.into_iter().filter(|(name, _)| !is_wanted(name)));
        now.write()?;
        return Ok(ExitCode::SUCCESS);
    }
    if grown + rest.len() == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    let percent = (most - 1.0) * 100.0;
    println!("\n{} of the rows are not as in benches/counts.tsv (at most {percent:.0} % more)", grown + rest.len());
    println!(
        "hint: where that is meant, commit what `HELPBOOK_WRITE_COUNTS=1 cargo bench --profile counts --bench instructions` writes"
    );
    Ok(ExitCode::FAILURE)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [first, name] = &arguments[..]
        && first == ONE
    {
        for (_, act) in FUNCTIONS.iter().filter(|(known, _)| known == name) {
            act();
        }
        return ExitCode::SUCCESS;
    }
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        println!("instructions are counted on Linux with x86-64 alone");
        return ExitCode::SUCCESS;
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("error: valgrind is not there\nhint: apt-get install valgrind");
        return ExitCode::FAILURE;
    }
    run(&arguments).unwrap_or_else(|error| {
        println!("error: {error}");
        ExitCode::FAILURE
    })
}
