//! Why a text is in sync or not: its digests on all three sides, and one sentence for each field.
//!
//! Whose a difference is was decided by the plan; here it gets its words.

use jiff::Timestamp;
use serde::Serialize;

use super::plan::Look;
use super::wrap::{self, Piece, Tone};
use crate::html::RULES;
use crate::intercom::model::State;
use crate::plan::{Desires, Explained, Facts, Field, LocaleChange, Reason, Side, Stored, Which, Why, WrittenBy};
use crate::record::{ArticleRecord, Pair};
use crate::text::{Digest, GitBlob, minute, one_line};

/// How a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// As the docs say.
    InSync,
    /// The docs changed.
    Changed,
    /// The docs changed, and the draft in Intercom says what they say.
    Staged,
    /// Changed in Intercom only.
    Drift,
    /// Changed on both sides.
    Conflict,
    /// Taken offline in Intercom.
    Offline,
}

impl Verdict {
    /// How a field of a text is. What is staged is known from the reasons of both texts.
    fn of(reason: &Reason, all: &[Reason]) -> Self {
        let is_draft_of_it = |other: &&Reason| other.of == Which::Draft && other.field == reason.field;
        let draft = all.iter().find(is_draft_of_it).map(|draft| draft.side);
        match (reason.side, &reason.why) {
            (Side::Same, _) => Verdict::InSync,
            (Side::Ours, _) if reason.of == Which::Live && draft == Some(Side::Same) => Verdict::Staged,
            (Side::Ours, _) => Verdict::Changed,
            (Side::Theirs, Why::State { docs: State::Published, .. }) => Verdict::Offline,
            (Side::Theirs, _) => Verdict::Drift,
            (Side::Both, _) => Verdict::Conflict,
        }
    }

    fn piece(self) -> Piece {
        match self {
            Verdict::InSync => Tone::Dim.piece("in sync"),
            Verdict::Changed => Tone::Odd.piece("changed"),
            Verdict::Staged => Tone::Fresh.piece("staged"),
            Verdict::Drift => Tone::Odd.piece("drift"),
            Verdict::Conflict => Tone::Bad.piece("conflict"),
            Verdict::Offline => Tone::Odd.piece("offline by a teammate"),
        }
    }
}

/// How a field is, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct FieldStatus {
    field: Field,
    text: Which,
    status: Verdict,
    reason: String,
}

/// What is known of a text, and why it is in sync or not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Detail {
    #[serde(flatten)]
    explained: Explained,
    fields: Vec<FieldStatus>,
    /// Why something of it is not done.
    #[serde(skip_serializing_if = "Option::is_none")]
    blocked: Option<String>,
    /// What else the plan says of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
}

impl Detail {
    /// What is known of a text, with what the plan does about it, if it does anything.
    pub fn new(explained: Explained, part: Option<&LocaleChange>) -> Self {
        let status = |reason: &Reason| FieldStatus {
            field: reason.field,
            text: reason.of,
            status: Verdict::of(reason, &explained.reasons),
            reason: sentence(reason, &explained),
        };
        let mut fields: Vec<FieldStatus> = explained.reasons.iter().map(status).collect();
        fields.extend(part.into_iter().flat_map(|part| beside_the_text(part, &explained.reasons)));
        Self {
            blocked: part.and_then(|part| part.blocked.as_ref()).map(|blocked| blocked.reason.clone()),
            notes: part.map(|part| part.notes.to_vec()).unwrap_or_default(),
            explained,
            fields,
        }
    }

    /// The lines below the one of the article.
    pub(super) fn text(&self, look: &Look) -> String {
        let mut out = String::new();
        let mut line =
            |indent: usize, pieces: &[Piece]| out.push_str(&wrap::line(indent, pieces, look.paint, look.width));
        let mut plain = |indent: usize, text: &str| line(indent, &[Tone::Plain.piece(one_line(text))]);
        let Explained { lines, live, draft, docs, .. } = &self.explained;
        if lines.is_empty() {
            plain(4, "record: knows nothing of it");
        }
        for (number, known) in lines.iter().enumerate() {
            plain(4, &record_line(known, number));
            for (name, pair) in [("live", &known.live), ("staged", &known.staged)] {
                let Some(pair) = pair else { continue };
                plain(6, &format!("{name}: written {}{}, rules {}", time(pair.updated_at), blob(pair), pair.rules));
                values(pair).iter().for_each(|text| plain(8, text));
                if !pair.left.is_empty() {
                    let left: Vec<_> = pair.left.iter().map(|key| format!("{key:?}").to_lowercase()).collect();
                    plain(8, &format!("left alone: {}", left.join(", ")));
                }
            }
        }
        for (name, stored) in [("live", live), ("draft", draft)] {
            let Some(Stored { pair, by }) = stored else { continue };
            plain(4, &format!("Intercom, {name}: written {} by {by}", time(pair.updated_at)));
            values(pair).iter().for_each(|text| plain(8, text));
        }
        if let Some(docs) = docs {
            plain(4, &format!("docs: blob {}", short(&docs.blob)));
            said(docs).iter().for_each(|text| plain(8, text));
        }
        for status in self.fields.iter().filter(|status| status.is_shown()) {
            let name = match status.text {
                Which::Live => format!("{}: ", status.field.name()),
                Which::Draft => format!("{} of the draft: ", status.field.name()),
            };
            let reason = Tone::Plain.piece(one_line(&format!("; {}", status.reason)));
            line(4, &[Tone::Bold.piece(name), status.status.piece(), reason]);
        }
        if let Some(blocked) = &self.blocked {
            line(4, &[Tone::Bad.piece("blocked"), Tone::Plain.piece(one_line(&format!(": {blocked}")))]);
        }
        self.notes.iter().for_each(|note| line(4, &[Tone::Plain.piece(one_line(&format!("note: {note}")))]));
        out
    }
}

