//! What happens where a condition can't be decided. `?` before a line says that it may or may not happen.

use super::{check, run_with};

#[test]
fn both_branches_are_looked_at() {
    check(
        "
        from lib import op, unknown
        def upgrade():
            op.a()
            if unknown:
                op.b()
            elif unknown.other:
                op.c()
            else:
                op.d()
            op.e()
        ",
        "
        a
        ?b
        ??c
        ??d
        e
        ",
    );
}

#[test]
fn variables_that_differ_are_unknown() {
    check(
        "
        from lib import op, unknown
        same, x, t = 1, 1, (1, 2)
        if unknown:
            x, same, t, only = 2, 1, (1, 3), 5
        print(x, same, t, only)
        y = 'a' if unknown else 'b'
        z = 'a' if unknown else 'a'
        print(y, z, unknown or 1, unknown and False, not unknown, unknown == 1)
        ",
        "
        <unknown: the test does not say> 1 tuple[1, <unknown: the test does not say>] <unknown: the test does not say>
        <unknown: the test does not say> a <unknown: the test does not say> False <unknown: the test does not say> <unknown: the test does not say>
        ",
    );
}

#[test]
fn containers_that_differ_have_unknown_items() {
    check(
        "
        from lib import op, unknown
        l, d, s = [1], {'a': 1, 'b': 2}, {1}
        alias = l
        class C: pass
        c = C()
        c.x = 1
        if unknown:
            l.append(2)
            d['a'] = 5
            d['c'] = 1
            s.add(3)
            c.x = 2
            inner = []
            inner.append(1)
        print(alias[0], alias[1], len(l), d.get('b'), d.get('a'), d.get('z'), 1 in l, 7 in l, c.x)
        op.create(*l)
        def f(**kwargs):
            return kwargs
        print(len(f(**d)), len(s), 1 in s)
        for item in l:
            op.each(item)
        print([i for i in l][0], sorted(l), len([x for x in l]), list(d)[0])
        ",
        "
        1 <unknown: the test does not say> <unknown: the test does not say> 2 <unknown: the test does not say> <unknown: the test does not say> True <unknown: the test does not say> <unknown: the test does not say>
        create 1 ...
        <unknown: the test does not say> <unknown: the test does not say> True
        each 1
        ?each <unknown: the test does not say>
        1 [<unknown: the test does not say>] <unknown: the test does not say> a
        ",
    );
}

#[test]
fn a_branch_starts_from_what_was_before_the_condition() {
    check(
        "
        from lib import op, unknown
        n = [0]
        if unknown:
            n[0] = 1
            n.append(5)
        else:
            print(n)
        print(n[0])
        ",
        "
        [0]
        <unknown: the test does not say>
        ",
    );
}

#[test]
fn a_perhaps_taken_return_makes_the_rest_conditional() {
    check(
        "
        from lib import op, unknown
        def helper():
            if unknown:
                return 1
            op.a()
            return 2
        def same():
            if unknown:
                return 1
            return 1
        def upgrade():
            print(helper(), same())
            op.b()
            if not unknown:
                return
            op.c()
        ",
        "
        ?a
        <unknown: the test does not say> 1
        b
        ?c
        ",
    );
}

#[test]
fn a_perhaps_raised_exception_does_not_end_the_run() {
    check(
        "
        from lib import op, unknown
        def upgrade():
            if unknown:
                raise ValueError('perhaps')
            op.a()
        ",
        "
        ?a
        not evaluated: it may end with ValueError: perhaps
        ",
    );
    check(
        "
        from lib import op, unknown
        def upgrade():
            try:
                if unknown:
                    op.fail()
                op.a()
            except Exception as e:
                print(e)
                op.b()
            op.c()
        ",
        "
        ?a
        it failed
        ?b
        c
        ",
    );
}

#[test]
fn loops_over_what_is_not_known_are_looked_at_once() {
    check(
        "
        from lib import op, unknown
        def upgrade():
            rows = []
            for row in unknown:
                op.a(row.x)
                rows.append(row)
                if row:
                    break
                op.b()
            print(len(rows))
            while unknown:
                op.c()
            while True:
                op.d()
                if unknown:
                    break
            for i in range(3):
                if unknown:
                    continue
                op.e(i)
            for i in range(3):
                if i == unknown:
                    break
                op.f(i)
            op.g()
            print([op.h(x) for x in unknown], [x for x in [1, 2] if unknown == x][0])
        ",
        "
        ?a <unknown: the test does not say>
        ??b
        <unknown: the test does not say>
        ?c
        d
        ?d
        ??d
        ?e 0
        ?e 1
        ?e 2
        ?f 0
        ??f 1
        ???f 2
        g
        ?h <unknown: the test does not say>
        [<unknown: the test does not say>] <unknown: the test does not say>
        ",
    );
}

