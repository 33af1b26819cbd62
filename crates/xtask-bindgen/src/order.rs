//! The functions of a module in an order in which it compresses well: those that are made alike stand side by side.
//!
//! Deflate, with which servers send modules, finds a repetition no further back than 32 KB. The compiler leaves the
//! functions of one crate together, and wasm-bindgen sorts them by size. Ordered by name, the copies of a generic
//! function and the implementations of a trait follow each other, which makes the engine a tenth smaller as it is sent.

use std::collections::HashMap;
use std::convert::Infallible;

use anyhow::{Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, FunctionSectionReader, KnownCustom, Name, Operator, Parser, Payload,
    TypeRef,
};

/// As many functions as have an index of one byte. What is called most belongs there.
const SHORT: u32 = 128;

/// The module with its functions in another order, and without their names.
pub(crate) fn ordered(module: &[u8]) -> Result<Vec<u8>> {
    let survey = Survey::of(module)?;
    let functions = survey.functions();
    let places = functions.iter().zip(survey.imported..).map(|(function, place)| (*function, place)).collect();
    let mut order = Order { functions: functions.iter().map(|function| function - survey.imported).collect(), places };
    let mut out = Module::new();
    let done = order.parse_core_module(&mut out, Parser::new(0), module);
    done.map_err(|error| anyhow!("the functions of the module can't be put in order: {error}"))?;
    Ok(out.finish())
}

/// What there is to order.
#[derive(Default)]
struct Survey<'m> {
    /// How many functions are imported. Their indices come first and stay.
    imported: u32,
    bodies: Vec<&'m [u8]>,
    names: HashMap<u32, &'m str>,
    calls: HashMap<u32, usize>,
}

impl<'m> Survey<'m> {
    fn of(module: &'m [u8]) -> Result<Self> {
        let mut survey = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        survey.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    survey.bodies.push(body.as_bytes());
                    for operator in body.get_operators_reader()? {
                        if let Operator::Call { function_index } = operator? {
                            *survey.calls.entry(function_index).or_default() += 1;
                        }
                    }
                }
                Payload::CustomSection(section) => {
                    let KnownCustom::Name(names) = section.as_known() else { continue };
                    for name in names {
                        let Name::Function(names) = name? else { continue };
                        for naming in names {
                            let naming = naming?;
                            survey.names.insert(naming.index, naming.name);
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(survey)
    }

    /// The indices of the defined functions in their new order.
    fn functions(&self) -> Vec<u32> {
        let mut functions: Vec<u32> = (self.imported..).take(self.bodies.len()).collect();
        functions.sort_by_key(|function| std::cmp::Reverse(self.calls.get(function).copied().unwrap_or_default()));
        let short = SHORT.saturating_sub(self.imported) as usize;
        if let Some(rest) = functions.get_mut(short..) {
            rest.sort_by_key(|function| {
                let name = self.names.get(function).copied().unwrap_or_default();
                (family(name), self.bodies.get((function - self.imported) as usize))
            });
        }
        functions
    }
}

/// What a function is one of many of: without the type whose function it is, and without the hash that the compiler
/// sets behind. `<Table as Debug>::fmt::h0123456789abcdef` is a `Debug>::fmt`.
fn family(name: &str) -> &str {
    let name = name.rsplit_once("::h").map_or(name, |(name, _)| name);
    name.split_once(" as ").map_or(name, |(_, of_trait)| of_trait)
}

/// The new order.
struct Order {
    /// The defined functions, each by its old place among them.
    functions: Vec<u32>,
    /// The new indices of the defined functions by their old ones.
    places: HashMap<u32, u32>,
}

impl Order {
    /// The items of a section that has one for each defined function.
    fn sort<T: Clone>(&self, items: &[T]) -> Vec<T> {
        self.functions.iter().filter_map(|function| items.get(*function as usize).cloned()).collect()
    }
}

type Reencoded<T = ()> = Result<T, Error<Infallible>>;

impl Reencode for Order {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Reencoded<u32> {
        Ok(self.places.get(&function).copied().unwrap_or(function))
    }

    fn parse_function_section(&mut self, out: &mut FunctionSection, section: FunctionSectionReader<'_>) -> Reencoded {
        let types = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for ty in self.sort(&types) {
            out.function(self.type_index(ty)?);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, out: &mut CodeSection, section: CodeSectionReader<'_>) -> Reencoded {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for body in self.sort(&bodies) {
            self.parse_function_body(out, body)?;
        }
        Ok(())
    }

    fn parse_custom_section(&mut self, out: &mut Module, section: CustomSectionReader<'_>) -> Reencoded {
        // Only a debugger reads the names, and they are half as large as the code.
        if section.name() == "name" { Ok(()) } else { utils::parse_custom_section(self, out, section) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection, Instruction, NameMap,
        NameSection, TypeSection,
    };

    /// A module of one imported function and functions with these names; each calls the next two and has a constant of
    /// its own, by which it is known again.
    fn module(names: &[String]) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("a", "b", EntityType::Function(0));
        let (mut functions, mut exports, mut code) = (FunctionSection::new(), ExportSection::new(), CodeSection::new());
        let mut map = NameMap::new();
        let count = u32::try_from(names.len()).unwrap();
        for (at, name) in (0..count).zip(names) {
            functions.function(0);
            exports.export(&format!("e{at}"), ExportKind::Func, at + 1);
            map.append(at + 1, name);
            let mut body = Function::new([]);
            for called in [0, 1 + (at + 1) % count, 1 + (at + 2) % count] {
                body.instruction(&Instruction::Call(called));
            }
            body.instruction(&Instruction::I32Const(at.cast_signed()));
            body.instruction(&Instruction::Drop).instruction(&Instruction::End);
            code.function(&body);
        }
        let mut section = NameSection::new();
        section.functions(&map);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports).section(&code).section(&section);
        module.finish()
    }

    /// What each function calls, by the constants in the functions, in the order in which they stand.
    fn calls(module: &[u8]) -> Vec<(i32, Vec<Option<i32>>)> {
        let mut found: Vec<(i32, Vec<u32>)> = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            if let Payload::CodeSectionEntry(body) = payload.unwrap() {
                let (mut own, mut called) = (-1, Vec::new());
                for operator in body.get_operators_reader().unwrap() {
                    match operator.unwrap() {
                        Operator::Call { function_index } => called.push(function_index),
                        Operator::I32Const { value } => own = value,
                        _ => {}
                    }
                }
                found.push((own, called));
            }
        }
        let known = |index: &u32| index.checked_sub(1).and_then(|at| found.get(at as usize)).map(|(own, _)| *own);
        found.iter().map(|(own, called)| (*own, called.iter().map(known).collect())).collect()
    }

