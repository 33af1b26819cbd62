//! What the language does where all is known.

use super::check;

#[test]
fn values_print_as_python_prints_them() {
    check(
        r#"
        print(1, 2.0, "a", b"b\n", None, True, [1, 'x'], (1,), {'a': 1}, {1}, 1e20, 1.5e-7, -0.0)
        print(repr("it's"), repr('a"b'), repr('\t'))
        "#,
        r#"
        1 2.0 a b'b\n' None True [1, 'x'] (1,) {'a': 1} {1} 1e+20 1.5e-07 -0.0
        "it's" 'a"b' '\t'
        "#,
    );
}

#[test]
fn functions_take_arguments_as_python_says() {
    check(
        "
        def f(a, b=2, *args, c, d=4, **kwargs):
            return (a, b, args, c, d, kwargs)
        print(f(1, c=3))
        print(f(1, 5, 6, 7, c=3, e=8))
        g = lambda x, y=1: x + y
        print(g(1), g(*[1, 2]), g(**{'x': 5}))
        def outer():
            n = 0
            def inner():
                nonlocal n
                n += 1
                return n
            inner()
            return inner()
        print(outer())
        ",
        "
        (1, 2, (), 3, 4, {})
        (1, 5, (6, 7), 3, 4, {'e': 8})
        2 3 6
        2
        ",
    );
}

#[test]
fn loops_break_continue_and_else() {
    check(
        "
        for i in range(10):
            if i == 2:
                continue
            if i == 4:
                break
            print(i)
        else:
            print('no')
        for i in []:
            pass
        else:
            print('else')
        n = 0
        while n < 3:
            n += 1
        else:
            print('done', n)
        a, (b, *c), d = 1, [2, 3, 4], 5
        print(a, b, c, d)
        x = y = [1]
        x += [2]
        print(y, x is y)
        print([i * j for i in range(3) for j in range(2) if i != j], {k: v for k, v in zip('ab', (1, 2))})
        if (z := 5) > 3:
            print(z)
        ",
        "
        0
        1
        3
        else
        done 3
        1 2 [3, 4] 5
        [1, 2] True
        [0, 0, 0, 2] {'a': 1, 'b': 2}
        5
        ",
    );
}

#[test]
fn exceptions_are_caught_by_their_class() {
    check(
        "
        class Own(ValueError):
            pass
        try:
            raise Own('x', 1)
        except KeyError:
            print('no')
        except (TypeError, ValueError) as e:
            print(type(e).__name__, e.args, str(e), repr(e))
        else:
            print('no')
        finally:
            print('finally')
        try:
            {}['k']
        except KeyError as e:
            print(e, e.args)
        try:
            try:
                1 / 0
            except ZeroDivisionError as e:
                raise RuntimeError('outer') from e
        except RuntimeError as e:
            print(e, repr(e.__cause__))
        def f():
            try:
                return 'try'
            finally:
                print('cleanup')
        print(f())
        print(issubclass(Own, Exception), isinstance(Own(), ValueError))
        raise NotImplementedError('never')
        ",
        "
        Own ('x', 1) ('x', 1) Own('x', 1)
        finally
        'k' ('k',)
        outer ZeroDivisionError('division by zero')
        cleanup
        try
        True True
        NotImplementedError: never
        ",
    );
}

