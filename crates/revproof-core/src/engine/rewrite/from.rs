//! `FROM`: tables, derived tables, joins.

use std::sync::Arc;

use gluesql_core::ast::{
    Join as GlueJoin, JoinConstraint as GlueConstraint, JoinOperator as GlueOperator, TableFactor as GlueFactor,
    TableWithJoins as GlueTables,
};
use sqlparser::ast::{
    BinaryOperator, Ident, Join, JoinConstraint, JoinOperator, TableAlias, TableFactor, TableWithJoins,
};

use super::names::{find_table, fold, qualified_name, same_name};
use super::{Compiler, Scan};
use crate::engine::bulk::undefined_table;
use crate::engine::relation::Relation;
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::system_tables;
use crate::schema::{ObjectKind, QName};

impl Compiler<'_> {
    /// `FROM`: binds its names and gives GlueSQL's form of it; `None` where there is no `FROM`.
    pub(in crate::engine) fn from(&mut self, from: &[&TableWithJoins]) -> Evaluation<Option<GlueTables>> {
        let mut result: Option<GlueTables> = None;
        for item in from {
            // A right join is a left join the other way round.
            let swapped = match item.joins.as_slice() {
                [Join { relation, join_operator: JoinOperator::Right(c) | JoinOperator::RightOuter(c), .. }] => {
                    Some((relation, c))
                }
                _ => None,
            };
            if let Some((right, constraint)) = swapped {
                // Names are bound in the order written, so that `*` keeps its order.
                let left = self.factor(&item.relation)?;
                let right = self.factor(right)?;
                let on = self.constraint(constraint)?;
                if result.is_some() {
                    return Err(Stop::unsupported("a right join beside other tables is not supported"));
                }
                let join = GlueJoin { relation: left, join_operator: GlueOperator::LeftOuter(on) };
                result = Some(GlueTables { relation: right, joins: vec![join] });
                continue;
            }
            let relation = self.factor(&item.relation)?;
            match &mut result {
                None => result = Some(GlueTables { relation, joins: Vec::new() }),
                Some(tables) => {
                    let join_operator = GlueOperator::Inner(GlueConstraint::None);
                    tables.joins.push(GlueJoin { relation, join_operator });
                }
            }
            for join in &item.joins {
                let joined = self.join(join)?;
                if let Some(tables) = &mut result {
                    tables.joins.push(joined);
                }
            }
        }
        Ok(result)
    }

    fn join(&mut self, join: &Join) -> Evaluation<GlueJoin> {
        let relation = self.factor(&join.relation)?;
        let join_operator = match &join.join_operator {
            JoinOperator::Join(c) | JoinOperator::Inner(c) => GlueOperator::Inner(self.constraint(c)?),
            JoinOperator::Left(c) | JoinOperator::LeftOuter(c) => GlueOperator::LeftOuter(self.constraint(c)?),
            JoinOperator::CrossJoin(JoinConstraint::None) => GlueOperator::Inner(GlueConstraint::None),
            _ => return Err(Stop::unsupported("this kind of join is not supported")),
        };
        Ok(GlueJoin { relation, join_operator })
    }

    fn constraint(&mut self, constraint: &JoinConstraint) -> Evaluation<GlueConstraint> {
        match constraint {
            JoinConstraint::On(expr) => {
                let code = self.maybe(|this| this.filter(expr, false))?;
                Ok(GlueConstraint::On(code.expr))
            }
            JoinConstraint::Using(names) => {
                let mut conditions = Vec::with_capacity(names.len());
                for name in names {
                    let Some(sqlparser::ast::ObjectNamePart::Identifier(ident)) = name.0.first() else {
                        return Err(Stop::unsupported("USING of this form is not supported"));
                    };
                    conditions.push(self.merge(ident)?);
                }
                let mut conditions = conditions.into_iter();
                let Some(mut all) = conditions.next() else { return Ok(GlueConstraint::None) };
                for next in conditions {
                    all = gluesql_core::ast::Expr::BinaryOp {
                        left: Box::new(all),
                        op: gluesql_core::ast::BinaryOperator::And,
                        right: Box::new(next),
                    };
                }
                Ok(GlueConstraint::On(all))
            }
            JoinConstraint::None => Ok(GlueConstraint::None),
            JoinConstraint::Natural => Err(Stop::unsupported("a natural join is not supported")),
        }
    }

    /// A column of `USING`: the last item's is merged into an earlier one's.
    fn merge(&mut self, ident: &Ident) -> Evaluation<gluesql_core::ast::Expr> {
        let dialect = self.dialect();
        let name = fold(ident, dialect);
        let bindings = self.scopes.last().map(|s| s.bindings.clone()).unwrap_or_default();
        let has = |b: &super::Binding| b.columns.iter().any(|(c, _)| same_name(c, &name, dialect));
        let Some((last, earlier)) = bindings.split_last() else {
            return Err(Stop::unsupported("USING without tables"));
        };
        let (Some(first), true) = (earlier.iter().find(|b| has(b)), has(last)) else {
            let message = format!("column \"{name}\" specified in USING clause does not exist");
            return Err(Stop::fail(crate::op::FailureKind::UndefinedObject, message));
        };
        let side = |b: &super::Binding| [Ident::with_quote('"', b.name.clone()), Ident::with_quote('"', name.clone())];
        let (left, right) = (self.column(&side(first))?, self.column(&side(last))?);
        let code = self.compare(left, &BinaryOperator::Eq, right)?;
        if let Some(binding) = self.scopes.last_mut().and_then(|s| s.bindings.last_mut()) {
            binding.merged.push(name.into());
        }
        Ok(code.expr)
    }

    /// One item.
    fn factor(&mut self, factor: &TableFactor) -> Evaluation<GlueFactor> {
        let dialect = self.dialect();
        let at = match factor {
            TableFactor::Table {
                name, alias, args: None, sample: None, version: None, with_ordinality: false, ..
            } => {
                let Some(wanted) = qualified_name(name, dialect) else {
                    return Err(Stop::unsupported("a table named by an expression is not supported"));
                };
                let scan = self.table_scan(&wanted)?;
                self.bind_as(scan, alias.as_ref(), &wanted.name)?
            }
            TableFactor::Derived { lateral: false, subquery, alias, sample: None } => {
                let relation = self.relation_of(subquery)?;
                self.bind_as(Scan::of_relation(Arc::new(relation)), alias.as_ref(), "?derived?")?
            }
            TableFactor::NestedJoin { table_with_joins, alias: None } if table_with_joins.joins.is_empty() => {
                return self.factor(&table_with_joins.relation);
            }
            other => {
                let shown: String = other.to_string().chars().take(60).collect();
                return Err(Stop::unsupported(format!("{shown} in FROM is not supported")));
            }
        };
        Ok(GlueFactor::Table { name: format!("t{at}"), alias: None })
    }

    /// A table, a common table expression or a system table of that name.
    fn table_scan(&mut self, wanted: &QName) -> Evaluation<Scan> {
        let dialect = self.dialect();
        if wanted.schema.is_none()
            && let Some((_, relation)) = self.ctes.iter().rev().find(|(name, _)| same_name(name, &wanted.name, dialect))
        {
            return Ok(Scan::of_relation(relation.clone()));
        }
        if let Some(table) = find_table(self.db, wanted).cloned() {
            if let Some(why) = self.db.row_doubt(&table.name) {
                return Err(Stop::Unsupported(why));
            }
            return Ok(Scan::of_table(table.clone(), self.db.rows_of(&table.name)));
        }
        if let Some(relation) = system_tables::relation(self.db, wanted)? {
            return Ok(Scan::of_relation(Arc::new(relation)));
        }
        let view = [ObjectKind::View, ObjectKind::MaterializedView]
            .iter()
            .any(|kind| self.db.catalog.objects.contains_key(&(*kind, wanted.clone())));
        if view {
            return Err(Stop::unsupported(format!("the view {wanted} is not simulated")));
        }
        if let Some(why) = self.db.doubt(wanted) {
            return Err(Stop::Unsupported(why));
        }
        Err(Stop::from(undefined_table(self.db, wanted)))
    }

    fn bind_as(&mut self, scan: Scan, alias: Option<&TableAlias>, name: &str) -> Evaluation<usize> {
        let dialect = self.dialect();
        let name = alias.map_or_else(|| name.to_owned(), |alias| fold(&alias.name, dialect));
        let clash = self.scopes.last().is_some_and(|s| s.bindings.iter().any(|b| same_name(&b.name, &name, dialect)));
        if clash && name != "?derived?" {
            let message = format!("table name \"{name}\" specified more than once");
            return Err(Stop::fail(crate::op::FailureKind::InvalidStatement, message));
        }
        let renamed: Vec<_> = alias.iter().flat_map(|a| a.columns.iter().map(|c| fold(&c.name, dialect))).collect();
        let at = self.bind(name, scan);
        if let Some(binding) = self.scopes.last_mut().and_then(|s| s.bindings.last_mut()) {
            for (column, name) in binding.columns.iter_mut().zip(renamed) {
                column.0 = name.into();
            }
        }
        Ok(at)
    }

    /// The rows of a query that depends on nothing around it.
    pub(in crate::engine) fn relation_of(&mut self, query: &sqlparser::ast::Query) -> Evaluation<Relation> {
        match self.subquery(query)? {
            super::Planned::Rows(relation) => Ok(relation),
            super::Planned::Query { .. } => Err(Stop::unsupported("a derived table that depends on other tables")),
        }
    }
}
