//! The sample chains: what a visitor can look at before there are files of his own.

mod stories;

use revproof_messages::{File, Move, Selection, Workspace};

pub(crate) use stories::{EXAMPLES, Example};

/// The sample chains by folder, each with its files.
const CHAINS: &[(&str, &[(&str, &str)])] = include!(concat!(env!("OUT_DIR"), "/chains.rs"));

/// The example with a name: that in a link, `#ex=phonebook`.
pub(crate) fn example(slug: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|example| example.slug == slug)
}

impl Example {
    /// The one that a visitor sees first.
    pub(crate) fn first() -> &'static Self {
        &EXAMPLES[0]
    }

    /// Its files, stepped to what it shows.
    pub(crate) fn workspace(&self) -> Workspace {
        let files = CHAINS.iter().find(|(chain, _)| *chain == self.chain).map_or(&[][..], |(_, files)| files);
        let files = files.iter().map(|(path, text)| {
            // A chain is a workspace of its own here: without the folder that it has among the others.
            let path = path.split_once('/').map_or(*path, |(_, rest)| rest).to_owned();
            File { path, text: (*text).to_owned() }
        });
        Workspace { files: files.collect(), moves: self.moves(), ..Workspace::default() }
    }

    /// What it begins with.
    pub(crate) fn selection(&self) -> Selection {
        let workspace = self.workspace();
        let shown = workspace.files.into_iter().find(|file| file.path.contains(self.revision));
        Selection { file: shown.map(|file| file.path), revision: Some(self.revision.to_owned()), tab: self.tab }
    }

    fn moves(&self) -> Vec<Move> {
        let step = |text: &&str| match text.split_once(' ') {
            Some(("down", target)) => Move::Downgrade(target.to_owned()),
            Some((_, target)) => Move::Upgrade(target.to_owned()),
            None => Move::To((*text).to_owned()),
        };
        self.steps.iter().map(step).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chain_of_the_folder_is_an_example() {
        let mut chains: Vec<&str> = CHAINS.iter().map(|(chain, _)| *chain).collect();
        let mut told: Vec<&str> = EXAMPLES.iter().map(|example| example.chain).collect();
        chains.sort_unstable();
        told.sort_unstable();
        assert_eq!(chains, told);
        assert!(chains.len() >= 8, "{chains:?}");
    }

    #[test]
    fn an_example_begins_with_a_revision_of_its_chain() {
        for example in EXAMPLES {
            let (workspace, selection) = (example.workspace(), example.selection());
            assert!(workspace.files.iter().any(|file| file.path == "alembic.ini"), "{}", example.slug);
            let shown = selection.file.unwrap_or_else(|| panic!("{} shows no file", example.slug));
            assert!(shown.starts_with("versions/"), "{shown}");
            for step in example.steps {
                let target = step.rsplit(' ').next().expect("a split has a part");
                let known = ["head", "heads", "base", "-1"].contains(&target)
                    || workspace.files.iter().any(|file| file.path.contains(target));
                assert!(known, "{}: {step}", example.slug);
            }
        }
    }

    #[test]
    fn names_in_links_differ() {
        for (at, one) in EXAMPLES.iter().enumerate() {
            assert!(EXAMPLES[at + 1..].iter().all(|other| other.slug != one.slug), "{}", one.slug);
        }
    }
}
