//! The names that a batch block with `naming_convention=` gives to what it reflects without one.

use crate::schema::{ColumnId, Name, QName, Table};

/// `naming_convention=`: constraints that have no name get one.
pub(super) fn name_by_convention(table: &mut Table, convention: &[(Name, Name)]) {
    if convention.is_empty() {
        return;
    }
    let template = |token: &str| convention.iter().find(|(own, _)| &**own == token).map(|(_, text)| text.clone());
    let named = table.clone();
    if let (Some(key), Some(template)) = (&mut table.primary_key, template("pk"))
        && key.name.is_none()
    {
        key.name = Some(expand(&template, &named, &key.columns, None));
    }
    if let Some(template) = template("uq") {
        for unique in table.uniques.iter_mut().filter(|unique| unique.name.is_none()) {
            unique.name = Some(expand(&template, &named, &unique.columns, None));
        }
    }
    if let Some(template) = template("fk") {
        for key in table.foreign_keys.iter_mut().filter(|key| key.name.is_none()) {
            let referred = (key.ref_table.clone(), key.ref_columns.clone());
            key.name = Some(expand(&template, &named, &key.columns, Some(&referred)));
        }
    }
}

/// SQLAlchemy's naming convention tokens.
fn expand(template: &str, table: &Table, columns: &[ColumnId], referred: Option<&(QName, Vec<Name>)>) -> Name {
    let names = table.column_names(columns);
    let joined = |separator: &str| names.iter().map(|name| &**name).collect::<Vec<_>>().join(separator);
    let mut out = template.replace("%(table_name)s", &table.name.name);
    out = out.replace("%(column_0N_name)s", &joined("")).replace("%(column_0_N_name)s", &joined("_"));
    for (at, name) in names.iter().enumerate() {
        out = out.replace(&format!("%(column_{at}_name)s"), name);
        out = out.replace(&format!("%(column_{at}_label)s"), &format!("{}_{name}", table.name.name));
    }
    if let Some((referred, columns)) = referred {
        out = out.replace("%(referred_table_name)s", &referred.name);
        for (at, name) in columns.iter().enumerate() {
            out = out.replace(&format!("%(referred_column_{at}_name)s"), name);
        }
    }
    Name::from(out)
}
