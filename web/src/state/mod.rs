//! [`State`]: everything that the panes show and change. Panes read its signals and call its methods; only this module
//! talks to the worker.

mod crash;
mod files;
mod kept;
mod select;
mod start;

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use revproof_messages::{Ask, DatabaseView, Move, Proof, Reply, Rows, Spot, Tab, Workspace};

use crate::link::{Event, Link, fresh};
use crate::pane::Pane;

pub(crate) use crash::report as crash_report;
pub(crate) use select::Preview;

/// For how long what is shown may be that of an older text before it is seen to be.
const LATE: Duration = Duration::from_millis(150);
/// After how long a proof can be stopped.
const LONG: Duration = Duration::from_secs(2);

/// The state of the page. Copies are the same state.
#[derive(Clone, Copy)]
pub(crate) struct State(&'static Signals);

impl Deref for State {
    type Target = Signals;

    fn deref(&self) -> &Signals {
        self.0
    }
}

/// What the state consists of.
pub(crate) struct Signals {
    /// Everything that the visitor has made.
    pub(crate) workspace: RwSignal<Workspace>,
    /// What was proved of it.
    pub(crate) proof: RwSignal<Arc<Proof>>,
    /// The simulated database.
    pub(crate) database: RwSignal<Arc<DatabaseView>>,
    /// The open file.
    pub(crate) file: RwSignal<Option<String>>,
    /// The selected revision.
    pub(crate) revision: RwSignal<Option<String>>,
    /// The selected problem, by its place in the proof.
    pub(crate) problem: RwSignal<Option<usize>>,
    /// The place that the editor should show.
    pub(crate) spot: RwSignal<Option<Spot>>,
    /// Whether the database goes where a selected revision or problem is.
    pub(crate) follow: RwSignal<bool>,
    /// The tab of the database pane.
    pub(crate) tab: RwSignal<Tab>,
    /// The pane that a narrow screen shows.
    pub(crate) pane: RwSignal<Pane>,
    /// The rule whose manual is open.
    pub(crate) manual: RwSignal<Option<String>>,
    /// Grows whenever the cursor should go into the editor.
    pub(crate) editing: RwSignal<u32>,
    /// A change that is shown before it is made.
    pub(crate) preview: RwSignal<Option<Preview>>,
    /// Whether the box to paste into is open.
    pub(crate) pasting: RwSignal<bool>,
    /// Whether the list of shortcuts is open.
    pub(crate) help: RwSignal<bool>,
    /// A text that the browser does not let us copy: the visitor can.
    pub(crate) by_hand: RwSignal<Option<String>>,
    /// Grows with each workspace that is opened: what belonged to the one before is forgotten.
    pub(crate) opened: RwSignal<u32>,
    /// What a banner says.
    pub(crate) notice: RwSignal<Notice>,
    /// What the worker is doing.
    pub(crate) engine: RwSignal<Engine>,
    /// Whether proof and database are those of an older text.
    pub(crate) stale: RwSignal<bool>,
    /// Whether they have been so for long enough that it is to be seen. Most changes are proved before anybody could.
    pub(crate) late: RwSignal<bool>,
    /// Whether a proof takes so long that it should be possible to stop it.
    pub(crate) long: RwSignal<bool>,
    /// Grows with each answer to a change, be the proof another one or not.
    pub(crate) proved: RwSignal<u32>,
    /// What is read out to those who do not see the page.
    pub(crate) said: RwSignal<String>,
    /// Whether the visitor has changed what was opened.
    pub(crate) own: RwSignal<bool>,
    generation: RwSignal<u32>,
    /// How often what is shown became that of an older text.
    changes: StoredValue<u32>,
    /// Changes that wait until the worker has answered those before.
    unsent: StoredValue<Vec<(String, Option<String>)>>,
    /// Whether the worker is at changes.
    proving: StoredValue<bool>,
    /// Whether there is a worker that can be asked.
    up: StoredValue<bool>,
    /// Whether it was given the workspace.
    given: StoredValue<bool>,
    link: StoredValue<Option<Link>, LocalStorage>,
}

/// What the worker is doing.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Engine {
    /// It is on its way: bytes that have come, and all.
    Loading(f64, f64),
    /// It waits for questions.
    #[default]
    Ready,
    /// It panicked and was replaced: what it said.
    Restarted(String),
    /// It panicked again on the same text, which it is not given any more: what it said.
    Quarantined(String),
    /// The visitor stopped it, as it took long. It is not asked again by itself.
    Stopped,
    /// It can't be loaded: why.
    Unreachable(String),
}

