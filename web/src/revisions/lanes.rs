//! The lanes of the graph: a small drawing in each row, whose lines go on in the row below. The list beside it says the
//! same in words, so that it is hidden from those who are read to.

use crate::dom::prelude::*;
use revproof_messages::{LaneLine, Revision};

/// The height of a row. The style sheet has the same.
pub(super) const ROW: u32 = 48;

/// How far apart lanes are.
const LANE: u32 = 14;

/// So many lanes have a colour of their own.
const COLOURS: u32 = 6;

/// The drawing of a row: its node, and the lines down to the next.
pub(super) fn view(revision: &Revision, lanes: u32, applied: bool, drawn: bool) -> Node {
    let at = if drawn { revision.lane.at } else { 0 };
    let paths = drawn.then(|| revision.lane.lines.iter().map(line).collect_view());
    let node = if applied { "node applied" } else { "node" };
    view! {
        <svg class="lanes" aria-hidden="true" width=(lanes.max(1) * LANE + 8).to_string() height=ROW.to_string()>
            {paths}
            <circle class=node cx=x(at).to_string() cy=(ROW / 2).to_string() r="5"></circle>
        </svg>
    }
}

fn line(line: &LaneLine) -> Node {
    let (from, to) = (x(line.from), x(line.to));
    let (top, middle, bottom) = (ROW / 2, ROW, ROW + ROW / 2);
    let path = match (line.loose, line.from == line.to) {
        // It ends in the open, at a cross.
        (true, _) => {
            format!("M{from} {top}V{} m-4 -4 l8 8 m0 -8 l-8 8", ROW - 6)
        }
        (false, true) => format!("M{from} {top}V{bottom}"),
        (false, false) => format!("M{from} {top}C{from} {middle} {to} {middle} {to} {bottom}"),
    };
    let kind = if line.loose { " loose" } else { "" };
    let dashed = if line.dashed { " dashed" } else { "" };
    let colour = line.from.max(line.to) % COLOURS;
    view! { <path class=format!("line lane-{colour}{kind}{dashed}") d=path></path> }
}

fn x(lane: u32) -> u32 {
    lane * LANE + 10
}
