//! Where each client keeps its servers, and the entry for helpbook in such a file.
//!
//! A file that is there keeps every byte but those of the entry: it is parsed with its comments and spaces, and one
//! member is added. An entry that is there already is left as it is. The token is never written; clients that give a
//! server nothing of their environment are told the name of the variable.

use jsonc_parser::ParseOptions;
use jsonc_parser::cst::{CstInputValue, CstRootNode};
use toml_edit::{Array, DocumentMut, Item, Table, value};

/// The name of the entry.
const NAME: &str = "helpbook";

/// The variable with the token.
const TOKEN: &str = "INTERCOM_ACCESS_TOKEN";

/// A client of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// Claude Code: `.mcp.json` of the project.
    ClaudeCode,
    /// Cursor: `.cursor/mcp.json`.
    Cursor,
    /// Codex: `.codex/config.toml`, which it reads in projects that are trusted.
    Codex,
    /// VS Code: `.vscode/mcp.json`.
    VsCode,
    /// Zed: `.zed/settings.json`.
    Zed,
}

/// The file of a client with the entry in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// The text that the file gets.
    Added(String),
    /// It is there already; the file stays as it is.
    Kept,
}

/// The entry cannot be added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// The file is no JSON or TOML.
    #[error("it cannot be read: {0}")]
    Broken(String),
    /// A part of it is something else than expected.
    #[error("`{0}` in it is no object")]
    NoObject(&'static str),
}

