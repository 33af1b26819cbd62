//! [`Session`]: what stands behind the playground and the npm package. It holds the workspace and answers what is asked of it.

// What a user hands in must never end in a panic.
#![cfg_attr(
    not(test),
    warn(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::print_stderr,
        clippy::print_stdout,
        clippy::string_slice,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

mod archive;
mod edits;
mod export;
mod input;
mod manual;
mod markdown;
pub mod package;
mod paste;
mod proof;
mod queries;
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

use revproof_core::analyse::{Memory, analyse_loaded};
use revproof_core::lint::{nearest, rules};
use revproof_core::listing::refusal;
use revproof_core::render::{GraphFormat, Options, render_graph, schema_drawing};
use revproof_core::replay::Trace;
use revproof_core::report::{Graph, Report};
use revproof_messages::{Answer, Ask, DatabaseView, File, Move, Reply, Request, Workspace};

use self::input::{Files, Input, Loaded, load};
use self::proof::Changes;
use self::queries::{Refusal, Schemas};
use self::simulation::Simulation;
use self::spots::Spots;

/// A workspace and everything that is known of it.
#[derive(Default)]
pub struct Session {
    workspace: Workspace,
    /// What was proved of the files; `None` before there are any, and where the settings are wrong.
    proved: Option<Proved>,
    /// What proofs leave behind for the next one: a key that is struck changes little.
    memory: Memory,
    /// What the runs of each chain change in the schema.
    changes: Vec<Changes>,
    /// The databases that were moved, by chain.
    simulations: BTreeMap<usize, Simulation>,
    /// What is to be done to each database: more than was done where a file is in the way for the moment.
    wanted: BTreeMap<usize, Vec<(Move, bool)>>,
}

/// What was proved of the files.
struct Proved {
    loaded: Rc<Loaded>,
    report: Report,
    /// The schemas at its revisions, by chain.
    schemas: BTreeMap<usize, Schemas>,
}

impl Session {
    /// An empty workspace.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers a question. How long that took is for the caller to say, who has a clock.
    pub fn handle(&mut self, request: Request) -> Answer {
        Answer { id: request.id, generation: request.generation, took: 0.0, reply: self.ask(request.ask) }
    }

    /// What was proved of the files; `None` where nothing could be.
    pub fn report(&self) -> Option<&Report> {
        self.proved.as_ref().map(|proved| &proved.report)
    }

    /// Answers a question.
    pub fn ask(&mut self, ask: Ask) -> Reply {
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
            Ask::Query(sql) => self.query(&sql),
            ask => self.tool(ask).unwrap_or_else(|(message, help)| Reply::Refused { message, help }),
        }
    }

    /// Answers a question that leaves workspace and databases as they are.
    fn tool(&mut self, ask: Ask) -> Result<Reply, Refusal> {
        Ok(match ask {
            Ask::Rules => Reply::Rules(manual::names()),
            Ask::Rule(rule) => Reply::Rule(manual::manual(&rule).ok_or_else(|| no_rule(&rule))?),
            Ask::Split(text) => files(paste::split(&text)),
            Ask::Unzip(bytes) => files(archive::unzip(bytes)?),
            Ask::Share(selection) => Reply::Link(export::link(&self.current(), &selection)),
            Ask::OpenLink(link) => {
                let (workspace, selection) = export::open(&link)?;
                Reply::Opened(Box::new(workspace), selection)
            }
            Ask::Export { format, selection, page } => {
                let report = self.proved.as_ref().map(|proved| &proved.report);
                Reply::Exported(export::export(format, &self.current(), &selection, &page, report)?)
            }
            Ask::Diagram => {
                let simulation = self.simulation().ok_or_else(nothing_here)?;
                Reply::Text(schema_drawing(&simulation.shown().catalog))
            }
            ask => self.about_the_chain(ask)?,
        })
    }

    /// Answers a question about the chain that is shown, or about its findings.
    fn about_the_chain(&mut self, ask: Ask) -> Result<Reply, Refusal> {
        let (at, proved) = (self.workspace.chain, self.proved.as_mut().ok_or_else(nothing_here)?);
        let Proved { loaded, report, schemas } = proved;
        let chains = loaded.borrow_dependent();
        let site = chains.site(at).ok_or_else(nothing_here)?;
        let directory = site.directory;
        Ok(match ask {
            Ask::Fix(problem) => Reply::Files(edits::fix(report, problem)?),
            Ask::Ignore(problem) => Reply::Files(edits::ignore(report, problem, loaded)?),
            Ask::Compare { from, to } => {
                let schemas = schemas.entry(at).or_default();
                Reply::Compared(queries::compare(&from, &to, loaded, site, schemas)?)
            }
            Ask::Sql { revision, downgrade, dialect } => {
                Reply::Sql(queries::sql(&revision, downgrade, dialect.as_deref(), loaded, at)?)
            }
            Ask::MergeHeads { message } => {
                let heads = vec!["heads".to_owned()];
                Reply::Files(edits::new_revision(loaded, directory, heads, &message, true)?)
            }
            Ask::NewRevision { head, message } => {
                let heads = vec![head.unwrap_or_else(|| "head".to_owned())];
                Reply::Files(edits::new_revision(loaded, directory, heads, &message, false)?)
            }
            Ask::Reparent { head, onto } => Reply::Files(edits::reparent(directory, &report.sources, &head, &onto)?),
            Ask::Graph { format } => {
                let chain = report.chains.get(at).ok_or_else(nothing_here)?;
                Reply::Text(render_graph(&Graph::of_chain(chain), graph_format(&format)?, Options::default()))
            }
            _ => return Err(("This is no question".to_owned(), "Reload the page.".to_owned())),
        })
    }

    fn query(&mut self, sql: &str) -> Reply {
        let Some(simulation) = self.simulation() else { return no_chain() };
        let answers = queries::answers(simulation.query(sql));
        let made = simulation.made();
        self.wanted.insert(self.workspace.chain, made);
        Reply::Queried(answers, Box::new(self.view()))
    }

    /// The workspace with the moves that were made.
    fn current(&self) -> Workspace {
        let chain = self.workspace.chain;
        let made = self.simulations.get(&chain).map(Simulation::moves);
        let wanted = || self.wanted.get(&chain).into_iter().flatten().map(|(asked, _)| asked.clone()).collect();
        Workspace { moves: made.unwrap_or_else(wanted), ..self.workspace.clone() }
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
        let loaded = load(Input { files, config }, Some(&mut self.memory.scripts));
        let input = loaded.borrow_owner();
        let chains = loaded.borrow_dependent();
        let mut sources = chains.sources.clone();
        let mut last = std::mem::take(&mut self.changes).into_iter();
        let mut see = |trace: &Trace| self.changes.push(proof::changes(trace, last.next().unwrap_or_default()));
        let memory = Some(&mut self.memory);
        let report = analyse_loaded(&chains.directories, &mut sources, &input.files, &input.config, memory, &mut see);
        let proof = proof::proof(&report, &loaded, &self.workspace, &self.changes);
        self.workspace.chain = self.workspace.chain.min(proof.chains.len().saturating_sub(1));
        self.proved = Some(Proved { loaded: Rc::new(loaded), report, schemas: BTreeMap::new() });
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
            let site = chains.site(chain)?;
            let refused = refusal(site.directory, &chains.sources).map(|refused| refused.sentence);
            let spots = Spots(&proved.report.sources);
            Some(view::view(chain, site, self.simulations.get(&chain)?, spots, refused.as_deref()))
        };
        view().unwrap_or_default()
    }
}

fn no_chain() -> Reply {
    let (message, help) = nothing_here();
    Reply::Refused { message, help }
}

fn nothing_here() -> Refusal {
    let why = "There are no revision scripts here that could be proved".to_owned();
    (why, "Open or paste some, or correct what the page says of them.".to_owned())
}

fn no_rule(rule: &str) -> Refusal {
    let near = nearest(rule, rules().iter().map(|rule| rule.id.name)).map(|near| format!("Did you mean {near}?"));
    (format!("There is no rule `{rule}`"), near.unwrap_or_else(|| "Choose one of the list.".to_owned()))
}

fn files(files: Vec<File>) -> Reply {
    Reply::Files(files.into_iter().map(|file| (file.path, Some(file.text))).collect())
}

fn graph_format(name: &str) -> Result<GraphFormat, Refusal> {
    Ok(match name {
        "svg" => GraphFormat::Svg,
        "mermaid" => GraphFormat::Mermaid,
        "dot" => GraphFormat::Dot,
        "text" => GraphFormat::Text,
        "json" => GraphFormat::Json,
        _ => {
            let why = format!("`{name}` is no format of a graph");
            return Err((why, "Choose svg, mermaid, dot, text or json.".to_owned()));
        }
    })
}
