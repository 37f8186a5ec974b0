//! The installers: packed, assembled and served as a release does it, from this machine.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::world::source;

/// A release on loopback.
struct Release {
    folder: TempDir,
    address: String,
    asked: Arc<AtomicUsize>,
    _runtime: Runtime,
}

/// What an installer did.
struct Installed {
    exit: i32,
    log: String,
    program: PathBuf,
    _home: TempDir,
}

impl Installed {
    #[track_caller]
    fn exits(self, code: i32) -> Self {
        assert_eq!(self.exit, code, "{}", self.log);
        self
    }

    #[track_caller]
    fn says(self, text: &str) -> Self {
        assert!(self.log.contains(text), "`{text}` is not in\n{}", self.log);
        self
    }

    /// Nothing is left but what was there before.
    #[track_caller]
    fn leaves(self, program: Option<&str>) {
        assert_eq!(fs::read_to_string(&self.program).ok().as_deref(), program);
        let folder = self.program.parent().unwrap();
        let files = fs::read_dir(folder).map_or(0, Iterator::count);
        assert_eq!(files, usize::from(program.is_some()), "something is left in {}", folder.display());
    }
}

/// The name of this machine, as the installer finds it.
fn target() -> String {
    let uname = |what: &str| {
        let output = Command::new("uname").arg(what).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let machine = uname("-m").replace("arm64", "aarch64").replace("amd64", "x86_64");
    let system = if uname("-s") == "Darwin" { "apple-darwin" } else { "unknown-linux-musl" };
    format!("{machine}-{system}")
}

impl Release {
    /// A release of a program with this text.
    fn of(program: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let built = folder.path().join("built");
        fs::write(&built, program).unwrap();
        fs::set_permissions(&built, fs::Permissions::from_mode(0o755)).unwrap();
        let dist = folder.path().join("dist");
        run(Command::new("bash").arg(source(".github/release/package.sh")).arg(target()).arg(&built).arg(&dist));
        let tag = concat!("v", env!("CARGO_PKG_VERSION"));
        run(Command::new("bash").arg(source(".github/release/assemble.sh")).args([tag, "octo/helpbook"]).arg(&dist));
        let asked = Arc::new(AtomicUsize::new(0));
        let runtime = Runtime::new().unwrap();
        let (counted, files) = (Arc::clone(&asked), dist);
        let app = Router::new().fallback(move |request: Request| {
            counted.fetch_add(1, Ordering::SeqCst);
            let file = files.join(request.uri().path().trim_start_matches('/'));
            async move { fs::read(file).map_err(|_| StatusCode::NOT_FOUND) }
        });
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, app).await });
        Self { folder, address, asked, _runtime: runtime }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join("dist").join(name)
    }

    /// Runs an installer where an older program may be already.
    fn install(&self, script: &Path, older: Option<&str>, environment: &[(&str, &str)]) -> Installed {
        let home = tempfile::tempdir().unwrap();
        let program = home.path().join(".local/bin/helpbook");
        if let Some(text) = older {
            fs::create_dir_all(program.parent().unwrap()).unwrap();
            fs::write(&program, text).unwrap();
        }
        let output = Command::new("sh")
            .arg(script)
            .env_clear()
            .env("PATH", std::env::var("PATH").unwrap())
            .env("HOME", home.path())
            .env("TMPDIR", self.folder.path())
            .env("HELPBOOK_BASE_URL", &self.address)
            .envs(environment.iter().copied())
            .output()
            .unwrap();
        let log = String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap();
        let left: Vec<_> = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left.len(), 2, "something is left: {left:?}");
        Installed { exit: output.status.code().unwrap_or(-1), log, program, _home: home }
    }
}

#[track_caller]
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

const PROGRAM: &str = concat!("#!/bin/sh\necho helpbook ", env!("CARGO_PKG_VERSION"), "\n");

/// A program that runs where it was packed, and not here.
const BROKEN: &str = "#!/bin/sh\n[ \"$1\" = man ]\n";

