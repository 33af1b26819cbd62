//! The session over the sample chains and over what visitors bring.

mod chains;
mod moves;
mod tools;
mod workspaces;

use std::fs;
use std::path::Path;

use revproof_messages::{Ask, DatabaseView, File, Move, Proof, Reply, Request, Rows, Workspace};

use super::Session;

/// The names of the sample chains.
pub(crate) fn samples() -> Vec<String> {
    let folders = fs::read_dir(sample_folder()).unwrap().map(|entry| entry.unwrap());
    let folders = folders.filter(|entry| entry.file_type().unwrap().is_dir());
    let mut names: Vec<String> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    assert!(names.len() >= 7, "{names:?}");
    names
}

fn sample_folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations"))
}

/// The files of a sample chain.
pub(crate) fn sample(name: &str) -> Vec<File> {
    let root = sample_folder().join(name);
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let inside = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                files.push(File { path: inside, text: fs::read_to_string(&path).unwrap() });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!files.is_empty(), "{name}");
    files
}

/// Scripts written as `revision < parent: body of upgrade / body of downgrade`, one file each in a folder.
pub(crate) fn scripts(folder: &str, list: &[&str]) -> Vec<File> {
    let script = |line: &&str| {
        let (head, body) = line.split_once(':').unwrap_or((line, ""));
        let (revision, parents) = head.split_once('<').unwrap_or((head, ""));
        let revision = revision.trim();
        let (up, down) = body.split_once(" / ").unwrap_or((body, "pass"));
        let parents: Vec<String> =
            parents.split(',').map(str::trim).filter(|p| !p.is_empty()).map(|p| format!("{p:?}")).collect();
        let parents = match parents.as_slice() {
            [] => "None".to_owned(),
            [one] => one.clone(),
            several => format!("({})", several.join(", ")),
        };
        let text = format!(
            "\"\"\"make {revision}\"\"\"\nimport sqlalchemy as sa\nfrom alembic import op\n\nrevision = {revision:?}\ndown_revision = {parents}\n\n\n\
             def upgrade():\n    {}\n\n\ndef downgrade():\n    {}\n",
            up.trim().replace("; ", "\n    "),
            down.trim().replace("; ", "\n    ")
        );
        let slash = if folder.is_empty() { "" } else { "/" };
        File { path: format!("{folder}{slash}{revision}_make.py"), text }
    };
    list.iter().map(script).collect()
}

pub(crate) const USERS: &str = "a1: op.create_table('users', sa.Column('id', sa.Integer, primary_key=True), sa.Column('phone', sa.String(20))) / op.drop_table('users')";

/// A session with its last answers.
pub(crate) struct Page {
    pub(crate) session: Session,
    pub(crate) proof: Proof,
    pub(crate) view: DatabaseView,
}

impl Page {
    pub(crate) fn open(files: Vec<File>) -> Self {
        Self::open_with(Workspace { files, ..Workspace::default() })
    }

    pub(crate) fn open_with(workspace: Workspace) -> Self {
        let mut page = Self { session: Session::new(), proof: Proof::default(), view: DatabaseView::default() };
        page.ask(Ask::Open(workspace));
        page
    }

    /// Asks, and keeps what the page would show from then on.
    pub(crate) fn ask(&mut self, ask: Ask) -> Reply {
        let answer = self.session.handle(Request { id: 3, generation: 7, ask });
        assert_eq!((answer.id, answer.generation), (3, 7));
        match &answer.reply {
            Reply::Proved(proof, view) => (self.proof, self.view) = ((**proof).clone(), (**view).clone()),
            Reply::Moved(view) | Reply::Queried(_, view) => self.view = (**view).clone(),
            _ => {}
        }
        answer.reply
    }

    pub(crate) fn make(&mut self, asked: Move) -> &DatabaseView {
        self.ask(Ask::Move(asked));
        &self.view
    }

    pub(crate) fn up(&mut self, target: &str) -> &DatabaseView {
        self.make(Move::Upgrade(target.to_owned()))
    }

    pub(crate) fn down(&mut self, target: &str) -> &DatabaseView {
        self.make(Move::Downgrade(target.to_owned()))
    }

    pub(crate) fn rows(&mut self, rows: Rows) {
        self.ask(Ask::Configure { dialect: None, rows });
    }

    /// The tables as `table(column column)`.
    pub(crate) fn schema(&self) -> String {
        let table = |table: &revproof_messages::Table| {
            let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            format!("{}({})", table.name, columns.join(" "))
        };
        self.view.tables.iter().map(table).collect::<Vec<_>>().join(" ")
    }
}