impl FieldStatus {
    /// Of a draft only what differs is shown: what is staged is shown with the live text.
    fn is_shown(&self) -> bool {
        self.text == Which::Live || self.status != Verdict::InSync
    }
}

/// The fields that the plan compares beside the text.
fn beside_the_text(part: &LocaleChange, reasons: &[Reason]) -> Vec<FieldStatus> {
    let status = |field: Field, status: Verdict, reason: &str| FieldStatus {
        field,
        text: Which::Live,
        status,
        reason: reason.to_owned(),
    };
    let is_told = |field: &Field| reasons.iter().any(|reason| reason.field == *field);
    let changed = part.fields.iter().map(|change| change.field).filter(|field| Field::SETTINGS.contains(field));
    let drifted = part.drift.iter().flat_map(|drift| &drift.fields).filter(|field| !is_told(field));
    changed
        .map(|field| status(field, Verdict::Changed, "the docs changed it"))
        .chain(drifted.map(|field| status(*field, Verdict::Drift, "it was changed in Intercom only")))
        .collect()
}

/// The first line of a record.
fn record_line(record: &ArticleRecord, number: usize) -> String {
    let which = if number == 0 { String::new() } else { format!(", line {} of a merge", number + 1) };
    let offline = if record.taken_offline { ", offline as the docs say" } else { "" };
    format!("record{which}: {}{offline}, from {}", record.state, record.path)
}

fn values(pair: &Pair) -> [String; 2] {
    let author = pair.author.map(|author| format!(", author {author}")).unwrap_or_default();
    let sent = pair.body.sent.as_ref().map(|sent| format!("sent {}, ", sent.short())).unwrap_or_default();
    let images = pair.body.images.as_ref().map(|images| format!(", images {}", images.short())).unwrap_or_default();
    [
        format!("title {}, description {}{author}", pair.title.short(), pair.description.short()),
        format!("text {sent}stored {}, shown {}{images}", pair.body.stored.short(), pair.body.shown.short()),
    ]
}

fn said(docs: &Desires) -> [String; 2] {
    let named = |name: &str, digest: &Option<Digest>| {
        digest.as_ref().map(|digest| format!(", {name} {}", digest.short())).unwrap_or_default()
    };
    let author = docs.author.map(|author| format!(", author {author}")).unwrap_or_default();
    [
        format!("title {}{}{author}", docs.title.short(), named("description", &docs.description)),
        format!("text sent {}{}", docs.sent.short(), named("images", &docs.images)),
    ]
}

fn blob(pair: &Pair) -> String {
    pair.blob.as_ref().map(|blob| format!(", blob {}", short(blob))).unwrap_or_default()
}

fn short(blob: &GitBlob) -> &str {
    blob.ids().next().and_then(|id| id.get(..10)).unwrap_or_default()
}

fn time(seconds: i64) -> String {
    let at = Timestamp::from_second(seconds);
    at.map_or_else(|_| seconds.to_string(), minute)
}

