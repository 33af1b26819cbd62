//! [`Code`]: the syntax tree of a script, for as long as it is wanted.

use std::cell::RefCell;
use std::sync::Arc;

use crate::python::{Module, parse_again};
use crate::source::{FileId, SourceFile};

/// The code of a script. The trees of a long history would be the most that a run holds, and each is wanted only while
/// its own revision is replayed: it can be let go of, and is parsed once more if it is asked for after that.
#[derive(Debug, Clone)]
pub(super) struct Code {
    file: FileId,
    text: Arc<str>,
    parsed: RefCell<Option<Module>>,
}

impl Code {
    pub(super) fn new(file: FileId, text: Arc<str>, parsed: Module) -> Self {
        Self { file, text, parsed: RefCell::new(Some(parsed)) }
    }

    pub(super) fn text(&self) -> &Arc<str> {
        &self.text
    }

    pub(super) fn module(&self) -> Module {
        self.parsed.borrow_mut().get_or_insert_with(|| self.parse()).clone()
    }

    pub(super) fn let_go(&self) {
        self.parsed.take();
    }

    /// The file to be parsed once more; `None` where there is the tree.
    pub(super) fn to_parse(&self) -> Option<SourceFile> {
        self.parsed.borrow().is_none().then(|| self.source())
    }

    pub(super) fn put(&self, parsed: Module) {
        self.parsed.replace(Some(parsed));
    }

    fn parse(&self) -> Module {
        parse_again(&self.source())
    }

    fn source(&self) -> SourceFile {
        SourceFile::new(self.file, Arc::from(""), self.text.clone())
    }
}
