//! The command that uploads an image to its host: `images.upload`.
//!
//! It gets the image in its environment, and neither the token nor standard input. Its output is shown
//! where it fails.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::Error;
use crate::config::image_name;
use crate::intercom::TOKEN_VARIABLES;
use crate::plan::SentImage;

/// How long the command may take for one image.
const TIME: Duration = Duration::from_secs(120);

/// How much of the command's output is shown, in bytes from the end.
const SHOWN: i64 = 2000;

/// A command with its arguments.
#[derive(Debug)]
pub(super) struct Upload {
    command: Vec<String>,
    root: PathBuf,
    time: Duration,
}

impl Upload {
    /// A command that is run in `root`.
    pub fn new(command: &[String], root: &Path) -> Self {
        let root = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
        Self { command: command.to_vec(), root, time: TIME }
    }

    /// Runs the command for one image.
    ///
    /// # Errors
    /// Fails where the command cannot be run, fails, or takes too long.
    pub async fn run(&self, image: &SentImage, file: &Path) -> Result<(), Error> {
        let fail = |reason: String, output: String| Error::Upload {
            path: image.path.clone(),
            command: self.command.join(" "),
            reason,
            output,
        };
        let (name, arguments) = self.command.split_first().ok_or_else(|| fail("is empty".to_owned(), String::new()))?;
        let not_run = |error: io::Error| fail(format!("cannot be run: {error}"), String::new());
        // A file, not a pipe: a process that the command leaves in the background is not waited for.
        let mut output = tempfile::tempfile().map_err(not_run)?;
        let mut command = Command::new(self.program(name));
        command
            .args(arguments)
            .current_dir(&self.root)
            .env("HELPBOOK_IMAGE_FILE", file)
            .env("HELPBOOK_IMAGE_PATH", image.path.as_str())
            .env("HELPBOOK_IMAGE_NAME", image_name(&image.path, &image.sha256))
            .env("HELPBOOK_IMAGE_SHA256", image.sha256.as_str())
            .env("HELPBOOK_IMAGE_URL", &image.url)
            .stdin(Stdio::null())
            .stdout(output.try_clone().map_err(not_run)?)
            .stderr(output.try_clone().map_err(not_run)?)
            .kill_on_drop(true);
        // Ctrl-C lets the current step end, and this is a part of it.
        #[cfg(unix)]
        command.process_group(0);
        for token in TOKEN_VARIABLES {
            command.env_remove(token);
        }
        let mut child = command.spawn().map_err(not_run)?;
        let ended = tokio::time::timeout(self.time, child.wait()).await;
        match ended {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(Ok(status)) => {
                let reason = match status.code() {
                    Some(code) => format!("exited with {code}"),
                    None => "was killed".to_owned(),
                };
                Err(fail(reason, end_of(&mut output)))
            }
            Ok(Err(error)) => Err(fail(format!("cannot be waited for: {error}"), end_of(&mut output))),
            Err(_) => {
                let _ = child.kill().await;
                Err(fail(format!("did not end within {} seconds", self.time.as_secs()), end_of(&mut output)))
            }
        }
    }

    /// A name with a path is relative to the project's folder; one without is looked up in `PATH`.
    fn program(&self, name: &str) -> PathBuf {
        if name.contains(['/', std::path::MAIN_SEPARATOR]) { self.root.join(name) } else { PathBuf::from(name) }
    }
}

/// The end of a command's output.
fn end_of(output: &mut File) -> String {
    let mut bytes = Vec::new();
    let from = output.seek(SeekFrom::End(-SHOWN)).or_else(|_| output.seek(SeekFrom::Start(0)));
    if from.is_ok() {
        let _ = output.read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).trim().to_owned()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::text::{DocPath, Sha256};

    /// What a command that fails says.
    async fn run(script: &str) -> Option<String> {
        run_within(TIME, script).await
    }

    async fn run_within(time: Duration, script: &str) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        let command = ["sh".to_owned(), "-c".to_owned(), script.to_owned()];
        let upload = Upload { time, ..Upload::new(&command, folder.path()) };
        let image = SentImage {
            path: DocPath::new("images/menu.png"),
            sha256: Sha256::of("x"),
            url: "https://x.example/menu.png".to_owned(),
        };
        let result = upload.run(&image, Path::new("/docs/images/menu.png")).await;
        result.err().map(|error| error.to_string().split_once("` ").unwrap().1.to_owned())
    }

    #[tokio::test]
    async fn what_a_failing_command_says_is_kept() {
        assert_eq!(run("true").await, None);
        assert_eq!(run("echo out; echo err >&2; exit 3").await, Some("exited with 3\n  | out\n  | err".to_owned()));
        assert_eq!(run("kill -9 $$").await, Some("was killed".to_owned()));
        let long = run("i=0; while [ $i -lt 900 ]; do echo line $i; i=$((i+1)); done; exit 1").await.unwrap();
        assert!(long.len() < 3000 && long.ends_with("| line 899"), "{long}");
    }

    #[tokio::test]
    async fn a_command_that_never_ends_is_stopped_and_one_left_behind_is_not_waited_for() {
        let ended = run_within(Duration::from_secs(1), "exec sleep 600").await;
        assert_eq!(ended, Some("did not end within 1 seconds".to_owned()));
        assert_eq!(run("sleep 30 & exit 0").await, None);
    }

    #[tokio::test]
    async fn the_image_stands_in_the_environment() {
        let script = "echo $HELPBOOK_IMAGE_FILE $HELPBOOK_IMAGE_PATH $HELPBOOK_IMAGE_NAME $HELPBOOK_IMAGE_URL; exit 1";
        let said = run(script).await.unwrap();
        assert_eq!(
            said,
            "exited with 1\n  | /docs/images/menu.png images/menu.png menu.2d711642b7.png https://x.example/menu.png"
        );
    }
}
