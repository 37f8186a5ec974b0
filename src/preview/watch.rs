//! Sees that the docs changed: by the system's events, else by looking again and again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use notify::event::{AccessKind, AccessMode};
use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use walkdir::{DirEntry, WalkDir};

/// How changes are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// By the system's events, where the file system has them.
    Events,
    /// By looking again and again.
    Polling,
}

/// How often files are looked at where there are no events.
const POLL: Duration = Duration::from_millis(400);

/// How long nothing may happen before the docs are read again: an editor writes a file in several steps.
const QUIET: Duration = Duration::from_millis(12);

/// How long that is waited for at most: a checkout of many files is shown while it goes on.
const PATIENCE: Duration = Duration::from_millis(80);

/// Calls `changed` once, and after each change in the docs or of some other files, on a thread of its own, as long
/// as what comes back is kept.
pub fn watch(docs: &Path, files: &[PathBuf], sight: Sight, mut changed: impl FnMut() + Send + 'static) -> Watching {
    let (tell, told) = mpsc::channel();
    let held = Arc::new(());
    let has_events = sight == Sight::Events && !is_remote(docs);
    // Where the system has no more events to give, files are looked at.
    let events = if has_events { events(docs, files, &tell).ok() } else { None };
    let events = events.map(|watcher| Arc::new(Mutex::new(watcher)));
    // What happened since the docs were read is seen, too.
    let _ = tell.send(());
    if events.is_none() {
        poll(docs.to_owned(), files.to_vec(), Arc::downgrade(&held), tell);
    }
    let (watcher, docs) = (events.as_ref().map(Arc::downgrade), docs.to_owned());
    thread::spawn(move || {
        let mut was_there = true;
        // It ends when the watcher is dropped.
        while told.recv().is_ok() {
            let first = Instant::now();
            while first.elapsed() < PATIENCE {
                match told.recv_timeout(QUIET) {
                    Ok(()) => {}
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
            // A folder that was gone and is there again is another one for the system.
            let is_there = docs.is_dir();
            if is_there
                && !was_there
                && let Some(watcher) = watcher.as_ref().and_then(Weak::upgrade)
            {
                // Without it the next save of the configuration is seen, and no other.
                let _ = watcher.lock().unwrap_or_else(PoisonError::into_inner).watch(&docs, RecursiveMode::Recursive);
            }
            was_there = is_there;
            changed();
        }
    });
    Watching { _events: events, _held: held }
}

/// Watches until it is dropped.
pub struct Watching {
    _events: Option<Arc<Mutex<RecommendedWatcher>>>,
    /// Whoever polls stops where nobody holds the other one.
    _held: Arc<()>,
}

impl std::fmt::Debug for Watching {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watching")
    }
}

fn events(docs: &Path, files: &[PathBuf], tell: &mpsc::Sender<()>) -> notify::Result<RecommendedWatcher> {
    let mut watcher = RecommendedWatcher::new(handler(files, docs, tell), Config::default())?;
    watcher.watch(docs, RecursiveMode::Recursive)?;
    let folders: BTreeSet<&Path> = files.iter().filter_map(|file| file.parent()).collect();
    for folder in folders.into_iter().filter(|folder| !folder.starts_with(docs)) {
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
    }
    Ok(watcher)
}

/// Looks again and again, on a thread of its own, for as long as `held` is held elsewhere.
fn poll(docs: PathBuf, files: Vec<PathBuf>, held: Weak<()>, tell: mpsc::Sender<()>) {
    let mut before = seen(&docs, &files);
    thread::spawn(move || {
        while held.strong_count() > 0 {
            let begun = Instant::now();
            let now = seen(&docs, &files);
            if now != before && tell.send(()).is_err() {
                return;
            }
            before = now;
            // Large docs are not looked at all the time.
            thread::sleep(POLL.max(begun.elapsed() * 50));
        }
    });
}

/// When each file was changed, and how long it is.
fn seen(docs: &Path, others: &[PathBuf]) -> BTreeMap<PathBuf, (Option<SystemTime>, u64)> {
    let is_kept = |entry: &DirEntry| !matches!(entry.file_name().to_str(), Some(".git" | ".helpbook" | "node_modules"));
    let of = |path: &Path, about: fs::Metadata| (path.to_owned(), (about.modified().ok(), about.len()));
    let files = WalkDir::new(docs).into_iter().filter_entry(is_kept).flatten();
    let files = files.filter_map(|entry| Some(of(entry.path(), entry.metadata().ok()?)));
    files.chain(others.iter().filter_map(|file| Some(of(file, fs::metadata(file).ok()?)))).collect()
}

/// Passes on events that are about the docs or one of the files, and those that name no file.
fn handler(
    files: &[PathBuf],
    docs: &Path,
    tell: &mpsc::Sender<()>,
) -> impl FnMut(notify::Result<Event>) + Send + 'static {
    let (files, docs, tell): (Vec<PathBuf>, PathBuf, _) = (files.to_vec(), docs.to_owned(), tell.clone());
    move |event| {
        let Ok(event) = event else { return };
        let is_read = matches!(event.kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write));
        let is_ours = |path: &PathBuf| {
            let private = |name: &str| path.iter().any(|part| part == name);
            files.contains(path) || (path.starts_with(&docs) && !private(".git") && !private(".helpbook"))
        };
        if !is_read && (event.paths.is_empty() || event.paths.iter().any(is_ours)) {
            // Nobody listens any more once the preview ends.
            let _ = tell.send(());
        }
    }
}

/// Whether a folder is on a file system that other machines change unseen, as far as the system says it.
fn is_remote(folder: &Path) -> bool {
    const REMOTE: [&str; 11] =
        ["9p", "afs", "ceph", "cifs", "nfs", "nfs4", "smb3", "smbfs", "vboxsf", "virtiofs", "fuse.grpcfuse"];
    let Ok(mounts) = fs::read_to_string("/proc/self/mounts") else { return false };
    let mount = |line: &str| {
        let mut parts = line.split(' ').skip(1);
        let (place, kind) = (parts.next()?.replace("\\040", " "), parts.next()?.to_owned());
        folder.starts_with(&place).then_some((place.len(), kind))
    };
    let nearest = mounts.lines().filter_map(mount).max_by_key(|(length, _)| *length);
    nearest.is_some_and(|(_, kind)| REMOTE.contains(&kind.as_str()))
}
