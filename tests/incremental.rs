//! A proof that takes over what still holds of the last one says the same as a proof from nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::test_runner::Config as Runs;
use revproof_core::analyse::{Means, Memory, analyse, analyse_by};
use revproof_core::config::{Config, Rows};
use revproof_core::render::{Detail, Format, Options, render};
use revproof_core::report::Report;
use revproof_core::schema::Dialect;

type Files = BTreeMap<String, String>;

fn again(files: &Files, config: &Config, memory: &mut Memory) -> Report {
    analyse_by(files, "", config, Means { memory: Some(memory), ..Means::plain(&mut |_| {}) })
}

/// Everything that any face shows of a report.
fn all_of(report: &Report) -> String {
    let mut all = serde_json::to_string_pretty(report).unwrap();
    for format in [Format::Text, Format::Concise, Format::Json, Format::Markdown, Format::Github] {
        all += &render(report, format, Options { detail: Detail::Verbose, statistics: true, ..Options::default() });
    }
    for file in report.sources.iter().chain(report.sources.attached()) {
        writeln!(all, "{}\n{}", file.path, file.text).unwrap();
    }
    all
}

#[track_caller]
fn same(files: &Files, config: &Config, memory: &mut Memory, what: &str) {
    let (again, anew) = (all_of(&again(files, config, memory)), all_of(&analyse(files, "", config)));
    if again != anew {
        let differs = again.lines().zip(anew.lines()).find(|(again, anew)| again != anew);
        panic!("after {what}:\n{differs:#?}\nfiles: {files:#?}\nconfig: {config:?}");
    }
}

/// A few numbers that a script or an edit is made of.
type Dice = [u8; 4];

/// What an upgrade or a downgrade may do.
fn body(dice: Dice) -> String {
    let [what, table, other, value] = dice;
    let (t, u, v) = (table % 3, other % 3, value % 4);
    let lines = match what % 24 {
        0 | 1 => format!(
            "op.create_table('t{t}', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('c{v}', sa.String(20)))"
        ),
        2 => format!(
            "op.create_table('t{t}', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('other', sa.Integer(), \
             sa.ForeignKey('t{u}.id')))"
        ),
        3 => format!("op.drop_table('t{t}')"),
        4 | 5 => format!("op.add_column('t{t}', sa.Column('c{v}', sa.Integer(), nullable=True))"),
        6 => format!("op.add_column('t{t}', sa.Column('c{v}', sa.Integer(), nullable=False))"),
        7 | 8 => format!("op.drop_column('t{t}', 'c{v}')"),
        9 => format!("op.alter_column('t{t}', 'c{v}', new_column_name='c{}')", other % 4),
        10 => format!("op.alter_column('t{t}', 'c{v}', existing_type=sa.String(20), nullable=False)"),
        11 => format!("op.create_unique_constraint('uq_{t}', 't{t}', ['c{v}'])"),
        12 => format!("op.create_index('ix_{t}_{v}', 't{t}', ['c{v}'])\n    op.drop_index('ix_{u}_{v}')"),
        13 => format!("op.execute(\"INSERT INTO t{t} (id, c{v}) VALUES ({other}, '{value}')\")"),
        14 => format!("op.execute(\"UPDATE t{t} SET c{v} = '{other}'\")"),
        15 => format!("op.execute(\"DELETE FROM t{t}\")  # revproof: ignore[truncate-or-delete-all] as agreed"),
        16 => format!(
            "op.bulk_insert(sa.table('t{t}', sa.column('c{v}')), [{{'c{v}': str(uuid.uuid4())[:{}]}}])",
            other % 9 + 1
        ),
        17 => "raise NotImplementedError('no way back')".to_owned(),
        18 => format!("from helpers import make\n    make(op, 't{t}', 'c{v}')"),
        19 => format!("import late\n    op.rename_table('t{t}', late.NAME)"),
        20 => format!(
            "if op.get_bind().execute(sa.text('SELECT count(*) FROM t{t}')).scalar() > {v}:\n        op.drop_table('t{u}')"
        ),
        21 => "op.execute(os.environ['SQL'])".to_owned(),
        22 => format!("op.rename_table('t{t}', 't{u}')"),
        _ => "pass".to_owned(),
    };
    format!("    {lines}\n")
}

