//! Search over titles and texts, in the browser and without it.

use serde::Serialize;

use crate::body::{Body, words};

/// A text that is searched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Text {
    /// The title.
    pub title: String,
    /// Where it is, as seen from the file of the texts.
    pub href: String,
    /// All its words.
    pub text: String,
}

impl Text {
    /// The text of an article.
    pub fn of(title: &str, description: &str, body: &Body, href: String) -> Self {
        Self { title: title.to_owned(), href, text: format!("{description} {}", words(&body.html)).trim().to_owned() }
    }
}

/// The file of the texts: a script that hands them to the page's own, so that a page that is opened from a disk
/// finds them, too.
pub fn texts(texts: &[Text]) -> String {
    let json = serde_json::to_string(texts).unwrap_or_else(|_| "[]".to_owned());
    // Two line ends that scripts of old know and JSON does not; and no tag, whatever the file is taken for.
    let json = json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029").replace('<', "\\u003c");
    format!("helpbookTexts({json});\n")
}

/// The texts that hold every word of a query; those with more of them in the title come first.
pub fn matching<'t>(texts: impl IntoIterator<Item = &'t Text>, query: &str) -> Vec<&'t Text> {
    let query = query.to_lowercase();
    let asked: Vec<&str> = query.split_whitespace().collect();
    if asked.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(usize, &Text)> = texts
        .into_iter()
        .filter_map(|text| {
            let title = text.title.to_lowercase();
            let body = text.text.to_lowercase();
            let is_in = asked.iter().all(|word| title.contains(word) || body.contains(word));
            let missing = asked.iter().filter(|word| !title.contains(**word)).count();
            is_in.then_some((missing, text))
        })
        .collect();
    found.sort_by_key(|(missing, _)| *missing);
    found.into_iter().map(|(_, text)| text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(title: &str, words: &str) -> Text {
        Text { title: title.to_owned(), href: "a.html".to_owned(), text: words.to_owned() }
    }

    #[test]
    fn every_word_has_to_be_there_and_titles_come_first() {
        let all =
            [text("Invoices", "How to refund one"), text("Refund a customer", "Open the invoice"), text("Other", "x")];
        let titles = |query: &str| matching(&all, query).iter().map(|text| text.title.as_str()).collect::<Vec<_>>();
        assert_eq!(titles("refund"), ["Refund a customer", "Invoices"]);
        assert_eq!(titles("REFUND invoice"), ["Invoices", "Refund a customer"]);
        assert_eq!(titles("refund nobody"), [""; 0]);
        assert_eq!(titles(" "), [""; 0]);
    }

    #[test]
    fn texts_are_data_whatever_they_say() {
        let script = texts(&[text("</script>\u{2028}", "\"); x(\"")]);
        assert_eq!(
            script,
            "helpbookTexts([{\"title\":\"\\u003c/script>\\u2028\",\"href\":\"a.html\",\"text\":\"\\\"); x(\\\"\"}]);\n"
        );
    }
}
