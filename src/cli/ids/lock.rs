//! Versions of `helpbook.lock` merged record by record.
//!
//! What a record says is for `base`; here it is a line with a name, and every line that is kept stays
//! byte for byte as it was.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What a line of the lock is about, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum About {
    Header,
    Collection(u64),
    Article(u64, String),
}

impl About {
    /// `None` for a line that is no record.
    fn of(line: &str) -> Option<Self> {
        let line: Value = serde_json::from_str(line).ok()?;
        if let Some(article) = line.get("article") {
            let locale = line.get("locale").and_then(Value::as_str).unwrap_or_default();
            return Some(Self::Article(article.as_u64()?, locale.to_owned()));
        }
        if let Some(collection) = line.get("collection") {
            return Some(Self::Collection(collection.as_u64()?));
        }
        line.get("helpbook").map(|_| Self::Header)
    }
}

/// The records of one version: the last one of those that are about the same.
fn records(text: &str) -> BTreeMap<About, &str> {
    text.lines().filter_map(|line| Some((About::of(line)?, line))).collect()
}

/// The lock that two versions come to which both come from `base`. A record that only one of them
/// changed or removed is taken from that one. Where both changed it, that of `theirs` counts; a
/// changed one is kept where the other side removed it.
pub(super) fn merged(base: &str, ours: &str, theirs: &str) -> String {
    let comments = [ours, theirs].map(|text| text.lines().filter(|line| line.starts_with('#')).collect::<Vec<_>>());
    let comments = comments.into_iter().find(|comments| !comments.is_empty()).unwrap_or_default();
    let [base, ours, theirs] = [base, ours, theirs].map(records);
    let all: BTreeSet<&About> = ours.keys().chain(theirs.keys()).collect();
    let kept = all.into_iter().filter_map(|about| {
        let [base, ours, theirs] = [&base, &ours, &theirs].map(|records| records.get(about).copied());
        match theirs {
            // Without it no record can be read.
            _ if *about == About::Header => theirs.filter(|_| theirs != base || ours.is_none()).or(ours),
            _ if theirs == base => ours,
            None if ours == base => None,
            None => ours,
            Some(_) => theirs,
        }
    });
    comments.into_iter().chain(kept).map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "# helpbook.lock\n{\"helpbook\":1,\"workspace\":\"w\"}\n";

    fn lock(records: &[&str]) -> String {
        let line = |record: &&str| match record.split_once('=') {
            Some((id, says)) if id.starts_with('c') => format!("{{\"collection\":{},\"name\":\"{says}\"}}\n", &id[1..]),
            Some((id, says)) => {
                format!("{{\"article\":{id},\"locale\":\"en\",\"collection\":1,\"path\":\"{says}\"}}\n")
            }
            None => format!("{record}\n"),
        };
        format!("{HEADER}{}", records.iter().map(line).collect::<String>())
    }

    #[track_caller]
    fn check(base: &[&str], ours: &[&str], theirs: &[&str], expected: &[&str]) {
        assert_eq!(merged(&lock(base), &lock(ours), &lock(theirs)), lock(expected));
    }

    #[test]
    fn a_record_is_taken_from_the_side_that_changed_it() {
        check(&["1=a", "2=b"], &["1=A", "2=b"], &["1=a", "2=B", "3=c"], &["1=A", "2=B", "3=c"]);
        check(&["1=a"], &["1=ours"], &["1=theirs"], &["1=theirs"]);
        check(&[], &["c7=x", "1=ours", "4=d"], &["1=theirs"], &["c7=x", "1=theirs", "4=d"]);
    }

    #[test]
    fn a_record_that_was_removed_stays_away_but_where_the_other_side_changed_it() {
        check(&["1=a", "2=b", "3=c"], &["2=b", "3=C"], &["1=a", "2=B"], &["2=B", "3=C"]);
        check(&["1=a", "2=b"], &["1=a"], &["1=A", "2=b"], &["1=A"]);
    }

    #[test]
    fn a_record_is_there_once_and_in_its_order() {
        check(
            &[],
            &["10=z", "2=a", "2=b", "<<<<<<< ours", "not json"],
            &["c9=x", "c10=y"],
            &["c9=x", "c10=y", "2=b", "10=z"],
        );
    }

    #[test]
    fn each_locale_is_a_record_of_its_own() {
        let one = "{\"article\":1,\"locale\":\"en\",\"path\":\"a.md\"}\n";
        let other = "{\"article\":1,\"locale\":\"fr\",\"path\":\"a.fr.md\"}\n";
        assert_eq!(merged("", one, other), format!("{one}{other}"));
        assert_eq!(merged("", "", one), one);
        assert_eq!(merged(one, one, ""), "");
    }

    #[test]
    fn a_header_is_kept_with_its_comment() {
        let theirs = HEADER.replace("\"w\"", "\"x\"");
        assert_eq!(merged(HEADER, HEADER, &theirs), theirs);
        assert_eq!(merged("", "", HEADER), HEADER);
        assert_eq!(merged(HEADER, "", HEADER), HEADER);
        assert_eq!(merged(HEADER, HEADER, ""), HEADER);
    }
}
