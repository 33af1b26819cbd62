//! [`Dialog`] and [`Menu`]: what opens above the page. The browser sees to focus, Escape and clicks elsewhere.

use crate::dom::prelude::*;
use crate::dom::show;
use leptos::html::{Button, Dialog as DialogElement, Div};

use crate::browser::{self, pixels};

/// A dialog, with a title and a button to close it. It holds its content only while it is open.
#[component]
pub(crate) fn Dialog(
    /// Its identifier.
    id: &'static str,
    /// Its title.
    #[prop(into)]
    title: Signal<String>,
    /// Whether it is open.
    #[prop(into)]
    open: Signal<bool>,
    /// Called when it is closed, whoever closes it.
    #[prop(into)]
    close: Callback<()>,
    /// What it holds.
    children: ChildrenFn,
) -> impl IntoNode {
    let dialog = NodeRef::<DialogElement>::new();
    effect(move || {
        let open = open.get();
        let Some(dialog) = dialog.get() else { return };
        if open && !dialog.open() {
            // It fails only where the dialog is not in the page.
            _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
    let label = format!("{id}-title");
    let labelled = label.clone();
    view! {
        <dialog id=id class="dialog" aria-labelledby=labelled node_ref=dialog on:close=move |_| close.run(())>
            <header class="dialog-head">
                <h2 id=label>{move || title.get()}</h2>
                <button type="button" class="icon" aria-label="Close" on:click=move |_| close.run(())>"✕"</button>
            </header>
            <div class="dialog-body">{show(move || open.get(), move || children())}</div>
        </dialog>
    }
}

/// A button that opens a menu below it.
#[component]
pub(crate) fn Menu(
    /// Its identifier.
    id: &'static str,
    /// What the button says.
    title: &'static str,
    /// What is read out, where that is not enough.
    #[prop(optional)]
    label: Option<&'static str>,
    /// Called when it opens.
    #[prop(into, default = Callback::new(|()| {}))]
    opened: Callback<()>,
    /// What it holds.
    children: Children,
) -> impl IntoNode {
    let button = NodeRef::<Button>::new();
    let menu = NodeRef::<Div>::new();
    let shown = RwSignal::new(false);
    let place = move |_| {
        let (Some(button), Some(menu)) = (button.get_untracked(), menu.get_untracked()) else { return };
        let at = button.get_bounding_client_rect();
        let width = window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or_default();
        // Below the button, at its right edge where there would be no room on the right. Without it the menu is still
        // there, in the middle of the page.
        let right = at.left() > width / 2.0;
        let auto = || "auto".to_owned();
        browser::style(&menu, "top", &pixels(at.bottom() + 4.0));
        browser::style(&menu, "left", &if right { auto() } else { pixels(at.left()) });
        browser::style(&menu, "right", &if right { pixels(width - at.right()) } else { auto() });
    };
    let toggled = move |_| {
        let open = menu.get_untracked().is_some_and(|menu| menu.matches(":popover-open").unwrap_or(false));
        shown.set(open);
        if open {
            opened.run(());
        }
    };
    view! {
        <button
            type="button"
            class="menu-button"
            aria-label=label
            aria-expanded=move || shown.get().to_string()
            aria-controls=id
            popovertarget=id
            node_ref=button
            on:click=place
        >
            {title}
            <span aria-hidden="true">" ▾"</span>
        </button>
        <div id=id class="menu" popover="auto" node_ref=menu on:toggle=toggled>{children()}</div>
    }
}
