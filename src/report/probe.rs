//! What a probe found: a line for each belief, and one JSON document that can be sent to anybody.
//!
//! Nothing of the workspace is in either, but for its region and how many languages it has.

use std::fmt::Write as _;

use super::wrap::{self, Tone};
use super::{SessionOptions, Surface};
use crate::probe::{Answer, NOTHING, Outcome, Probed, Publishing};

/// Where a probe was made, as far as anybody may know it.
#[derive(Debug, Clone, Copy)]
pub struct Where {
    /// The region, as helpbook.yml names it; `None` where Intercom does not say it.
    pub region: Option<&'static str>,
    /// How many languages the Help Center has.
    pub locales: usize,
    /// Whether an article was to be published.
    pub publishing: Publishing,
}

/// A line for each belief, and below it what was found and what helpbook does.
pub fn text(probed: &Probed, options: &SessionOptions, Surface { paint, width }: Surface) -> String {
    let wide = probed.answers.iter().map(|answer| answer.belief.name.len()).max().unwrap_or(0);
    let indent = wide + 13;
    let mut out = String::new();
    for Answer { belief, outcome, found, effect } in &probed.answers {
        let word = match outcome {
            Outcome::Confirmed => paint.fresh("confirmed"),
            Outcome::Different => paint.odd("different"),
            Outcome::NotTried => paint.dim("not tried"),
        };
        let below = |text: &str| wrap::line(indent, &[Tone::Plain.piece(options.shown(&text.into()))], paint, width);
        let _ = write!(out, "{word}  {:<wide$}  {}", belief.name, below(belief.says).trim_start());
        if !found.is_empty() {
            out.push_str(&below(&format!("{}: {found}", if *outcome == Outcome::NotTried { "why" } else { "found" })));
        }
        if *outcome == Outcome::Different {
            let effect = if *effect == NOTHING { "nothing else" } else { effect };
            out.push_str(&below(&format!("{}: {effect}", paint.bold("helpbook"))));
        }
    }
    let count = |outcome| probed.answers.iter().filter(|answer| answer.outcome == outcome).count();
    let counts = [
        (count(Outcome::Confirmed), "confirmed"),
        (count(Outcome::Different), "different"),
        (count(Outcome::NotTried), "not tried"),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    let _ = writeln!(out, "\n{}", counts.collect::<Vec<_>>().join(", "));
    out
}

/// Everything as one JSON document.
pub fn json(probed: &Probed, at: Where) -> String {
    let belief = |answer: &Answer| {
        serde_json::json!({
            "name": answer.belief.name,
            "result": answer.outcome.name(),
            "believes": answer.belief.says,
            "found": answer.found,
            "effect": answer.effect,
        })
    };
    let document = serde_json::json!({
        "format_version": 1,
        "helpbook": env!("CARGO_PKG_VERSION"),
        "api_version": crate::intercom::API_VERSION,
        "region": at.region,
        "locales": at.locales,
        "published": at.publishing == Publishing::Yes,
        "complete": probed.stop.is_none(),
        "beliefs": probed.answers.iter().map(belief).collect::<Vec<_>>(),
        "left_behind": probed.left.len(),
    });
    format!("{}\n", serde_json::to_string_pretty(&document).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::BELIEFS;
    use crate::record::Traits;

    fn probed() -> Probed {
        let answer = |name: &str, outcome, found: &'static str| {
            let belief = BELIEFS.iter().find(|belief| belief.name == name).unwrap();
            let effect = if outcome == Outcome::Different { belief.otherwise } else { NOTHING };
            Answer { belief, outcome, found: found.into(), effect }
        };
        let answers = vec![
            answer("heading-ids", Outcome::Confirmed, ""),
            answer("list-bodies", Outcome::Different, "they are cut"),
            answer("drafts", Outcome::NotTried, "it takes a published article: `--probe=publish`"),
        ];
        Probed { answers, traits: Traits::default(), stop: None, found_left: 0, left: Vec::new() }
    }

    #[test]
    fn each_belief_is_a_line_with_what_was_found_below() {
        insta::assert_snapshot!(text(&probed(), &SessionOptions::default(), Surface::PIPE), @r"
        confirmed  heading-ids  a heading keeps the id that is sent with it
        different  list-bodies  the texts in a list are whole
                                found: they are cut
                                helpbook: each article is read by itself, one request more for each
        not tried  drafts       a draft behind a live article changes nothing that customers see
                                why: it takes a published article: `--probe=publish`

        1 confirmed, 1 different, 1 not tried
        ");
    }

    #[test]
    fn the_document_holds_a_result_and_an_effect_for_each_belief() {
        let at = Where { region: Some("eu"), locales: 2, publishing: Publishing::No };
        insta::assert_snapshot!(json(&probed(), at), @r#"
        {
          "api_version": "2.16",
          "beliefs": [
            {
              "believes": "a heading keeps the id that is sent with it",
              "effect": "none",
              "found": "",
              "name": "heading-ids",
              "result": "confirmed"
            },
            {
              "believes": "the texts in a list are whole",
              "effect": "each article is read by itself, one request more for each",
              "found": "they are cut",
              "name": "list-bodies",
              "result": "different"
            },
            {
              "believes": "a draft behind a live article changes nothing that customers see",
              "effect": "none",
              "found": "it takes a published article: `--probe=publish`",
              "name": "drafts",
              "result": "not_tried"
            }
          ],
          "complete": true,
          "format_version": 1,
          "helpbook": "0.1.0",
          "left_behind": 0,
          "locales": 2,
          "published": false,
          "region": "eu"
        }
        "#);
    }
}