/// Why a field is as it is.
fn sentence(reason: &Reason, explained: &Explained) -> String {
    let has = match reason.of {
        Which::Live => "Intercom has",
        Which::Draft => "the draft has",
    };
    match &reason.why {
        _ if Verdict::of(reason, &explained.reasons) == Verdict::Staged => {
            "the draft has what the docs say, and the live text does not yet".to_owned()
        }
        Why::Record { facts, writer } => {
            by_record(reason, *facts, writer.as_ref(), has) + &about_body(reason, &explained.lines)
        }
        Why::Links => "the docs did not change, but what they link to did".to_owned(),
        Why::Texts => match reason.side {
            Side::Same => format!("{has} what the docs say; the record does not know it"),
            Side::Ours => format!("{has} another text; no record and no version says that a teammate wrote it"),
            Side::Theirs => "a teammate wrote the newest version, and the docs say what was sent before".to_owned(),
            Side::Both => format!("{has} another text, and no record says whose change it is"),
        },
        Why::State { docs, found, recorded } => by_state(reason.side, *docs, *found, *recorded),
        Why::Place(name) => match reason.side {
            Side::Same => format!("the docs say `{name}`, and it stays where it is"),
            Side::Ours => format!("the docs say `{name}`, and it is in another collection"),
            Side::Theirs => format!("the docs say `{name}` as before, and it was moved in Intercom"),
            Side::Both => format!("the docs say `{name}`, and it was moved in Intercom, too"),
        },
    }
}

fn by_record(reason: &Reason, facts: Facts, writer: Option<&WrittenBy>, has: &str) -> String {
    match (reason.side, writer) {
        (Side::Same, _) if facts.is_known => format!("{has} what the docs say, and the record knows it"),
        (Side::Same, _) => format!("{has} what the docs say, although the record does not know it"),
        (Side::Ours, Some(WrittenBy::LostRun(at))) => {
            format!("a run that the record does not know sent it at {at}, and the docs say something else")
        }
        (Side::Ours, Some(WrittenBy::Intercom)) => "Intercom wrote it again by itself, and the docs changed".to_owned(),
        (Side::Ours, _) if facts.docs_stayed => format!("{has} one text that the record knows, the docs say another"),
        (Side::Ours, _) => format!("the docs changed, and {has} what the record knows"),
        (Side::Theirs, _) => format!("{has} what the record does not know, and the docs did not change"),
        (Side::Both, _) => format!("{has} what the record does not know, and the docs changed, too"),
    }
}

/// What the record cannot say of a body.
fn about_body(reason: &Reason, lines: &[ArticleRecord]) -> String {
    let mut pairs = lines.iter().flat_map(|line| line.live.iter().chain(&line.staged)).peekable();
    if reason.field != Field::Body || reason.side == Side::Same || pairs.peek().is_none() {
        return String::new();
    }
    let pairs: Vec<&Pair> = pairs.collect();
    if let Some(other) = pairs.iter().find(|pair| !pair.has_todays_rules()) {
        let by = other.rules;
        return format!(
            " (the record is by rules {by}, and this helpbook has {RULES}: `sent` and `shown` say nothing)"
        );
    }
    let is_sent = pairs.iter().any(|pair| pair.body.sent.is_some());
    if is_sent { String::new() } else { " (the record has no text that was sent)".to_owned() }
}

