use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{python_literal as literal, render_template};
use crate::alembic::{Modules, Project};

fn rendered(template: &str) -> String {
    let tree: BTreeMap<String, String> = BTreeMap::new();
    let project = Project::default();
    let modules = Modules::new(&tree, &project, 0);
    let names = [
        ("message", literal("it's ü")),
        ("up_revision", "'abc'".to_owned()),
        ("down_revision", "('one', 'two')".to_owned()),
        ("branch_labels", "None".to_owned()),
        ("config", "_Config('alembic.ini', 'alembic', {'alembic': {'databases': 'engine1, engine2'}}, {})".to_owned()),
    ];
    let names = names.map(|(name, value)| (name.to_owned(), value));
    match render_template(template, &names, &modules) {
        Ok(text) => text,
        Err(error) => format!("!! {error}"),
    }
}

/// Checks the output of a template. What Mako 1.3 makes of these templates is the same; a test that runs it says so.
#[track_caller]
fn check(template: &str, output: &str) {
    assert_eq!(rendered(template), output, "of {template:?}");
}

#[test]
fn expressions_and_filters() {
    check("\"\"\"${message}\"\"\"", "\"\"\"it's ü\"\"\"");
    check("Revises: ${down_revision | comma,n}\n", "Revises: one, two\n");
    check("${repr(down_revision)} ${repr(branch_labels)}", "('one', 'two') None");
    check("${imports if imports else \"\"}|${upgrades or 'pass'}", "|pass");
    check("${'<a&\"b\\'>' | h} ${'  x ' | trim}|${{'a': '}'}['a']}", "&lt;a&amp;&#34;b&#39;&gt; x|}");
    check("${1 + \\\n 1}${(2 # }\n )}", "22");
    check("${'a' | str.upper, n}", "A");
    check("${ 'a|b' }${[1, 2][{'}': 1}['}']]}", "a|b2");
}

#[test]
fn control_lines() {
    check("a\n% if up_revision == 'abc':\nb\n% elif True:\nc\n% else:\nd\n% endif\ne\n", "a\nb\ne\n");
    check("% for x in [1, 2]:  # two\n  % if x > 1:\n${x}\\\n  % endif\n% endfor\n.\n", "2.\n");
    check("% for x in 'ab':\n${loop.index}${x}${'' if loop.last else ','}\\\n% endfor\n", "0a,1b");
    check("% while False:\n% endwhile\n% try:\n${1/0}\n% except ZeroDivisionError:\nz\n% endtry\n", "z\n");
    check("  %% literal\n## comment\n%%% more\na % b\n", "  % literal\n%% more\na % b\n");
    check("% if True and \\\n   True:\nx\n% endif\n", "x\n");
}

#[test]
fn blocks_and_tags() {
    check("<%!\nimport re\n%>${re.sub('b', 'x', 'abc')}", "axc");
    check("<%\n    n = 1\n    if n:\n        n += 1\n%>\n${n}", "\n2");
    check("${hello('w')}<%def name=\"hello(who, mark='!')\">hi ${who}${mark}</%def>.", "hi w!.");
    check("<%text>${no} % x</%text><%doc> a\n b </%doc><%block name=\"b\">in</%block>", "${no} % xin");
    check("<%def name='f()'>x${message}</%def>${capture(f).upper()}", "XIT'S Ü");
    check("# -*- coding: utf-8 -*-\nx", "x");
    check("a\\\nb\r\nc", "ab\r\nc");
}

#[test]
fn one_function_for_each_database() {
    let template = "<%!\nimport re\n\n%><%\n    names = config.get_main_option(\"databases\")\n%>\n% for name in re.split(r',\\s*', names):\ndef upgrade_${name}():\n    ${context.get(\"%s_upgrades\" % name, \"pass\")}\n\n% endfor\n";
    check(template, "\ndef upgrade_engine1():\n    pass\n\ndef upgrade_engine2():\n    pass\n\n");
}

#[test]
fn refusals_name_the_line() {
    check("a\n${missing}", "!! line 2: NameError: Undefined");
    check("a\nb ${1 +}", "!! line 2: invalid syntax: expected an expression");
    check("% if x:\n", "!! line 1: Unterminated control keyword: 'if'");
    check("% endif\n", "!! line 1: No starting keyword 'if' for 'endif'");
    check("\n\n<%def name=\"f()\">", "!! line 3: Unclosed tag: <%def>");
    check("\n<%include file=\"x\"/>", "!! line 2: `<%include>` is not rendered by revproof");
    check("x ${a", "!! line 1: an expression begins here and does not end: `}` is missing");
    check("\n<% a = 1", "!! line 2: a block of code begins here and does not end: `%>` is missing");
    check("% while True:\n% endwhile\n", "!! line 1: it does not come to an end");
    check(
        "\n<% import os %>${os.environ['X']}",
        "!! line 2: what it writes can't be known: the environment variable X is not declared",
    );
}

proptest! {
    #[test]
    fn no_template_makes_it_panic(parts in prop::collection::vec(prop::sample::select(PARTS), 0..24)) {
        rendered(&parts.concat());
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}") {
        rendered(&text);
    }

    #[test]
    fn text_without_marks_stays_as_it_is(text in "[a-z \n.=é'\"]{0,60}") {
        prop_assert_eq!(rendered(&text), text);
    }
}

const PARTS: &[&str] = &[
    "${",
    "}",
    "|",
    "n",
    "%",
    "%%",
    "\n",
    "% if x:\n",
    "% endif\n",
    "% for a in [1]:\n",
    "% endfor\n",
    "% else:\n",
    "<%",
    "%>",
    "<%!",
    "<%def name=\"f()\">",
    "</%def>",
    "<%text>",
    "</%text>",
    "<%doc>",
    "</%doc>",
    "\\\n",
    "\r",
    "\"",
    "'",
    "'''",
    "#",
    "##",
    "message",
    "(",
    ")",
    "[",
    "{",
    " ",
    "\t",
    "é",
    "loop",
    "x = 1",
    "<%block>",
    "</%block>",
    "</%",
];
