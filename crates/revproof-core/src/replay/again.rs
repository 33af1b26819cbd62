//! [`replay`]: all revisions of a chain, one after the other, taking over what still holds of an earlier replay.

use std::iter::Peekable;
use std::sync::Arc;

use super::memory::{Ground, Memory, Passed, Remembered, Standing};
use super::merge;
use super::trace::{RevisionTrace, RunStatus, Trace, Verdict};
use super::verdict;
use super::walk::{Subject, Walk};
use crate::alembic::{ReadOnce, Script};
use crate::config::Rows;
use crate::history::RevisionId;
use crate::python::Module;

/// Replays a chain: each revision up, down and up again, on rows. Calls `progress` with the number of revisions done.
pub fn replay(subject: &Subject<'_>, progress: &mut dyn FnMut(usize)) -> Trace {
    replay_again(subject, None, progress)
}

/// [`replay`] that takes over what still holds of the last replay of the chain, and remembers itself for the next one.
/// What is seen is the same.
pub fn replay_again(subject: &Subject<'_>, memory: Option<&mut Memory>, progress: &mut dyn FnMut(usize)) -> Trace {
    let mut walk = Walk::new(*subject);
    let baseline = walk.close_over_baseline();
    let ground = memory.as_ref().map(|_| Ground::of(subject, &walk.open_world.borrow()));
    let (mut memory, mut last) = (memory, None);
    if let (Some(memory), Some(ground)) = (memory.as_deref_mut(), &ground) {
        let holds = |last: &Remembered| last.ground == *ground && subject.modules.still_answers(&last.answers);
        last = memory.last.take().filter(holds);
    }
    let (start, baseline_missing) = match &last {
        Some(last) => (last.start.clone(), last.baseline_missing.clone()),
        None => walk.start(baseline),
    };
    let order = subject.history.application_order();
    let again = Again { last: last.as_ref(), order: &order, keeps: memory.is_some() };
    let (passed, kept, mut trace) = again.pass_all(&walk, &start, progress);
    trace.baseline_missing.clone_from(&baseline_missing);
    let modules_at_merges = subject.modules.names();
    let (checks, merges) = merge::check_all(&walk, &trace, |tried| {
        let last = last.as_ref().filter(|last| last.modules_at_merges == modules_at_merges)?;
        last.merges.iter().find(|known| known.is_known(tried, |place| kept.get(place) == Some(&true)))
    });
    trace.merges = checks;
    if let (Some(memory), Some(ground)) = (memory, ground) {
        memory.kept = kept.iter().take_while(|kept| **kept).count();
        memory.taken_over = kept.iter().filter(|kept| **kept).count();
        let answers = subject.modules.answers();
        let bare = walk.bare_states.take();
        let remembered =
            Remembered { ground, answers, start, baseline_missing, passed, bare, merges, modules_at_merges };
        // What all scripts make has decided over the first of them, so that an edit of any may change what comes of it.
        memory.last = Some(remembered).filter(|_| !walk.asked_to_open.get());
    }
    trace
}

/// Scripts parsed again before it is their turn.
type Ahead = Peekable<Box<dyn Iterator<Item = Module>>>;

/// A replay that may take over some of the last one.
struct Again<'a> {
    last: Option<&'a Remembered>,
    order: &'a [RevisionId],
    /// Whether it will be remembered itself.
    keeps: bool,
}

