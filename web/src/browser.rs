//! What the page wants of the browser, in a few words each. A browser that refuses is no reason to stop: whoever asks
//! hears of it.

use js_sys::{Array, Uint8Array};
use leptos::prelude::{document, window};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, Element, Event, HtmlAnchorElement, HtmlElement, ScrollIntoViewOptions,
    ScrollLogicalPosition, Storage, Url,
};

/// A number without its fraction; not below zero. (To write numbers with theirs, Rust brings tables of 12 KB.)
#[expect(clippy::cast_sign_loss, reason = "what is below zero becomes zero")]
pub(crate) fn whole(number: f64) -> u32 {
    number.round() as u32
}

/// A length, as styles have it.
pub(crate) fn pixels(length: f64) -> String {
    format!("{}px", whole(length))
}

/// A text in small letters. (The browser has the tables for it, which would be a twentieth of the page.)
pub(crate) fn small(text: &str) -> String {
    if cfg!(target_family = "wasm") && !text.is_ascii() {
        return js_sys::JsString::from(text).to_lower_case().into();
    }
    text.to_ascii_lowercase()
}

/// What is kept under a name.
pub(crate) fn kept(name: &str) -> Option<String> {
    storage()?.get_item(name).ok()?
}

/// Keeps a text under a name. Whether that went well: storage may be full, or forbidden.
pub(crate) fn keep(name: &str, text: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(name, text).is_ok())
}

/// Keeps nothing under a name any more.
pub(crate) fn forget(name: &str) {
    if let Some(storage) = storage() {
        // Where nothing can be taken away, nothing was put either.
        _ = storage.remove_item(name);
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}

/// Puts a text on the clipboard. Whether the browser let us.
pub(crate) async fn copy(text: &str) -> bool {
    JsFuture::from(window().navigator().clipboard().write_text(text)).await.is_ok()
}

/// Gives the visitor a file.
pub(crate) fn download(name: &str, mime: &str, bytes: &[u8]) -> Option<()> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let anchor: HtmlAnchorElement = document().create_element("a").ok()?.dyn_into().ok()?;
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    Url::revoke_object_url(&address).ok()
}

/// The element with an identifier.
pub(crate) fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Scrolls an element into sight, no further than needed.
pub(crate) fn into_sight(element: &HtmlElement) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    options.set_inline(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Sets a property of an element's style. Where that fails, the element looks as its class has it.
pub(crate) fn style(element: &HtmlElement, property: &str, value: &str) {
    _ = element.style().set_property(property, value);
}

/// Puts the focus on the first element that a selector finds. Whether there is one.
pub(crate) fn focus(selector: &str) -> bool {
    let found = document().query_selector(selector).ok().flatten();
    let found = found.and_then(|found| found.dyn_into::<HtmlElement>().ok());
    found.is_some_and(|found| found.focus().is_ok())
}

/// The value of a parameter of the page's address: `safe` of `?safe=1`.
pub(crate) fn parameter(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    let pairs = search.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).next()
}

/// What follows the `#` of the page's address.
pub(crate) fn fragment() -> String {
    window().location().hash().unwrap_or_default().trim_start_matches('#').to_owned()
}

/// The page's address, up to the `#` and without parameters.
pub(crate) fn address() -> String {
    let location = window().location();
    location.origin().unwrap_or_default() + &location.pathname().unwrap_or_default()
}

/// Takes parameters and fragment off the address, without loading the page again.
pub(crate) fn clear_address() {
    if let Ok(history) = window().history() {
        // The address is only for show by then.
        _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address()));
    }
}

/// Tells the rest of the page that something happened.
pub(crate) fn announce(name: &str) {
    if let Ok(event) = Event::new(name) {
        // Nobody stops such an event.
        _ = window().dispatch_event(&event);
    }
}

/// An element as one that can have the focus.
pub(crate) fn as_html(element: &Element) -> Option<HtmlElement> {
    element.clone().dyn_into().ok()
}
