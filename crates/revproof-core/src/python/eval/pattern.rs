//! `match`.

use std::rc::Rc;

use ruff_python_ast::{MatchCase, Pattern, Singleton, StmtMatch};

use super::{Completion, Frame, Vm};
use crate::python::join::is_rest;
use crate::python::value::{Flow, Unknown, Value};

/// Whether a pattern matches; the error is why that can't be known.
type Matched = Result<bool, Rc<Unknown>>;

impl Vm<'_> {
    pub(super) fn match_statement(&mut self, frame: &Frame<'_>, matching: &StmtMatch) -> Flow<Completion> {
        let subject = self.expression(frame, &matching.subject)?;
        self.match_cases(frame, &subject, &matching.cases)
    }

    fn match_cases(&mut self, frame: &Frame<'_>, subject: &Value, cases: &[MatchCase]) -> Flow<Completion> {
        for (at, case) in cases.iter().enumerate() {
            let span = frame.span(&case.pattern);
            let mut matched = self.matches(frame, &case.pattern, subject)?;
            if matched != Ok(false)
                && let Some(guard) = &case.guard
            {
                let value = self.expression(frame, guard)?;
                matched = match (self.truth(&value), matched) {
                    (Some(false), _) => Ok(false),
                    (Some(true), matched) => matched,
                    (None, _) => Err(self.why(&value, span)),
                };
            }
            match matched {
                Ok(true) => return self.block(frame, &case.body),
                Ok(false) => {}
                Err(why) => {
                    let rest = cases.get(at + 1..).unwrap_or_default();
                    let branches = self.branches(
                        &why,
                        span,
                        |vm| vm.block(frame, &case.body),
                        |vm| vm.deeper(2, || span, |vm| vm.match_cases(frame, subject, rest)),
                    );
                    return self.join_completions(branches, &why, span);
                }
            }
        }
        Ok(Completion::Normal)
    }

    fn matches(&mut self, frame: &Frame<'_>, pattern: &Pattern, subject: &Value) -> Flow<Matched> {
        let span = frame.span(pattern);
        self.deeper(1, || span, |vm| vm.matches_pattern(frame, pattern, subject))
    }

    fn matches_pattern(&mut self, frame: &Frame<'_>, pattern: &Pattern, subject: &Value) -> Flow<Matched> {
        let span = frame.span(pattern);
        let decided = |vm: &mut Self, matched: Option<bool>| match matched {
            Some(matched) => Ok(matched),
            None => Err(vm.why(subject, span)),
        };
        match pattern {
            Pattern::MatchValue(value) => {
                let value = self.expression(frame, &value.value)?;
                let equal = self.equal(subject, &value, span);
                Ok(decided(self, equal))
            }
            Pattern::MatchSingleton(singleton) => {
                let matched = match (subject, singleton.value) {
                    (Value::Unknown(_), _) => None,
                    (Value::None, Singleton::None) => Some(true),
                    (Value::Bool(truth), Singleton::True) => Some(*truth),
                    (Value::Bool(truth), Singleton::False) => Some(!*truth),
                    _ => Some(false),
                };
                Ok(decided(self, matched))
            }
            Pattern::MatchAs(named) => {
                let matched = match &named.pattern {
                    Some(inner) => self.matches(frame, inner, subject)?,
                    None => Ok(true),
                };
                if matched != Ok(false)
                    && let Some(name) = &named.name
                {
                    self.bind(&frame.scope, &name.id, subject.clone(), span);
                }
                Ok(matched)
            }
            Pattern::MatchOr(either) => {
                let mut unknown = None;
                for pattern in &either.patterns {
                    match self.matches(frame, pattern, subject)? {
                        Ok(true) => return Ok(Ok(true)),
                        Ok(false) => {}
                        Err(why) => unknown = Some(why),
                    }
                }
                Ok(unknown.map_or(Ok(false), Err))
            }
            Pattern::MatchSequence(sequence) => {
                let items = match subject {
                    Value::List(items) => items.borrow().clone(),
                    Value::Tuple(items) => items.to_vec(),
                    Value::Unknown(_) => return Ok(Err(self.why(subject, span))),
                    _ => return Ok(Ok(false)),
                };
                if items.iter().any(is_rest) {
                    return Ok(Err(self.why(subject, span)));
                }
                self.matches_sequence(frame, &sequence.patterns, &items)
            }
            Pattern::MatchMapping(mapping) => {
                let Value::Dict(dict) = subject else {
                    return Ok(match subject {
                        Value::Unknown(_) => Err(self.why(subject, span)),
                        _ => Ok(false),
                    });
                };
                for (key, pattern) in mapping.keys.iter().zip(&mapping.patterns) {
                    let key = self.expression(frame, key)?;
                    match self.dict_get(dict, &key, span)? {
                        Some(value) => match self.matches(frame, pattern, &value)? {
                            Ok(true) => {}
                            other => return Ok(other),
                        },
                        None => return Ok(Ok(false)),
                    }
                }
                if let Some(rest) = &mapping.rest {
                    let value = self.unknown("the rest of a matched mapping is not simulated", span);
                    self.bind(&frame.scope, &rest.id, value, span);
                }
                Ok(Ok(true))
            }
            Pattern::MatchClass(class) => {
                let value = self.expression(frame, &class.cls)?;
                let matched = self.is_instance(subject, &value);
                let matched = decided(self, matched);
                if matched == Ok(false) {
                    return Ok(matched);
                }
                if let [pattern] = &*class.arguments.patterns
                    && !matches!(subject, Value::Object(_) | Value::Unknown(_))
                {
                    return self.matches(frame, pattern, subject);
                }
                for keyword in &class.arguments.keywords {
                    let value = self.attr(subject, keyword.attr.as_str(), span)?;
                    match self.matches(frame, &keyword.pattern, &value)? {
                        Ok(true) => {}
                        other => return Ok(other),
                    }
                }
                if !class.arguments.patterns.is_empty() {
                    let unknown = self.unknown("positional class patterns are not simulated", span);
                    return Ok(Err(self.why(&unknown, span)));
                }
                Ok(matched)
            }
            Pattern::MatchStar(_) => Ok(Ok(true)),
        }
    }

    fn matches_sequence(&mut self, frame: &Frame<'_>, patterns: &[Pattern], items: &[Value]) -> Flow<Matched> {
        let star = patterns.iter().position(|pattern| matches!(pattern, Pattern::MatchStar(_)));
        let fixed = patterns.len() - usize::from(star.is_some());
        if items.len() < fixed || (star.is_none() && items.len() != fixed) {
            return Ok(Ok(false));
        }
        let starred = items.len() - fixed;
        let mut items = items.iter();
        for (at, pattern) in patterns.iter().enumerate() {
            if Some(at) == star {
                let taken: Vec<_> = items.by_ref().take(starred).cloned().collect();
                if let Pattern::MatchStar(star) = pattern
                    && let Some(name) = &star.name
                {
                    self.bind(&frame.scope, &name.id, Value::list(taken), frame.span(name));
                }
                continue;
            }
            let Some(item) = items.next() else { return Ok(Ok(false)) };
            match self.matches(frame, pattern, item)? {
                Ok(true) => {}
                other => return Ok(other),
            }
        }
        Ok(Ok(true))
    }
}
