//! The playground: the page that proves migrations in the browser. Begin reading at [`state::State`], which holds
//! everything that the panes show, and [`link`], through which it talks to the worker.

#![expect(unreachable_pub, reason = "the macro of components writes `pub` before every function that it is given")]

mod app;
mod banner;
mod bring;
mod browser;
mod code;
mod database;
mod dialog;
mod dom;
mod examples;
mod header;
mod keys;
mod link;
mod pane;
mod problems;
mod prose;
mod revisions;
mod splitter;
mod state;
mod words;

fn main() {
    console_error_panic_hook::set_once();
    dom::mount(app::App);
}