#[test]
fn classes_inherit_and_bind() {
    check(
        "
        class Base:
            kind = 'base'
            def __init__(self, x):
                self.x = x
            def show(self):
                return f'{self.kind}:{self.x}'
            @property
            def double(self):
                return self.x * 2
            @double.setter
            def double(self, value):
                self.x = value // 2
            @classmethod
            def make(cls, x):
                return cls(x)
            @staticmethod
            def plain(x):
                return x
            def __eq__(self, other):
                return self.x == other.x
            def __str__(self):
                return 'str ' + self.show()
        class Derived(Base):
            kind = 'derived'
            def __init__(self, x):
                super().__init__(x + 1)
            def show(self):
                return '<' + super().show() + '>'
        d = Derived.make(1)
        print(d.show(), d.double, d, Base.plain(3), Base(2) == d, isinstance(d, Base), type(d).__name__)
        d.double = 20
        print(d.x, getattr(d, 'nope', 'default'), hasattr(d, 'x'))
        class Box:
            def __init__(self): self.items = {}
            def __getitem__(self, k): return self.items[k]
            def __setitem__(self, k, v): self.items[k] = v
            def __len__(self): return len(self.items)
            def __iter__(self): return iter(self.items)
            def __contains__(self, k): return k in self.items
            def __call__(self, n): return n + 1
            def __enter__(self): print('enter'); return self
            def __exit__(self, *exc): print('exit', exc[0]); return True
        b = Box()
        b['a'] = 1
        print(b['a'], len(b), list(b), 'a' in b, b(1), bool(Box()))
        with b as c:
            print(c is b)
            raise ValueError('swallowed')
        ",
        "
        <derived:2> 4 str <derived:2> 3 True True Derived
        10 default True
        1 1 ['a'] True 2 False
        enter
        True
        exit <class 'ValueError'>
        ",
    );
}

#[test]
fn generators_are_collected() {
    check(
        "
        def gen(n):
            for i in range(n):
                yield i
            yield from 'ab'
        print(list(gen(2)), sum(gen(0), 1) if False else 'x')
        g = gen(1)
        print(next(g), next(g), next(g), next(g, 'end'))
        print(sorted((x for x in [3, 1, 2]), reverse=True), any(x > 2 for x in [1, 3]))
        ",
        "
        [0, 1, 'a', 'b'] x
        0 a b end
        [3, 2, 1] True
        ",
    );
}

#[test]
fn match_looks_at_shapes() {
    check(
        "
        def f(x):
            match x:
                case 1 | 2:
                    return 'small'
                case [a, *rest]:
                    return (a, rest)
                case {'k': v}:
                    return v
                case str(s) if s:
                    return s
                case None:
                    return 'none'
                case _:
                    return 'other'
        print(f(2), f([1, 2, 3]), f({'k': 5}), f('s'), f(''), f(None))
        ",
        "small (1, [2, 3]) 5 s other none",
    );
}

#[test]
fn texts_are_formatted() {
    check(
        r#"
        x, name = 3.14159, 'n'
        print(f'{x:.2f}|{name!r:>5}|{42:05d}|{1234567:,}|{255:#x}|{x=:.1f}|{name:^5}|{"a" "b"}|{{}}|{5:+}|{0.5:%}')
        print('%s %r %5d|%-5s|%05.1f %% %x' % ('a', 'b', 3, 'c', 2.25, 255), '%(k)s' % {'k': 1})
        print('%.2d|%05.3d|%-6.2d|%6.3d|%.3x|%+.2d|%03d|%06.2d' % (3, -7, 5, 12, 255, 4, 7, -1))
        print('{0} {1} {name:>4} {2[a]}'.format(1, 'x', {'a': 9}, name='n'), '{}-{}'.format(1, 2))
        print('a,b,,c'.split(','), ' a  b '.split(), 'a-b-c'.rsplit('-', 1), 'x'.join('abc'), 'ab'.zfill(5))
        print('abcabc'.replace('b', 'X', 1), 'abc'.find('c'), 'abc'[::-1], 'abc'[-2:], 'key=val'.partition('='))
        print('a\nb\r\nc'.splitlines(), 'Hello World'.swapcase(), 'hello world'.title())
        "#,
        "
        3.14|  'n'|00042|1,234,567|0xff|x=3.1|  n  |ab|{}|+5|50.000000%
        a 'b'     3|c    |002.2 % ff 1
        03|-0007|05    |   012|0ff|+04|007|-00001
        1 x    n 9 1-2
        ['a', 'b', '', 'c'] ['a', 'b'] ['a-b', 'c'] axbxc 000ab
        aXcabc 2 cba bc ('key', '=', 'val')
        ['a', 'b', 'c'] hELLO wORLD Hello World
        ",
    );
}
