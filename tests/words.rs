//! The words of everything that a person reads: those of CONTRIBUTING.md.

use std::fs;
use std::path::{Path, PathBuf};

/// A word that is not ours, and what follows it where it is.
struct Word {
    word: &'static str,
    /// What may follow: a common phrase of which it is a part.
    but: &'static [&'static str],
}

const fn never(word: &'static str) -> Word {
    Word { word, but: &[] }
}

const WORDS: &[Word] = &[
    Word { word: "stand", but: &[" for ", " in for ", " in, "] },
    Word { word: "stands", but: &[" for", " in for "] },
    never("stood"),
    never("anew"),
    never("mend"),
    never("mends"),
    never("mended"),
    never("besides"),
    never("without a word"),
    never("tells"),
    never("back ticks"),
];

/// The texts: documentation, scripts, and of the code comments and strings.
fn texts() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    for place in [
        "README.md",
        "GUARANTEES.md",
        "CHANGELOG.md",
        "ARCHITECTURE.md",
        "action.yml",
        "helpbook.schema.json",
        "install.sh",
    ] {
        texts.push((PathBuf::from(place), fs::read_to_string(root.join(place)).unwrap()));
    }
    for folder in ["src", "docs", "example-docs", "action", "crates", ".github"] {
        for entry in walkdir::WalkDir::new(root.join(folder)).into_iter().flatten() {
            let path = entry.path();
            let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
            if !["rs", "md", "yml", "sh", "css", "json"].contains(&end) {
                continue;
            }
            let text = fs::read_to_string(path).unwrap();
            let text = if end == "rs" { text.lines().map(said).collect::<Vec<_>>().join("\n") } else { text };
            texts.push((path.strip_prefix(root).unwrap().to_owned(), text));
        }
    }
    texts
}

/// Of a line of code what a person reads: a comment, or what is in quotes.
fn said(line: &str) -> String {
    if line.trim_start().starts_with("//") {
        return line.to_owned();
    }
    let parts = line.split('"').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { part } else { " " }).collect()
}

/// Where a word is in a line, apart from the phrases that it may be in.
fn has(line: &str, Word { word, but }: &Word) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    line.match_indices(word).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + word.len()..]);
        !before.ends_with(is_letter) && !after.starts_with(is_letter) && !but.iter().any(|but| after.starts_with(but))
    })
}

#[test]
fn everything_is_said_in_plain_words() {
    let mut found = Vec::new();
    for (path, text) in texts() {
        for (at, line) in text.lines().enumerate() {
            let lower = line.to_lowercase();
            let odd = WORDS.iter().filter(|word| has(&lower, word));
            found.extend(odd.map(|word| format!("{}:{}: `{}`: {}", path.display(), at + 1, word.word, line.trim())));
        }
    }
    assert!(found.is_empty(), "{} places\n{}", found.len(), found.join("\n"));
}

#[test]
fn a_word_is_found_and_a_phrase_is_not() {
    let stand = &WORDS[0];
    assert!(has("where they stand", stand) && has("stand, and more", stand));
    assert!(!has("what they stand for here", stand) && !has("a stand-in", stand) && !has("understand", stand));
}