#[test]
fn what_is_not_known_is_told_where_it_may_reach_the_database() {
    check(
        "
        from lib import op, unknown
        import thirdparty
        from otherparty import helper
        import click
        t = thirdparty.Type(1)
        unknown.append(1)
        unknown(1)
        click.echo('x')
        helper.make(op)
        x = helper(1)
        helper(1)
        y = thirdparty.session.execute('x')
        x.start()
        def f():
            op.a()
        if unknown:
            f = op.run
        z = f()
        ",
        "
        not evaluated: `otherparty` is a third-party package
        not evaluated: `otherparty` is a third-party package
        not evaluated: `thirdparty` is a third-party package
        not evaluated: `otherparty` is a third-party package
        not evaluated: the test does not say
        ",
    );
}

#[test]
fn an_unknown_decorator_leaves_the_function_in_doubt() {
    check(
        "
        from lib import op
        from thirdparty import decorate
        @decorate
        def upgrade():
            op.a()
        ",
        "
        a
        not evaluated: `thirdparty` is a third-party package
        ",
    );
    check(
        "
        from lib import op
        from thirdparty import decorate
        class Model:
            @decorate
            def name(self):
                return 1
            @name.setter
            def name(self, value):
                pass
        def upgrade():
            op.a()
        ",
        "
        a
        ",
    );
}

#[test]
fn steps_are_limited_and_the_limit_is_not_caught() {
    let source = "
def upgrade():
    try:
        while True:
            pass
    except BaseException:
        print('caught')
    finally:
        print('finally')
";
    assert_eq!(run_with(source, &[], 10_000), "<step limit>: the step limit was reached\n");
    for hostile in [
        "x = [0]\nwhile True:\n    x = x + x\n",
        "x = 'a'\nwhile True:\n    x = x + x\n",
        "x = 'a' * 10 ** 9\ny = [1] * 10 ** 12\nfor i in range(10 ** 15): pass\n",
        "x = list(range(10 ** 15))\n",
        "x = sum(range(10 ** 9))\n",
        "x = 'a' * 1000\nfor i in range(10): x = x.replace('a', x)\nfor i in range(10 ** 9): pass\n",
        "x = f'{1:1000000000}'\nx = '%*d' % (10 ** 9, 1)\nx = 'a'.zfill(10 ** 12)\nwhile 1: pass\n",
        "d = {}\nfor i in range(10 ** 9): d[i] = i\n",
    ] {
        assert_eq!(run_with(hostile, &[], 300_000), "<step limit>: the step limit was reached\n", "{hostile}");
    }
}

#[test]
fn recursion_is_limited_on_a_small_stack() {
    let run = || {
        for (source, expected) in [
            ("def f(n):\n    return f(n + 1)\nf(0)\n", "RecursionError: maximum recursion depth exceeded\n"),
            (
                "class A:\n    def __getattr__(self, n):\n        return getattr(self, n + 'x')\nA().y\n",
                "RecursionError: maximum recursion depth exceeded\n",
            ),
            (
                "class A:\n    def __str__(self):\n        return f'{self}'\nprint(str(A()))\n",
                "<unknown: what the A object is is not known>\n",
            ),
            ("x = []\nx.append(x)\nprint(x == x, repr(x) if 0 else 1)\n", "True 1\n"),
            ("f = lambda g: g(g)\nf(f)\n", "RecursionError: maximum recursion depth exceeded\n"),
            (
                "def f(): \n    try:\n        f()\n    finally:\n        f()\nf()\n",
                "<step limit>: the step limit was reached\n",
            ),
        ] {
            assert_eq!(run_with(source, &[], 100_000), expected, "{source}");
        }
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).expect("a thread").join().expect("no panic");
}

#[test]
fn a_walk_through_unknown_data_ends() {
    check(
        "
        from lib import op, unknown
        def walk(data):
            op.visit()
            for key, value in data.items():
                if isinstance(value, dict):
                    walk(value)
        walk(unknown)
        print('done')
        ",
        "
        visit
        ??visit
        ????visit
        ??????visit
        done
        ",
    );
}

/// In the browser, where the names of characters are left out, each name stands for a character that is none.
#[test]
fn a_character_that_is_none_makes_its_text_unknown() {
    let unknown = "<unknown: a character is given by its name, and the browser does not know the names of characters>";
    check(
        r"
        print('\U0010FFFF')
        print('a' '\U0010FFFF')
        print(f'a\U0010FFFF')
        print('\N{BULLET}', f'\N{BULLET}')
        ",
        &format!("{unknown}\n{unknown}\n{unknown}\n• •\n"),
    );
}
