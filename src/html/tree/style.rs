//! The few inline styles that Intercom keeps, and how colours are written (docs/intercom.md 3.4).
//!
//! Everything else is left behind. A value that stays is a colour, a length or a word: nothing
//! that could load an address.

use super::text::collapsed;
use super::{Cell, Color, Style};

/// The properties of a table: the bordered form.
pub(in crate::html) const TABLE: [&str; 4] = ["border", "border-radius", "border-collapse", "border-spacing"];

/// The properties of a cell.
pub(in crate::html) const CELL: [&str; 5] = ["background-color", "width", "border-left", "border-top", "padding"];

/// The declarations of a `style`, with names in lower case and values as they are.
pub(in crate::html) fn declarations(style: &str) -> impl Iterator<Item = (String, &str)> {
    style
        .split(';')
        .filter_map(|pair| pair.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim()))
        .filter(|(_, value)| !value.is_empty())
}

/// The declarations whose property is known and whose value is plain.
pub(in crate::html) fn kept(style: &str, known: &[&str]) -> Style {
    declarations(style)
        .filter(|(name, value)| known.contains(&name.as_str()) && is_plain(value))
        .map(|(name, value)| (name, collapsed(value)))
        .collect()
}

/// A style in which a colour has one spelling and nothing says nothing.
pub(in crate::html) fn canonical(style: Style) -> Style {
    style
        .into_iter()
        .filter_map(|(name, value)| {
            let value = value.to_ascii_lowercase();
            let value = match rgba(&value) {
                Some([.., 0]) if name == "background-color" => return None,
                Some(color) => hex(color),
                None => value,
            };
            Some((name, value))
        })
        .collect()
}

/// The colour of a callout with this style. One without a colour is gray, as Intercom's is.
pub(in crate::html) fn callout(style: &str) -> Color {
    let mut style = kept(style, &["background-color", "border-color"]);
    let background = style.remove("background-color").unwrap_or_default();
    if background.is_empty() {
        return Color::Gray;
    }
    palette(&background).unwrap_or_else(|| Color::Custom(background, style.remove("border-color").unwrap_or_default()))
}

/// The colour of the editor that has this background, however it is written.
fn palette(background: &str) -> Option<Color> {
    let found = rgba(background)?;
    let is_known = |(_, known, _): &&(Color, &str, &str)| {
        // The opaque form is in older bodies (docs/intercom.md 3.4).
        rgba(known).is_some_and(|[r, g, b, a]| found == [r, g, b, a] || found == [r, g, b, 255])
    };
    Color::PALETTE.iter().find(is_known).map(|(color, ..)| color.clone())
}

/// The background of a cell; `None` where it has none or one that nobody sees.
pub fn cell_color(cell: &Cell) -> Option<Color> {
    let background = cell.style.get("background-color")?;
    if let Some([.., 0]) = rgba(background) {
        return None;
    }
    Some(palette(background).unwrap_or_else(|| Color::Custom(background.clone(), String::new())))
}

/// Red, green and blue of a colour as it looks on white; `None` for one that is not written in numbers.
pub fn on_white(color: &str) -> Option<[u8; 3]> {
    let [r, g, b, a] = rgba(color)?.map(u16::from);
    Some([r, g, b].map(|part| ((part * a + 255 * (255 - a)) / 255) as u8))
}

fn is_plain(value: &str) -> bool {
    let call = value.contains('(');
    let color = ["rgb(", "rgba("]
        .into_iter()
        .any(|call| value.get(..call.len()).is_some_and(|start| start.eq_ignore_ascii_case(call)));
    value.chars().all(|c| c.is_ascii_alphanumeric() || "#%.,() -".contains(c)) && (!call || color)
}

