//! The few inline styles that Intercom stores: a callout's colours, a table's and a cell's look
//! (docs/intercom.md 3.4). Any other declaration is dropped.

/// The properties of a callout.
pub(super) const CALLOUT: [&str; 2] = ["background-color", "border-color"];

/// The properties of a table.
pub(super) const TABLE: [&str; 4] = ["border", "border-radius", "border-collapse", "border-spacing"];

/// The properties of a cell.
pub(super) const CELL: [&str; 5] = ["background-color", "width", "border-left", "border-top", "padding"];

/// The style of a callout that was sent without one: the gray of the editor.
pub(super) const GRAY_CALLOUT: &str = "background-color: #e8e8e880; border-color: #73737633;";

/// Keeps the declarations of the allowed properties, in the order and the spelling they were sent
/// in, each closed with a semicolon.
pub(super) fn keep(style: &str, allowed: &[&str]) -> String {
    let kept: Vec<&str> = style
        .split(';')
        .map(str::trim)
        .filter(|declaration| {
            declaration.split_once(':').is_some_and(|(property, value)| {
                allowed.contains(&property.trim().to_ascii_lowercase().as_str()) && is_plain(value)
            })
        })
        .collect();
    if kept.is_empty() { String::new() } else { format!("{};", kept.join("; ")) }
}

/// The value of a property in a stored style.
pub(super) fn value<'s>(style: &'s str, property: &str) -> Option<&'s str> {
    style.split(';').find_map(|declaration| {
        let (name, value) = declaration.split_once(':')?;
        name.trim().eq_ignore_ascii_case(property).then_some(value.trim())
    })
}

/// A colour, a length or a word: nothing that could load an address.
fn is_plain(value: &str) -> bool {
    let value = value.trim();
    let colour = ["rgb(", "rgba("].iter().any(|function| value.starts_with(function));
    !value.is_empty()
        && value.chars().all(|c| c.is_ascii_alphanumeric() || "#%.,() -".contains(c))
        && (colour || !value.contains('('))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_plain_declarations_stay() {
        let keep = |style| keep(style, &CALLOUT);
        assert_eq!(
            keep("background-color: #e8e8e880; border-color: #73737633;"),
            "background-color: #e8e8e880; border-color: #73737633;"
        );
        assert_eq!(
            keep("position:fixed;background-color:rgba(215, 239, 220, 0.5)"),
            "background-color:rgba(215, 239, 220, 0.5);"
        );
        assert_eq!(keep("background-color: url(https://x); border-color: expression(1)"), "");
    }
}
