//! Ids, each a type of its own. They are read from strings and from numbers, as the API writes both.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_u64(self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_any(IdVisitor).map(Self)
            }
        }
    };
}

id!(
    /// An article's id, unique in its workspace. The API writes it as a string.
    ArticleId
);
id!(
    /// A collection's id, unique in its workspace. The API writes it as a string, and as a number
    /// in `parent_ids`.
    CollectionId
);
id!(
    /// A teammate's id: the author of an article.
    AdminId
);
id!(
    /// A Help Center's id.
    HelpCenterId
);
id!(
    /// A tag's id, unique in its workspace. The API writes it as a string.
    TagId
);
id!(
    /// A redirect's id, unique in its Help Center. The API writes it as a string.
    RedirectId
);
id!(
    /// The target of a redirect: an article's or a collection's id.
    TargetId
);
id!(
    /// An audience's id. The API writes it as a string, and as a number in `audience_ids`.
    AudienceId
);

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an id: a whole number, or one in quotes")
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<u64, E> {
        Ok(value)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<u64, E> {
        u64::try_from(value).map_err(|_| E::invalid_value(de::Unexpected::Signed(value), &self))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<u64, E> {
        value.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(value), &self))
    }
}

/// Writes an id as a string.
pub(crate) fn as_string<T: fmt::Display, S: Serializer>(id: &T, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(id)
}

/// Writes an id as a string, and null where there is none.
pub(crate) fn as_optional_string<T: fmt::Display, S: Serializer>(id: &Option<T>, to: S) -> Result<S::Ok, S::Error> {
    match id {
        Some(id) => to.collect_str(id),
        None => to.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_as_string_and_as_number() {
        let both: Vec<ArticleId> = serde_json::from_str(r#"["12", 12]"#).unwrap();
        assert_eq!(both, [ArticleId(12), ArticleId(12)]);
        assert!(serde_json::from_str::<ArticleId>("-1").is_err());
    }
}