/// A revision script.
#[derive(Debug, Clone)]
struct Script {
    down: Vec<usize>,
    depends_on: Option<usize>,
    upgrade: Vec<Dice>,
    downgrade: Option<Dice>,
    comment: u8,
    broken: bool,
    from_helper: bool,
}

impl Script {
    fn text(&self, number: usize, databases: &[&str]) -> String {
        let down: Vec<String> = self.down.iter().map(|down| format!("'r{down}'")).collect();
        let down = if down.is_empty() { "None".to_owned() } else { format!("({},)", down.join(", ")) };
        let depends = self.depends_on.map_or("None".to_owned(), |on| format!("'r{on}'"));
        let mut text = format!(
            "\"\"\"step {number}\n\nRevises: r{}\n\"\"\"\nimport os\nimport uuid\nfrom alembic import op\nimport sqlalchemy as sa\n\n\
             revision = 'r{number}'\ndown_revision = {down}\ndepends_on = {depends}\n# {}\n",
            self.comment, self.comment
        );
        if self.from_helper {
            text += "from helpers import LABEL as branch_labels\n";
        }
        if databases.is_empty() {
            self.functions(&mut text, "", 0);
        } else {
            for direction in ["upgrade", "downgrade"] {
                write!(text, "\ndef {direction}(name):\n    globals()['{direction}_' + name]()\n\n").unwrap();
            }
        }
        for (at, name) in databases.iter().enumerate() {
            self.functions(&mut text, &format!("_{name}"), at);
        }
        if self.broken {
            text += "def half(:\n";
        }
        text
    }
}

impl Script {
    /// Its functions, for one database or the only one: each does something else.
    fn functions(&self, text: &mut String, database: &str, at: usize) {
        let turned = |mut dice: Dice| {
            dice.rotate_left(at % 4);
            dice
        };
        let upgrade: String = self.upgrade.iter().copied().map(turned).map(body).collect();
        write!(text, "\ndef upgrade{database}():\n    pass\n{upgrade}\n").unwrap();
        if let Some(downgrade) = self.downgrade {
            write!(text, "\ndef downgrade{database}():\n{}\n", body(turned(downgrade))).unwrap();
        }
    }
}

/// A project that is being worked on.
#[derive(Debug, Clone)]
struct Project {
    scripts: BTreeMap<usize, Script>,
    helpers: Option<u8>,
    late: Option<u8>,
    url: Option<&'static str>,
    /// How many databases it has, where it has several.
    databases: usize,
    config: Config,
}

impl Project {
    fn files(&self) -> Files {
        let mut files = Files::new();
        let url = self.url.map(|url| format!("sqlalchemy.url = {url}\n")).unwrap_or_default();
        let names = ["one", "two", "three"].get(..self.databases).unwrap_or_default();
        let listed = if names.is_empty() { String::new() } else { format!("databases = {}\n", names.join(", ")) };
        let sections: Vec<String> = names.iter().map(|name| format!("[{name}]\n{url}")).collect();
        let sections = sections.concat();
        let ini = format!("[alembic]\nscript_location = migrations\n{url}{listed}{sections}");
        files.insert("alembic.ini".to_owned(), ini);
        files.insert("migrations/env.py".to_owned(), "from alembic import context\n".to_owned());
        for (number, script) in &self.scripts {
            // Scattered over the alphabet, as Alembic's names are.
            let name = format!("migrations/versions/{:02x}_{number}.py", number * 37 % 256);
            files.insert(name, script.text(*number, names));
        }
        if let Some(helpers) = self.helpers {
            let text = format!(
                "LABEL = 'l{}'\n\ndef make(op, table, column):\n    op.execute(f'UPDATE {{table}} SET {{column}} = {helpers}')\n",
                helpers % 2
            );
            files.insert("helpers.py".to_owned(), text);
        }
        if let Some(late) = self.late {
            files.insert("late.py".to_owned(), format!("NAME = 't{}'\n", late % 4));
        }
        files
    }

