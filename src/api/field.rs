//! Fields as they are typed: `-f key=text` and `-F key=value`, with nested keys and lists.
//!
//! `a[b]=x` is a field of an object, `a[]=x` another value of a list, `a[][b]=x` a field of the last object of a list,
//! or of a new one where that has it already. A typed value may be a number, `true`, `false`, `null`, a list or an
//! object as JSON, or `@FILE`, the text of a file. Where a field belongs, in a path, a query or a body, is not said here.

use std::io;

use serde_json::{Map, Value};

use crate::text::one_line;

/// One field.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name, without what is in brackets.
    pub name: String,
    /// The steps from there to the value.
    steps: Vec<Step>,
    value: Value,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// Into a field of an object.
    Key(String),
    /// To the end of a list.
    Push,
}

/// Fields that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FieldError {
    /// There is no `=`.
    #[error("`{0}` is not a field; write `KEY=VALUE`")]
    NoValue(String),
    /// The brackets of a key are wrong.
    #[error("`{0}` is not a key; write such as `to[id]` or `tags[]`")]
    Key(String),
    /// The file of a value cannot be read.
    #[error("`{key}` cannot be read from {file}: {source}")]
    File {
        /// The key.
        key: String,
        /// The file, as it was typed.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// Two fields do not go together.
    #[error("`{0}` is given twice, or as one thing and as another")]
    Twice(String),
}

impl Field {
    /// A field whose value is the text as it is.
    ///
    /// # Errors
    /// Fails without `=`, and with a wrong key.
    pub fn text(typed: &str) -> Result<Self, FieldError> {
        let (key, value) = split(typed)?;
        Self::new(key, value.map_or_else(|| Value::Array(Vec::new()), Value::from))
    }

    /// A field whose value has the type that it looks like. `read` reads a file, of which `-` is standard input.
    ///
    /// # Errors
    /// Fails without `=`, with a wrong key, and where a file cannot be read.
    pub fn typed(typed: &str, read: impl FnOnce(&str) -> io::Result<String>) -> Result<Self, FieldError> {
        let (key, value) = split(typed)?;
        let Some(value) = value else { return Self::new(key, Value::Array(Vec::new())) };
        if let Some(file) = value.strip_prefix('@') {
            let text =
                read(file).map_err(|source| FieldError::File { key: one_line(key), file: one_line(file), source })?;
            return Self::new(key, Value::from(text));
        }
        let value = match serde_json::from_str(value) {
            // A quote is part of a text.
            Ok(Value::String(_)) | Err(_) => Value::from(value),
            Ok(value) => value,
        };
        Self::new(key, value)
    }

    fn new(key: &str, value: Value) -> Result<Self, FieldError> {
        let wrong = || FieldError::Key(one_line(key));
        let (name, mut rest) = match key.find('[') {
            Some(at) => key.split_at(at),
            None => (key, ""),
        };
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, after) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).ok_or_else(wrong)?;
            steps.push(if step.is_empty() { Step::Push } else { Step::Key(step.to_owned()) });
            rest = after;
        }
        // `a[]` without a value is an empty list.
        if value.as_array().is_some_and(Vec::is_empty) && steps.last() == Some(&Step::Push) {
            steps.pop();
        }
        if name.is_empty() { Err(wrong()) } else { Ok(Self { name: name.to_owned(), steps, value }) }
    }
}

/// The key and the value; a key that ends with `[]` needs none.
fn split(typed: &str) -> Result<(&str, Option<&str>), FieldError> {
    match typed.split_once('=') {
        Some((key, value)) => Ok((key, Some(value))),
        None if typed.ends_with("[]") => Ok((typed, None)),
        None => Err(FieldError::NoValue(one_line(typed))),
    }
}

/// All fields of a request, in the order in which they were typed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fields(Vec<Field>);

impl From<Vec<Field>> for Fields {
    fn from(fields: Vec<Field>) -> Self {
        Self(fields)
    }
}