    /// The constant of each exported function.
    fn exported(module: &[u8]) -> Vec<(String, i32)> {
        let calls = calls(module);
        let mut found = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            if let Payload::ExportSection(exports) = payload.unwrap() {
                for export in exports {
                    let export = export.unwrap();
                    found.push((export.name.to_owned(), calls[export.index as usize - 1].0));
                }
            }
        }
        found
    }

    #[test]
    fn every_call_and_export_still_means_the_same_function() {
        let names: Vec<String> = (0..300).map(|n| format!("<T{n} as t{}>::f::h{n:016x}", n % 7)).collect();
        let before = module(&names);
        let after = ordered(&before).unwrap();
        assert_ne!(before, after);
        assert_eq!(exported(&before), exported(&after));
        let sorted = |module: &[u8]| {
            let mut calls = calls(module);
            calls.sort();
            calls
        };
        assert_eq!(sorted(&before), sorted(&after));
        assert!(!after.windows(4).any(|bytes| bytes == b"name"), "the names are gone");
    }

    #[test]
    fn functions_of_one_family_stand_together() {
        let names: Vec<String> = (0..300).map(|n| format!("<T{n} as t{}>::f::h{n:016x}", n % 7)).collect();
        let after = calls(&ordered(&module(&names)).unwrap());
        let families: Vec<i32> = after.iter().skip(SHORT as usize).map(|(own, _)| own % 7).collect();
        assert!(families.is_sorted(), "{families:?}");
    }

    #[test]
    fn a_family_is_what_the_copies_have_in_common() {
        let check = |name, expected| assert_eq!(family(name), expected);
        check("<Table as core::fmt::Debug>::fmt::h0123456789abcdef", "core::fmt::Debug>::fmt");
        check("core::slice::sort::h0123456789abcdef", "core::slice::sort");
        check("__wbindgen_malloc", "__wbindgen_malloc");
    }
}
