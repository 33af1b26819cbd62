//! Joins, made as they are read: the pairs of rows that belong together become a scan of their own.

use sqlparser::ast::{BinaryOperator, Ident, Join, JoinConstraint, JoinOperator, ObjectNamePart, TableFactor};

use super::conditions::all_of;
use super::expand::rows_call;
use super::names::{fold, same_name};
use super::scan::Pick;
use super::typed::Code;
use super::{Compiler, Scan};
use crate::engine::relation::Relation;
use crate::engine::stop::{Evaluation, Stop};
use crate::op::FailureKind;

/// How many pairs of rows are looked at.
const MAX_PAIRS: usize = 250_000;

/// Rows of two scans that belong together, by their places.
type Pairs = Vec<(usize, Option<usize>)>;

impl Compiler<'_> {
    /// A join with what stands to its left.
    pub(super) fn join(&mut self, left: usize, join: &Join) -> Evaluation<usize> {
        use JoinOperator as J;
        let (outer, constraint) = match &join.join_operator {
            J::Join(c) | J::Inner(c) | J::CrossJoin(c) => ((false, false), c),
            J::Left(c) | J::LeftOuter(c) => ((true, false), c),
            J::Right(c) | J::RightOuter(c) => ((false, true), c),
            J::FullOuter(c) => ((true, true), c),
            _ => return Err(Stop::unsupported("this kind of join is not supported")),
        };
        if let TableFactor::Derived { lateral: true, subquery, alias, sample: None } = &join.relation {
            let trivial = match constraint {
                JoinConstraint::None => true,
                JoinConstraint::On(expr) => expr.to_string().eq_ignore_ascii_case("true"),
                _ => false,
            };
            if !trivial || outer.1 {
                return Err(Stop::unsupported("LATERAL with a condition is not supported"));
            }
            self.read_from(left);
            let (relation, pairs) = self.lateral(subquery, left, outer.0)?;
            let right = self.bind_as(Scan::of_relation(relation.into()), alias.as_ref(), "?derived?")?;
            return Ok(self.paired(left, right, pairs));
        }
        if let Some(call) = rows_call(&join.relation) {
            let trivial = match constraint {
                JoinConstraint::None => true,
                JoinConstraint::On(expr) => expr.to_string().eq_ignore_ascii_case("true"),
                _ => false,
            };
            if trivial && !outer.1 {
                return self.lateral_rows(left, &call, outer.0);
            }
        }
        let right = self.factor(&join.relation)?;
        let lengths = (self.length(left), self.length(right));
        let (left_width, right_width) = (self.width(left), self.width(right));
        let crossed = self.cross(left, right)?;
        let code = self.constraint(constraint, outer.1)?;
        let Some(code) = code else { return Ok(crossed) };
        let truths = self.places(&code, crossed)?;
        for fault in &mut self.faults {
            // Which pairs a server looks at is its own affair.
            fault.conditional = true;
        }
        self.settle()?;
        let mut pairs: Vec<(Option<usize>, Option<usize>)> = Vec::new();
        let mut matched = (vec![false; lengths.0], vec![false; lengths.1]);
        for place in truths {
            let (l, r) = (place / lengths.1.max(1), place % lengths.1.max(1));
            pairs.push((Some(l), Some(r)));
            matched.0.get_mut(l).into_iter().chain(matched.1.get_mut(r)).for_each(|seen| *seen = true);
        }
        let alone = |seen: &[bool]| seen.iter().enumerate().filter(|(_, s)| !**s).map(|(at, _)| at).collect::<Vec<_>>();
        if outer.0 {
            pairs.extend(alone(&matched.0).into_iter().map(|l| (Some(l), None)));
        }
        if outer.1 {
            pairs.extend(alone(&matched.1).into_iter().map(|r| (None, Some(r))));
        }
        let (left_rows, right_rows) = pairs.into_iter().unzip();
        let picks = vec![
            Pick { scan: left, width: left_width, rows: left_rows },
            Pick { scan: right, width: right_width, rows: right_rows },
        ];
        Ok(self.replace(crossed, picks))
    }

    /// All pairs of two scans' rows.
    pub(super) fn cross(&mut self, left: usize, right: usize) -> Evaluation<usize> {
        let (l, r) = (self.length(left), self.length(right));
        if l.saturating_mul(r) > MAX_PAIRS {
            return Err(Stop::unsupported("a join of so many rows is not simulated"));
        }
        let pairs = (0..l).flat_map(|l| (0..r).map(move |r| (l, Some(r)))).collect();
        Ok(self.paired(left, right, pairs))
    }

    pub(super) fn paired(&mut self, left: usize, right: usize, pairs: Pairs) -> usize {
        let (width, right_width) = (self.width(left), self.width(right));
        let (left_rows, right_rows) = pairs.into_iter().map(|(l, r)| (Some(l), r)).unzip();
        let picks = vec![
            Pick { scan: left, width, rows: left_rows },
            Pick { scan: right, width: right_width, rows: right_rows },
        ];
        let at = self.replace(left, picks);
        for binding in self.scopes.last_mut().into_iter().flat_map(|s| &mut s.bindings) {
            if binding.scan == right {
                binding.scan = at;
                binding.offset += width;
            }
        }
        at
    }

    /// A scan whose columns are another's, with other rows: what was bound to that is bound to this.
    pub(super) fn replace(&mut self, scan: usize, picks: Vec<Pick>) -> usize {
        let at = self.scans.len();
        self.scans.push(Scan::of_picks(picks));
        if let Some(scope) = self.scopes.last_mut() {
            for binding in scope.bindings.iter_mut().filter(|b| b.scan == scan) {
                binding.scan = at;
            }
            if let Some(grouped) = scope.grouped.as_mut().filter(|grouped| grouped.scan == scan) {
                grouped.scan = at;
            }
            scope.scan = Some(at);
        }
        at
    }

    /// From here on the innermost query reads only the rows for which a condition holds.
    pub(in crate::engine) fn restrict(&mut self, code: &Code) -> Evaluation<()> {
        let scan = self.scan()?;
        let places = self.places(code, scan)?;
        self.settle()?;
        if places.len() < self.length(scan) {
            let rows = places.into_iter().map(Some).collect();
            let width = self.width(scan);
            self.replace(scan, vec![Pick { scan, width, rows }]);
        }
        Ok(())
    }

    pub(super) fn length(&self, scan: usize) -> usize {
        self.scans.get(scan).map_or(0, Scan::len)
    }

    pub(super) fn width(&self, scan: usize) -> usize {
        self.scans.get(scan).map_or(0, Scan::width)
    }

    /// The condition of a join; `None` where all pairs belong together.
    fn constraint(&mut self, constraint: &JoinConstraint, keeps_right: bool) -> Evaluation<Option<Code>> {
        let names: Vec<Ident> = match constraint {
            JoinConstraint::None => return Ok(None),
            JoinConstraint::On(expr) => return self.maybe(|this| this.filter(expr, false)).map(Some),
            JoinConstraint::Using(names) => {
                let ident = |name: &sqlparser::ast::ObjectName| match name.0.first() {
                    Some(ObjectNamePart::Identifier(ident)) => Some(ident.clone()),
                    _ => None,
                };
                let idents: Option<_> = names.iter().map(ident).collect();
                idents.ok_or_else(|| Stop::unsupported("USING of this form is not supported"))?
            }
            JoinConstraint::Natural => self.common_names(),
        };
        if keeps_right {
            return Err(Stop::unsupported("USING in a right or full join is not supported"));
        }
        let mut conditions = Vec::with_capacity(names.len());
        for name in &names {
            conditions.push(self.merge(name)?);
        }
        Ok((!conditions.is_empty()).then(|| all_of(&conditions)))
    }

    /// The columns that the last item has in common with those before it.
    fn common_names(&self) -> Vec<Ident> {
        let dialect = self.dialect();
        let bindings = self.scopes.last().map(|s| s.bindings.as_slice()).unwrap_or_default();
        let Some((last, earlier)) = bindings.split_last() else { return Vec::new() };
        let shared = |name: &str| earlier.iter().any(|b| b.columns.iter().any(|(n, _)| same_name(n, name, dialect)));
        last.columns.iter().filter(|(n, _)| shared(n)).map(|(n, _)| Ident::with_quote('"', n.to_string())).collect()
    }

    /// A column of `USING`: the last item's is merged into an earlier one's.
    fn merge(&mut self, ident: &Ident) -> Evaluation<Code> {
        let dialect = self.dialect();
        let name = fold(ident, dialect);
        let bindings = self.scopes.last().map(|s| s.bindings.clone()).unwrap_or_default();
        let has = |b: &super::Binding| b.columns.iter().any(|(c, _)| same_name(c, &name, dialect));
        let Some((last, earlier)) = bindings.split_last() else {
            return Err(Stop::unsupported("USING without tables"));
        };
        let (Some(first), true) = (earlier.iter().find(|b| has(b)), has(last)) else {
            let message = format!("column \"{name}\" specified in USING clause does not exist");
            return Err(Stop::fail(FailureKind::UndefinedObject, message));
        };
        let side = |b: &super::Binding| [Ident::with_quote('"', b.name.clone()), Ident::with_quote('"', name.clone())];
        let (left, right) = (self.column(&side(first))?, self.column(&side(last))?);
        let code = self.compare(left, &BinaryOperator::Eq, right)?;
        if let Some(binding) = self.scopes.last_mut().and_then(|s| s.bindings.last_mut()) {
            binding.merged.push(name.into());
        }
        Ok(code)
    }

    /// The rows of a query for each row of a scan, and which belong to which.
    fn lateral(&mut self, query: &sqlparser::ast::Query, left: usize, outer: bool) -> Evaluation<(Relation, Pairs)> {
        let mut all = Relation::default();
        let mut pairs = Vec::new();
        for (at, result) in self.row_by_row(query, left)?.into_iter().enumerate() {
            let relation = result.map_err(Stop::from)?;
            all.columns = relation.columns;
            if at >= self.length(left) {
                break;
            }
            if relation.rows.is_empty() && outer {
                pairs.push((at, None));
            }
            for row in relation.rows {
                pairs.push((at, Some(all.rows.len())));
                all.rows.push(row);
            }
        }
        Ok((all, pairs))
    }
}
