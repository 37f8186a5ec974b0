//! What an article is beside its text, as front matter says it: tags, old addresses, dates, and who
//! may use it.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::book::{in_lines, quoted};
use crate::intercom::model::{ArticleId, Locale, RedirectTarget};
use crate::live::{Flags, Listed, Live, LiveArticle};
use crate::plan::Field;

/// The value of a key, as Intercom has it; nothing where it says nothing. Of the article's own keys
/// in the default locale only.
pub(super) fn value(live: &Live, id: ArticleId, locale: &Locale, default: &Locale, field: Field) -> Option<String> {
    let found = live.articles.get(&id)?;
    let is_default = locale == default;
    match field {
        Field::Tags if is_default => {
            let tags = found.article.tags.as_ref()?;
            Some(list(tags.tags.iter().map(|tag| tag.name.as_str())))
        }
        Field::RedirectFrom if is_default => {
            let Listed::Known(redirects) = &live.redirects else { return None };
            let leads_here = redirects
                .iter()
                .filter(|redirect| redirect.target_type == RedirectTarget::Article && redirect.target_id.0 == id.0);
            Some(list(leads_here.map(|redirect| redirect.from_url.as_str())))
        }
        Field::PublishAt if is_default => date(found.article.scheduled_publish_at),
        Field::UnpublishAt if is_default => date(found.article.scheduled_unpublish_at),
        Field::Ai => ai(&found.flags(locale, default)),
        Field::Audiences => {
            let Listed::Known(audiences) = &live.audiences else { return None };
            let wanted = found.flags(locale, default).audiences?;
            let named = audiences.iter().filter(|audience| wanted.contains(&audience.id));
            Some(list(named.map(|audience| audience.name.as_str())))
        }
        _ => None,
    }
}

/// The lines of a new file: what somebody chose, and nothing that is so anyhow.
pub(super) fn lines(live: &Live, found: &LiveArticle, locale: &Locale, default: &Locale) -> String {
    let mut text = String::new();
    for field in [Field::Tags, Field::RedirectFrom, Field::PublishAt, Field::UnpublishAt, Field::Ai, Field::Audiences] {
        let flags = found.flags(locale, default);
        let is_usual = [flags.chatbot, flags.copilot, flags.sales_agent].iter().all(|flag| *flag != Some(false));
        if field == Field::Ai && is_usual {
            continue;
        }
        let value = value(live, found.article.id, locale, default, field);
        if let Some(value) = value.filter(|value| value != "[]") {
            let _ = match in_lines(&value, "\n") {
                Some(lines) => writeln!(text, "{}:{lines}", field.id()),
                None => writeln!(text, "{}: {value}", field.id()),
            };
        }
    }
    text
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names
        .map(|name| {
            let plain = quoted(name);
            if plain == name && !name.contains(',') { plain } else { serde_json::to_string(name).unwrap_or_default() }
        })
        .collect();
    format!("[{}]", names.join(", "))
}

fn date(seconds: Option<i64>) -> Option<String> {
    Timestamp::from_second(seconds?).ok().map(|at| at.to_string())
}

fn ai(flags: &Flags) -> Option<String> {
    let keys = [("chatbot", flags.chatbot), ("copilot", flags.copilot), ("sales_agent", flags.sales_agent)];
    let said: Vec<String> = keys.iter().filter_map(|(key, flag)| Some(format!("{key}: {}", (*flag)?))).collect();
    (!said.is_empty()).then(|| format!("{{ {} }}", said.join(", ")))
}
