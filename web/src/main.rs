//! The playground: the page that proves migrations in the browser. Begin reading at [`state::State`], which holds
//! everything that the panes show, and [`link`], through which it talks to the worker.

mod app;
mod link;
mod state;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
