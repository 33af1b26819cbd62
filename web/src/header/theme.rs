//! [`ThemeChoice`]: light, dark, or as the system has it. The first paint is the business of `index.html`.

use crate::dom::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::MediaQueryList;

use crate::browser;

/// Where the choice is kept.
const KEPT: &str = "revproof.theme";
const DARK: &str = "(prefers-color-scheme: dark)";
const THEMES: [(&str, &str); 3] = [("system", "◐ Auto"), ("light", "☀ Light"), ("dark", "☾ Dark")];

/// The choice of the theme.
#[component]
pub(crate) fn ThemeChoice() -> impl IntoNode {
    let theme = RwSignal::new(browser::kept(KEPT).unwrap_or_else(|| "system".to_owned()));
    let paint = move || {
        let chosen = theme.get_untracked();
        let dark = match chosen.as_str() {
            "light" => false,
            "dark" => true,
            _ => system().is_some_and(|query| query.matches()),
        };
        if let Some(root) = document().document_element() {
            // The page stays as it is painted.
            _ = root.set_attribute("data-theme", if dark { "dark" } else { "light" });
        }
    };
    let choose = move |name: String| {
        if name == "system" {
            browser::forget(KEPT);
        } else {
            browser::keep(KEPT, &name);
        }
        theme.set(name);
        paint();
    };
    if let Some(query) = system() {
        let changed = Closure::<dyn Fn()>::new(paint);
        query.set_onchange(Some(changed.as_ref().unchecked_ref()));
        // As long as the page.
        changed.forget();
    }
    paint();
    view! {
        <label class="choice theme">
            <span class="aside">"Theme"</span>
            <select id="theme" on:change:target=move |event| choose(event.target().value()) prop:value=move || theme.get()>
                {THEMES.map(|(name, title)| view! { <option value=name>{title}</option> }).collect_view()}
            </select>
        </label>
    }
}

fn system() -> Option<MediaQueryList> {
    window().match_media(DARK).ok()?
}
