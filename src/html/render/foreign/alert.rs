//! The words that other systems have for an alert, and the alert of GitHub's that each is.

/// What a foreign block becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Becomes {
    /// `> [!NOTE]` and the like.
    Alert(&'static str),
    /// A quote without a mark.
    Quote,
    /// `<details>`.
    Details,
}

/// What a word stands for, whatever its case; `None` for one that is no alert anywhere.
pub(super) fn meant(word: &str) -> Option<Becomes> {
    let word = word.to_lowercase();
    Some(match word.as_str() {
        "note" | "info" | "information" | "abstract" | "summary" | "tldr" | "example" | "question" | "help" | "faq"
        | "todo" | "seealso" | "secondary" | "admonition" => Becomes::Alert("NOTE"),
        "tip" | "hint" | "success" | "check" | "done" => Becomes::Alert("TIP"),
        "important" | "key" => Becomes::Alert("IMPORTANT"),
        "warning" | "warn" | "attention" | "caution" => Becomes::Alert("WARNING"),
        "danger" | "error" | "bug" | "failure" | "fail" | "missing" => Becomes::Alert("CAUTION"),
        "quote" | "cite" => Becomes::Quote,
        "details" | "dropdown" | "expand" | "collapse" | "collapsible" => Becomes::Details,
        _ => return None,
    })
}

/// The line or lines that begin it, each after `prefix`, which is there already before the first one.
pub(super) fn head(becomes: Becomes, title: Option<&str>, prefix: &str) -> String {
    // A title that is bold already is not made so twice.
    let plain = |title: &str| !title.contains("**");
    let bold = title.map(|title| if plain(title) { format!("> **{title}**") } else { format!("> {title}") });
    match becomes {
        Becomes::Alert(kind) => match bold {
            Some(bold) => format!("> [!{kind}]\n{prefix}{bold}\n{prefix}>"),
            None => format!("> [!{kind}]"),
        },
        Becomes::Quote => bold.map_or_else(|| ">".to_owned(), |bold| format!("{bold}\n{prefix}>")),
        Becomes::Details => {
            let title = title.unwrap_or("Details").replace('&', "&amp;").replace('<', "&lt;");
            format!("<details>\n{prefix}<summary>{title}</summary>\n{prefix}")
        }
    }
}