impl Again<'_> {
    /// Replays all revisions; also tells of each whether it was taken over.
    fn pass_all(
        &self,
        walk: &Walk<'_>,
        start: &Standing,
        progress: &mut dyn FnMut(usize),
    ) -> (Vec<Passed>, Vec<bool>, Trace) {
        let modules = walk.subject.modules;
        let mut trace = Trace { revisions: Vec::with_capacity(self.order.len()), ..Trace::default() };
        let (mut passed, mut kept) = (Vec::new(), Vec::with_capacity(self.order.len()));
        let mut now = start.clone();
        // Whether the last replay stood here where this one stands, and whether the walk has been told so.
        let (mut stands_as_then, mut is_told) = (self.last.is_some(), self.last.is_none());
        let mut ahead = self.parsed_ahead(walk);
        for (place, revision) in self.order.iter().copied().enumerate() {
            let script = walk.subject.scripts.get(revision.0 as usize);
            if let (Some(script), Some(ahead)) = (script, &mut ahead)
                && let Some(code) = ahead.next_if(|code| code.file() == script.file)
            {
                script.take_back(code);
            }
            let read = script.map(|script| script.read.clone()).unwrap_or_default();
            let then = self.last.filter(|_| stands_as_then).and_then(|last| last.passed.get(place));
            let then = then.filter(|then| then.script.is(&read));
            kept.push(then.is_some());
            let one = if let Some(then) = then {
                is_told = false;
                then.numbered(revision, self.failed(&now))
            } else {
                if let Some(last) = self.last.filter(|_| !is_told) {
                    modules.resume(&last.answers, now.mark);
                    walk.resume_bare(&now.bare, &last.bare);
                    is_told = true;
                }
                let one = self.pass(walk, place, revision, read, &now);
                stands_as_then &= self.last.is_some_and(|last| last.goes_on_from(walk, place, &now, &one.after));
                one
            };
            now = one.after.clone();
            trace.revisions.push(one.seen.clone());
            trace.unseeded.extend(one.unseeded.iter().cloned());
            if self.keeps {
                passed.push(one);
            }
            progress(trace.revisions.len());
        }
        if let Some(last) = self.last.filter(|_| !is_told) {
            modules.resume(&last.answers, now.mark);
            walk.resume_bare(&now.bare, &last.bare);
        }
        trace.unused_rows = now.user_rows.remaining();
        (passed, kept, trace)
    }

    /// The code that was let go of, in the order in which it is needed. What is taken over needs none.
    fn parsed_ahead(&self, walk: &Walk<'_>) -> Option<Ahead> {
        if self.last.is_some() {
            return None;
        }
        let scripts = self.order.iter().filter_map(|revision| walk.subject.scripts.get(revision.0 as usize));
        walk.subject.parser.ahead(scripts.filter_map(Script::without_code).collect()).map(Iterator::peekable)
    }

    /// Replays one revision.
    fn pass(&self, walk: &Walk<'_>, place: usize, revision: RevisionId, script: ReadOnce, now: &Standing) -> Passed {
        let rows = walk.subject.rows;
        let mut seen = walk.revision(revision, now.db.clone());
        seen.rests_on_failed = self.failed(now);
        verdict::judge(&mut seen);
        keep_less(&mut seen);
        walk.let_go_of_code(revision);
        let fails = seen.upgrade.status == RunStatus::Failed;
        let failed = now.failed.or_else(|| fails.then_some(place));
        let beyond = walk.beyond(revision, &seen.before, &seen.upgrade);
        let mut db = beyond.or_else(|| seen.upgrade.after.clone()).unwrap_or_else(|| seen.before.clone());
        let mut user_rows = now.user_rows.clone();
        let mut unseeded = Vec::new();
        match rows {
            Rows::Seeded => unseeded = Arc::make_mut(&mut db).seed(Some(&seen.before)),
            Rows::File { .. } => Arc::make_mut(&mut user_rows).insert(Arc::make_mut(&mut db)),
            Rows::None => {}
        }
        let bare = walk.bare.borrow().clone();
        let after = Standing { db, bare, failed, user_rows, mark: walk.subject.modules.mark() };
        Passed { script, seen: Arc::new(seen), unseeded, after }
    }

    fn failed(&self, now: &Standing) -> Option<RevisionId> {
        self.order.get(now.failed?).copied()
    }
}

/// Lets go of what a judged revision has twice, or a long history would hold three times what it needs. One that comes
/// back to where it was, and again to where it came to, has been through equal states twice: one copy of each serves.
fn keep_less(seen: &mut RevisionTrace) {
    seen.again.steps = Vec::new();
    if seen.verdict != Verdict::Reversible {
        return;
    }
    seen.downgrade.after = Some(seen.before.clone());
    seen.again.after.clone_from(&seen.upgrade.after);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::replay;
    use crate::config::Config;
    use crate::directory;
    use crate::python::{InTurn, Module, Parsed, Parser, parse_again};
    use crate::replay::Subject;
    use crate::schema::QName;
    use crate::source::SourceFile;

    struct Early;

    impl Parser for Early {
        fn parse(&self, files: Vec<SourceFile>, hand_on: &mut dyn FnMut(Parsed)) {
            InTurn.parse(files, hand_on);
        }

        fn ahead(&self, files: Vec<SourceFile>) -> Option<Box<dyn Iterator<Item = Module>>> {
            Some(Box::new(files.into_iter().map(|file| parse_again(&file))))
        }
    }

    #[test]
    fn code_that_is_parsed_ahead_goes_to_its_own_script() {
        // Files in another order than revisions.
        let chain = [("c", "one", "None"), ("d", "two", "'one'"), ("a", "three", "'two'"), ("b", "four", "'three'")];
        let script = |(file, id, down): (&str, &str, &str)| {
            let text = format!(
                "from alembic import op\nimport sqlalchemy as sa\nrevision = '{id}'\ndown_revision = {down}\n\
                 def upgrade():\n    op.create_table('{id}', sa.Column('id', sa.Integer(), primary_key=True))\n\
                 def downgrade():\n    op.drop_table('{id}')\n"
            );
            (format!("versions/{file}.py"), text)
        };
        let tree: BTreeMap<String, String> = chain.into_iter().map(script).collect();
        let config = Config::default();
        let (directories, sources) = directory::read(&tree, "", &config);
        let read = directories.first().unwrap();
        // One of them still has its code when its turn comes.
        for script in read.scripts.iter().filter(|script| *script.revision != *"three") {
            script.let_go_of_code();
        }
        let trace = replay(&Subject { parser: &Early, ..Subject::new(read, &sources, &config) }, &mut |_| {});
        let made = |id: &str| {
            let table = QName::new(id);
            trace.revisions.iter().any(|seen| {
                let after = seen.upgrade.after.as_ref().unwrap();
                let is_new = !seen.before.catalog.tables.contains_key(&table);
                *read.history.name(seen.revision) == *id && is_new && after.catalog.tables.contains_key(&table)
            })
        };
        assert_eq!(["one", "two", "three", "four"].map(made), [true; 4]);
    }
}