/// What a banner says, beside what the worker is doing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Notice {
    /// Nothing.
    #[default]
    None,
    /// What this page is for.
    Welcome,
    /// Something happened, or could not be done.
    Told(String),
    /// The visitor's files made place for others, and can be had back.
    PutAside,
    /// There is a newer version of the page.
    Update,
}

impl State {
    /// The state of a page that has just been opened.
    pub(crate) fn new() -> Self {
        let signals = Signals {
            workspace: RwSignal::default(),
            proof: RwSignal::default(),
            database: RwSignal::default(),
            file: RwSignal::default(),
            revision: RwSignal::default(),
            problem: RwSignal::default(),
            spot: RwSignal::default(),
            follow: RwSignal::new(true),
            tab: RwSignal::default(),
            pane: RwSignal::default(),
            manual: RwSignal::default(),
            editing: RwSignal::default(),
            preview: RwSignal::default(),
            pasting: RwSignal::default(),
            help: RwSignal::default(),
            by_hand: RwSignal::default(),
            opened: RwSignal::default(),
            notice: RwSignal::default(),
            engine: RwSignal::new(Engine::Loading(0.0, 0.0)),
            stale: RwSignal::new(true),
            late: RwSignal::new(true),
            long: RwSignal::new(false),
            proved: RwSignal::new(0),
            changes: StoredValue::new(0),
            said: RwSignal::default(),
            own: RwSignal::new(false),
            generation: RwSignal::new(0),
            unsent: StoredValue::default(),
            proving: StoredValue::new(false),
            up: StoredValue::new(false),
            given: StoredValue::new(false),
            link: StoredValue::new_local(None),
        };
        // There is one, for as long as the page.
        let state = Self(Box::leak(Box::new(signals)));
        state.link.set_value(Some(Link::start(move |event| state.told(event))));
        state
    }

    /// Asks the worker and gives its reply; `None` where it comes too late or not at all.
    pub(crate) async fn ask(self, ask: Ask) -> Option<Reply> {
        self.flush();
        self.ask_now(ask).await
    }

    async fn ask_now(self, ask: Ask) -> Option<Reply> {
        let generation = self.generation.get_untracked();
        let link = self.link.get_value()?;
        let answer = link.ask(generation, ask).await;
        fresh(answer, self.generation.get_untracked())
    }

    /// Asks the worker and shows what comes back: a proof, a database.
    pub(crate) fn send(self, ask: Ask) {
        spawn_local(async move {
            if let Some(reply) = self.ask(ask).await {
                self.take(reply);
            }
        });
    }

    /// Chooses the dialect (`None`: that of the files) and the rows.
    pub(crate) fn configure(self, dialect: Option<String>, rows: Rows) {
        self.changes();
        self.workspace.update(|workspace| {
            workspace.dialect.clone_from(&dialect);
            workspace.rows.clone_from(&rows);
        });
        self.prove(Ask::Configure { dialect, rows });
    }

    /// Moves the simulated database.
    pub(crate) fn go(self, step: Move) {
        if self.up.get_value() {
            self.send(Ask::Move(step));
        } else {
            self.say("The analyser is not there yet: nothing was moved");
        }
    }

