//! A schema as an entity-relationship diagram: tables in layers, each to the right of those that it refers to.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::plain::{cut, one_line};
use crate::schema::{Catalog, Dialect, QName, Table};

/// Sizes in pixels: a character, a line of a table, the space between tables, and what is free around everything.
const CHARACTER: usize = 8;
const LINE: usize = 20;
const GAP: usize = 28;
const BETWEEN: usize = 80;
const EDGE: usize = 16;

/// How many characters of a column are shown, and how many columns of a table.
const WIDEST: usize = 44;
const TALLEST: usize = 40;

/// How high a layer gets before it goes on beside itself.
const HIGHEST: usize = 1_400;

/// Every rule begins with the class of the picture, so that none reaches a page that holds it; a page may set the
/// properties and so lend it its own colours.
const STYLE: &str = "\
.erd{color-scheme:light dark;--erd-text:#1f2328;--erd-dim:#59636e;--erd-line:#818b98;--erd-ground:#fff;--erd-head:#eaeef2}\
@media(prefers-color-scheme:dark){.erd{--erd-text:#f0f6fc;--erd-dim:#9198a1;--erd-line:#656c76;--erd-ground:#0d1117;\
--erd-head:#21262d}}\
.erd text{fill:var(--erd-text);font:13px ui-monospace,monospace}.erd .erd-type,.erd .erd-note{fill:var(--erd-dim)}\
.erd .erd-name{font-weight:600}.erd rect{fill:var(--erd-ground);stroke:var(--erd-line)}.erd .erd-head{fill:var(--erd-head)}\
.erd path{fill:none;stroke:var(--erd-line);stroke-width:1.5}";

/// The schema as SVG that stands alone.
pub fn schema_svg(catalog: &Catalog) -> String {
    drawing(catalog, &format!("<style>{STYLE}</style>\n"))
}

/// The schema as SVG for a page with rules of its own for it: a strict policy lets no picture bring any along.
pub fn schema_drawing(catalog: &Catalog) -> String {
    drawing(catalog, "")
}

fn drawing(catalog: &Catalog, style: &str) -> String {
    let tables: Vec<&Table> = catalog.own_tables().map(AsRef::as_ref).collect();
    let boxes = placed(&tables, catalog.dialect);
    let width = boxes.iter().map(|b| b.x + b.width).max().unwrap_or_default() + EDGE;
    let height = boxes.iter().map(|b| b.y + b.height).max().unwrap_or_default() + EDGE;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         class=\"erd\" role=\"img\" aria-labelledby=\"erd-title erd-desc\">\n<title id=\"erd-title\">Entity-relationship \
         diagram</title>\n<desc id=\"erd-desc\">{}</desc>\n{style}",
        escaped(&described(&tables)),
    );
    let index: BTreeMap<&QName, &Box> = boxes.iter().map(|b| (&b.table.name, b)).collect();
    for from in &boxes {
        references(&mut out, from, &index);
    }
    for shown in &boxes {
        table(&mut out, shown);
    }
    out + "</svg>\n"
}

/// A table with its place.
struct Box<'a> {
    table: &'a Table,
    lines: Vec<(String, String)>,
    x: usize,
    y: usize,
    width: usize,
    height: usize,
}

fn placed<'a>(tables: &[&'a Table], dialect: Dialect) -> Vec<Box<'a>> {
    let layers = layers(tables);
    let last = layers.values().copied().max().unwrap_or_default();
    let mut placed = Vec::with_capacity(tables.len());
    let mut x = EDGE;
    for layer in 0..=last {
        let (mut y, mut widest) = (EDGE, 0);
        for table in tables.iter().filter(|table| layers.get(&table.name) == Some(&layer)) {
            let lines = lines(table, dialect);
            let name = table.name.to_string().chars().count().min(WIDEST) + 2;
            let longest = lines.iter().map(|(name, ty)| name.chars().count() + ty.chars().count() + 3).max();
            let width = longest.unwrap_or_default().max(name) * CHARACTER + EDGE;
            let height = (lines.len() + 1) * LINE + 8;
            if y > EDGE && y + height > HIGHEST {
                (x, y, widest) = (x + widest + BETWEEN, EDGE, 0);
            }
            placed.push(Box { table, lines, x, y, width, height });
            y += height + GAP;
            widest = widest.max(width);
        }
        x += widest + if widest > 0 { BETWEEN } else { 0 };
    }
    placed
}

