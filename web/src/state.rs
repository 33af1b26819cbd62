//! [`State`]: everything that the panes show and change. Panes read its signals and call its methods; only this module
//! talks to the worker.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use revproof_messages::{Ask, DatabaseView, Move, Proof, Reply, Rows, Spot, Tab, Workspace};

use crate::link::{Event, Link, fresh};
use crate::pane::Pane;

/// The state of the page. Copies are the same state.
#[derive(Clone, Copy)]
pub(crate) struct State {
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
    /// The place in a file that the editor is to show.
    pub(crate) spot: RwSignal<Option<Spot>>,
    /// The selected problem, by its place in the proof.
    pub(crate) problem: RwSignal<Option<usize>>,
    /// The tab of the database pane.
    pub(crate) tab: RwSignal<Tab>,
    /// The pane that a narrow screen shows.
    pub(crate) pane: RwSignal<Pane>,
    /// What the worker is doing.
    pub(crate) engine: RwSignal<Engine>,
    /// Whether proof and database are those of an older text.
    pub(crate) stale: RwSignal<bool>,
    /// What is read out to those who do not see the page.
    pub(crate) said: RwSignal<String>,
    generation: RwSignal<u32>,
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
    /// It can't be loaded: why.
    Unreachable(String),
}

impl State {
    /// The state of a page that has just been opened.
    pub(crate) fn new() -> Self {
        let state = Self {
            workspace: RwSignal::default(),
            proof: RwSignal::default(),
            database: RwSignal::default(),
            file: RwSignal::default(),
            revision: RwSignal::default(),
            spot: RwSignal::default(),
            problem: RwSignal::default(),
            tab: RwSignal::default(),
            pane: RwSignal::default(),
            engine: RwSignal::new(Engine::Loading(0.0, 0.0)),
            stale: RwSignal::new(true),
            said: RwSignal::default(),
            generation: RwSignal::new(0),
            link: StoredValue::new_local(None),
        };
        state.link.set_value(Some(Link::start(move |event| state.told(event))));
        state
    }

    /// Asks the worker and gives its reply; `None` where it comes too late or not at all.
    pub(crate) async fn ask(self, ask: Ask) -> Option<Reply> {
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

    /// Takes another workspace.
    pub(crate) fn open(self, workspace: Workspace) {
        self.changes();
        self.file.set(workspace.files.first().map(|file| file.path.clone()));
        self.revision.set(None);
        self.problem.set(None);
        self.workspace.set(workspace.clone());
        self.send(Ask::Open(workspace));
    }

    /// Changes files: path, and text or `None` for one that goes. New files go to the end.
    pub(crate) fn change(self, files: Vec<(String, Option<String>)>) {
        self.changes();
        self.workspace.update(|workspace| {
            for (path, text) in &files {
                let at = workspace.files.iter().position(|file| file.path == *path);
                match (at, text) {
                    (Some(at), Some(text)) => workspace.files[at].text.clone_from(text),
                    (Some(at), None) => _ = workspace.files.remove(at),
                    (None, Some(text)) => {
                        let (path, text) = (path.clone(), text.clone());
                        workspace.files.push(revproof_messages::File { path, text });
                    }
                    (None, None) => {}
                }
            }
        });
        self.send(Ask::Change(files));
    }

    /// Chooses the dialect (`None`: that of the files) and the rows.
    pub(crate) fn configure(self, dialect: Option<String>, rows: Rows) {
        self.changes();
        self.workspace.update(|workspace| {
            workspace.dialect.clone_from(&dialect);
            workspace.rows.clone_from(&rows);
        });
        self.send(Ask::Configure { dialect, rows });
    }

    /// Moves the simulated database.
    pub(crate) fn go(self, step: Move) {
        self.workspace.update(|workspace| workspace.moves.push(step.clone()));
        self.send(Ask::Move(step));
    }

    /// Moves it through these, from an empty database.
    pub(crate) fn replay(self, moves: Vec<Move>) {
        self.send(Ask::Rewind(0));
        for step in moves {
            self.go(step);
        }
    }

    /// Selects a revision: all panes show it.
    pub(crate) fn select(self, revision: &str) {
        self.revision.set(Some(revision.to_owned()));
        let file = self.proof.with_untracked(|proof| {
            let mut revisions = proof.chains.iter().flat_map(|chain| &chain.revisions);
            revisions.find(|found| found.id == revision).map(|found| found.file.clone())
        });
        if file.is_some() {
            self.file.set(file);
        }
    }

    /// Shows a place in a file.
    pub(crate) fn reveal(self, spot: &Spot) {
        self.file.set(Some(spot.file.clone()));
        self.spot.set(Some(spot.clone()));
    }

    /// Shows what the worker replied.
    pub(crate) fn take(self, reply: Reply) {
        match reply {
            Reply::Proved(proof, database) => {
                self.stale.set(false);
                self.proof.set(Arc::new(*proof));
                self.show(*database);
            }
            Reply::Moved(database) | Reply::Queried(_, database) => self.show(*database),
            Reply::Refused { message, help } => self.said.set(format!("{message}. {help}")),
            _ => {}
        }
    }

    fn show(self, database: DatabaseView) {
        self.said.set(database.said.clone());
        self.database.set(Arc::new(database));
    }

    /// What was asked before is answered too late from now on.
    fn changes(self) {
        self.stale.set(true);
        self.generation.update(|generation| *generation += 1);
    }

    fn told(self, event: Event) {
        match event {
            Event::Loading { loaded, total } => self.engine.set(Engine::Loading(loaded, total)),
            Event::Ready => {
                if !matches!(self.engine.get_untracked(), Engine::Restarted(_)) {
                    self.engine.set(Engine::Ready);
                }
                let workspace = self.workspace.get_untracked();
                if !workspace.files.is_empty() {
                    self.send(Ask::Open(workspace));
                }
            }
            Event::Panicked(message) => {
                self.engine.set(Engine::Restarted(message));
                if let Some(link) = self.link.get_value() {
                    link.restart();
                }
            }
            Event::Unreachable(why) => self.engine.set(Engine::Unreachable(why)),
        }
    }
}