fn by_state(side: Side, docs: State, found: State, recorded: Option<State>) -> String {
    match (side, docs) {
        (Side::Same, _) => format!("`{docs}` in the docs and in Intercom"),
        (Side::Theirs, State::Published) if recorded == Some(State::Published) => {
            "the record says `published`, and it was taken offline in Intercom".to_owned()
        }
        (Side::Theirs, State::Published) => {
            "it was live once, and the record does not say that the docs took it offline".to_owned()
        }
        (Side::Theirs | Side::Both, _) => format!("the record says `{docs}`, and Intercom has `{found}`"),
        (Side::Ours, State::Published) => {
            format!("the docs say `{docs}`, and Intercom has `{found}`: it goes live at publish")
        }
        (Side::Ours, State::Draft) => {
            format!("the docs say `{docs}`, and Intercom has `{found}`: it goes offline at publish")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intercom::model::{AdminId, ArticleId, Locale};
    use crate::record::BodyPair;
    use crate::report::{Paint, Verbosity};
    use crate::text::DocPath;

    fn pair(sent: Option<&str>, stored: &str) -> Pair {
        Pair {
            title: Digest::of("Refunds"),
            description: Digest::of(""),
            body: BodyPair {
                sent: sent.map(Digest::of),
                stored: Digest::of(stored),
                shown: Digest::of(format!("shown {stored}")),
                images: None,
            },
            author: Some(AdminId(814)),
            blob: sent.map(GitBlob::of),
            updated_at: 1_790_000_000,
            left: [].into(),
            rules: RULES,
        }
    }

    /// A text that was sent as `a`, is `stored` in Intercom, and is `docs` in the file now.
    fn explained(stored: &str, docs: &str, side: Side, facts: Facts) -> Explained {
        let mut line = ArticleRecord::new(DocPath::new("refunds.md"), State::Published);
        line.live = Some(pair(Some("a"), "a"));
        let why = Why::Record { facts, writer: None };
        Explained {
            lines: vec![line],
            live: Some(Stored { pair: pair(None, stored), by: "Grace".to_owned() }),
            docs: Some(Desires {
                title: Digest::of("Refunds"),
                description: None,
                sent: Digest::of(docs),
                author: None,
                images: None,
                blob: GitBlob::of(docs),
            }),
            reasons: vec![Reason { field: Field::Body, of: Which::Live, side, why }],
            ..Explained::recorded(ArticleId(11), &Locale::english(), None)
        }
    }

    fn facts(is_as_docs: bool, is_known: bool, docs_stayed: bool) -> Facts {
        Facts { is_as_docs, is_known, docs_stayed }
    }

    fn look(width: Option<usize>) -> Look {
        Look { paint: Paint::Plain, verbosity: Verbosity::Verbose, width, options: String::new() }
    }

    #[track_caller]
    fn check(explained: Explained, expected: &str) {
        let text = Detail::new(explained, None).text(&look(None));
        assert!(text.ends_with(&format!("\n    {expected}\n")), "{text}");
    }

    #[test]
    fn the_digests_of_all_three_sides_stand_below_each_other() {
        let detail = Detail::new(explained("b", "a", Side::Theirs, facts(false, false, true)), None);
        let text = detail.text(&look(Some(60))).replace(&format!("rules {RULES}"), "rules 4");
        insta::assert_snapshot!(text, @"
            record: published, from refunds.md
              live: written 2026-09-21 14:13 UTC, blob 2e65efe2a1,
              rules 4
                title 0942c1799b, description e3b0c44298, author 814
                text sent ca978112ca, stored ca978112ca, shown
                1f22590413
            Intercom, live: written 2026-09-21 14:13 UTC by Grace
                title 0942c1799b, description e3b0c44298, author 814
                text stored 3e23e81600, shown abd3d9b4c4
            docs: blob 2e65efe2a1
                title 0942c1799b
                text sent ca978112ca
            text: drift; Intercom has what the record does not know,
            and the docs did not change
        ");
    }

    #[test]
    fn each_side_has_its_sentence() {
        let of = |side, known| explained("b", "c", side, known);
        check(
            of(Side::Same, facts(true, true, true)),
            "text: in sync; Intercom has what the docs say, and the record knows it",
        );
        check(
            of(Side::Same, facts(true, false, false)),
            "text: in sync; Intercom has what the docs say, although the record does not know it",
        );
        check(
            of(Side::Ours, facts(false, true, false)),
            "text: changed; the docs changed, and Intercom has what the record knows",
        );
        check(
            of(Side::Ours, facts(false, true, true)),
            "text: changed; Intercom has one text that the record knows, the docs say another",
        );
        check(
            of(Side::Theirs, facts(false, false, true)),
            "text: drift; Intercom has what the record does not know, and the docs did not change",
        );
        check(
            of(Side::Both, facts(false, false, false)),
            "text: conflict; Intercom has what the record does not know, and the docs changed, too",
        );
    }

    #[test]
    fn what_the_record_cannot_say_is_named() {
        let mut other_rules = explained("b", "c", Side::Both, facts(false, false, false));
        other_rules.lines[0].live.as_mut().unwrap().rules = RULES + 1;
        let text = Detail::new(other_rules, None).text(&look(None));
        assert!(text.contains("(the record is by rules"), "{text}");
        let mut only_seen = explained("a", "c", Side::Ours, facts(false, true, false));
        only_seen.lines[0].live.as_mut().unwrap().body.sent = None;
        let text = Detail::new(only_seen, None).text(&look(None));
        assert!(text.ends_with("(the record has no text that was sent)\n"), "{text}");
    }

    #[test]
    fn a_draft_that_says_what_the_docs_say_is_staged() {
        let mut staged = explained("a", "b", Side::Ours, facts(false, true, false));
        let why = Why::Record { facts: facts(true, true, true), writer: None };
        staged.reasons.push(Reason { field: Field::Body, of: Which::Draft, side: Side::Same, why });
        check(staged, "text: staged; the draft has what the docs say, and the live text does not yet");
    }

    #[test]
    fn who_took_it_offline_is_said() {
        let mut offline = explained("a", "a", Side::Same, facts(true, true, true));
        let state = |recorded| Reason {
            field: Field::State,
            of: Which::Live,
            side: Side::Theirs,
            why: Why::State { docs: State::Published, found: State::Draft, recorded },
        };
        offline.reasons.push(state(Some(State::Published)));
        check(
            offline.clone(),
            "state: offline by a teammate; the record says `published`, and it was taken offline in Intercom",
        );
        offline.reasons.pop();
        offline.reasons.push(state(None));
        let text = Detail::new(offline, None).text(&look(None));
        assert!(text.contains("offline by a teammate; it was live once"), "{text}");
    }
}