    /// Says something to those who do not see the page. The same words twice are read twice.
    pub(crate) fn say(self, words: impl Into<String>) {
        let mut words = words.into();
        if self.said.with_untracked(|said| *said == words) {
            words.push('\u{a0}');
        }
        self.said.set(words);
    }

    /// Says something to everybody, until it is dismissed.
    pub(crate) fn tell(self, words: String) {
        self.notice.set(Notice::Told(words.clone()));
        self.say(words);
    }

    /// Shows what the worker replied.
    pub(crate) fn take(self, reply: Reply) {
        match reply {
            Reply::Proved(proof, database) => {
                assign(self.stale, false);
                assign(self.late, false);
                assign(self.long, false);
                // A key in a comment changes neither: then nothing is shown anew, and nothing read out.
                if self.proof.with_untracked(|old| **old != *proof) {
                    self.arrive(*proof);
                }
                if self.database.with_untracked(|old| **old != *database) {
                    self.show(*database);
                }
                self.proved.update(|proved| *proved += 1);
            }
            Reply::Moved(database) | Reply::Queried(_, database) => self.show(*database),
            Reply::Refused { message, help } => {
                self.tell(format!("{} {help}", sentence(message)));
            }
            _ => {}
        }
    }

    fn show(self, database: DatabaseView) {
        // Where the files can't be proved for the moment there is no database, but it comes back as it was.
        let none = self.proof.with_untracked(|proof| proof.chains.is_empty());
        let kept = self.workspace.with_untracked(|w| w.moves == database.moves && w.chain == database.chain);
        if !none && !kept {
            self.workspace.update(|workspace| {
                workspace.moves.clone_from(&database.moves);
                workspace.chain = database.chain;
            });
        }
        self.say(database.said.clone());
        self.database.set(Arc::new(database));
    }

    /// Sends what changes the proof, where there is a worker that knows the rest. Another is told everything at once.
    fn prove(self, ask: Ask) {
        if self.up.get_value() && self.given.get_value() {
            self.send(ask);
        } else if self.up.get_value() {
            self.give();
        }
    }

    /// Gives the worker the workspace.
    fn give(self) {
        let workspace = self.workspace.get_untracked();
        if workspace.files.is_empty() {
            return;
        }
        if matches!(self.engine.get_untracked(), Engine::Quarantined(_) | Engine::Stopped) {
            self.engine.set(Engine::Ready);
        }
        self.watch();
        self.given.set_value(true);
        self.unsent.update_value(Vec::clear);
        self.send(Ask::Open(workspace));
    }

    /// What was asked before is answered too late from now on.
    fn changes(self) {
        self.generation.update(|generation| *generation += 1);
        if !self.stale.get_untracked() {
            self.stale.set(true);
            self.watch();
        }
    }

    /// Shows that what is shown is that of an older text, and later that it can be stopped, where it stays so.
    fn watch(self) {
        self.changes.update_value(|changes| *changes += 1);
        let change = self.changes.get_value();
        for (signal, after) in [(self.late, LATE), (self.long, LONG)] {
            set_timeout(
                move || {
                    if self.changes.get_value() == change && self.stale.get_untracked() {
                        assign(signal, true);
                    }
                },
                after,
            );
        }
    }

    fn told(self, event: Event) {
        match event {
            Event::Loading { loaded, total } => {
                if matches!(self.engine.get_untracked(), Engine::Loading(..)) {
                    self.engine.set(Engine::Loading(loaded, total));
                }
            }
            Event::Ready => self.risen(),
            Event::Panicked(message) => self.fallen(message),
            Event::Unreachable(why) => {
                self.up.set_value(false);
                self.engine.set(Engine::Unreachable(why));
            }
        }
    }
}

/// Sets a signal, and tells nobody where it was so already.
pub(crate) fn assign<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}

/// A sentence with a full stop at its end, if it had none.
fn sentence(words: String) -> String {
    if words.ends_with(['.', '!', '?', ':']) { words } else { words + "." }
}
