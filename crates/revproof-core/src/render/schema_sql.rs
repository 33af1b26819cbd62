//! A schema as the statements that make it, in the dialect's SQL.

use crate::schema::{
    Catalog, Column, ColumnId, Dialect, ForeignKey, Identity, Index, QName, SqlType, Table, bare, quote,
    quote_qualified,
};

/// The statements that make the whole schema: types, sequences, tables, indexes, then foreign keys, as tables may
/// reference each other in a circle. SQLite takes foreign keys only within the table.
pub fn schema_sql(catalog: &Catalog) -> String {
    let sql = Sql { catalog, dialect: catalog.dialect };
    let mut statements: Vec<String> = Vec::new();
    statements.extend(catalog.enums.values().map(|e| {
        let values: Vec<String> = e.values.iter().map(|v| literal(v)).collect();
        format!("CREATE TYPE {} AS ENUM ({})", sql.qualified(&e.name), values.join(", "))
    }));
    let free = catalog.sequences.values().filter(|s| s.owner.is_none());
    statements.extend(free.map(|s| format!("CREATE SEQUENCE {}", sql.qualified(&s.name))));
    statements.extend(catalog.own_tables().map(|t| sql.table(t)));
    statements.extend(catalog.own_tables().flat_map(|t| t.indexes.iter().map(|i| sql.index(t, i))));
    if catalog.dialect != Dialect::Sqlite {
        statements.extend(catalog.own_tables().flat_map(|t| {
            let add = |k| format!("ALTER TABLE {} ADD {}", sql.qualified(&t.name), sql.foreign_key(t, k));
            t.foreign_keys.iter().map(add)
        }));
    }
    if catalog.dialect == Dialect::PostgreSql {
        statements.extend(catalog.own_tables().flat_map(|t| sql.comments(t)));
    }
    statements.extend(catalog.objects.values().map(|o| o.definition.trim_end_matches(';').to_owned()));
    statements.into_iter().fold(String::new(), |out, statement| out + &statement + ";\n")
}

struct Sql<'a> {
    catalog: &'a Catalog,
    dialect: Dialect,
}

