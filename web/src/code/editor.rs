//! [`Editor`]: the text of the open file. Until the code editor is loaded, and where it can't be, it is a plain one.

use crate::dom::prelude::*;
use crate::dom::show;
use leptos::html::Div;
use leptos::task::spawn_local;
use revproof_messages::{Ask, Revision, Spot};

use super::bridge::{Bridge, Calls};
use super::lens::{Lens, lenses};
use super::plain::Plain;
use crate::state::State;

/// What the code editor holds.
#[derive(Clone, Copy)]
struct Held {
    bridge: StoredValue<Option<Bridge>, LocalStorage>,
    /// Whether it is there.
    there: RwSignal<bool>,
    /// The path of the file that it shows, and the text as it has it.
    shown: StoredValue<Option<(String, String)>>,
    lenses: StoredValue<Vec<Lens>>,
}

/// The text of the open file.
#[component]
pub(super) fn Editor() -> impl IntoNode {
    let state = expect_context::<State>();
    let held = Held {
        bridge: StoredValue::new_local(None),
        there: RwSignal::new(false),
        shown: StoredValue::new(None),
        lenses: StoredValue::default(),
    };
    let parent = NodeRef::<Div>::new();
    effect(move || {
        let Some(parent) = parent.get() else { return };
        // After the first paint: until then the text is in the plain editor.
        request_animation_frame(move || {
            spawn_local(async move {
                if let Ok(bridge) = Bridge::load(&parent, calls(state, held)).await {
                    held.bridge.set_value(Some(bridge));
                    held.there.set(true);
                }
            });
        });
    });
    held.follow_text(state);
    held.follow_proof(state);
    held.follow_selection(state);
    let label = move || state.file.get().map_or_else(|| "Editor".to_owned(), |path| format!("Editor: {path}"));
    view! {
        <div id="editor" class="editor" role="tabpanel" aria-label=label>
            <div class="editor-rich" hidden=move || !held.there.get() node_ref=parent></div>
            {show(move || !held.there.get(), || view! { <Plain/> })}
        </div>
    }
}

fn calls(state: State, held: Held) -> Calls {
    let known = move |at: u32| state.problem_at(at as usize).map(|problem| (at as usize, problem));
    Calls {
        changed: Box::new(move |text| {
            let Some((path, _)) = held.shown.get_value() else { return };
            held.shown.set_value(Some((path.clone(), text.clone())));
            state.change(vec![(path, Some(text))]);
        }),
        fix: Box::new(move |at| {
            if let Some((at, problem)) = known(at)
                && let Some(fix) = problem.fix
            {
                state.preview(fix.title, Ask::Fix(at));
            }
        }),
        explain: Box::new(move |at| {
            if let Some((_, problem)) = known(at) {
                state.manual.set(Some(problem.rule));
            }
        }),
        ignore: Box::new(move |at| {
            if let Some((at, problem)) = known(at) {
                state.preview(format!("Ignore {}", problem.rule), Ask::Ignore(at));
            }
        }),
        run: Box::new(move |at| {
            let downgrade = held.lenses.with_value(|lenses| lenses.get(at as usize).map(|lens| lens.downgrade));
            if let (Some(downgrade), Some(revision)) = (downgrade, revision_of_file(state)) {
                state.run_to(&revision.id, downgrade);
            }
        }),
    }
}

/// The revision that the open file holds.
fn revision_of_file(state: State) -> Option<Revision> {
    let open = state.file.get_untracked()?;
    state.proof.with_untracked(|proof| {
        let revisions = proof.chains.iter().flat_map(|chain| &chain.revisions);
        revisions.filter(|revision| revision.file == open).map(Revision::clone).next()
    })
}

impl Held {
    /// Does something with the code editor, if it is there, and with the path and text that it shows.
    fn with(self, act: impl FnOnce(&Bridge, &str, &str)) {
        self.bridge.with_value(|bridge| {
            if let Some(bridge) = bridge {
                self.shown.with_value(|shown| {
                    if let Some((path, text)) = shown {
                        act(bridge, path, text);
                    }
                });
            }
        });
    }

