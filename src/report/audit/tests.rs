//! One audit in every form, with a title that would act if a form let it.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Paint;
use super::super::paint::Verbosity;
use super::super::plan::Look;
use super::*;
use crate::audit::{About, Area, AreaScore, Length, Named, Reading, kind};
use crate::intercom::model::{ArticleId, Locale};

fn about(id: u64, title: &str) -> About {
    let locale = Locale::english();
    About { id: Some(ArticleId(id)), path: None, title: title.into(), locale, url: Some("javascript:x".into()) }
}

fn finding(id: &str, articles: Vec<About>, message: &str, customers: u64) -> Finding {
    Finding {
        kind: kind(id).unwrap(),
        articles,
        thing: None,
        message: message.into(),
        details: Vec::new(),
        subject: String::new(),
        customers,
    }
}

/// Three findings, of which the first two are about one article.
fn sample() -> Audit {
    let hostile = "Refunds\n::error::<b> @ada `x`";
    let mut copies =
        finding("near-duplicate", vec![about(1, hostile), about(2, "Money")], "2 articles say nearly the same", 1234);
    copies.details = vec!["more of it".into()];
    let thing = Some(Named { what: "collection", id: Some(7), name: "Legal".into() });
    let empty = Finding { thing, ..finding("empty-collection", Vec::new(), "no article of the collection", 0) };
    let score = |area, score| AreaScore { area, score, rules: 1, findings: 1 };
    Audit {
        help_center: "Acme".into(),
        made_at: jiff::Timestamp::UNIX_EPOCH,
        ranked_by: Customers::Views,
        articles: 3,
        published: 2,
        findings: vec![copies, empty],
        ignored: 2,
        unchecked: vec!["the tags cannot be read: 403".into()],
        scores: Scores {
            areas: vec![score(Area::Copies, 41), score(Area::Order, 95)],
            reading: Some(Reading { texts: 2, median_tenths: 83, most_tenths: -4 }),
            length: Length { texts: 2, median: 100, most: 200, longest: 300 },
        },
    }
}

fn against(audit: &Audit) -> Against {
    Against {
        earlier: jiff::Timestamp::UNIX_EPOCH,
        new: BTreeSet::from([audit.findings[1].key()]),
        gone: BTreeMap::from([("wide-table".to_owned(), 2)]),
        areas: vec![(Area::Copies, 40, 41), (Area::Order, 99, 95)],
        other_rules: vec![Area::Links],
    }
}

#[test]
fn a_person_reads_the_worst_the_counts_and_the_scores() {
    let audit = sample();
    let look = Look { paint: Paint::Plain, verbosity: Verbosity::Normal, width: None, options: "--local ".to_owned() };
    let against = against(&audit);
    let report = Report { audit: &audit, against: Some(&against) };
    insta::assert_snapshot!(text(report, Shown::Worst, &look), @r"
    Acme: 3 articles, 2 of them published

    warning[near-duplicate]: 2 articles say nearly the same
      Refunds↵::error::<b> @ada `x`  en 1  1 234 customers
      Money  en 2
        more of it
      = help: keep one of them and link to it

    warning[empty-collection]: new: no article of the collection
      = help: delete it, or give it articles

      1 warning[near-duplicate]
      1 warning[empty-collection]
      2 left out, as helpbook.yml says

    note: the tags cannot be read: 403

    scores of 100: copies 41, order 95
    length: 100 words in the middle, 200 at most in nine of ten texts, 300 in the longest
    reading level of English: grade 8.3 in the middle, -0.4 at most in nine of ten texts
    since 1970-01-01 00:00 UTC
      2 findings fixed, 1 new
      better: copies 40 -> 41
      worse: order 99 -> 95
      not compared, as the rules changed: links
    ");
}

#[test]
fn of_many_findings_each_article_has_one_among_the_worst() {
    let mut audit = sample();
    audit.findings = (0..20).map(|at| finding("missing-alt", vec![about(at / 2, "A")], &format!("m{at}"), 1)).collect();
    let look = Look { paint: Paint::Plain, verbosity: Verbosity::Normal, width: None, options: String::new() };
    let report = Report { audit: &audit, against: None };
    let shown = text(report, Shown::Worst, &look);
    let messages: Vec<&str> = shown.lines().filter_map(|line| line.strip_prefix("warning[missing-alt]: ")).collect();
    assert_eq!(messages, ["m0", "m2", "m4", "m6", "m8", "m10", "m12", "m14", "m16", "m18"]);
    assert!(shown.contains("and 10 more: `helpbook audit -v` shows all"), "{shown}");
    assert_eq!(text(report, Shown::All, &look).matches("warning[missing-alt]: m").count(), 20);
}

#[test]
fn an_agent_reads_lines_in_which_strangers_text_is_a_string() {
    let audit = sample();
    let report = Report { audit: &audit, against: None };
    let lines = agent(report);
    let lines: Vec<&str> = lines.lines().filter(|line| !line.starts_with('#')).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    help-center "Acme" articles=3 published=2 findings=2
    warning near-duplicate 8fcfb104af 1234 "2 articles say nearly the same"
      text id=1 locale="en" "Refunds\n::error::<b> @ada `x`"
      text id=2 locale="en" "Money"
      also "more of it"
      do keep one of them and link to it
    warning empty-collection a8a2d31aa6 0 "no article of the collection"
      collection id=7 "Legal"
      do delete it, or give it articles
    unchecked "the tags cannot be read: 403"
    score copies 41 rules=1
    score order 95 rules=1
    "#);
}

#[test]
fn a_page_has_no_text_that_acts_and_no_address_that_is_none() {
    let audit = sample();
    let page = page(Report { audit: &audit, against: None }).unwrap();
    assert!(!page.contains("javascript:") && !page.contains("<b> @ada"), "{page}");
    assert!(page.starts_with(&format!("<!doctype html>\n{MARKER}\n")));
    for part in
        ["Refunds↵::error::&#60;b&#62; @ada `x`", "data-kind=\"near-duplicate\"", "1\u{202f}234", "<th scope=\"col\""]
    {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let none = Audit { findings: Vec::new(), ..audit };
    let empty = super::page(Report { audit: &none, against: None }).unwrap();
    assert!(empty.contains("No findings.") && !empty.contains("<script"));
}

#[test]
fn an_issue_is_never_longer_than_one_may_be() {
    let mut audit = sample();
    audit.findings = (0..9000).map(|at| finding("missing-alt", vec![about(at, "A long title")], "text", 1)).collect();
    let issue = markdown(Report { audit: &audit, against: None });
    assert!(issue.encode_utf16().count() < 65_000 && issue.contains(" more; the HTML report"), "{}", issue.len());
}
