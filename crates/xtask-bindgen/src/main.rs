//! `xtask-bindgen WASM FOLDER NAME TARGET`: writes the JavaScript glue of a compiled module, and the module as the glue
//! wants it. `cargo xtask` calls it. A package of its own, as nothing else needs its dependencies.

mod names;
mod order;

use std::env::args;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let arguments: Vec<String> = args().skip(1).collect();
    let [wasm, folder, name, target] = arguments.as_slice() else {
        bail!("usage: xtask-bindgen WASM FOLDER NAME web|node|bundler");
    };
    let mut bindgen = Bindgen::new();
    match target.as_str() {
        "web" => bindgen.web(true)?,
        "node" => bindgen.nodejs_module(true)?,
        "bundler" => bindgen.bundler(true)?,
        other => bail!("there is no target `{other}`; there are web, node and bundler"),
    };
    bindgen.input_path(Path::new(wasm)).out_name(name).typescript(true).remove_producers_section(true);
    // Where the module lies is known to the glue: beside it.
    bindgen.omit_default_module_path(false);
    bindgen.generate(folder).with_context(|| format!("no glue can be made for {wasm}"))?;
    let module = Path::new(folder).join(format!("{name}_bg.wasm"));
    let mut ordered = order::ordered(&fs::read(&module)?)?;
    if target == "web" {
        let glue = Path::new(folder).join(format!("{name}.js"));
        let (short, script) = names::shortened(&ordered, &fs::read_to_string(&glue)?)?;
        fs::write(&glue, script)?;
        ordered = short;
    }
    fs::write(&module, ordered).with_context(|| format!("cannot write {}", module.display()))
}