    /// Shows the open file, and changes that did not come from the editor itself.
    fn follow_text(self, state: State) {
        // One effect for both, as what is shown must be forgotten before it is compared with what is open.
        Effect::new(move |before: Option<u32>| {
            let (opened, open) = (state.opened.get(), state.file.get());
            if !self.there.get() {
                return opened;
            }
            if before.is_some_and(|before| before != opened) {
                self.forget(state);
            }
            let text = |path: &str| {
                state.workspace.with(|workspace| {
                    let file = workspace.files.iter().find(|file| file.path == path)?;
                    let known = self
                        .shown
                        .with_value(|shown| shown.as_ref().map(|(shown, text)| (shown == path, *text == file.text)));
                    Some((known, (known != Some((true, true))).then(|| file.text.clone())))
                })
            };
            let Some((path, (known, Some(text)))) = open.and_then(|path| text(&path).map(|text| (path, text))) else {
                return opened;
            };
            // First what is known, then what is shown: the editor may call back at once.
            self.shown.set_value(Some((path.clone(), text.clone())));
            self.bridge.with_value(|bridge| match (bridge, known) {
                (Some(bridge), Some((true, _))) => bridge.set_text(&text),
                (Some(bridge), _) => bridge.show(&path, &text),
                (None, _) => {}
            });
            opened
        });
    }

    /// Files of another workspace can have the same paths; their histories are others.
    fn forget(self, state: State) {
        self.shown.set_value(None);
        state.proof.with_untracked(|proof| {
            self.bridge.with_value(|bridge| {
                let Some(bridge) = bridge else { return };
                proof.files.iter().for_each(|file| bridge.forget(&file.path));
            });
        });
    }

    /// Shows problems and lenses of the open file.
    fn follow_proof(self, state: State) {
        effect(move || {
            state.file.track();
            state.opened.track();
            let there = self.there.get();
            state.proof.with(|proof| {
                if !there {
                    return;
                }
                self.with(|bridge, path, text| {
                    let here = |spot: &Option<Spot>| spot.as_ref().is_some_and(|spot| spot.file == path);
                    let problems = proof.problems.iter().enumerate().filter(|(_, problem)| here(&problem.spot));
                    bridge.set_problems(problems, length(text));
                    let mut revisions = proof.chains.iter().flat_map(|chain| &chain.revisions);
                    let revision = revisions.find(|revision| revision.file == path);
                    let lenses = revision.map(|revision| lenses(text, revision)).unwrap_or_default();
                    bridge.set_lenses(&lenses);
                    self.lenses.set_value(lenses);
                });
            });
        });
    }

    /// Marks what explains the selected problem, and shows the place that is asked for.
    fn follow_selection(self, state: State) {
        effect(move || {
            state.file.track();
            state.opened.track();
            let (there, chosen) = (self.there.get(), state.problem.get());
            state.proof.with(|proof| {
                if !there {
                    return;
                }
                let labels = chosen.and_then(|at| proof.problems.get(at)).map(|problem| problem.labels.as_slice());
                self.with(|bridge, path, text| {
                    let labels = labels.unwrap_or_default().iter().filter(|label| label.spot.file == path);
                    bridge.set_marks(labels.map(|label| (&label.spot, label.message.as_str())), length(text));
                });
            });
        });
        effect(move || {
            let place = state.spot.get();
            state.file.track();
            if let Some(spot) = place.filter(|_| self.there.get()) {
                self.with(|bridge, path, text| {
                    if path == spot.file {
                        bridge.reveal(&spot, length(text));
                    }
                });
            }
        });
        Effect::new(move |before: Option<u32>| {
            let wanted = state.editing.get();
            if before.is_some_and(|before| before != wanted) {
                self.bridge.with_value(|bridge| {
                    if let Some(bridge) = bridge {
                        bridge.focus();
                    }
                });
            }
            wanted
        });
    }
}

/// How long a text is, as the editor counts.
fn length(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}
