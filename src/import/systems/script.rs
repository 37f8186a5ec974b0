//! JavaScript as far as it is data: `module.exports = { … }` is read as a document, and nothing is ever run.

use serde_json::{Map, Value};

/// How deep values may be within each other.
const DEEPEST: usize = 64;

/// The object that a file exports or names `sidebars`; `None` where it is no data.
pub(super) fn data(text: &str) -> Option<Value> {
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let starts = ["module.exports", "export default", "const sidebars", "let sidebars", "var sidebars"];
    let mut objects = starts.iter().filter_map(|start| {
        let at = text.find(start)? + start.len();
        let brace = at + text[at..].find('{')?;
        // `export default sidebars;` names it elsewhere.
        let between = &text[at..brace];
        if between.contains(';') {
            return None;
        }
        Reader { text, at: brace }.value(0)
    });
    objects.next()
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// Goes on to what is no white space and no comment.
    fn skip(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            let skipped = rest.len() - trimmed.len();
            let comment = if trimmed.starts_with("//") {
                trimmed.find('\n').unwrap_or(trimmed.len())
            } else if trimmed.starts_with("/*") {
                trimmed.find("*/").map_or(trimmed.len(), |end| end + 2)
            } else {
                0
            };
            self.at += skipped + comment;
            if comment == 0 {
                return;
            }
        }
    }

    fn takes(&mut self, sign: char) -> bool {
        self.skip();
        let is_there = self.rest().starts_with(sign);
        if is_there {
            self.at += sign.len_utf8();
        }
        is_there
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        self.skip();
        match self.rest().chars().next()? {
            '{' => self.object(depth),
            '[' => self.array(depth),
            '"' | '\'' | '`' => self.string().map(Value::String),
            _ => Some(self.word()),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut object = Map::new();
        loop {
            if self.takes('}') {
                return Some(Value::Object(object));
            }
            let key = match self.rest().chars().next()? {
                '"' | '\'' | '`' => self.string()?,
                _ => self.name()?,
            };
            if !self.takes(':') {
                return None;
            }
            object.insert(key, self.value(depth + 1)?);
            if !self.takes(',') {
                return self.takes('}').then_some(Value::Object(object));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut array = Vec::new();
        loop {
            if self.takes(']') {
                return Some(Value::Array(array));
            }
            array.push(self.value(depth + 1)?);
            if !self.takes(',') {
                return self.takes(']').then_some(Value::Array(array));
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        let quote = self.rest().chars().next()?;
        self.at += quote.len_utf8();
        let mut text = String::new();
        let mut is_escaped = false;
        let mut length = 0;
        for c in self.rest().chars() {
            length += c.len_utf8();
            match c {
                _ if is_escaped => {
                    text.push(if c == 'n' { '\n' } else { c });
                    is_escaped = false;
                }
                '\\' => is_escaped = true,
                c if c == quote => {
                    self.at += length;
                    return Some(text);
                }
                c => text.push(c),
            }
        }
        None
    }

    fn name(&mut self) -> Option<String> {
        let name: String = self.rest().chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '$')).collect();
        self.at += name.len();
        (!name.is_empty()).then_some(name)
    }

    /// A number or a word; what would have to be run is nothing.
    fn word(&mut self) -> Value {
        let mut depth = 0_i32;
        let mut length = 0;
        for c in self.rest().chars() {
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' if depth == 0 => break,
                ')' | ']' | '}' => depth -= 1,
                ',' if depth == 0 => break,
                _ => {}
            }
            length += c.len_utf8();
        }
        let word = self.rest()[..length].trim().to_owned();
        self.at += length;
        serde_json::from_str(&word).unwrap_or(Value::Null)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(data(text), expected.map(|json| serde_json::from_str(json).unwrap()));
    }

    #[test]
    fn data_is_read_and_nothing_is_run() {
        check(
            "module.exports = { a: ['b', {type: 'c', items: [`d`,],}], };",
            Some(r#"{"a":["b",{"type":"c","items":["d"]}]}"#),
        );
        check("// x\nconst sidebars: T = {a: [/* y */ 'b']};\nexport default sidebars;", Some(r#"{"a":["b"]}"#));
        check("module.exports = { a: f(1, [2]), b: true, c: 1 };", Some(r#"{"a":null,"b":true,"c":1}"#));
        check("module.exports = { ...a };", None);
        check("let x = 1;", None);
        check(&format!("module.exports = {{a: {}", "[".repeat(100_000)), None);
    }
}
