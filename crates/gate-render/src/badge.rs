//! A badge: `gates | allowed`, as a picture and for the endpoint of shields.

use crate::words;
use gate_verdict::{Decision, DecisionDoc};

/// The left half of the badge.
const LABEL: &str = "gates";

/// A flat badge as SVG: self-contained, with a title for those who hear it.
pub fn badge_svg(decision: &DecisionDoc) -> String {
    let message = words::decision(decision.decision);
    let color = color(decision.decision);
    let (left, right) = (width(LABEL), width(message));
    let whole = left + right;
    // Text is drawn to its box, whatever font is there: textLength fits it in.
    let (left_text, right_text) = (left - 14, right - 14);
    let (left_at, right_at) = (left / 2, left + right / 2);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" viewBox="0 0 {whole} 20" role="img" aria-label="{LABEL}: {message}">
<title>{LABEL}: {message}</title>
<clipPath id="r"><rect width="{whole}" height="20" rx="4"/></clipPath>
<g clip-path="url(#r)">
<rect width="{left}" height="20" fill="#424a53"/>
<rect x="{left}" width="{right}" height="20" fill="#{color}"/>
</g>
<g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11" aria-hidden="true">
<text x="{left_at}" y="14" textLength="{left_text}" lengthAdjust="spacingAndGlyphs">{LABEL}</text>
<text x="{right_at}" y="14" textLength="{right_text}" lengthAdjust="spacingAndGlyphs">{message}</text>
</g>
</svg>
"##
    )
}

/// The badge for the endpoint of shields.io (schema version 1).
pub fn badge_json(decision: &DecisionDoc) -> String {
    // Fixed words of letters and spaces: nothing here needs an escape.
    format!(
        "{{\"schemaVersion\":1,\"label\":\"{LABEL}\",\"message\":\"{}\",\"color\":\"{}\"}}\n",
        words::decision(decision.decision),
        color(decision.decision)
    )
}

/// White on each of these has a contrast of at least 4.5.
const fn color(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "1a7f37",
        Decision::AllowWithOverride => "0969da",
        Decision::RequireApproval => "9a6700",
        Decision::Block => "cf222e",
    }
}

/// The width of a half in pixels: its text in Verdana 11, and 7 on each side.
fn width(text: &str) -> usize {
    let tenths: usize = text
        .chars()
        .map(|c| match c {
            'i' | 'j' | 'l' => 30,
            ' ' | 'f' | 'r' | 't' => 44,
            'm' | 'w' => 98,
            _ => 67,
        })
        .sum();
    tenths.div_ceil(10) + 14
}