#[test]
fn the_installer_of_a_release_fetches_compares_and_replaces_the_program() {
    let release = Release::of(PROGRAM);
    let installer = release.file("install.sh");
    let installed = release.install(&installer, None, &[]).exits(0).says("hint: add ");
    assert!(installed.log.contains(concat!("installed helpbook ", env!("CARGO_PKG_VERSION"))), "{}", installed.log);
    assert!(run(&mut Command::new(&installed.program)).starts_with("helpbook "));
    installed.leaves(Some(PROGRAM));
    release.install(&installer, Some("an older one"), &[]).exits(0).leaves(Some(PROGRAM));
    let text = fs::read_to_string(installer).unwrap();
    assert!(text.contains("released_repository='octo/helpbook'") && !text.contains("OWNER/helpbook"), "{text}");
    assert!(fs::read_to_string(release.file("install.ps1")).unwrap().contains("$releasedRepository = 'octo/helpbook'"));
}

#[test]
fn what_differs_from_the_checksums_of_the_release_is_never_installed() {
    let release = Release::of(PROGRAM);
    let installer = source("install.sh");
    let archive = format!("helpbook-{}.tar.gz", target());
    let sums = fs::read_to_string(release.file("SHA256SUMS")).unwrap();
    fs::write(release.file("SHA256SUMS"), sums.replace(&archive, "another.tar.gz")).unwrap();
    release.install(&installer, Some("older"), &[]).exits(1).says("has no checksum of").leaves(Some("older"));
    let (digest, _) = sums.split_once(' ').unwrap();
    fs::write(release.file("SHA256SUMS"), sums.replace(digest, &"0".repeat(64))).unwrap();
    release.install(&installer, Some("older"), &[]).exits(1).says("its SHA-256 differs").leaves(Some("older"));
    fs::remove_file(release.file(&archive)).unwrap();
    release.install(&installer, Some("older"), &[]).exits(1).says("cannot be fetched").leaves(Some("older"));
}

#[test]
fn a_program_that_does_not_run_here_is_not_installed() {
    let release = Release::of(BROKEN);
    release.install(&source("install.sh"), Some("older"), &[]).exits(1).says("does not run").leaves(Some("older"));
}

#[test]
fn only_https_and_this_machine_are_asked() {
    let release = Release::of(PROGRAM);
    for address in [
        "http://example.com",
        "http://127.0.0.1.example.com",
        "http://127.0.0.1:80@example.com",
        "ftp://example.com",
        "file:///etc",
        "-o/etc/passwd",
    ] {
        let installed = release.install(&source("install.sh"), None, &[("HELPBOOK_BASE_URL", address)]).exits(1);
        assert!(
            installed.log.contains("is not https") || installed.log.contains("must not name a user"),
            "{}",
            installed.log
        );
        installed.leaves(None);
    }
    let unknown = [("HELPBOOK_BASE_URL", ""), ("HELPBOOK_REPOSITORY", "")];
    release.install(&source("install.sh"), None, &unknown).exits(1).says("set HELPBOOK_REPOSITORY");
    let odd = [("HELPBOOK_BASE_URL", ""), ("HELPBOOK_REPOSITORY", "a/b/c")];
    release.install(&source("install.sh"), None, &odd).exits(1).says("is no repository");
    release.install(&source("install.sh"), None, &[("HELPBOOK_VERSION", "1/../2")]).exits(1).says("is no version");
}

