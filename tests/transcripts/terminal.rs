//! A terminal of 90 columns in which a command runs, so that its output is what a person sees.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

const COLUMNS: u16 = 90;

/// What a question ends with.
const ASKS: [&str; 2] = ["accepted: ", "[Y/n] "];

/// Runs a command to its end. Each question gets the next of the answers. Gives what is on the screen, and the exit code.
pub fn run(mut command: Command, answers: &[&str]) -> (String, i32) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    let screen = open(name.as_c_str(), OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    tcsetwinsize(&screen, Winsize { ws_row: 50, ws_col: COLUMNS, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
    let side = || Stdio::from(screen.try_clone().unwrap());
    let mut child = command.stdin(side()).stdout(side()).stderr(side()).spawn().unwrap();
    // The end of the output is seen once nobody else has the screen.
    drop((command, screen));
    let mut master = File::from(master);
    let mut seen: Vec<u8> = Vec::new();
    let mut answers = answers.iter();
    let mut piece = [0; 4096];
    while let Ok(read @ 1..) = master.read(&mut piece) {
        seen.extend_from_slice(&piece[..read]);
        if ASKS.iter().any(|ask| seen.ends_with(ask.as_bytes())) {
            let answer = answers.next().unwrap_or_else(|| panic!("no answer\n{}", String::from_utf8_lossy(&seen)));
            writeln!(master, "{answer}").unwrap();
        }
    }
    assert_eq!(answers.next(), None, "{}", String::from_utf8_lossy(&seen));
    let status = child.wait().unwrap();
    (String::from_utf8(seen).unwrap().replace("\r\n", "\n"), status.code().unwrap_or(-1))
}
