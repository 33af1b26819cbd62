//! What glue and module call each other, in a few letters, and the glue without its comments.
//!
//! The names that wasm-bindgen gives end in a number of sixteen digits, which no compression makes shorter, and each
//! stands in both files.

use std::collections::HashMap;
use std::convert::Infallible;

use anyhow::{Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{ExportSection, ImportSection, Module};
use wasmparser::{Export, Import, Imports, Parser, Payload};

/// How many digits the numbers have.
const DIGITS: usize = 16;

/// Module and glue with short names.
pub(crate) fn shortened(module: &[u8], glue: &str) -> Result<(Vec<u8>, String)> {
    let mut names = Names(named(module)?);
    let mut short = Module::new();
    let done = names.parse_core_module(&mut short, Parser::new(0), module);
    done.map_err(|error| anyhow!("the names of the module can't be shortened: {error}"))?;
    Ok((short.finish(), names.in_script(glue)))
}

/// The long names of what is imported and exported, with short ones that no script has otherwise.
fn named(module: &[u8]) -> Result<HashMap<String, String>> {
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    found.push(import?.name.to_owned());
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    found.push(export?.name.to_owned());
                }
            }
            _ => {}
        }
    }
    let numbered =
        |name: &String| name.len() > DIGITS && name.bytes().rev().take(DIGITS).all(|byte| byte.is_ascii_hexdigit());
    Ok(found.into_iter().filter(numbered).enumerate().map(|(at, name)| (name, format!("${at:x}"))).collect())
}

/// The short names by the long ones.
struct Names(HashMap<String, String>);

impl Names {
    fn short<'n>(&'n self, name: &'n str) -> &'n str {
        self.0.get(name).map_or(name, String::as_str)
    }

    /// A script with the short names, and without comments and indentation.
    fn in_script(&self, script: &str) -> String {
        let mut short = String::with_capacity(script.len());
        let mut comment = false;
        for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
            comment |= line.starts_with("/**");
            if !comment {
                let mut rest = line;
                while let Some(start) = rest.find(is_letter) {
                    let (before, from) = rest.split_at(start);
                    let (name, after) = from.split_at(from.find(|c| !is_letter(c)).unwrap_or(from.len()));
                    short.push_str(before);
                    short.push_str(self.short(name));
                    rest = after;
                }
                short.push_str(rest);
                short.push('\n');
            }
            comment &= !line.ends_with("*/");
        }
        short
    }
}

/// Whether a character can be part of a name in a script.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

type Reencoded<T = ()> = Result<T, Error<Infallible>>;

impl Reencode for Names {
    type Error = Infallible;

    fn parse_imports(&mut self, section: &mut ImportSection, imports: Imports<'_>) -> Reencoded {
        for import in imports {
            let Import { module, name, ty } = import?.1;
            let ty = self.entity_type(ty)?;
            section.import(module, self.short(name), ty);
        }
        Ok(())
    }

    fn parse_export(&mut self, section: &mut ExportSection, export: Export<'_>) -> Reencoded {
        let kind = self.export_kind(export.kind)?;
        let index = self.external_index(export.kind, export.index)?;
        section.export(self.short(export.name), kind, index);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{CodeSection, EntityType, ExportKind, Function, FunctionSection, Instruction, TypeSection};

    const CALLED: &str = "__wbg_get_0123456789abcdef";
    const CALLS: &str = "invoke__hfedcba9876543210";

    #[test]
    fn glue_and_module_still_call_each_other() {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("./a.js", CALLED, EntityType::Function(0));
        let (mut functions, mut exports, mut code) = (FunctionSection::new(), ExportSection::new(), CodeSection::new());
        functions.function(0);
        exports.export(CALLS, ExportKind::Func, 1).export("main", ExportKind::Func, 1);
        let mut body = Function::new([]);
        body.instruction(&Instruction::End);
        code.function(&body);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports).section(&code);
        let glue = format!("/**\n * {CALLED}\n */\n  {CALLED}: f(),\n\n  wasm.{CALLS}(1, wasm.main);\n  x{CALLS}\n");
        let (module, glue) = shortened(&module.finish(), &glue).unwrap();
        assert_eq!(glue, format!("$0: f(),\nwasm.$1(1, wasm.main);\nx{CALLS}\n"));
        let names = |wanted: &[u8]| module.windows(wanted.len()).any(|bytes| bytes == wanted);
        assert!(names(b"$0") && names(b"$1") && names(b"main") && !names(CALLED.as_bytes()));
    }
}
