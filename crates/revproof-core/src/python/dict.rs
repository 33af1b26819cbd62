//! Dicts and sets: keys compared as Python compares them, some of them unknown.

use std::cell::RefCell;
use std::rc::Rc;

use super::join::{is_rest, rest};
use super::object::type_name;
use super::value::{Dict, Flow, Unknown, Value};
use super::vm::Vm;
use crate::source::Span;

/// Where a key is.
enum Found {
    At(usize),
    Nowhere,
    Perhaps(Rc<Unknown>),
}

impl Vm<'_> {
    fn find_key(&mut self, dict: &Dict, key: &Value, span: Span) -> Flow<Found> {
        self.charge(dict.entries.len() as u64 / 32, || span)?;
        if let Value::Str(key) = key {
            // The usual case, without asking each key what it is equal to.
            let at = dict.entries.iter().position(|(other, _)| matches!(other, Value::Str(other) if other == key));
            if let Some(at) = at {
                return Ok(Found::At(at));
            }
        }
        if let Value::Unknown(unknown) = key {
            return Ok(if dict.entries.is_empty() { Found::Nowhere } else { Found::Perhaps(Rc::clone(unknown)) });
        }
        if let Value::List(_) | Value::Dict(_) | Value::Set(_) = key {
            return Err(self.raise("TypeError", &format!("unhashable type: '{}'", type_name(key)), span));
        }
        let mut perhaps = None;
        for (at, (other, _)) in dict.entries.iter().enumerate() {
            match self.equal(other, key, span) {
                Some(true) => return Ok(Found::At(at)),
                Some(false) => {}
                None => {
                    let why = if matches!(other, Value::Unknown(_)) { other } else { key };
                    perhaps.get_or_insert_with(|| why.clone());
                }
            }
        }
        Ok(match perhaps {
            Some(why) => Found::Perhaps(self.why(&why, span)),
            None => Found::Nowhere,
        })
    }

    /// `dict.get(key)`; unknown where the key is perhaps there.
    pub(super) fn dict_get(&mut self, dict: &Rc<RefCell<Dict>>, key: &Value, span: Span) -> Flow<Option<Value>> {
        let dict = dict.borrow().clone_if_needed(key);
        Ok(match dict {
            Ok(found) => Some(found),
            Err(dict) => match self.find_key(&dict, key, span)? {
                Found::At(at) => dict.entries.get(at).map(|(_, value)| value.clone()),
                Found::Nowhere => None,
                Found::Perhaps(why) => Some(Value::Unknown(why)),
            },
        })
    }

    /// `dict[key]`.
    pub(super) fn dict_item(&mut self, dict: &Rc<RefCell<Dict>>, key: &Value, span: Span) -> Flow<Value> {
        match self.dict_get(dict, key, span)? {
            Some(value) => Ok(value),
            None => Err(crate::python::object::exception::key_error(self, key, span)),
        }
    }

    /// `dict[key] = value`.
    pub(super) fn dict_put(&mut self, dict: &mut Dict, key: Value, value: Value, span: Span) -> Flow<()> {
        match self.find_key(dict, &key, span)? {
            Found::At(at) => {
                if let Some(entry) = dict.entries.get_mut(at) {
                    entry.1 = value;
                }
            }
            Found::Nowhere => dict.entries.push((key, value)),
            Found::Perhaps(why) => {
                // Any entry may be the one that changes.
                if matches!(key, Value::Unknown(_)) {
                    for entry in &mut dict.entries {
                        if !is_rest(&entry.0) {
                            entry.1 = Value::Unknown(Rc::clone(&why));
                        }
                    }
                    dict.entries.push((rest(&why), rest(&why)));
                } else {
                    dict.entries.insert(0, (key, value));
                }
            }
        }
        Ok(())
    }

    /// `dict.update(other)`, for a mapping or an iterable of pairs.
    pub(super) fn dict_update(&mut self, dict: &mut Dict, other: &Value, span: Span) -> Flow<()> {
        let entries = match other {
            Value::Dict(other) => other.borrow().entries.clone(),
            Value::Unknown(_) => {
                let why = self.why(other, span);
                vec![(rest(&why), rest(&why))]
            }
            Value::Object(object) => match self.payload(other) {
                Some(Value::Dict(inner)) => inner.borrow().entries.clone(),
                _ => match self.mapping_entries(other, span)? {
                    Some(entries) => entries,
                    None => {
                        let Some(pairs) = Rc::clone(object).iterate(self, span)? else {
                            let why = self.why(other, span);
                            dict.entries.push((rest(&why), rest(&why)));
                            return Ok(());
                        };
                        self.pairs(&pairs, span)?
                    }
                },
            },
            _ => {
                let pairs = self.items_with_rest(other, span)?;
                self.pairs(&pairs, span)?
            }
        };
        for (key, value) in entries {
            if is_rest(&key) {
                // Perhaps it holds the keys that are here already.
                for entry in &mut dict.entries {
                    if !is_rest(&entry.0) {
                        entry.1 = Value::Unknown(self.why(&key, span));
                    }
                }
                dict.entries.push((key, value));
                continue;
            }
            self.dict_put(dict, key, value, span)?;
        }
        Ok(())
    }

    /// The entries of an object that has `keys` and can be indexed.
    fn mapping_entries(&mut self, value: &Value, span: Span) -> Flow<Option<Vec<(Value, Value)>>> {
        let Value::Object(object) = value else { return Ok(None) };
        let Some(keys) = Rc::clone(object).attr(self, "keys", span)? else { return Ok(None) };
        let keys = self.call(&keys, super::Args::default(), span)?;
        let mut entries = Vec::new();
        for key in self.items_with_rest(&keys, span)? {
            if is_rest(&key) {
                entries.push((key.clone(), key));
                continue;
            }
            let item = self.item(value, &key, span)?;
            entries.push((key, item));
        }
        Ok(Some(entries))
    }

    fn pairs(&mut self, pairs: &[Value], span: Span) -> Flow<Vec<(Value, Value)>> {
        let mut entries = Vec::with_capacity(pairs.len());
        for pair in pairs {
            if is_rest(pair) {
                entries.push((pair.clone(), pair.clone()));
                continue;
            }
            let items = self.items_with_rest(pair, span)?;
            match items.as_slice() {
                [key, value] if !is_rest(key) && !is_rest(value) => entries.push((key.clone(), value.clone())),
                [only] if is_rest(only) => entries.push((only.clone(), only.clone())),
                _ => {
                    let message = format!(
                        "dictionary update sequence element #{} has length {}; 2 is required",
                        entries.len(),
                        items.len()
                    );
                    return Err(self.raise("ValueError", &message, span));
                }
            }
        }
        Ok(entries)
    }

    /// Takes a key out; `None` where there is none.
    pub(super) fn dict_remove(&mut self, dict: &Rc<RefCell<Dict>>, key: &Value, span: Span) -> Flow<Option<Value>> {
        let content = dict.borrow().clone();
        Ok(match self.find_key(&content, key, span)? {
            Found::At(at) => {
                self.touch_dict(dict);
                Some(dict.borrow_mut().entries.remove(at).1)
            }
            Found::Nowhere => None,
            Found::Perhaps(why) => {
                self.touch_dict(dict);
                dict.borrow_mut().entries = vec![(rest(&why), rest(&why))];
                Some(Value::Unknown(why))
            }
        })
    }

    /// The set of these items.
    pub(super) fn set_of(&mut self, items: Vec<Value>, span: Span) -> Flow<Value> {
        let mut set: Vec<Value> = Vec::with_capacity(items.len());
        for item in items {
            self.set_add(&mut set, item, span)?;
        }
        Ok(Value::set(set))
    }

    /// `set.add(item)`.
    pub(super) fn set_add(&mut self, set: &mut Vec<Value>, item: Value, span: Span) -> Flow<()> {
        self.charge(set.len() as u64 / 32, || span)?;
        if let Value::List(_) | Value::Dict(_) | Value::Set(_) = item {
            return Err(self.raise("TypeError", &format!("unhashable type: '{}'", type_name(&item)), span));
        }
        let mut perhaps = false;
        for other in set.iter() {
            match self.equal(other, &item, span) {
                Some(true) => return Ok(()),
                Some(false) => {}
                None => perhaps = true,
            }
        }
        if perhaps {
            // How many there are is not known any more.
            for other in set.iter_mut() {
                if let Value::Unknown(unknown) = other {
                    *other = rest(&Rc::clone(unknown));
                }
            }
            if let Value::Unknown(unknown) = &item {
                set.push(rest(unknown));
                return Ok(());
            }
        }
        set.push(item);
        Ok(())
    }
}

impl Dict {
    /// The value of a string key that is there, or a copy to search with the evaluator.
    fn clone_if_needed(&self, key: &Value) -> Result<Value, Dict> {
        if let Value::Str(key) = key {
            let found = self.entries.iter().find(|(other, _)| matches!(other, Value::Str(other) if other == key));
            if let Some((_, value)) = found {
                return Ok(value.clone());
            }
        }
        Err(self.clone())
    }
}