impl Client {
    /// Its file, from the root of the project.
    pub fn file(self) -> &'static str {
        match self {
            Self::ClaudeCode => ".mcp.json",
            Self::Cursor => ".cursor/mcp.json",
            Self::Codex => ".codex/config.toml",
            Self::VsCode => ".vscode/mcp.json",
            Self::Zed => ".zed/settings.json",
        }
    }

    /// Its name for a person.
    pub fn name(self) -> &'static str {
        match self {
            Self::ClaudeCode => "Claude Code",
            Self::Cursor => "Cursor",
            Self::Codex => "Codex",
            Self::VsCode => "VS Code",
            Self::Zed => "Zed",
        }
    }

    /// The member of the file that holds its servers.
    fn servers(self) -> &'static str {
        match self {
            Self::ClaudeCode | Self::Cursor => "mcpServers",
            Self::Codex => "mcp_servers",
            Self::VsCode => "servers",
            Self::Zed => "context_servers",
        }
    }

    /// How a value of the environment is written in its file, where a server is given no other way to it.
    fn token(self) -> Option<String> {
        match self {
            Self::ClaudeCode => Some(format!("${{{TOKEN}:-}}")),
            Self::Cursor => Some(format!("${{env:{TOKEN}}}")),
            // These start a server with the environment that they have themselves, or name its variables.
            Self::Codex | Self::VsCode | Self::Zed => None,
        }
    }

    /// The file with the entry for a server that is started with these arguments. `before` is the text that is
    /// there; empty where there is none.
    ///
    /// # Errors
    /// Fails where the file cannot be read as what it is; it stays as it is then.
    pub fn with_entry(self, before: &str, arguments: &[String]) -> Result<Entry, EntryError> {
        match self {
            Self::Codex => self.in_toml(before, arguments),
            _ => self.in_json(before, arguments),
        }
    }

    fn in_json(self, before: &str, arguments: &[String]) -> Result<Entry, EntryError> {
        let (mark, text) = match before.strip_prefix('\u{feff}') {
            Some(text) => ("\u{feff}", text),
            None => ("", before),
        };
        let text = if text.trim().is_empty() { "{}\n" } else { text };
        let root = CstRootNode::parse(text, &ParseOptions::default())
            .map_err(|error| EntryError::Broken(crate::text::one_line(&error.to_string())))?;
        let object = root.object_value_or_create().ok_or(EntryError::NoObject("the whole"))?;
        let servers = object.object_value_or_create(self.servers()).ok_or(EntryError::NoObject(self.servers()))?;
        if servers.get(NAME).is_some() {
            return Ok(Entry::Kept);
        }
        let text = |text: &str| CstInputValue::String(text.to_owned());
        let member = |name: &str, value| (name.to_owned(), value);
        let mut entry = Vec::new();
        if matches!(self, Self::ClaudeCode | Self::VsCode) {
            entry.push(member("type", text("stdio")));
        }
        entry.push(member("command", text(NAME)));
        entry.push(member("args", CstInputValue::Array(arguments.iter().map(|one| text(one)).collect())));
        if let Some(token) = self.token() {
            entry.push(member("env", CstInputValue::Object(vec![member(TOKEN, text(&token))])));
        }
        servers.append(NAME, CstInputValue::Object(entry));
        Ok(Entry::Added(format!("{mark}{root}")))
    }

    fn in_toml(self, before: &str, arguments: &[String]) -> Result<Entry, EntryError> {
        let mut document: DocumentMut = before
            .parse()
            .map_err(|error: toml_edit::TomlError| EntryError::Broken(crate::text::one_line(error.message())))?;
        let mut servers = Table::new();
        servers.set_implicit(true);
        let servers = document.entry(self.servers()).or_insert(Item::Table(servers));
        let servers = servers.as_table_like_mut().ok_or(EntryError::NoObject(self.servers()))?;
        if servers.contains_key(NAME) {
            return Ok(Entry::Kept);
        }
        let mut entry = Table::new();
        entry.insert("command", value(NAME));
        entry.insert("args", value(arguments.iter().collect::<Array>()));
        entry.insert("env_vars", value(std::iter::once(TOKEN).collect::<Array>()));
        if !before.is_empty() {
            entry.decor_mut().set_prefix("\n");
        }
        servers.insert(NAME, Item::Table(entry));
        Ok(Entry::Added(document.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn added(client: Client, before: &str) -> String {
        let arguments = ["mcp".to_owned()];
        let Entry::Added(after) = client.with_entry(before, &arguments).unwrap() else { panic!("kept") };
        assert_eq!(client.with_entry(&after, &arguments).unwrap(), Entry::Kept, "{after}");
        after
    }

    /// Whether a text is another one with something put in at one place.
    #[track_caller]
    fn is_insertion(before: &str, after: &str) {
        let start = before.bytes().zip(after.bytes()).take_while(|(one, other)| one == other).count();
        let end = before.bytes().rev().zip(after.bytes().rev()).take_while(|(one, other)| one == other).count();
        assert!(start + end >= before.len(), "{before}\n---\n{after}");
    }

    #[test]
    fn a_new_file_holds_the_entry_alone() {
        let entry = |client: Client| serde_json::from_str::<serde_json::Value>(&added(client, "")).unwrap();
        let token = |text: &str| json!({ TOKEN: text });
        let plain = json!({"command": "helpbook", "args": ["mcp"]});
        let with = |name: &str, value: serde_json::Value| {
            let mut entry = plain.clone();
            entry[name] = value;
            entry
        };
        let mut claude = with("env", token("${INTERCOM_ACCESS_TOKEN:-}"));
        claude["type"] = "stdio".into();
        assert_eq!(entry(Client::ClaudeCode), json!({"mcpServers": {"helpbook": claude}}));
        let cursor = with("env", token("${env:INTERCOM_ACCESS_TOKEN}"));
        assert_eq!(entry(Client::Cursor), json!({"mcpServers": {"helpbook": cursor}}));
        assert_eq!(entry(Client::VsCode), json!({"servers": {"helpbook": with("type", "stdio".into())}}));
        assert_eq!(entry(Client::Zed), json!({"context_servers": {"helpbook": plain}}));
        let codex = "[mcp_servers.helpbook]\ncommand = \"helpbook\"\nargs = [\"mcp\"]\nenv_vars = [\"INTERCOM_ACCESS_TOKEN\"]\n";
        assert_eq!(added(Client::Codex, ""), codex);
    }

    #[test]
    fn a_file_that_is_there_keeps_every_byte() {
        for before in [
            "{\n\t// ours\n\t\"theme\":   \"One\", /* why */\n\t\"context_servers\": {\n\t\t\"x\": {\"command\":\"y\"}\n\t},\n\t\"a\": [1,2 , 3],\n}\n",
            "{\r\n  \"a\": 1\r\n}",
            "{\n    \"context_servers\": {}\n}\n",
            "\u{feff}{}",
            "{\n}\n",
        ] {
            is_insertion(before, &added(Client::Zed, before));
        }
        for before in [
            "# mine\nmodel   = \"x\" # why\n\n[mcp_servers.other]\ncommand=\"y\"\n\n[tui]\ntheme = 'a'\n",
            "a=1\n",
            "mcp_servers = { other = { command = \"y\" } }\n",
        ] {
            is_insertion(before, &added(Client::Codex, before));
        }
    }

    #[test]
    fn a_broken_file_is_left_alone() {
        let entry = |client: Client, before| client.with_entry(before, &[]).map_err(|error| error.to_string());
        assert!(entry(Client::Cursor, "{\"a\": ").is_err());
        assert!(entry(Client::Codex, "a = ").is_err());
        assert_eq!(entry(Client::Cursor, "[]"), Err("`the whole` in it is no object".to_owned()));
        assert_eq!(entry(Client::Cursor, "{\"mcpServers\": 7}"), Err("`mcpServers` in it is no object".to_owned()));
        assert_eq!(entry(Client::Codex, "mcp_servers = 7"), Err("`mcp_servers` in it is no object".to_owned()));
    }
}
