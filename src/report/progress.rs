//! What takes its time, while it does: what is done, of how many, and what it waits for.
//!
//! It is shown on a terminal only, on one line that is gone when it ends. It is drawn again several
//! times a second, and looks each time at what the connection says of itself.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::intercom::{Activity, Pages, Wait};

/// How often the line is drawn.
const TICK: Duration = Duration::from_millis(120);

/// Something that takes its time; gone from the screen when it is dropped.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
}

/// Whether somebody can see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Screen {
    Terminal,
    None,
}

impl Progress {
    /// A line that says what is done.
    pub(super) fn new(text: &str, screen: Screen) -> Self {
        let target = match screen {
            Screen::Terminal => ProgressDrawTarget::stderr(),
            Screen::None => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_message(text.to_owned());
        let progress = Self { bar };
        progress.styled(ProgressStyle::with_template("{spinner} {msg}"), &Arc::default());
        if screen == Screen::Terminal {
            progress.bar.enable_steady_tick(TICK);
        }
        progress
    }

    /// Shows how many of `all` steps are done, and what the connection waits for.
    #[must_use]
    pub fn of(self, all: usize, activity: &Arc<Activity>) -> Self {
        self.bar.set_length(all as u64);
        self.styled(ProgressStyle::with_template("{spinner} {msg}: {pos} of {len}{wait}"), activity);
        self
    }

    /// Shows how many pages are read, and what the connection waits for.
    #[must_use]
    pub fn reading(self, activity: &Arc<Activity>) -> Self {
        self.styled(ProgressStyle::with_template("{spinner} {msg}{pages}{wait}"), activity);
        self
    }

    /// Something else is done from now on.
    pub fn turns_to(&self, text: &str) {
        self.styled(ProgressStyle::with_template("{spinner} {msg}"), &Arc::default());
        self.bar.set_message(text.to_owned());
    }

    /// One step more is done.
    pub fn step(&self) {
        self.bar.inc(1);
    }

    /// Prints something above the line.
    pub fn above<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    fn styled(&self, style: Result<ProgressStyle, indicatif::style::TemplateError>, activity: &Arc<Activity>) {
        let (reader, waiter) = (Arc::clone(activity), Arc::clone(activity));
        let pages = move |_: &ProgressState, out: &mut dyn Write| {
            let _ = out.write_str(&pages(reader.pages()));
        };
        let wait = move |_: &ProgressState, out: &mut dyn Write| {
            let _ = out.write_str(&wait(waiter.wait()));
        };
        // The templates are this file's own.
        if let Ok(style) = style {
            self.bar.set_style(style.with_key("pages", pages).with_key("wait", wait));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// `: 12 of 41 pages`; nothing where one page is all.
fn pages(pages: Pages) -> String {
    if pages.all > 1 { format!(": {} of {} pages", pages.read, pages.all) } else { String::new() }
}

/// `; Intercom's quota is used up, 7 s to wait`
fn wait(wait: Option<(Wait, Duration)>) -> String {
    let Some((wait, left)) = wait else { return String::new() };
    let seconds = left.as_secs() + 1;
    match wait {
        Wait::Quota => format!("; Intercom's quota is used up, {seconds} s to wait"),
        Wait::Retry => format!("; a request failed and is tried again in {seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_it_is_and_what_it_waits_for() {
        assert_eq!(pages(Pages { read: 12, all: 41 }), ": 12 of 41 pages");
        assert_eq!(pages(Pages { read: 0, all: 1 }), "");
        let left = Duration::from_millis(6_500);
        assert_eq!(wait(Some((Wait::Quota, left))), "; Intercom's quota is used up, 7 s to wait");
        assert_eq!(wait(Some((Wait::Retry, left))), "; a request failed and is tried again in 7 s");
        assert_eq!(wait(None), "");
    }

    #[test]
    fn every_template_can_be_read() {
        for template in ["{spinner} {msg}", "{spinner} {msg}: {pos} of {len}{wait}", "{spinner} {msg}{pages}{wait}"] {
            assert!(ProgressStyle::with_template(template).is_ok());
        }
    }
}