impl Sql<'_> {
    fn table(&self, table: &Table) -> String {
        let mut lines: Vec<String> = table.columns.iter().map(|c| self.column(c)).collect();
        lines.extend(
            table
                .primary_key
                .iter()
                .map(|k| format!("{}PRIMARY KEY ({})", self.named(k.name.as_deref()), self.columns(table, &k.columns))),
        );
        lines.extend(table.uniques.iter().map(|u| {
            let nulls = if u.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
            format!("{}UNIQUE{nulls} ({})", self.named(u.name.as_deref()), self.columns(table, &u.columns))
        }));
        lines.extend(
            table.checks.iter().map(|c| format!("{}CHECK ({})", self.named(c.name.as_deref()), bare(&c.condition))),
        );
        lines.extend(table.exclusions.iter().map(|e| format!("{}EXCLUDE {}", self.named(Some(&e.name)), e.definition)));
        if self.dialect == Dialect::Sqlite {
            lines.extend(table.foreign_keys.iter().map(|k| self.foreign_key(table, k)));
        }
        format!("CREATE TABLE {} (\n    {}\n)", self.qualified(&table.name), lines.join(",\n    "))
    }

    fn comments(&self, table: &Table) -> Vec<String> {
        let name = self.qualified(&table.name);
        let whole = table.comment.iter().map(|text| format!("COMMENT ON TABLE {name} IS {}", literal(text)));
        let columns = table.columns.iter().filter_map(|column| {
            let (text, column) = (column.comment.as_ref()?, quote(&column.name, self.dialect));
            Some(format!("COMMENT ON COLUMN {name}.{column} IS {}", literal(text)))
        });
        whole.chain(columns).collect()
    }

    fn column(&self, column: &Column) -> String {
        let mut parts = vec![quote(&column.name, self.dialect).into_owned()];
        let serial = column.owned_sequence.as_ref().and_then(|_| serial(&column.ty));
        match (serial, &column.ty) {
            (Some(word), _) => parts.push(word.to_owned()),
            (None, SqlType::Enum(name)) => parts.push(self.qualified(name)),
            (None, ty) => parts.push(ty.text(self.dialect)),
        }
        parts.extend(column.collation.iter().map(|c| format!("COLLATE {}", quote(c, self.dialect))));
        parts.extend(column.identity.iter().map(identity));
        parts.extend(column.computed.iter().map(|c| {
            let kind = if c.persisted { "STORED" } else { "VIRTUAL" };
            format!("GENERATED ALWAYS AS ({}) {kind}", bare(&c.expression))
        }));
        if serial.is_none() {
            parts.extend(column.default.iter().map(|default| format!("DEFAULT {default}")));
        }
        if !column.nullable {
            parts.push("NOT NULL".to_owned());
        }
        if column.autoincrement && self.dialect == Dialect::MySql {
            parts.push("AUTO_INCREMENT".to_owned());
        }
        parts.join(" ")
    }

    fn foreign_key(&self, table: &Table, key: &ForeignKey) -> String {
        let columns = self.columns(table, &key.columns);
        let referred: Vec<_> = key.ref_columns.iter().map(|c| quote(c, self.dialect)).collect();
        let referred = if referred.is_empty() { String::new() } else { format!(" ({})", referred.join(", ")) };
        let mut text = format!(
            "{}FOREIGN KEY ({columns}) REFERENCES {}{referred}",
            self.named(key.name.as_deref()),
            self.qualified(&key.ref_table)
        );
        for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
            if let Some(word) = action.said() {
                text.extend([" ON ", event, " ", word]);
            }
        }
        if key.deferrable == Some(true) {
            text += " DEFERRABLE";
        }
        if key.initially_deferred == Some(true) {
            text += " INITIALLY DEFERRED";
        }
        text
    }

    fn index(&self, table: &Table, index: &Index) -> String {
        let unique = if index.unique { "UNIQUE " } else { "" };
        let using = index.using.as_deref().map(|u| format!(" USING {u}")).unwrap_or_default();
        let parts = index.parts.iter().map(|part| {
            let what = match part.column {
                Some(id) => quote(&table.column_name(id), self.dialect).into_owned(),
                None => format!("({})", bare(part.expression.as_deref().unwrap_or_default())),
            };
            part.suffix.as_deref().map_or_else(|| what.clone(), |suffix| format!("{what} {suffix}"))
        });
        let parts = parts.collect::<Vec<_>>().join(", ");
        let predicate = index.predicate.as_deref().map(|p| format!(" WHERE {p}")).unwrap_or_default();
        let name = quote(&index.name, self.dialect);
        format!("CREATE {unique}INDEX {name} ON {}{using} ({parts}){predicate}", self.qualified(&table.name))
    }

    fn columns(&self, table: &Table, ids: &[ColumnId]) -> String {
        let names: Vec<String> =
            table.column_names(ids).iter().map(|name| quote(name, self.dialect).into_owned()).collect();
        names.join(", ")
    }

    fn named(&self, name: Option<&str>) -> String {
        name.map(|name| format!("CONSTRAINT {} ", quote(name, self.dialect))).unwrap_or_default()
    }

    fn qualified(&self, name: &QName) -> String {
        quote_qualified(name, self.catalog.dialect)
    }
}

fn serial(ty: &SqlType) -> Option<&'static str> {
    match ty {
        SqlType::SmallInt => Some("SMALLSERIAL"),
        SqlType::Integer => Some("SERIAL"),
        SqlType::BigInt => Some("BIGSERIAL"),
        _ => None,
    }
}

fn identity(identity: &Identity) -> String {
    let when = if identity.always { "ALWAYS" } else { "BY DEFAULT" };
    let options = [("START WITH", identity.start), ("INCREMENT BY", identity.increment)];
    let options: Vec<String> = options.iter().filter_map(|(word, n)| n.map(|n| format!("{word} {n}"))).collect();
    let options = if options.is_empty() { String::new() } else { format!(" ({})", options.join(" ")) };
    format!("GENERATED {when} AS IDENTITY{options}")
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
