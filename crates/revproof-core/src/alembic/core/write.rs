//! How each node of an expression is written.

use std::rc::Rc;

use super::compiler::{Compiler, Style};
use super::expression::{Expression, Kind, Node, is_boolean};
use super::operator::Op;
use super::precedence::{AND, COLLATE, COMPARISON, ITEM, LOOSEST, OR, SIGN, TIGHTEST};
use super::source::{Alias, Aliased, Source};
use super::ty::Family;
use crate::schema::{Dialect, quote_qualified};

impl Compiler<'_> {
    /// Writes a node.
    pub(super) fn node(&mut self, node: &Expression) {
        match &node.kind {
            Kind::Column { name, of } => self.column(name, of.as_deref()),
            Kind::Raw(text) => self.raw(text),
            Kind::Text(text) => self.fragment(text),
            Kind::Bind(bind) => self.bind(bind, &node.ty),
            Kind::Null => self.push("NULL"),
            Kind::Truth(truth) => self.truth(*truth),
            Kind::Call { name, args } => self.call(name, args),
            Kind::Binary { op, left, right, escape } => self.binary(op, left, right, escape.as_deref()),
            Kind::Between { operand, low, high, negated } => {
                self.operand(operand, COMPARISON, false);
                self.push(if *negated { " NOT BETWEEN " } else { " BETWEEN " });
                self.operand(low, COMPARISON, false);
                self.push(" AND ");
                self.operand(high, COMPARISON, false);
            }
            Kind::Chain(and, nodes) => {
                let (word, against) = if *and { (" AND ", AND) } else { (" OR ", OR) };
                self.list(nodes, word, |c, node| c.criterion(node, against));
            }
            Kind::Not(inner) => self.not(inner),
            Kind::Sign(sign, inner) => {
                self.push(if *sign == '-' { "-" } else { "~" });
                self.operand(inner, SIGN, false);
            }
            Kind::Suffix(inner, text) => {
                let against = if text.starts_with("COLLATE") { COLLATE } else { AND };
                // `x DESC NULLS LAST`: one suffix does not tear another apart.
                let same = matches!(inner.kind, Kind::Suffix(..));
                self.operand(inner, against, same);
                self.push(" ");
                match text.strip_prefix("COLLATE ") {
                    Some(collation) => {
                        self.push("COLLATE ");
                        self.identifier(collation);
                    }
                    None => self.raw(text),
                }
            }
            Kind::Prefix(word, inner) => {
                self.push(word);
                let tight = matches!(*word, "ANY" | "ALL");
                self.push(if tight { " (" } else { " " });
                if let (true, Kind::Query(select)) = (tight, &inner.kind) {
                    self.descend(|c| c.select(select));
                } else {
                    self.operand(inner, if tight { LOOSEST } else { COMPARISON }, false);
                }
                if tight {
                    self.push(")");
                }
            }
            Kind::Case { value, whens, otherwise } => self.case(value.as_ref(), whens, otherwise.as_ref()),
            Kind::Cast(inner) => {
                self.push("CAST(");
                self.operand(inner, LOOSEST, false);
                self.push(" AS ");
                self.cast_type(node);
                self.push(")");
            }
            Kind::Extract(field, inner) => self.extract(field, inner),
            Kind::Exists(select) => {
                self.push("EXISTS (");
                self.descend(|c| c.select(select));
                self.push(")");
            }
            Kind::Query(select) => {
                self.push("(");
                self.descend(|c| c.select(select));
                self.push(")");
            }
            Kind::List(nodes) => {
                self.push("(");
                self.nodes(nodes);
                self.push(")");
            }
            Kind::Array(nodes) => {
                self.push("ARRAY[");
                self.nodes(nodes);
                self.push("]");
            }
            // A label is only written where columns are selected.
            Kind::Label(_, inner) => self.descend(|c| c.node(inner)),
            Kind::Over { function, partition, order } => {
                self.operand(function, LOOSEST, false);
                self.push(" OVER (");
                if !partition.is_empty() {
                    self.push("PARTITION BY ");
                    self.nodes(partition);
                }
                if !order.is_empty() {
                    self.push(if partition.is_empty() { "ORDER BY " } else { " ORDER BY " });
                    self.nodes(order);
                }
                self.push(")");
            }
            Kind::Filter(function, condition) => {
                self.operand(function, LOOSEST, false);
                self.push(" FILTER (WHERE ");
                self.criterion(condition, LOOSEST);
                self.push(")");
            }
            Kind::Ordered(inner, order) => {
                self.operand(inner, LOOSEST, false);
                self.push(" ORDER BY ");
                self.nodes(order);
            }
            Kind::Item(inner, index) => {
                self.operand(inner, ITEM, false);
                self.push("[");
                self.operand(index, LOOSEST, false);
                self.push("]");
            }
        }
    }

    /// Writes nodes with commas between.
    pub(super) fn nodes(&mut self, nodes: &[Node]) {
        self.list(nodes, ", ", |c, node| c.operand(node, LOOSEST, false));
    }

    /// Writes a condition: a bare truth value is compared where the dialect has none of its own.
    pub(super) fn criterion(&mut self, node: &Expression, against: i32) {
        let native = self.dialect == Dialect::PostgreSql;
        match &node.kind {
            Kind::Truth(truth) if self.dialect == Dialect::Sqlite => {
                self.push(if *truth { "1 = 1" } else { "0 = 1" });
            }
            Kind::Column { .. } | Kind::Call { .. } | Kind::Cast(_) | Kind::Case { .. }
                if !native && is_boolean(node) =>
            {
                self.operand(node, COMPARISON, false);
                self.push(" = 1");
            }
            _ => self.operand(node, against, false),
        }
    }

    fn not(&mut self, inner: &Node) {
        let native = self.dialect == Dialect::PostgreSql;
        if !native && is_boolean(inner) && matches!(inner.kind, Kind::Column { .. } | Kind::Call { .. } | Kind::Cast(_))
        {
            self.operand(inner, COMPARISON, false);
            self.push(" = 0");
            return;
        }
        self.push("NOT ");
        self.operand(inner, COMPARISON, false);
    }

    fn truth(&mut self, truth: bool) {
        self.push(match (self.dialect, truth) {
            (Dialect::Sqlite, true) => "1",
            (Dialect::Sqlite, false) => "0",
            (_, true) => "true",
            (_, false) => "false",
        });
    }

    fn column(&mut self, name: &str, of: Option<&Source>) {
        if self.style != Style::Ddl
            && let Some(source) = of
        {
            match source {
                Source::Table(table) => {
                    let text = quote_qualified(&table.name, self.dialect);
                    self.push(&text);
                    self.push(".");
                }
                Source::Alias(alias) => {
                    let name = self.name_of(source, alias);
                    self.identifier(&name);
                    self.push(".");
                }
                Source::Join(_) | Source::Text(_) | Source::Function(_) => {}
            }
        }
        if name == "*" {
            self.push(name);
        } else {
            self.identifier(name);
        }
    }

    /// The name of an alias, its own or one that is made for it.
    pub(super) fn name_of(&mut self, source: &Source, alias: &Alias) -> Rc<str> {
        if let Some(name) = &alias.name {
            return name.clone();
        }
        let stem: Rc<str> = match &alias.of {
            Aliased::Source(of) => match &**of {
                Source::Table(table) => (*table.name.name).into(),
                _ => "anon".into(),
            },
            _ => "anon".into(),
        };
        self.alias_name(source, &stem)
    }

    fn call(&mut self, name: &str, args: &[Node]) {
        let lower = name.to_ascii_lowercase();
        match (lower.as_str(), self.dialect, args.is_empty()) {
            ("now", Dialect::Sqlite, _) => self.push("CURRENT_TIMESTAMP"),
            (
                "current_timestamp" | "current_date" | "current_time" | "current_user" | "session_user" | "localtime"
                | "localtimestamp" | "user",
                _,
                true,
            ) => self.push(&lower.to_ascii_uppercase()),
            ("count", _, true) => self.push("count(*)"),
            ("random", Dialect::MySql, true) => self.push("rand()"),
            ("char_length", Dialect::Sqlite, _) => self.plain_call("length", args),
            _ => self.plain_call(name, args),
        }
    }

    fn plain_call(&mut self, name: &str, args: &[Node]) {
        self.push(name);
        self.push("(");
        self.nodes(args);
        self.push(")");
    }

    fn binary(&mut self, op: &Op, left: &Node, right: &Node, escape: Option<&str>) {
        match (op, self.dialect) {
            (Op::Concat, Dialect::MySql) => {
                self.push("concat(");
                self.concatenated(left);
                self.push(", ");
                self.concatenated(right);
                self.push(")");
                return;
            }
            (Op::ILike | Op::NotILike, Dialect::Sqlite | Dialect::MySql) => {
                self.push("lower(");
                self.operand(left, LOOSEST, false);
                self.push(if *op == Op::ILike { ") LIKE lower(" } else { ") NOT LIKE lower(" });
                self.operand(right, LOOSEST, false);
                self.push(")");
                self.escaped(escape);
                return;
            }
            (Op::JsonGet | Op::JsonGetText | Op::JsonPath | Op::JsonPathText, Dialect::Sqlite | Dialect::MySql) => {
                self.json(op, left, right);
                return;
            }
            (Op::Div, _) => {
                self.divided(left, right);
                return;
            }
            (Op::FloorDiv, dialect)
                if dialect == Dialect::MySql
                    || left.ty.family() != Family::Integer
                    || right.ty.family() != Family::Integer =>
            {
                self.push("FLOOR(");
                self.spelled("/", op, left, right);
                self.push(")");
                return;
            }
            (Op::IsDistinct | Op::IsNotDistinct, Dialect::MySql) => {
                if *op == Op::IsDistinct {
                    self.push("NOT (");
                }
                self.spelled("<=>", op, left, right);
                if *op == Op::IsDistinct {
                    self.push(")");
                }
                return;
            }
            (Op::In | Op::NotIn, _) => {
                self.membership(op, left, right);
                return;
            }
            _ => {}
        }
        let word = match (op, self.dialect) {
            (Op::IsDistinct, Dialect::Sqlite) => "IS NOT",
            (Op::IsNotDistinct, Dialect::Sqlite) => "IS",
            (Op::Regexp, Dialect::Sqlite | Dialect::MySql) => "REGEXP",
            (Op::NotRegexp, Dialect::Sqlite | Dialect::MySql) => "NOT REGEXP",
            (Op::BitXor, Dialect::MySql) => "^",
            (Op::Match, Dialect::Sqlite) => "MATCH",
            _ => op.text(),
        };
        self.spelled(word, op, left, right);
        self.escaped(escape);
    }

    fn spelled(&mut self, word: &str, op: &Op, left: &Node, right: &Node) {
        let same =
            |node: &Node| op.is_associative() && matches!(&node.kind, Kind::Binary { op: inner, .. } if inner == op);
        self.operand(left, op.precedence(), same(left));
        self.push(" ");
        self.raw(word);
        self.push(" ");
        // What a pattern is put together from stands bare.
        let pattern = matches!(op, Op::Like | Op::NotLike | Op::ILike | Op::NotILike)
            && matches!(&right.kind, Kind::Binary { op: Op::Concat, .. });
        self.operand(right, op.precedence(), pattern || same(right));
    }

    fn escaped(&mut self, escape: Option<&str>) {
        if let Some(mark) = escape {
            self.push(" ESCAPE '");
            self.push(&mark.replace('\'', "''"));
            self.push("'");
        }
    }

    fn concatenated(&mut self, node: &Node) {
        match &node.kind {
            Kind::Binary { op: Op::Concat, left, right, .. } => self.descend(|c| {
                c.concatenated(left);
                c.push(", ");
                c.concatenated(right);
            }),
            _ => self.operand(node, LOOSEST, false),
        }
    }

    /// `/` of two integers is no integer in SQLAlchemy 2.
    fn divided(&mut self, left: &Node, right: &Node) {
        let whole = left.ty.family() == Family::Integer && right.ty.family() == Family::Integer;
        if !whole || self.dialect == Dialect::MySql {
            self.spelled("/", &Op::Div, left, right);
            return;
        }
        self.operand(left, Op::Div.precedence(), false);
        self.push(" / ");
        if self.dialect == Dialect::Sqlite {
            self.push("(");
            self.operand(right, Op::Add.precedence(), false);
            self.push(" + 0.0)");
        } else {
            self.push("CAST(");
            self.operand(right, LOOSEST, false);
            self.push(" AS NUMERIC)");
        }
    }

    fn membership(&mut self, op: &Op, left: &Node, right: &Node) {
        let empty = matches!(&right.kind, Kind::List(items) if items.is_empty());
        if empty {
            // What SQLAlchemy writes for an empty list: true of no row, and of no NULL.
            self.push("(");
        }
        self.operand(left, COMPARISON, false);
        self.push(" ");
        self.push(op.text());
        self.push(" ");
        match (&right.kind, empty) {
            (_, true) => self.push(if *op == Op::In { "(NULL) AND (1 != 1))" } else { "(NULL) OR (1 = 1))" }),
            (Kind::Bind(bind), _) => {
                let bind = super::expression::Bind { expanding: true, ..bind.clone() };
                self.bind(&bind, &left.ty);
            }
            (Kind::Text(_) | Kind::Raw(_), _) => {
                self.push("(");
                self.descend(|c| c.node(right));
                self.push(")");
            }
            _ => self.descend(|c| c.node(right)),
        }
    }

    /// JSON access on SQLite and MySQL: a path in `JSON_EXTRACT`.
    fn json(&mut self, op: &Op, left: &Node, right: &Node) {
        let path = |key: &Node| match &key.kind {
            Kind::Bind(bind) => match &bind.value {
                Some(crate::python::Value::Int(at)) => Some(format!("[{at}]")),
                Some(crate::python::Value::Str(key)) => Some(format!(".\"{key}\"")),
                _ => None,
            },
            _ => None,
        };
        let mut steps = Vec::new();
        let mut root = left;
        match path(right) {
            Some(step) if matches!(op, Op::JsonGet | Op::JsonGetText) => steps.push(step),
            _ => self.doubt("a JSON path is not known"),
        }
        while let Kind::Binary { op: Op::JsonGet, left: inner, right: key, .. } = &root.kind {
            match path(key) {
                Some(step) => steps.push(step),
                None => self.doubt("a JSON path is not known"),
            }
            root = inner;
        }
        steps.push("$".into());
        steps.reverse();
        let path = crate::python::Value::str(&steps.concat());
        let text = matches!(op, Op::JsonGetText);
        let wrapper = match (self.dialect, text) {
            (Dialect::Sqlite, false) => Some("JSON_QUOTE("),
            (Dialect::MySql, true) => Some("JSON_UNQUOTE("),
            _ => None,
        };
        self.push(wrapper.unwrap_or_default());
        self.push("JSON_EXTRACT(");
        self.operand(root, LOOSEST, false);
        self.push(", ");
        self.value("path", true, &path, &super::ty::Ty::Of(Family::Text));
        self.push(")");
        if wrapper.is_some() {
            self.push(")");
        }
    }

    fn case(&mut self, value: Option<&Node>, whens: &[(Node, Node)], otherwise: Option<&Node>) {
        self.push("CASE");
        if let Some(value) = value {
            self.push(" ");
            self.operand(value, LOOSEST, false);
        }
        for (when, then) in whens {
            self.push(" WHEN ");
            if value.is_some() {
                self.operand(when, LOOSEST, false);
            } else {
                self.criterion(when, TIGHTEST);
            }
            self.push(" THEN ");
            self.operand(then, LOOSEST, false);
        }
        if let Some(otherwise) = otherwise {
            self.push(" ELSE ");
            self.operand(otherwise, LOOSEST, false);
        }
        self.push(" END");
    }

    fn extract(&mut self, field: &str, inner: &Node) {
        if self.dialect != Dialect::Sqlite {
            self.push("EXTRACT(");
            self.push(field);
            self.push(" FROM ");
            self.operand(inner, LOOSEST, false);
            self.push(")");
            return;
        }
        let format = match field {
            "month" => "%m",
            "day" => "%d",
            "year" => "%Y",
            "second" => "%S",
            "hour" => "%H",
            "doy" => "%j",
            "minute" => "%M",
            "epoch" => "%s",
            "dow" => "%w",
            "week" => "%W",
            _ => {
                self.doubt("SQLite can't extract that field");
                "%s"
            }
        };
        self.push("CAST(STRFTIME('");
        self.push(format);
        self.push("', ");
        self.operand(inner, LOOSEST, false);
        self.push(") AS INTEGER)");
    }

    fn cast_type(&mut self, node: &Expression) {
        match super::cast::type_text(&node.ty, self.dialect, self.style != Style::Bound) {
            Some(text) => self.push(&text),
            None => self.doubt("the type of a cast is not known"),
        }
    }
}