/// How many references deep each table stands; one of a circle stands as deep as the rest of its way allows.
fn layers<'a>(tables: &[&'a Table]) -> BTreeMap<&'a QName, usize> {
    let mut layers: BTreeMap<&QName, usize> = tables.iter().map(|table| (&table.name, 0)).collect();
    // A layer can grow once for each table; more is a circle.
    for _ in 0..tables.len().min(64) {
        let mut changed = false;
        for table in tables {
            let others = table.foreign_keys.iter().filter(|key| key.ref_table != table.name);
            let deepest = others.filter_map(|key| layers.get(&key.ref_table)).max().map_or(0, |deepest| deepest + 1);
            let own = layers.entry(&table.name).or_default();
            if deepest > *own && deepest < tables.len() {
                *own = deepest;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    layers
}

fn lines(table: &Table, dialect: Dialect) -> Vec<(String, String)> {
    let line = |column: &std::sync::Arc<crate::schema::Column>| {
        let is_key = table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&column.id));
        let refers = table.foreign_keys.iter().any(|key| key.columns.contains(&column.id));
        let mark = match (is_key, refers) {
            (true, true) => " PK FK",
            (true, false) => " PK",
            (false, true) => " FK",
            _ => "",
        };
        let null = if column.nullable && !is_key { "?" } else { "" };
        let ty = format!("{}{null}{mark}", one_line(&column.ty.text(dialect)));
        (cut(&one_line(&column.name), WIDEST), cut(&ty, WIDEST))
    };
    let mut lines: Vec<(String, String)> = table.columns.iter().take(TALLEST).map(line).collect();
    let more = table.columns.len().saturating_sub(TALLEST);
    if more > 0 {
        lines.push((format!("and {more} more"), String::new()));
    }
    lines
}

fn references(out: &mut String, from: &Box<'_>, boxes: &BTreeMap<&QName, &Box<'_>>) {
    for key in &from.table.foreign_keys {
        let Some(to) = boxes.get(&key.ref_table) else { continue };
        let row = |shown: &Box<'_>, at: Option<usize>| {
            shown.y + LINE + at.map_or(0, |at| (at.min(shown.lines.len().saturating_sub(1))) * LINE + LINE / 2)
        };
        let own = key.columns.first().and_then(|id| from.table.columns.iter().position(|column| column.id == *id));
        let other = key.ref_columns.first();
        let other = other.and_then(|name| to.table.columns.iter().position(|column| column.name == *name));
        let (y1, y2) = (row(from, own), row(to, other));
        let title = format!(
            "{} ({}) refers to {} ({})",
            from.table.name,
            from.table.column_names(&key.columns).join(", "),
            key.ref_table,
            key.ref_columns.join(", ")
        );
        let path = if std::ptr::eq(from, *to) || from.x <= to.x {
            let (x1, x2) = (from.x + from.width, to.x + to.width);
            let out = x1.max(x2) + BETWEEN / 2;
            format!("M{x1} {y1}C{out} {y1} {out} {y2} {x2} {y2}")
        } else {
            let (x1, x2) = (from.x, to.x + to.width);
            let middle = usize::midpoint(x1, x2);
            format!("M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}")
        };
        _ = writeln!(out, "<path d=\"{path}\"><title>{}</title></path>", escaped(&one_line(&title)));
    }
}

fn table(out: &mut String, shown: &Box<'_>) {
    let Box { table, lines, x, y, width, height } = shown;
    let name = escaped(&cut(&one_line(&table.name.to_string()), WIDEST));
    _ = writeln!(
        out,
        "<g class=\"erd-table\"><rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"4\"/>\
         <rect class=\"erd-head\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{LINE}\" rx=\"4\"/>\
         <text class=\"erd-name\" x=\"{}\" y=\"{}\">{name}</text>",
        x + 8,
        y + 15,
    );
    for (at, (name, ty)) in lines.iter().enumerate() {
        _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{}\">{} <tspan class=\"erd-type\">{}</tspan></text>",
            x + 8,
            y + (at + 2) * LINE - 4,
            escaped(name),
            escaped(ty)
        );
    }
    out.push_str("</g>\n");
}

/// What is drawn, for those who do not see it.
fn described(tables: &[&Table]) -> String {
    let sentence = |table: &&Table| {
        let mut others: Vec<String> = table.foreign_keys.iter().map(|key| key.ref_table.to_string()).collect();
        others.dedup();
        let refers = if others.is_empty() { String::new() } else { format!(" and refers to {}", others.join(" and ")) };
        let columns = table.columns.len();
        let noun = if columns == 1 { "column" } else { "columns" };
        one_line(&format!("{} has {columns} {noun}{refers}.", table.name))
    };
    match tables {
        [] => "There are no tables.".to_owned(),
        tables => tables.iter().map(sentence).collect::<Vec<_>>().join(" "),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::Baseline;

    fn svg(dump: &str) -> String {
        schema_svg(&Baseline::read(dump, Dialect::PostgreSql).database.catalog)
    }

    #[test]
    fn tables_stand_right_of_what_they_refer_to() {
        let svg = svg("CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL);\n\
            CREATE TABLE orders (id integer PRIMARY KEY, \"user\" integer REFERENCES users (id));\n\
            CREATE TABLE \"a<b&c\" (x integer);");
        insta::assert_snapshot!(svg);
    }

    #[test]
    fn circles_and_emptiness_are_drawn_too() {
        let circle = svg("CREATE TABLE a (id integer PRIMARY KEY, b integer);\n\
            CREATE TABLE b (id integer PRIMARY KEY, a integer REFERENCES a (id));\n\
            ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b (id);\n\
            CREATE TABLE self (id integer PRIMARY KEY, up integer REFERENCES self (id));");
        assert_eq!(circle.matches("<path").count(), 3, "{circle}");
        assert_eq!(circle.matches("erd-table").count(), 3);
        assert!(svg("").contains("There are no tables."));
    }
}
