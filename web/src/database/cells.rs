//! Values in a table: what a value is, and what became of it, in words as well as in colour.

use crate::dom::prelude::*;
use revproof_messages::{Cell, CellMark};

use super::marks;
use crate::words::Word;

/// A value of more bytes than this gets a wide column.
const LONG: usize = 24;

/// A value in its cell.
pub(super) fn cell(cell: &Cell) -> Node {
    let (class, word) = match cell.mark {
        CellMark::Same | CellMark::Null => ("", None),
        CellMark::Unknown => ("is-unknown", Some(Word { sign: "?", text: "not known", class: "is-unknown" })),
        CellMark::New => ("is-new", Some(Word { sign: "+", text: "new", class: "is-new" })),
        CellMark::Changed => ("is-changed", Some(Word { sign: "~", text: "changed", class: "is-changed" })),
        CellMark::Lost => ("is-gone lost", Some(Word { sign: "−", text: "lost", class: "is-gone" })),
    };
    let null = cell.text == "NULL" && cell.mark != CellMark::New;
    let shown = match cell.mark {
        CellMark::Unknown => ().into_node(),
        // What was lost is what is to be seen.
        CellMark::Lost => view! { <del>{cell.was.clone().unwrap_or_else(|| cell.text.clone())}</del> },
        CellMark::Changed => view! { <span>{cell.text.clone()}</span> {marks::was(cell.was.clone())} },
        _ => view! { <span class:null=null>{cell.text.clone()}</span> },
    };
    let long = cell.text.len().max(cell.was.as_ref().map_or(0, String::len)) > LONG;
    let class = if long { format!("{class} long") } else { class.to_owned() };
    view! { <td class=class>{word.map(Word::view)} {shown}</td> }
}
