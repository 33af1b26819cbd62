//! How long each stage takes on a synthetic chain: `cargo bench -p xtask-core`. The whole process is timed by
//! `cargo xtask bench`.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use revproof_core::alembic::{self, Keep, Reading};
use revproof_core::analyse::{Means, Memory, analyse, analyse_by, schema_states};
use revproof_core::config::{Config, Rows};
use revproof_core::render::{Format, Options, render};
use revproof_core::report::Report;
use revproof_core::source::Sources;

#[path = "../src/synth.rs"]
#[expect(dead_code, reason = "the chain is not written to the disk here")]
mod synth;

const REVISIONS: usize = 200;

fn again(tree: &BTreeMap<String, String>, config: &Config, memory: &mut Memory) -> Report {
    analyse_by(tree, "", config, Means { memory: Some(memory), ..Means::plain(&mut |_| {}) })
}

fn stages(criterion: &mut Criterion) {
    let tree: BTreeMap<String, String> = synth::files(REVISIONS, synth::Style::Plain).into_iter().collect();
    let scripts: Vec<&String> =
        tree.iter().filter(|(path, _)| path.contains("versions/")).map(|(_, text)| text).collect();
    let seeded = Config::default();
    let empty = Config { rows: Rows::None, ..Config::default() };
    let report = analyse(&tree, "", &seeded);
    let mut group = criterion.benchmark_group(format!("{REVISIONS} revisions"));
    group.sample_size(20);
    group.bench_function("bare parse", |b| {
        b.iter(|| scripts.iter().filter(|text| ruff_python_parser::parse_module(text).is_ok()).count());
    });
    group.bench_function("find and load scripts", |b| {
        b.iter(|| {
            let mut sources = Sources::default();
            let projects = alembic::discover(&tree, "");
            projects
                .iter()
                .map(|project| alembic::load(&tree, project, &mut sources, Reading::plain(Keep::Code), None).0.len())
                .sum::<usize>()
        });
    });
    group.bench_function("schemas", |b| b.iter(|| schema_states(&tree, "", &empty, None).len()));
    group.bench_function("analysis without rows", |b| b.iter(|| analyse(&tree, "", black_box(&empty)).summary));
    group.bench_function("analysis with rows", |b| b.iter(|| analyse(&tree, "", black_box(&seeded)).summary));
    group.bench_function("analysis again, nothing edited", |b| {
        let mut memory = Memory::default();
        b.iter(|| again(&tree, &seeded, &mut memory));
    });
    group.bench_function("analysis again, last script edited", |b| {
        let (mut memory, mut edited, mut edit) = (Memory::default(), tree.clone(), 0_u32);
        let last = synth::path(REVISIONS - 1);
        b.iter(|| {
            edit += 1;
            edited.entry(last.clone()).and_modify(|text| *text = format!("{}\n# {edit}\n", text.trim_end()));
            again(&edited, &seeded, &mut memory)
        });
    });
    group.bench_function("render text", |b| b.iter(|| render(&report, Format::Text, Options::default()).len()));
    group.bench_function("render json", |b| b.iter(|| render(&report, Format::Json, Options::default()).len()));
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
