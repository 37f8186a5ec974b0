use super::*;

#[test]
fn values_have_their_names() {
    let mut found = BTreeMap::new();
    flattened(&yaml("a: {b: 1}\nc: d\ne: !x [f]\n").unwrap_or_default(), "extra", &mut found);
    let found: Vec<(&str, &str)> = found.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(found, [("extra.a.b", "1"), ("extra.c", "d")]);
}

#[test]
fn a_number_before_a_name_is_an_order_and_one_of_a_version_is_none() {
    for (name, plain) in
        [("01-a", "a"), ("1. a", "a"), ("2024-01-05-a", "2024-01-05-a"), ("7.0.0", "7.0.0"), ("10", "10")]
    {
        assert_eq!(without_number(name), plain);
    }
}
