//! Prompts for the usual jobs, which a person chooses in a client.
//!
//! A prompt is our words and what the person typed, marked as such; no text of an article or of Intercom is in one.

use super::data::marked;

/// A job that a person gives to an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prompt {
    /// Its name in the protocol.
    pub name: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
    /// What a person types: its name, what it is, and whether it is needed.
    pub argument: Option<Argument>,
    text: &'static str,
}

/// What a person types into a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Whether the prompt is nothing without it.
    pub is_required: bool,
}

/// All of them.
pub static PROMPTS: [Prompt; 4] = [
    Prompt {
        name: "update-articles",
        about: "Update the articles that a change of the product touches",
        argument: Some(Argument {
            name: "change",
            about: "what changed: release notes, a diff or a sentence",
            is_required: true,
        }),
        text: "The product changed; what changed is below. Find every article that says something which is no longer \
               true: use `list` with several words of the change, in the docs and in Intercom, and `read` each hit. \
               Edit only those sentences with `write` (`old` and `new`), keep the style of the article, and add no \
               facts that the change does not give. Fix what `check` finds. Show me the plan and ask before you call \
               `stage`. List what you were not sure of. A person publishes.",
    },
    Prompt {
        name: "write-article",
        about: "Write a new article",
        argument: Some(Argument { name: "topic", about: "what it is about, and for whom", is_required: true }),
        text: "Write a new help article on the topic below. Read helpbook://guide/articles first. Use `list` to see \
               whether an article says it already, and in which folder its neighbours are; `read` two of them for \
               their style. Write one file, link to related articles, fix what `check` finds, and show me the plan. \
               Do not stage it before I say so.",
    },
    Prompt {
        name: "fix-findings",
        about: "Fix what is wrong with the docs",
        argument: Some(Argument { name: "folder", about: "only this folder", is_required: false }),
        text: "Run `check` and fix what it finds, file by file, with `write` (`old` and `new`). `explain` says what a \
               finding means. Change nothing else, guess no facts, and leave what needs a decision for me in a list. \
               Show me the plan at the end.",
    },
    Prompt {
        name: "bring-in-changes",
        about: "Bring teammates' changes in Intercom into the files",
        argument: None,
        text: "Run `status`. If something was changed in Intercom, run `pull` with `dry_run` and show me what it would \
               bring. After my answer run `pull`, then `check`, and tell me which files have conflicts: I resolve \
               those. Stage nothing.",
    },
];

impl Prompt {
    /// The prompt of this name.
    pub fn of_name(name: &str) -> Option<&'static Self> {
        PROMPTS.iter().find(|prompt| prompt.name == name)
    }

    /// What the agent is told, with what the person typed.
    pub fn filled(&self, typed: &str) -> String {
        if typed.trim().is_empty() { self.text.to_owned() } else { format!("{}\n\n{}", self.text, marked(typed)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_marked() {
        let prompt = Prompt::of_name("update-articles").unwrap();
        assert!(prompt.filled("Refunds take 5 days.").contains("<data "));
        assert!(!prompt.filled(" ").contains("<data "));
        assert_eq!(Prompt::of_name("publish"), None);
    }
}
