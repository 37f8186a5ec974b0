//! Fixes carried out on the text of a file: every other byte stays.
//!
//! Nothing is written here; the text goes to disk by way of `edit`.

use std::collections::BTreeMap;

use crate::diagnostic::{Fix, Splice};

/// The text with the fixes in it, and which of them those are.
///
/// Of two that change the same place the one that begins first is carried out. The other one is left for the
/// next run, which looks at the file as it is then.
pub fn fixed<'f>(text: &str, fixes: impl IntoIterator<Item = &'f Fix>) -> (String, Vec<&'f Fix>) {
    let mut fixes: Vec<&Fix> = fixes.into_iter().collect();
    fixes.sort_by_key(|fix| fix.splices.first().map(|splice| splice.span));
    // What is replaced so far, by its start.
    let mut taken: BTreeMap<usize, &Splice> = BTreeMap::new();
    fixes.retain(|fix| {
        let is_free = !fix.splices.is_empty() && fix.splices.iter().all(|splice| is_free(text, &taken, splice));
        if is_free {
            taken.extend(fix.splices.iter().map(|splice| (splice.span.start, splice)));
        }
        is_free
    });
    let (mut changed, mut at) = (String::with_capacity(text.len()), 0);
    for splice in taken.values() {
        changed.push_str(&text[at..splice.span.start]);
        changed.push_str(&splice.text);
        at = splice.span.end;
    }
    changed.push_str(&text[at..]);
    (changed, fixes)
}

