//! What is selected: a revision, a problem, a file. Selecting one selects what belongs to it everywhere else.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use revproof_messages::{Ask, Move, Problem, Proof, Reply, Revision, Spot, Tab};

use super::State;
use crate::pane::Pane;

/// A change of files that is shown before it is made.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Preview {
    /// What it does.
    pub(crate) title: String,
    /// The files: path, and text or `None` for one that goes.
    pub(crate) files: Vec<(String, Option<String>)>,
}

impl State {
    /// Selects a revision: its file opens, and the database goes there where it follows.
    pub(crate) fn select(self, id: &str) {
        let Some(revision) = self.find(id) else { return };
        self.revision.set(Some(revision.id.clone()));
        self.problem.set(None);
        if !revision.file.is_empty() {
            self.file.set(Some(revision.file));
        }
        if self.follow.get_untracked() {
            self.go(Move::To(revision.id));
        }
    }

    /// Opens a file, and selects the revision that it holds.
    pub(crate) fn select_file(self, path: &str) {
        let proof = self.proof.get_untracked();
        let held = proof.files.iter().find(|file| file.path == path).and_then(|file| file.revision.clone());
        self.file.set(Some(path.to_owned()));
        if let Some(id) = held {
            if self.revision.with_untracked(|revision| *revision != Some(id.clone())) {
                self.select(&id);
            }
            // Two files can claim one revision: the one that was asked for stays open.
            self.file.set(Some(path.to_owned()));
        }
    }

    /// Selects a problem: the editor shows its place, and the database what it is about where it follows.
    pub(crate) fn select_problem(self, at: usize) {
        let Some(problem) = self.problem_at(at) else { return };
        if let Some(revision) = &problem.revision {
            self.revision.set(Some(revision.clone()));
        }
        if let Some(spot) = &problem.spot {
            self.reveal(spot);
        }
        self.problem.set(Some(at));
        self.say(format!("{}: {}", problem.rule, problem.message));
        if self.follow.get_untracked() {
            self.replay(problem.shown_by);
        }
    }

    /// Selects the next problem, or the one before, as they are listed.
    pub(crate) fn next_problem(self, back: bool) {
        let count = self.proof.with_untracked(|proof| proof.problems.len());
        if count == 0 {
            return self.say("There are no problems");
        }
        let next = match (self.problem.get_untracked(), back) {
            (None, false) => 0,
            (None, true) => count - 1,
            (Some(at), false) => (at + 1) % count,
            (Some(at), true) => (at + count - 1) % count,
        };
        self.select_problem(next);
    }

    /// Steps the database to where a problem shows, and opens the tab on which it does.
    pub(crate) fn show_rows(self, at: usize) {
        let Some(problem) = self.problem_at(at) else { return };
        self.problem.set(Some(at));
        self.tab.set(if problem.about_rows { Tab::Rows } else { Tab::Schema });
        self.replay(problem.shown_by);
        self.pane.set(Pane::Database);
    }

    /// Opens a file at a place.
    pub(crate) fn reveal(self, spot: &Spot) {
        self.file.set(Some(spot.file.clone()));
        self.spot.set(Some(spot.clone()));
    }

    /// Empties the database and does these moves, where there are any.
    pub(crate) fn replay(self, moves: Vec<Move>) {
        if !moves.is_empty() {
            self.send(Ask::Replay(moves));
        }
    }

    /// Runs a revision up, or up and down again.
    pub(crate) fn run_to(self, id: &str, downgrade: bool) {
        let Some(revision) = self.find(id) else { return };
        let mut moves = vec![Move::To(id.to_owned())];
        if downgrade {
            moves.push(Move::Revert(id.to_owned()));
        }
        self.revision.set(Some(revision.id));
        self.replay(moves);
    }

    /// Shows what a question about changes gives, before it is done.
    pub(crate) fn preview(self, title: String, ask: Ask) {
        spawn_local(async move {
            match self.ask(ask).await {
                Some(Reply::Files(files)) => self.preview.set(Some(Preview { title, files })),
                Some(other) => self.take(other),
                None => self.say("The files have changed meanwhile: try again"),
            }
        });
    }

    /// A problem of the proof.
    pub(crate) fn problem_at(self, at: usize) -> Option<Problem> {
        self.proof.with_untracked(|proof| proof.problems.get(at).cloned())
    }

    /// Takes a new proof; what was selected in the old one stays selected as far as it is still there.
    pub(super) fn arrive(self, proof: Proof) {
        let chosen = self.problem.get_untracked().and_then(|at| self.problem_at(at));
        let same = |old: &Problem| {
            let alike = |new: &&Problem| new.code == old.code && new.revision == old.revision;
            let exact = proof.problems.iter().position(|new| alike(&new) && new.message == old.message);
            exact.or_else(|| proof.problems.iter().position(|new| alike(&new)))
        };
        let chosen = chosen.as_ref().and_then(same);
        self.proof.set(Arc::new(proof));
        if self.problem.get_untracked() != chosen {
            self.problem.set(chosen);
        }
    }

    fn find(self, id: &str) -> Option<Revision> {
        self.proof.with_untracked(|proof| {
            let revisions = proof.chains.iter().flat_map(|chain| &chain.revisions);
            revisions.filter(|revision| revision.id == id).map(Revision::clone).next()
        })
    }
}