    /// Edits something, and says what.
    fn edit(&mut self, [what, which, value, more]: Dice) -> String {
        let numbers: Vec<usize> = self.scripts.keys().copied().collect();
        let next = numbers.last().map_or(0, |last| last + 1);
        let number = numbers.get(which as usize % numbers.len().max(1)).copied().unwrap_or_default();
        let last = numbers.last().copied();
        let script = self.scripts.get_mut(&number);
        match (what % 22, script) {
            (0..=3, Some(script)) => script.upgrade = vec![[value, more, which, what], [more, what, value, which]],
            (4..=6, Some(script)) => script.downgrade = (value % 5 > 0).then_some([value, more, which, what]),
            (7 | 8, Some(script)) => script.comment = value,
            (9, Some(script)) => script.down = vec![value as usize % (next + 1)],
            (10, Some(script)) => script.down = vec![value as usize % (next + 1), more as usize % (next + 1)],
            (11, Some(script)) => script.depends_on = (more % 2 == 0).then_some(value as usize % (next + 1)),
            (12, Some(script)) => script.broken = !script.broken,
            (13, Some(script)) => script.from_helper = !script.from_helper,
            (14, Some(_)) => _ = self.scripts.remove(&number),
            (15, _) => self.helpers = (value % 4 > 0).then_some(value),
            (16, _) => self.late = (value % 3 > 0).then_some(value),
            (17, _) => {
                let urls = [None, Some("postgresql://h/d"), Some("sqlite:///d.db"), Some("mysql://h/d")];
                self.url = urls[value as usize % 4];
            }
            (18, _) => match value % 4 {
                0 => self.config.rows = [Rows::Seeded, Rows::None][more as usize % 2].clone(),
                1 => self.config.ignore = vec![["RP3", "RP2", "RP4"][more as usize % 3].to_owned()],
                2 => self.config.baseline = (more % 2 == 0).then(|| "CREATE TABLE t9 (id int);".into()),
                _ => {
                    let sql = format!("INSERT INTO t{} (id) VALUES (1);", more % 4).into();
                    self.config.rows = Rows::File { path: "rows.sql".to_owned(), sql };
                }
            },
            (19, _) => self.databases = [0, 2, 3][value as usize % 3],
            _ => {
                let down = last.into_iter().collect();
                self.scripts.insert(next, script_of(down, [value, more, which, what]));
            }
        }
        format!("edit {what} {which} {value} {more}")
    }
}

fn script_of(down: Vec<usize>, dice: Dice) -> Script {
    let [a, b, c, d] = dice;
    let upgrade = vec![dice, [b, c, d, a]];
    let downgrade = (a % 7 > 0).then_some([c, d, a, b]);
    Script { down, depends_on: None, upgrade, downgrade, comment: d, broken: false, from_helper: a % 11 == 0 }
}

fn project(dice: &[Dice]) -> Project {
    let script = |(number, dice): (usize, &Dice)| {
        // Most revisions follow the last one; some fork, some merge.
        let down = match (number, dice[3] % 8) {
            (0, _) => Vec::new(),
            (_, 0) => vec![dice[2] as usize % number],
            (_, 1) => vec![number - 1, dice[2] as usize % number],
            _ => vec![number - 1],
        };
        (number, script_of(down, *dice))
    };
    let scripts = dice.iter().enumerate().map(script).collect();
    let config =
        Config { dialect: Some(Dialect::PostgreSql).filter(|_| dice.len().is_multiple_of(2)), ..Config::default() };
    Project {
        scripts,
        helpers: Some(1),
        late: None,
        url: None,
        databases: if dice.len().is_multiple_of(3) { 2 } else { 0 },
        config,
    }
}

/// `PROPTEST_CASES=5000` tries more.
fn runs() -> Runs {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(64);
    Runs { cases, failure_persistence: None, ..Runs::default() }
}