impl Fields {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names, each as often as it was typed.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|field| field.name.as_str())
    }

    /// Takes out the value of a name that is a text or a number.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let is_plain = |field: &Field| field.name == name && field.steps.is_empty();
        let at = self.0.iter().position(is_plain)?;
        let text = match &self.0[at].value {
            Value::String(text) => text.clone(),
            value @ (Value::Number(_) | Value::Bool(_)) => value.to_string(),
            _ => return None,
        };
        self.0.remove(at);
        Some(text)
    }

    /// The fields for which something is true, and the others.
    pub(super) fn split(self, is_first: impl Fn(&str) -> bool) -> (Self, Self) {
        let (first, others) = self.0.into_iter().partition(|field| is_first(&field.name));
        (Self(first), Self(others))
    }

    /// All of them as one object.
    ///
    /// # Errors
    /// Fails where two of them do not go together.
    pub(super) fn object(self) -> Result<Map<String, Value>, FieldError> {
        let mut object = Map::new();
        for Field { name, steps, value } in self.0 {
            let place = object.entry(&name).or_insert(Value::Null);
            put(place, &steps, value).map_err(|Occupied| FieldError::Twice(one_line(&name)))?;
        }
        Ok(object)
    }
}

/// The place of a value holds something else.
struct Occupied;

fn put(place: &mut Value, steps: &[Step], value: Value) -> Result<(), Occupied> {
    let Some((step, rest)) = steps.split_first() else {
        if !place.is_null() {
            return Err(Occupied);
        }
        *place = value;
        return Ok(());
    };
    match step {
        Step::Key(key) => {
            if place.is_null() {
                *place = Value::Object(Map::new());
            }
            let object = place.as_object_mut().ok_or(Occupied)?;
            put(object.entry(key).or_insert(Value::Null), rest, value)
        }
        Step::Push => {
            if place.is_null() {
                *place = Value::Array(Vec::new());
            }
            let list = place.as_array_mut().ok_or(Occupied)?;
            let is_new = match (rest.first(), list.last()) {
                (Some(Step::Key(key)), Some(Value::Object(last))) => rest.len() == 1 && last.contains_key(key),
                _ => true,
            };
            if is_new {
                list.push(Value::Null);
            }
            list.last_mut().map_or(Err(Occupied), |last| put(last, rest, value))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(fields: &[&str]) -> Result<Value, FieldError> {
        let read = |file: &str| if file == "a.txt" { Ok("text\n".to_owned()) } else { Err(io::Error::other("no")) };
        let fields = fields.iter().map(|field| Field::typed(field, read)).collect::<Result<Vec<_>, _>>()?;
        Fields::from(fields).object().map(Value::Object)
    }

    #[track_caller]
    fn check(fields: &[&str], expected: &str) {
        assert_eq!(typed(fields).unwrap().to_string(), expected);
    }

    #[test]
    fn values_have_the_type_that_they_look_like() {
        check(
            &["a=1", "b=true", "c=null", "d=x y", "e=1.5", "f="],
            r#"{"a":1,"b":true,"c":null,"d":"x y","e":1.5,"f":""}"#,
        );
        check(
            &["a=[1,2]", "b={\"c\":1}", "d=[draft]", "e=\"x\""],
            r#"{"a":[1,2],"b":{"c":1},"d":"[draft]","e":"\"x\""}"#,
        );
        check(&["a=@a.txt"], r#"{"a":"text\n"}"#);
        let text = Fields::from(vec![Field::text("a=1").unwrap(), Field::text("b=@x=y").unwrap()]);
        assert_eq!(Value::Object(text.object().unwrap()).to_string(), r#"{"a":"1","b":"@x=y"}"#);
    }

    #[test]
    fn keys_may_be_nested_and_lists() {
        check(&["a[b]=1", "a[c][d]=2"], r#"{"a":{"b":1,"c":{"d":2}}}"#);
        check(&["a[]=1", "a[]=2"], r#"{"a":[1,2]}"#);
        check(&["a[]"], r#"{"a":[]}"#);
        check(&["a[][n]=x", "a[][v]=1", "a[][n]=y", "a[][v]=2"], r#"{"a":[{"n":"x","v":1},{"n":"y","v":2}]}"#);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = |fields: &[&str]| typed(fields).unwrap_err().to_string();
        assert_eq!(error(&["a"]), "`a` is not a field; write `KEY=VALUE`");
        assert_eq!(error(&["a[b=1"]), "`a[b` is not a key; write such as `to[id]` or `tags[]`");
        assert_eq!(error(&["=1"]), "`` is not a key; write such as `to[id]` or `tags[]`");
        assert_eq!(error(&["a=1", "a=2"]), "`a` is given twice, or as one thing and as another");
        assert_eq!(error(&["a=1", "a[b]=2"]), "`a` is given twice, or as one thing and as another");
        assert_eq!(error(&["a=@none"]), "`a` cannot be read from none: no");
    }
}