/// `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa`, `rgb()` and `rgba()` as four bytes.
pub(in crate::html) fn rgba(color: &str) -> Option<[u8; 4]> {
    let color = color.trim().to_ascii_lowercase();
    if let Some(digits) = color.strip_prefix('#') {
        let digits: Vec<u8> =
            digits.chars().map(|c| c.to_digit(16)).map(|d| d.map(|d| d as u8)).collect::<Option<_>>()?;
        return match digits.as_slice() {
            [r, g, b] => Some([r * 17, g * 17, b * 17, 255]),
            [r, g, b, a] => Some([r * 17, g * 17, b * 17, a * 17]),
            [r, s, g, h, b, c] => Some([r * 16 + s, g * 16 + h, b * 16 + c, 255]),
            [r, s, g, h, b, c, a, d] => Some([r * 16 + s, g * 16 + h, b * 16 + c, a * 16 + d]),
            _ => None,
        };
    }
    let inner = color.strip_prefix("rgba").or_else(|| color.strip_prefix("rgb"))?.trim();
    let inner = inner.strip_prefix('(')?.strip_suffix(')')?;
    let parts: Vec<&str> = inner.split([',', ' ', '/']).filter(|part| !part.is_empty()).collect();
    let byte = |part: &str| part.parse::<f64>().ok().map(|value| value.round().clamp(0.0, 255.0) as u8);
    let alpha = |part: &str| {
        let value = match part.strip_suffix('%') {
            Some(percent) => percent.parse::<f64>().ok()? / 100.0,
            None => part.parse::<f64>().ok()?,
        };
        Some((value.clamp(0.0, 1.0) * 255.0).round() as u8)
    };
    match parts.as_slice() {
        [r, g, b] => Some([byte(r)?, byte(g)?, byte(b)?, 255]),
        [r, g, b, a] => Some([byte(r)?, byte(g)?, byte(b)?, alpha(a)?]),
        _ => None,
    }
}

/// A colour as `rgba()`, as some publishers write it for Intercom (docs/intercom.md 3.4); what is no colour stays.
pub(in crate::html) fn spelled_rgba(color: &str) -> String {
    let Some([r, g, b, a]) = rgba(color) else { return color.to_owned() };
    let alpha = (f64::from(a) / 255.0 * 100.0).round() / 100.0;
    format!("rgba({r}, {g}, {b}, {alpha})")
}

/// A colour in its shortest long form.
pub(in crate::html) fn hex([r, g, b, a]: [u8; 4]) -> String {
    if a == 255 { format!("#{r:02x}{g:02x}{b:02x}") } else { format!("#{r:02x}{g:02x}{b:02x}{a:02x}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_known_however_it_is_written() {
        assert_eq!(callout("background-color: rgba(215, 239, 220, 0.5)"), Color::Green);
        assert_eq!(callout("BACKGROUND-COLOR:#D7EFDC80;border-color:#1bb15733"), Color::Green);
        assert_eq!(callout("background-color: #d7efdc"), Color::Green);
        assert_eq!(callout(""), Color::Gray);
        assert_eq!(callout("background-color: #123"), Color::Custom("#123".into(), String::new()));
        assert_eq!(callout("background-color: url(https://x.example)"), Color::Gray);
    }

    #[test]
    fn every_colour_of_the_editor_is_the_same_as_rgba() {
        assert_eq!(spelled_rgba("#d7efdc80"), "rgba(215, 239, 220, 0.5)");
        assert_eq!(spelled_rgba("red"), "red");
        for (color, background, border) in &Color::PALETTE {
            assert_eq!(callout(&format!("background-color: {}", spelled_rgba(background))), *color);
            assert_eq!(rgba(&spelled_rgba(border)), rgba(border));
        }
    }

    #[test]
    fn only_known_plain_declarations_stay() {
        let style = kept("color: red; Width: 10px; background-color: expression(1); padding: 8px", &CELL);
        assert_eq!(style, Style::from([("width".into(), "10px".into()), ("padding".into(), "8px".into())]));
        assert_eq!(canonical(kept("background-color: #00000000", &CELL)), Style::new());
        assert_eq!(
            canonical(kept("background-color: RGB(1,2,3)", &CELL)),
            Style::from([("background-color".into(), "#010203".into())])
        );
    }
}