proptest! {
    #![proptest_config(runs())]

    #[test]
    fn edits_in_any_order_give_the_report_of_a_proof_from_nothing(
        scripts in prop::collection::vec(any::<Dice>(), 1..9),
        edits in prop::collection::vec(any::<Dice>(), 1..9),
    ) {
        let mut project = project(&scripts);
        let mut memory = Memory::default();
        same(&project.files(), &project.config, &mut memory, "nothing");
        for dice in edits {
            let what = project.edit(dice);
            same(&project.files(), &project.config, &mut memory, &what);
        }
    }
}

/// A chain in which each revision but the first adds a row.
fn rows(count: usize) -> Project {
    let mut project = Project { databases: 0, ..project(&[]) };
    for number in 0..count {
        let down = number.checked_sub(1).into_iter().collect();
        let script = if number == 0 { [0, 0, 0, 0] } else { [13, 0, number as u8, 0] };
        let mut script = script_of(down, script);
        script.upgrade.truncate(1);
        (script.downgrade, script.from_helper) = (Some([23, 0, 0, 0]), false);
        project.scripts.insert(number, script);
    }
    project
}

/// Proves a chain of ten, edits it, and proves it again: so many revisions are taken over.
#[track_caller]
fn check(edit: impl FnOnce(&mut Project), taken_over: usize) {
    check_after(|_| {}, edit, taken_over);
}

/// The same, with something done to the chain before it is proved for the first time.
#[track_caller]
fn check_after(make: impl FnOnce(&mut Project), edit: impl FnOnce(&mut Project), taken_over: usize) {
    let mut project = rows(10);
    make(&mut project);
    let mut memory = Memory::default();
    same(&project.files(), &project.config, &mut memory, "nothing");
    edit(&mut project);
    same(&project.files(), &project.config, &mut memory, "the edit");
    assert_eq!(memory.taken_over(), taken_over);
}

#[test]
fn what_is_not_edited_is_not_proved_again() {
    check(|_| {}, 10);
    check(|project| project.config.fail_on = revproof_core::config::FailOn::Never, 0);
    check(|project| project.url = Some("sqlite:///d.db"), 0);
    // The last revision, a new one behind it, one that is gone.
    check(|project| project.scripts.get_mut(&9).unwrap().upgrade = vec![[23, 0, 0, 0]], 9);
    check(|project| _ = project.scripts.insert(10, script_of(vec![9], [23, 0, 0, 0])), 10);
    check(|project| _ = project.scripts.remove(&9), 9);
    // A comment in the middle leaves behind what was left behind before; another row does not.
    check(|project| project.scripts.get_mut(&4).unwrap().comment = 200, 9);
    check(|project| project.scripts.get_mut(&4).unwrap().upgrade = vec![[13, 0, 99, 0]], 4);
    // Each database is proved by itself, and what is done to one may leave the other as it was.
    let both = |project: &mut Project| project.databases = 2;
    check_after(both, |_| {}, 20);
    check_after(both, |project| project.scripts.get_mut(&9).unwrap().upgrade = vec![[23, 0, 0, 0]], 18);
    check_after(both, |project| project.databases = 3, 0);
    // No script asks for these modules.
    check(|project| project.helpers = Some(7), 10);
    check(|project| project.late = Some(7), 10);
}

#[test]
fn a_module_that_scripts_import_is_part_of_them() {
    let with_helper = |project: &mut Project| {
        project.scripts.get_mut(&4).unwrap().upgrade = vec![[18, 0, 0, 0]];
        project.scripts.get_mut(&6).unwrap().upgrade = vec![[19, 0, 0, 0]];
    };
    for edit in
        [|p: &mut Project| p.helpers = Some(9), |p: &mut Project| p.late = Some(3), |p: &mut Project| p.helpers = None]
    {
        let mut project = rows(10);
        with_helper(&mut project);
        let mut memory = Memory::default();
        same(&project.files(), &project.config, &mut memory, "nothing");
        edit(&mut project);
        same(&project.files(), &project.config, &mut memory, "the edit");
        assert_eq!(memory.taken_over(), 0);
    }
}
