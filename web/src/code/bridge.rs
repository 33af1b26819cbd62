//! [`Bridge`]: the code editor, which is JavaScript (`web/editor`). Offsets are UTF-16 code units.

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::window;
use revproof_messages::{Problem, Severity, Spot};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

use super::lens::Lens;

#[wasm_bindgen]
extern "C" {
    type Editor;
    #[wasm_bindgen(method)]
    fn show(this: &Editor, path: &str, text: &str, language: &str);
    #[wasm_bindgen(method, js_name = setText)]
    fn set_text(this: &Editor, text: &str);
    #[wasm_bindgen(method, js_name = setProblems)]
    fn set_problems(this: &Editor, list: &Array);
    #[wasm_bindgen(method, js_name = setMarks)]
    fn set_marks(this: &Editor, list: &Array);
    #[wasm_bindgen(method, js_name = setLenses)]
    fn set_lenses(this: &Editor, list: &Array);
    #[wasm_bindgen(method)]
    fn reveal(this: &Editor, from: u32, to: u32);
    #[wasm_bindgen(method)]
    fn focus(this: &Editor);
    #[wasm_bindgen(method)]
    fn forget(this: &Editor, path: &str);
    #[wasm_bindgen(method)]
    fn destroy(this: &Editor);
}

/// What the editor calls.
pub(super) struct Calls {
    /// The text was changed.
    pub(super) changed: Box<dyn Fn(String)>,
    /// The fix of a problem is wanted.
    pub(super) fix: Box<dyn Fn(u32)>,
    /// The manual of a problem's rule is wanted.
    pub(super) explain: Box<dyn Fn(u32)>,
    /// A problem is to be suppressed.
    pub(super) ignore: Box<dyn Fn(u32)>,
    /// The action of a lens is wanted.
    pub(super) run: Box<dyn Fn(u32)>,
}

/// The editor. It is destroyed with this.
pub(super) struct Bridge {
    editor: Editor,
}

impl Bridge {
    /// Loads the editor and puts it into an element; why not, where that can't be.
    pub(super) async fn load(parent: &Element, calls: Calls) -> Result<Self, String> {
        let class = class().await.map_err(|error| said(&error))?;
        let callbacks = Object::new();
        let put = |name: &str, value: JsValue| Reflect::set(&callbacks, &name.into(), &value).map_err(|e| said(&e));
        put("changed", Closure::<dyn Fn(String)>::new(calls.changed).into_js_value())?;
        put("cursor", Closure::<dyn Fn()>::new(|| {}).into_js_value())?;
        put("fix", Closure::<dyn Fn(u32)>::new(calls.fix).into_js_value())?;
        put("explain", Closure::<dyn Fn(u32)>::new(calls.explain).into_js_value())?;
        put("ignore", Closure::<dyn Fn(u32)>::new(calls.ignore).into_js_value())?;
        put("run", Closure::<dyn Fn(u32)>::new(calls.run).into_js_value())?;
        let editor = Reflect::construct(&class, &Array::of2(parent, &callbacks)).map_err(|error| said(&error))?;
        Ok(Self { editor: editor.unchecked_into() })
    }

    /// Shows a file.
    pub(super) fn show(&self, path: &str, text: &str) {
        self.editor.show(path, text, language(path));
    }

    /// Replaces the text, as one edit that can be undone.
    pub(super) fn set_text(&self, text: &str) {
        self.editor.set_text(text);
    }

    /// Shows the problems of the file, each by its place in the proof.
    pub(super) fn set_problems<'a>(&self, problems: impl Iterator<Item = (usize, &'a Problem)>, length: u32) {
        let list = Array::new();
        for (index, problem) in problems {
            let Some(spot) = &problem.spot else { continue };
            let severity = match problem.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "info",
            };
            let optional = |text: Option<&String>| text.map_or(JsValue::NULL, Into::into);
            let item = range(spot, length);
            set(&item, "index", &place(index));
            set(&item, "severity", &severity.into());
            set(&item, "message", &message(problem).into());
            set(&item, "code", &problem.code.as_str().into());
            set(&item, "rule", &problem.rule.as_str().into());
            set(&item, "help", &optional(problem.help.as_ref()));
            set(&item, "fix", &optional(problem.fix.as_ref().map(|fix| &fix.title)));
            list.push(&item);
        }
        self.editor.set_problems(&list);
    }

    /// Marks the places that explain the selected problem.
    pub(super) fn set_marks<'a>(&self, marks: impl Iterator<Item = (&'a Spot, &'a str)>, length: u32) {
        let list = Array::new();
        for (spot, message) in marks {
            let item = range(spot, length);
            set(&item, "message", &message.into());
            list.push(&item);
        }
        self.editor.set_marks(&list);
    }

    /// Shows lines above functions; each by its place.
    pub(super) fn set_lenses(&self, lenses: &[Lens]) {
        let list = Array::new();
        for (index, lens) in lenses.iter().enumerate() {
            let item = Object::new();
            set(&item, "line", &lens.line.into());
            set(&item, "text", &lens.text.as_str().into());
            set(&item, "tone", &lens.tone.into());
            set(&item, "action", &"run to here".into());
            set(&item, "index", &place(index));
            list.push(&item);
        }
        self.editor.set_lenses(&list);
    }

    /// Brings a place into sight and selects it.
    pub(super) fn reveal(&self, spot: &Spot, length: u32) {
        self.editor.reveal(spot.from.min(length), spot.to.min(length));
    }

    /// Puts the cursor into it.
    pub(super) fn focus(&self) {
        self.editor.focus();
    }

    /// Forgets the history of a file that is gone.
    pub(super) fn forget(&self, path: &str) {
        self.editor.forget(path);
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        self.editor.destroy();
    }
}

/// The class of the editor, from the function that the page's first script has put there to load it.
async fn class() -> Result<Function, JsValue> {
    let page = Reflect::get(&window(), &"revproof".into())?;
    let load: Function = Reflect::get(&page, &"editor".into())?.dyn_into()?;
    let module = JsFuture::from(load.call0(&page)?.dyn_into::<Promise>()?).await?;
    Reflect::get(&module, &"Editor".into())?.dyn_into()
}

/// A place as an object. The text may be shorter by now than it was when the place was found.
fn range(spot: &Spot, length: u32) -> Object {
    let item = Object::new();
    set(&item, "from", &spot.from.min(length).into());
    set(&item, "to", &spot.to.min(length).max(spot.from.min(length)).into());
    item
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // A plain object takes any property.
    _ = Reflect::set(object, &name.into(), value);
}

fn place(at: usize) -> JsValue {
    u32::try_from(at).unwrap_or(u32::MAX).into()
}

/// What is wrong, and why it matters.
fn message(problem: &Problem) -> String {
    let parts = [&problem.message].into_iter().chain(&problem.notes);
    parts.map(String::as_str).collect::<Vec<_>>().join("\n")
}

fn language(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "py" => "python",
        "sql" => "sql",
        "toml" => "toml",
        "ini" | "cfg" => "ini",
        _ => "text",
    }
}

fn said(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message.unwrap_or_else(|| "it is not there".to_owned())
}
