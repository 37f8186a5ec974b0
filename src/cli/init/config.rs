//! The text of a new `helpbook.yml`, from what the workspace says.

use std::fmt::Write as _;

use crate::book::quoted;
use crate::config::Region;
use crate::intercom::model::Locale;

/// What Intercom says of a workspace, as far as `helpbook.yml` wants to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    /// Its id.
    pub workspace: String,
    /// Where it is hosted.
    pub region: Region,
    /// The Help Center; `None` where there is no other to take it for.
    pub help_center: Option<String>,
    /// The other Help Centers.
    pub other_centers: Vec<String>,
    /// The locales of the Help Center, the default one first; empty where it does not say.
    pub locales: Vec<Locale>,
    /// The address of the token's owner.
    pub owner: Option<String>,
    /// How many articles there are.
    pub articles: u64,
}

/// When an article goes live whose file says no state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GoesLive {
    /// At `publish`.
    AtPublish,
    /// Never: each file has to say it.
    WhereSaid,
}

/// The text of the file. `schema` is the address of the schema for editors, if one is known.
pub(super) fn text(docs: &str, known: Option<&Known>, goes_live: GoesLive, schema: Option<&str>) -> String {
    let mut text = String::new();
    if let Some(schema) = schema {
        let _ = writeln!(text, "# yaml-language-server: $schema={schema}");
    }
    let _ = writeln!(text, "# How helpbook keeps this Help Center in Git. `helpbook doctor` checks it.\n");
    let _ = writeln!(text, "# The folder of the articles.\ndocs: {}", quoted(docs));
    if let Some(known) = known {
        let _ = writeln!(text, "\n# A token of another workspace stops every command before an article is read.");
        let _ = writeln!(text, "workspace: {}", quoted(&known.workspace));
        if let Some(center) = &known.help_center {
            let others = known.other_centers.join(", ");
            let _ = writeln!(text, "# The workspace has other Help Centers, too: {others}");
            let _ = writeln!(text, "help_center: {}", quoted(center));
        }
        if known.region != Region::Us {
            let _ = writeln!(text, "region: {}", known.region.name());
        }
        if let [default, others @ ..] = known.locales.as_slice() {
            if *default != Locale::english() {
                let _ = writeln!(text, "default_locale: {default}");
            }
            if !others.is_empty() {
                let names: Vec<&str> = known.locales.iter().map(|locale| locale.0.as_str()).collect();
                let _ = writeln!(text, "# `refunds.{0}.md` is the {0} text of `refunds.md`.", others[0]);
                let _ = writeln!(text, "locales: [{}]", names.join(", "));
            }
        }
    }
    let owner = known.and_then(|known| known.owner.as_deref()).unwrap_or("ada@example.com");
    let _ = writeln!(text, "\n# The author of new articles that name none; without it the owner of the token.");
    let _ = writeln!(text, "# author: {}", quoted(owner));
    let sign = if goes_live == GoesLive::AtPublish { "" } else { "# " };
    let _ = writeln!(
        text,
        "\n# Articles go live at `helpbook publish` unless their file says `state: draft`. Without this"
    );
    let _ = writeln!(text, "# key an article stays a draft until its file says `state: published`.");
    let _ = writeln!(text, "{sign}state: published");
    let _ = writeln!(text, "\n# What becomes of a live article whose file is gone: report, unpublish or delete.");
    let _ = writeln!(text, "orphans: report");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::text::DocPath;

    fn known() -> Known {
        Known {
            workspace: "00e123".to_owned(),
            region: Region::Eu,
            help_center: Some("acme".to_owned()),
            other_centers: vec!["beta".to_owned(), "#: x".to_owned()],
            locales: vec![Locale("de".to_owned()), Locale::english()],
            owner: Some("ada@example.com".to_owned()),
            articles: 3,
        }
    }

    #[test]
    fn what_the_workspace_says_is_what_the_file_says() {
        let text = text("help: docs", Some(&known()), GoesLive::AtPublish, Some("https://example.com/s.json"));
        let mut found = Vec::new();
        let config = Config::parse(&text, &DocPath::new("helpbook.yml"), &mut found);
        assert_eq!(found, []);
        assert_eq!(config.docs.to_str(), Some("help: docs"));
        assert_eq!(config.workspace.as_deref(), Some("00e123"), "a text, though it looks like a number");
        assert_eq!(config.help_center.as_deref(), Some("acme"));
        assert_eq!(config.region, Region::Eu);
        assert_eq!(config.locales, [Locale("de".to_owned()), Locale::english()]);
        assert!(text.starts_with("# yaml-language-server: $schema=https://example.com/s.json\n"), "{text}");
    }

    #[test]
    fn without_a_workspace_it_is_a_start_that_can_be_read() {
        let text = text("docs", None, GoesLive::WhereSaid, None);
        let mut found = Vec::new();
        let config = Config::parse(&text, &DocPath::new("helpbook.yml"), &mut found);
        assert_eq!((found.len(), config.workspace), (0, None), "{text}");
        // What is in comments can be read, too.
        let uncommented = text.replace("\n# author", "\nauthor").replace("\n# state: p", "\nstate: p");
        assert_ne!(uncommented, text);
        let _ = Config::parse(&uncommented, &DocPath::new("helpbook.yml"), &mut found);
        assert_eq!(found, []);
    }
}
