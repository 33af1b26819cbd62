//! [`Session`]: the worker's side of the playground. It holds the workspace and answers what the page asks.

mod input;
mod proof;
mod refusal;
mod renames;
mod rows;
mod settings;
mod simulation;
mod spots;
mod tables;
mod view;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::rc::Rc;

use revproof_core::analyse::analyse_loaded;
use revproof_core::listing::refusal;
use revproof_core::replay::Trace;
use revproof_core::report::Report;
use revproof_messages::{Answer, Ask, DatabaseView, File, Move, Reply, Request, Workspace};

use self::input::{Files, Input, Loaded, load};
use self::simulation::Simulation;
use self::spots::Spots;

/// A workspace and everything that is known of it.
#[derive(Default)]
pub struct Session {
    workspace: Workspace,
    /// What was proved of the files; `None` before there are any, and where the settings are wrong.
    proved: Option<Proved>,
    /// The databases that were moved, by chain.
    simulations: BTreeMap<usize, Simulation>,
    /// What is to be done to each database: more than was done where a file is in the way for the moment.
    wanted: BTreeMap<usize, Vec<(Move, bool)>>,
}

/// What was proved of the files.
struct Proved {
    loaded: Rc<Loaded>,
    report: Report,
}

impl Session {
    /// An empty workspace.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers a question. How long that took is for the caller to say, who has a clock.
    pub fn handle(&mut self, request: Request) -> Answer {
        Answer { id: request.id, generation: request.generation, took: 0.0, reply: self.reply(request.ask) }
    }

    fn reply(&mut self, ask: Ask) -> Reply {
        match ask {
            Ask::Open(workspace) => self.open(workspace),
            Ask::Change(changes) => {
                self.change(changes);
                self.prove()
            }
            Ask::Configure { dialect, rows } => {
                (self.workspace.dialect, self.workspace.rows) = (dialect, rows);
                self.prove()
            }
            Ask::Chain(chain) => {
                self.workspace.chain = chain;
                self.moved(|_| {})
            }
            Ask::Move(asked) => self.moved(|simulation| simulation.make(&asked)),
            Ask::Rewind(steps) => self.moved(|simulation| simulation.rewind(steps)),
            Ask::Replay(moves) => self.moved(|simulation| simulation.replay(&moves)),
            Ask::Within(operations) => self.within(operations),
            #[expect(clippy::panic, reason = "the page's tests see what becomes of it when the worker panics")]
            Ask::Panic => panic!("the page asked for a panic"),
            _ => refused("This is not known yet.", "Reload the page."),
        }
    }

    fn open(&mut self, mut workspace: Workspace) -> Reply {
        let moves = std::mem::take(&mut workspace.moves);
        // What fails at the end of a workspace that is opened failed when it was kept.
        let wanted = moves.into_iter().map(|asked| (asked, true)).collect();
        self.simulations.clear();
        self.wanted = BTreeMap::from([(workspace.chain, wanted)]);
        self.workspace = workspace;
        self.prove()
    }

    fn change(&mut self, changes: Vec<(String, Option<String>)>) {
        let files = &mut self.workspace.files;
        for (path, text) in changes {
            let at = files.iter().position(|file| file.path == path);
            match (at, text) {
                (Some(at), Some(text)) => {
                    if let Some(file) = files.get_mut(at) {
                        file.text = text;
                    }
                }
                (Some(at), None) => _ = files.remove(at),
                (None, Some(text)) => files.push(File { path, text }),
                (None, None) => {}
            }
        }
    }

    /// Proves the files as they are now, and does the moves again.
    fn prove(&mut self) -> Reply {
        self.simulations.clear();
        self.proved = None;
        let files = self.workspace.files.iter().map(|file| (file.path.clone(), file.text.as_str().into()));
        let files = Files(files.collect());
        let config = match settings::settings(&self.workspace, &files) {
            Ok(config) => config,
            Err(error) => {
                let proof = proof::nothing(error, &self.workspace);
                return Reply::Proved(Box::new(proof), Box::default());
            }
        };
        let loaded = load(Input { files, config });
        let input = loaded.borrow_owner();
        let chains = loaded.borrow_dependent();
        let mut sources = chains.sources.clone();
        let mut changes = Vec::with_capacity(chains.directories.len());
        let mut see = |trace: &Trace| changes.push(proof::changes(trace));
        let report = analyse_loaded(&chains.directories, &mut sources, &input.files, &input.config, &mut see);
        let proof = proof::proof(&report, &loaded, &self.workspace, &changes);
        self.workspace.chain = self.workspace.chain.min(proof.chains.len().saturating_sub(1));
        self.proved = Some(Proved { loaded: Rc::new(loaded), report });
        let view = if self.simulation().is_some() { self.view() } else { DatabaseView::default() };
        Reply::Proved(Box::new(proof), Box::new(view))
    }

    /// The database of the chain that is shown.
    fn simulation(&mut self) -> Option<&mut Simulation> {
        let chain = self.workspace.chain;
        if !self.simulations.contains_key(&chain) {
            let mut simulation = Simulation::new(&self.proved.as_ref()?.loaded, chain)?;
            simulation.make_again(self.wanted.get(&chain).map(Vec::as_slice).unwrap_or_default());
            self.simulations.insert(chain, simulation);
        }
        self.simulations.get_mut(&chain)
    }

    /// Does something to the database of the chain that is shown.
    fn moved(&mut self, act: impl FnOnce(&mut Simulation)) -> Reply {
        let Some(simulation) = self.simulation() else { return no_chain() };
        act(simulation);
        let made = simulation.made();
        self.wanted.insert(self.workspace.chain, made);
        Reply::Moved(Box::new(self.view()))
    }

    fn within(&mut self, operations: usize) -> Reply {
        let Some(simulation) = self.simulation() else { return no_chain() };
        simulation.within = Some(operations);
        Reply::Moved(Box::new(self.view()))
    }

    /// The database of the chain that is shown, as the page shows it.
    fn view(&self) -> DatabaseView {
        let chain = self.workspace.chain;
        let view = || {
            let proved = self.proved.as_ref()?;
            let chains = proved.loaded.borrow_dependent();
            let directory = chains.directories.get(chain)?;
            let refused = refusal(directory, &chains.sources).map(|refused| refused.sentence);
            let spots = Spots(&proved.report.sources);
            Some(view::view(chain, directory, self.simulations.get(&chain)?, spots, refused.as_deref()))
        };
        view().unwrap_or_default()
    }
}

fn no_chain() -> Reply {
    refused("There are no revision scripts here to make a database of.", "Open or paste some first.")
}

fn refused(message: &str, help: &str) -> Reply {
    Reply::Refused { message: message.to_owned(), help: help.to_owned() }
}