#[test]
fn the_archive_holds_the_man_pages_of_the_program() {
    let folder = tempfile::tempdir().unwrap();
    // The program itself is large, as it is built for tests.
    let small = folder.path().join("small");
    fs::write(&small, concat!("#!/bin/sh\nexec '", env!("CARGO_BIN_EXE_helpbook"), "' \"$@\"\n")).unwrap();
    fs::set_permissions(&small, fs::Permissions::from_mode(0o755)).unwrap();
    let mut pack = Command::new("bash");
    run(pack.arg(source(".github/release/package.sh")).arg(target()).arg(&small).arg(folder.path()));
    let archive = folder.path().join(format!("helpbook-{}.tar.gz", target()));
    let list = run(Command::new("tar").arg("-tzf").arg(archive));
    assert!(list.contains("/man1/helpbook.1\n") && list.contains("/man1/helpbook-plan.1\n"), "{list}");
    // One that does not run is not packed.
    fs::write(folder.path().join("odd"), "#!/bin/sh\nexit 1\n").unwrap();
    let odd = Command::new("bash")
        .arg(source(".github/release/package.sh"))
        .arg(target())
        .arg(folder.path().join("odd"))
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&odd.stderr).contains("writes no man pages"), "{odd:?}");
}

#[test]
fn half_an_installer_does_nothing() {
    let release = Release::of(PROGRAM);
    let text = fs::read_to_string(source("install.sh")).unwrap();
    let half = tempfile::NamedTempFile::new().unwrap();
    fs::write(half.path(), &text[..text.rfind("main").unwrap()]).unwrap();
    release.install(half.path(), None, &[]).exits(0).leaves(None);
    assert_eq!(release.asked.load(Ordering::SeqCst), 0);
}

#[test]
fn a_release_whose_tag_is_not_the_version_is_not_assembled() {
    let release = Release::of(PROGRAM);
    let assemble = |tag: &str, repository: &str| {
        let script = source(".github/release/assemble.sh");
        Command::new("bash")
            .arg(script)
            .args([tag, repository])
            .arg(release.file(""))
            .output()
            .unwrap()
            .status
            .success()
    };
    assert!(!assemble("v9.9.9", "octo/helpbook"));
    assert!(!assemble(concat!("v", env!("CARGO_PKG_VERSION")), "octo/help|book"));
}

/// The step of the action that installs.
fn by_the_action(release: &Release, machine: &Path, environment: &[(&str, &str)]) -> (i32, String) {
    let output = Command::new("bash")
        .arg(source("action/install.sh"))
        .env_clear()
        .env("PATH", std::env::var("PATH").unwrap())
        .env("HOME", machine)
        .env("RUNNER_TEMP", machine)
        .env("RUNNER_TOOL_CACHE", machine.join("tools"))
        .env("GITHUB_PATH", machine.join("path"))
        .env("HELPBOOK_REPOSITORY", "octo/helpbook")
        .env("HELPBOOK_BASE_URL", &release.address)
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let log = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), log)
}

#[test]
fn the_action_installs_its_own_version_once_and_puts_it_on_path() {
    let release = Release::of(PROGRAM);
    let machine = tempfile::tempdir().unwrap();
    let (exit, log) = by_the_action(&release, machine.path(), &[]);
    assert_eq!(exit, 0, "{log}");
    let folder = fs::read_to_string(machine.path().join("path")).unwrap();
    assert!(folder.contains(concat!("/helpbook/", env!("CARGO_PKG_VERSION"), "/")), "{folder}");
    assert!(run(&mut Command::new(Path::new(folder.trim()).join("helpbook"))).starts_with("helpbook "));
    let asked = release.asked.load(Ordering::SeqCst);
    assert_eq!(by_the_action(&release, machine.path(), &[]).0, 0);
    assert_eq!(release.asked.load(Ordering::SeqCst), asked, "it was there already");
}

#[test]
fn the_action_takes_no_release_that_holds_another_version() {
    let release = Release::of("#!/bin/sh\necho helpbook 9.9.9\n");
    let machine = tempfile::tempdir().unwrap();
    let (exit, log) = by_the_action(&release, machine.path(), &[]);
    assert_eq!(exit, 1, "{log}");
    assert!(log.contains("::error::"), "{log}");
    let (exit, log) = by_the_action(&release, machine.path(), &[("HELPBOOK_VERSION", "1 2")]);
    assert_eq!(exit, 1, "{log}");
    let (exit, log) = by_the_action(&release, machine.path(), &[("HELPBOOK_REPOSITORY", "")]);
    assert!(exit == 1 && log.contains("the repository of this action is not known"), "{log}");
}