/// Whether a place is there, changes by it, and is changed by no other.
fn is_free(text: &str, taken: &BTreeMap<usize, &Splice>, splice: &Splice) -> bool {
    let span = splice.span;
    text.get(span.start..span.end).is_some_and(|old| old != splice.text)
        && taken
            .range(..=span.start)
            .next_back()
            .is_none_or(|(start, other)| other.span.end <= span.start && *start != span.start)
        && taken.range(span.start..).next().is_none_or(|(start, _)| span.end <= *start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::{Book, Ids, Ignored};
    use crate::config::Config;
    use crate::intercom::model::Locale;
    use crate::text::Span;

    /// What the fixes make of a file, beside the French translation or the original of the same name.
    #[track_caller]
    fn check(before: &str, after: &str) {
        check_among(&[], ("a.md", before), after);
    }

    #[track_caller]
    fn check_among(files: &[(&str, &str)], (path, before): (&str, &str), after: &str) {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files.iter().chain([&(path, before)]) {
            let file = folder.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        let config = Config { locales: vec![Locale::english(), Locale("fr".into())], ..Config::default() };
        let book = Book::load(folder.path(), &config, Ids::FrontMatter, &Ignored::Usual).unwrap();
        let here = book.diagnostics.iter().filter(|finding| finding.path.as_str() == path);
        assert_eq!(fixed(before, here.filter_map(|finding| finding.fix.as_ref())).0, after);
    }

    #[test]
    fn a_slip_in_a_key_is_mended_where_one_key_is_surely_meant() {
        check("---\ntitel: a # why\n---\nText\n", "---\ntitle: a # why\n---\nText\n");
        check("---\r\n\"titel\" : a\r\n---\r\n", "---\r\ntitle : a\r\n---\r\n");
        let there = "---\ntitle: a\ntitel: b\n---\n";
        check(there, there);
        let near_to_two = "---\ntitle: a\npublish_ta: b\n---\n";
        check(near_to_two, near_to_two);
        let twice = "---\ntitel: a\ntitl: b\n---\n";
        check(twice, twice);
    }

    #[test]
    fn an_id_is_never_guessed() {
        for text in ["---\nidd: 7\n---\n# A\n", "---\nintercom_id: 7\n---\n# A\n"] {
            check(text, text);
        }
    }

    #[test]
    fn keys_of_other_tools_become_ours_where_they_say_the_same() {
        check("---\ndraft: true # yet\n---\n# A\n", "---\nstate: draft # yet\n---\n# A\n");
        check("---\npublished: true\n---\n# A\n", "---\nstate: published\n---\n# A\n");
        check("---\nstatus: draft\n---\n# A\n", "---\nstate: draft\n---\n# A\n");
        check("---\nsummary: |\n  How\n---\n# A\n", "---\ndescription: |\n  How\n---\n# A\n");
        check_among(&[], ("b/_index.md", "---\nname: Bees\n---\n"), "---\ntitle: Bees\n---\n");
        for text in [
            "---\ndraft: maybe\n---\n# A\n",
            "---\ndraft: true\nstate: published\n---\n# A\n",
            "---\nstatus: live\n---\n# A\n",
            "---\nsummary: [a]\n---\n# A\n",
            "---\nexcerpt: a\nsummary: b\n---\n# A\n",
            "---\nslug: a\ncategory: b\n---\n# A\n",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn a_word_in_another_case_is_the_word() {
        check("---\nstate: Published\n---\n# A\n", "---\nstate: published\n---\n# A\n");
        check("---\nstate: \"DRAFT\" # x\n---\n# A\n", "---\nstate: draft # x\n---\n# A\n");
        let other = "---\nstate: live\n---\n# A\n";
        check(other, other);
    }

    #[test]
    fn front_matter_moves_to_the_first_line_where_that_makes_it_one() {
        check("\u{feff}---\ntitle: a\n---\n", "---\ntitle: a\n---\n");
        check("\n \n  ---\ntitle: a\n---\nText", "---\ntitle: a\n---\nText");
        // Both start at the first byte after one another, so both are carried out.
        check("\u{feff}\r\n---\r\ntitle: a\r\n---\r\n", "---\r\ntitle: a\r\n---\r\n");
        let unclosed = "\n---\nNote: a rule, and a text\n";
        check(unclosed, unclosed);
    }

    #[test]
    fn keys_that_mean_nothing_here_go_below_extra_as_they_are() {
        check(
            "---\ntitle: A\nsidebar_position: 3 # third\nweight: 2\nkeywords:\n  - a\n  - b\n---\nText\n",
            "---\ntitle: A\nextra:\n  sidebar_position: 3 # third\n  weight: 2\n  keywords:\n    - a\n    - b\n---\nText\n",
        );
        check(
            "---\nweight: 2\ntitle: A\nextra:\n  owner: b\nicon: \"x\"\n---\n",
            "---\ntitle: A\nextra:\n  owner: b\n  weight: 2\n  icon: \"x\"\n---\n",
        );
        check("---\r\ntitle: A\r\nweight: 2\r\n---\r\n", "---\r\ntitle: A\r\nextra:\r\n  weight: 2\r\n---\r\n");
        // What says something of readers, time or place stays for a person, and so does what is there already.
        for text in [
            "---\ntitle: A\nhidden: true\npublishDate: 2030-01-01\nparent: B\n---\n",
            "---\ntitle: A\nweight: 2\nextra: { weight: 3 }\n---\n",
            "---\ntitle: A\nweight: 2\nextra:\n  weight: 3\n---\n",
            "---\n{ title: A, weight: 2 }\n---\n",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn keys_that_lost_their_first_line_get_it_back() {
        check("title: a\nstate: draft\n---\n\nText\n", "---\ntitle: a\nstate: draft\n---\n\nText\n");
        check("---yaml\ntitle: a\n---\nText\n", "---\ntitle: a\n---\nText\n");
        check("\u{200b}---\ntitle: a\n---\nText\n", "---\ntitle: a\n---\nText\n");
        check("***\ntitle: a\n---\nText\n", "---\ntitle: a\n---\nText\n");
        for named_alone in [
            "+++\ntitle = \"a\"\n+++\nText\n",
            "{\n  \"title\": \"a\"\n}\nText\n",
            "title: a\n\nText\n",
            "## title: A\n\nText\n",
            "# Title: a story\n\nText\n",
        ] {
            check(named_alone, named_alone);
        }
    }

    #[test]
    fn what_a_translation_copies_goes_with_its_line() {
        let original = &[("a.md", "---\nid: 7\nextra: { a: [1] }\ncollection: b\n---\n# A\n")];
        let fixed_with_other = |before, after| check_among(original, ("a.fr.md", before), after);
        fixed_with_other("---\nid: 7\ntitle: B\n---\n", "---\ntitle: B\n---\n");
        fixed_with_other("---\r\ntitle: B\r\nid: 7\r\n---\r\n", "---\r\ntitle: B\r\n---\r\n");
        fixed_with_other("---\nextra:\n  a:\n    - 1\ntitle: B\n---\n", "---\ntitle: B\n---\n");
        for kept in ["---\nid: 7 # why\ntitle: B\n---\n", "---\nid: 8\ntitle: B\n---\n"] {
            fixed_with_other(kept, kept);
        }
    }

    #[test]
    fn of_two_fixes_of_one_place_the_first_is_carried_out() {
        let fixes = [Fix::new(Span::new(3, 6), "X", ""), Fix::new(Span::new(1, 4), "Y", "")];
        let (text, done) = fixed("abcdefgh", &fixes);
        assert_eq!((text.as_str(), done), ("aYefgh", vec![&fixes[1]]));
        let outside = [Fix::new(Span::new(2, 9), "X", "")];
        let (text, done) = fixed("abc", &outside);
        assert_eq!((text.as_str(), done.len()), ("abc", 0));
    }

    #[test]
    fn a_fix_of_several_places_is_carried_out_whole_or_not_at_all() {
        let both = Fix::of(vec![Splice::new(Span::new(0, 0), "> "), Splice::new(Span::new(4, 6), "")], "");
        let inner = Fix::new(Span::new(1, 2), "X", "");
        let (text, done) = fixed("abcdefgh", [&both, &inner]);
        assert_eq!((text.as_str(), done.len()), ("> aXcdgh", 2));
        let first = Fix::new(Span::new(0, 5), "Y", "");
        let (text, done) = fixed("abcdefgh", [&both, &first]);
        assert_eq!((text.as_str(), done), ("> abcdgh", vec![&both]));
    }

    #[test]
    fn every_other_byte_stays() {
        proptest::proptest!(|(text in "\\PC{0,30}", spans in proptest::collection::vec((0usize..40, 0usize..9), 0..5))| {
            let fixes: Vec<Fix> =
                spans.iter().map(|(start, length)| Fix::new(Span::new(*start, start + length), "", "")).collect();
            let (changed, done) = fixed(&text, &fixes);
            let spans = done.iter().flat_map(|fix| &fix.splices).map(|splice| splice.span);
            let gone: usize = spans.map(|span| span.end - span.start).sum();
            proptest::prop_assert_eq!(changed.len() + gone, text.len());
        });
    }
}
