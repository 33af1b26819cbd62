//! [`Help`]: the dialog with all shortcuts.

use crate::dom::prelude::*;

use crate::dialog::Dialog;
use crate::state::State;

const SHORTCUTS: [(&str, &str); 15] = [
    ("F6, Shift+F6", "next, previous pane"),
    ("Alt+↑, Alt+↓", "upgrade, downgrade one revision"),
    ("Alt+Home, Alt+End", "down to base, up to head"),
    ("Alt+1 … Alt+7", "tabs of the database: Schema, Rows, Diff, SQL, Round-trip, Diagram, Console"),
    ("F8, Shift+F8", "next, previous problem"),
    ("Ctrl+. or ⌘.", "fixes for the problem at the cursor, in the editor"),
    ("Ctrl+S or ⌘S", "copy a link to what is on the page"),
    ("/", "search the problems"),
    ("?", "this list"),
    ("Esc, then Tab", "leave the editor"),
    ("↑ ↓", "in the graph: the revision above, below"),
    ("← →", "in the graph: parent, child; on a tab: the tab beside it"),
    ("Enter", "in the graph: go there with the database"),
    ("F2", "on a tab: rename the file"),
    ("Delete", "on a tab: close the file"),
];

/// The button and the dialog.
#[component]
pub(crate) fn Help() -> impl IntoNode {
    let state = expect_context::<State>();
    let open = state.help;
    view! {
        <button type="button" class="icon" aria-label="Help and shortcuts" aria-haspopup="dialog" on:click=move |_| open.set(true)>
            "?"
        </button>
        <Dialog id="help" title="Help".to_owned() open=open close=move |()| open.set(false)>
            <p>
                "revproof reads Alembic and Flask-Migrate migrations and proves, without running them, what each revision does \
                 to the schema and to the rows: up, down, and up again. Paste the files of a "
                <code>"versions/"</code> " folder, drop the folder or a zip, or change an example."
            </p>
            <h3>"Shortcuts"</h3>
            <table class="shortcuts">
                <tbody>
                    {SHORTCUTS
                        .map(|(keys, what)| view! { <tr><th scope="row"><kbd>{keys}</kbd></th><td>{what}</td></tr> })
                        .collect_view()}
                </tbody>
            </table>
            <p class="version">{concat!("revproof ", env!("CARGO_PKG_VERSION"))}</p>
        </Dialog>
    }
}
