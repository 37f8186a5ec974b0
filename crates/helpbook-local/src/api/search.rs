//! `GET /articles/search` (docs/intercom.md 1.5).
//!
//! A phrase is found as it is, whatever its case, in a title, a description or a body's text. How
//! Intercom ranks is not known; here the order is that of the list.

use helpbook_model::State;
use scraper::Html;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::article_json::single;
use super::list::PageRequest;
use super::workspace::HELP_CENTER;
use super::{Handled, HelpCenter, Request};
use crate::article::Article;
use crate::content::Content;
use crate::refusal::Refusal;

/// Records on a page, unless the request says.
const PER_PAGE: u64 = 10;

/// Answers `GET /articles/search`.
pub(super) fn search(center: &HelpCenter, request: &Request) -> Handled {
    let asked = PageRequest::parse(&request.query, PER_PAGE)?;
    let parameter = |wanted: &str| {
        form_urlencoded::parse(request.query.as_bytes())
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.into_owned())
    };
    let phrase = parameter("phrase").unwrap_or_default();
    let state = match parameter("state").as_deref() {
        None | Some("all") => None,
        Some("published") => Some(State::Published),
        Some("draft") => Some(State::Draft),
        Some(_) => {
            return Err(Refusal::parameter_invalid("state must be published, draft or all"));
        }
    };
    // No article is in a Help Center that is not there.
    let is_here = parameter("help_center_id").is_none_or(|id| id == HELP_CENTER.to_string());
    let locale = &center.locale;
    let mut found: Vec<&Article> = center
        .store
        .articles
        .values()
        .filter(|_| is_here)
        .filter(|article| state.is_none_or(|state| article.default_text(locale).state == state))
        .filter(|article| matches(&article.default_text(locale).content, &phrase))
        .collect();
    asked.sort(&mut found, center.behaviour.ties, |article| (article.default_text(locale).updated_at, article.id.0));
    let page = asked.cut(&found);
    let highlights: Vec<Value> = if parameter("highlight").as_deref() == Some("true") {
        page.iter().map(|article| highlight(article, &article.default_text(locale).content, &phrase)).collect()
    } else {
        Vec::new()
    };
    let articles: Vec<Value> = page.iter().map(|article| single(center, article)).collect();
    Ok(json!({
        "type": "list",
        "total_count": found.len(),
        "data": {"articles": articles, "highlights": highlights},
        "pages": asked.pages(found.len(), &center.list_address("articles/search"), center.behaviour.next),
    }))
}

fn matches(content: &Content, phrase: &str) -> bool {
    let phrase = phrase.to_lowercase();
    [&content.title, &content.description, &body_text(content)].iter().any(|text| text.to_lowercase().contains(&phrase))
}

fn highlight(article: &Article, content: &Content, phrase: &str) -> Value {
    let summary: Vec<Vec<Value>> = [content.description.clone(), body_text(content)]
        .iter()
        .map(|text| split(text, phrase))
        .filter(|pieces| pieces.len() > 1)
        .collect();
    json!({
        "article_id": article.id.to_string(),
        "highlighted_title": split(&content.title, phrase),
        "highlighted_summary": summary,
    })
}

/// The text, cut before and after each occurrence of the phrase.
fn split(text: &str, phrase: &str) -> Vec<Value> {
    let piece = |kind: &str, text: &str| json!({"type": kind, "text": text});
    let mut pieces = Vec::new();
    let mut rest = text;
    // Only where small letters are as long as capitals do positions in one fit the other.
    let (lower, phrase) = (text.to_ascii_lowercase(), phrase.to_ascii_lowercase());
    while !phrase.is_empty()
        && let Some(at) = lower[text.len() - rest.len()..].find(&phrase)
    {
        let (before, after) = rest.split_at(at);
        let (hit, after) = after.split_at(phrase.len());
        if !before.is_empty() {
            pieces.push(piece("plain", before));
        }
        pieces.push(piece("highlight", hit));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(piece("plain", rest));
    }
    pieces
}

fn body_text(content: &Content) -> String {
    let texts: Vec<String> = Html::parse_fragment(&content.body).root_element().text().map(str::to_owned).collect();
    texts.join(" ")
}
