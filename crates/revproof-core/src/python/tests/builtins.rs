//! Builtin functions, types and their methods, as Python 3.11 has them.

use super::check;

#[test]
fn iteration() {
    check(
        "
        print(list(range(5)), list(range(5, 0, -2)), range(3), len(range(0, 10, 3)), 4 in range(0, 10, 2), list(enumerate('ab', 1)), list(zip([1, 2], 'ab')), list(map(str, [1, 2])), list(filter(None, [0, 1, 2])))
        print(sorted([3, 1, 2]), sorted('bca', reverse=True), sorted([(1, 'b'), (1, 'a')]), sorted(['B', 'a'], key=str.lower), list(reversed([1, 2])), min(3, 1), max([1, 5, 2]), min([], default=7), max('abc', key=ord), sum([1, 2], 10))
        print(any([0, 1]), all([]), abs(-3), round(2.5), round(3.14159, 2), divmod(-7, 3), pow(2, 10), pow(3, 4, 5), -7 // 2, -7 % 3, 7 / 2, 2 ** -1, 1e3, 10 // 3.0)
        it = iter([1, 2])
        print(next(it), next(it), next(it, None), list(it))
        ",
        "
        [0, 1, 2, 3, 4] [5, 3, 1] range(0, 3) 4 True [(1, 'a'), (2, 'b')] [(1, 'a'), (2, 'b')] ['1', '2'] [1, 2]
        [1, 2, 3] ['c', 'b', 'a'] [(1, 'a'), (1, 'b')] ['a', 'B'] [2, 1] 1 5 7 c 13
        True True 3 2 3.14 (-3, 2) 1024 1 -4 2 3.5 0.5 1000.0 3.0
        1 2 None []
        ",
    );
}

#[test]
fn conversions() {
    check(
        "
        print(int('12'), int(' -7 '), int('ff', 16), int(3.9), int(True), float('1.5'), float(2), str(1.0), str(None), bool([]), bool('a'), list('ab'), tuple([1]), set([1, 1]), dict(a=1), dict([('b', 2)]), dict({'c': 3}, d=4), bytes(2), chr(65), ord('a'), hex(255), bin(5), oct(8))
        for bad in ('x', '', '1.5'):
            try:
                int(bad)
            except ValueError as e:
                print(e)
        print(type(1).__name__, type('').__name__, type(None).__name__, type([]) is list, type(1) == int, isinstance(True, int), isinstance(1, (str, int)), issubclass(bool, int), callable(len), callable(1), int is int, str)
        ",
        r"
        12 -7 255 3 1 1.5 2.0 1.0 None False True ['a', 'b'] (1,) {1} {'a': 1} {'b': 2} {'c': 3, 'd': 4} b'\x00\x00' A 97 0xff 0b101 0o10
        invalid literal for int() with base 10: 'x'
        invalid literal for int() with base 10: ''
        invalid literal for int() with base 10: '1.5'
        int str NoneType True True True True True True False True <class 'str'>
        ",
    );
}

#[test]
fn operators() {
    check(
        "
        print([1] + [2], (1,) + (2,), [0] * 3, 'ab' * 2, 2 * 'x', {1, 2} | {3}, {1, 2} & {2}, {1, 2} - {2}, {1, 2} ^ {2, 3}, {1} <= {1, 2}, {'a': 1} | {'a': 2, 'b': 3}, 5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 4, 256 >> 2, not 0, True + True)
        def one(a): return a
        print(1 < 2 < 3, 1 < 3 < 2, 'a' < 'b', [1, 2] < [1, 3], (1,) == (1,), 1 == 1.0, 1 is None, None is None, 'a' in 'abc', 2 not in [1], 1 == '1', [] == (), {'a': 1} == {'a': 1}, {1, 2} == {2, 1})
        for f in (lambda: 1 + 'a', lambda: 'a' + 1, lambda: 1 / 0, lambda: [] < 1, lambda: len(5), lambda: None.x, lambda: [1][5], lambda: {}['a'], lambda: undefined, lambda: 5(), lambda: 'abc'.nope(), lambda: {[]: 1}, lambda: one(), lambda: one(1, 2), lambda: one(b=1)):
            try:
                f()
            except Exception as e:
                print(type(e).__name__, e)
        ",
        r#"
        [1, 2] (1, 2) [0, 0, 0] abab xx {1, 2, 3} {2} {1} {1, 3} True {'a': 2, 'b': 3} 1 7 6 -6 16 64 True 2
        True False True True True True False True True True False False True True
        TypeError unsupported operand type(s) for +: 'int' and 'str'
        TypeError can only concatenate str (not "int") to str
        ZeroDivisionError division by zero
        TypeError '<' not supported between instances of 'list' and 'int'
        TypeError object of type 'int' has no len()
        AttributeError 'NoneType' object has no attribute 'x'
        IndexError list index out of range
        KeyError 'a'
        NameError name 'undefined' is not defined
        TypeError 'int' object is not callable
        AttributeError 'str' object has no attribute 'nope'
        TypeError unhashable type: 'list'
        TypeError one() missing 1 required positional argument: 'a'
        TypeError one() takes 1 positional argument but 2 were given
        TypeError one() got an unexpected keyword argument 'b'
        "#,
    );
}

#[test]
fn slices() {
    check(
        "
        l = [0, 1, 2, 3, 4]
        print(l[1:3], l[:-1], l[::2], l[::-1], l[3:1], l[-2:], 'hello'[1:4], (1, 2, 3)[1:], l[10:], b'abc'[1], b'abc'[1:])
        l[1:3] = ['a', 'b', 'c']
        print(l)
        del l[0]
        del l[-2:]
        l[0] = 'z'
        print(l, l.index('b'), l.count('b'))
        d = {'a': 1, 'b': 2}
        del d['a']
        print(d)
        ",
        "
        [1, 2] [0, 1, 2, 3] [0, 2, 4] [4, 3, 2, 1, 0] [] [3, 4] ell (2, 3) [] 98 b'bc'
        [0, 'a', 'b', 'c', 3, 4]
        ['z', 'b', 'c'] 1 1
        {'b': 2}
        ",
    );
}

#[test]
fn list_methods() {
    check(
        "
        l = [3, 1, 2]
        l.append(4); l.extend([5]); l.insert(0, 0); l.remove(3)
        print(l, l.pop(), l.pop(0), l)
        l.sort(reverse=True)
        print(l)
        l.reverse()
        print(l, l.copy() is l)
        l.sort(key=lambda x: -x)
        print(l)
        l.clear()
        print(l)
        try:
            l.remove(1)
        except ValueError as e:
            print(e)
        try:
            l.pop()
        except IndexError as e:
            print(e)
        ",
        "
        [1, 2, 4] 5 0 [1, 2, 4]
        [4, 2, 1]
        [1, 2, 4] False
        [4, 2, 1]
        []
        list.remove(x): x not in list
        pop from empty list
        ",
    );
}

#[test]
fn dict_methods() {
    check(
        "
        d = {'a': 1}
        print(d.get('a'), d.get('x'), d.get('x', 5), d.setdefault('b', []), d.pop('a'), d.pop('zz', None), d)
        d.update({'c': 3}, e=5)
        d.update([('f', 6)])
        print(list(d.keys()), list(d.values()), list(d.items()), len(d), 'c' in d, d.keys() & {'c', 'z'}, d.keys() - {'b'} == {'c', 'e', 'f'})
        for k, v in sorted(d.items(), key=lambda kv: kv[0]):
            print(k, v)
        print({**d, 'z': 1}, dict.fromkeys('ab', 0), d.copy() == d, d.popitem(), {1: 'a', True: 'b'}, {k: v for k, v in d.items() if v != 3})
        ",
        "
        1 None 5 [] 1 None {'b': []}
        ['b', 'c', 'e', 'f'] [[], 3, 5, 6] [('b', []), ('c', 3), ('e', 5), ('f', 6)] 4 True {'c'} True
        b []
        c 3
        e 5
        f 6
        {'b': [], 'c': 3, 'e': 5, 'f': 6, 'z': 1} {'a': 0, 'b': 0} True ('f', 6) {1: 'b'} {'b': [], 'e': 5}
        ",
    );
}

#[test]
fn set_methods() {
    check(
        "
        s = {1}
        s.add(2); s.discard(5); s.update([3, 4]); s.remove(1)
        print(s, s.union([3]), s.intersection({2, 3}), s.difference([2]), s.issubset({2, 3, 4, 5}), s.isdisjoint({7}), len(s), frozenset([1]) == {1}, {1}.issuperset([1]))
        ",
        "
        {2, 3, 4} {2, 3, 4} {2, 3} {3, 4} True True 3 True True
        ",
    );
}

#[test]
fn string_methods() {
    check(
        r"
        print('Abc'.lower(), 'abc'.upper(), 'abc def'.title(), 'abc'.capitalize(), ' a '.strip(), 'xxaxx'.strip('x'), 'a.b'.rstrip('b'), 'abc'.startswith('a'), 'abc'.endswith(('x', 'c')), 'a,b'.split(','), 'a  b'.split(), 'a b c'.split(' ', 1), 'a\nb'.splitlines(), 'abc'.center(7, '*'), 'abc'.ljust(5) + '|', 'abc'.rjust(5), '-5'.zfill(4))
        print('a-b_c'.replace('-', '_').split('_'), 'abab'.count('ab'), 'abc'.index('c'), 'abcabc'.rfind('b'), 'x=1=2'.partition('='), 'x=1=2'.rpartition('='), 'abc'.isalpha(), '12'.isdigit(), 'a1'.isalnum(), ' '.isspace(), 'Ab'.isupper(), 'ab'.islower(), 'abc'.isidentifier(), 'prefix_x'.removeprefix('prefix_'), 'x.py'.removesuffix('.py'), 'aXb'.swapcase(), 'a\tb'.expandtabs(4))
        print(', '.join(str(i) for i in range(3)), 'abc'.encode(), b'abc'.decode(), 'abc'.translate(str.maketrans('ab', 'xy')), '%s-%s' % ('a', 1), '%(a)s' % {'a': 'b'}, '{:>5}|{:<5}|{:^5}'.format(1, 2, 3), '{:,}'.format(1234567), '{0!r}'.format('x'), '{a.real}'.format(a=1), '{:.3}'.format('abcdef'), '{:08.3f}'.format(3.14159), '{:e}'.format(12345.678), '{:g}'.format(0.0001), '{:x}'.format(255))
        ",
        "
        abc ABC Abc Def Abc a a a. True True ['a', 'b'] ['a', 'b'] ['a', 'b c'] ['a', 'b'] **abc** abc  |   abc -005
        ['a', 'b', 'c'] 2 2 4 ('x', '=', '1=2') ('x=1', '=', '2') True True True True False True True x x AxB a   b
        0, 1, 2 b'abc' abc xyc a-1 b     1|2    |  3   1,234,567 'x' 1 abc 0003.142 1.234568e+04 0.0001 ff
        ",
    );
}

#[test]
fn scopes() {
    check(
        "
        x = 'global'
        def f():
            x = 'local'
            def g():
                return x
            class C:
                x = 'class'
                def m(self):
                    return x
                y = [x for _ in range(1)]
            return g(), C().m(), C.x, C.y
        print(f(), x)
        def counter():
            global x
            x = 'changed'
        counter()
        print(x)
        fs = [lambda i=i: i for i in range(3)]
        print([f() for f in fs], [f() for f in [lambda: i for i in range(3)]])
        def mutable(a, acc=[]):
            acc.append(a)
            return acc
        mutable(1)
        print(mutable(2))
        def pos(a, /, b, *, c): return a + b + c
        print(pos(1, 2, c=3))
        del x
        try:
            x
        except NameError as e:
            print(e)
        ",
        "
        ('local', 'local', 'class', ['local']) global
        changed
        [0, 1, 2] [2, 2, 2]
        [1, 2]
        6
        name 'x' is not defined
        ",
    );
}

#[test]
fn inheritance() {
    check(
        "
        class A:
            def who(self): return 'A'
        class B(A):
            def who(self): return 'B' + super().who()
        class C(A):
            def who(self): return 'C' + super().who()
        class D(B, C):
            def who(self): return 'D' + super().who()
        print(D().who(), [c.__name__ for c in D.__mro__][:4], issubclass(D, A), isinstance(D(), C))
        class Stack(list):
            def top(self): return self[-1]
        s = Stack([1, 2])
        s.append(3)
        print(s.top(), len(s), list(s), s == [1, 2, 3], isinstance(s, list))
        class M(dict):
            def __missing__(self, k): return k * 2
        m = M(a=1)
        print(m['a'], m['b'], dict(m))
        class V:
            def __init__(self, x): self.x = x
            def __add__(self, o): return V(self.x + o.x)
            def __radd__(self, o): return V(o + self.x)
            def __mul__(self, n): return V(self.x * n)
            def __eq__(self, o): return isinstance(o, V) and self.x == o.x
            def __lt__(self, o): return self.x < o.x
            def __hash__(self): return self.x
            def __repr__(self): return f'V({self.x})'
            def __bool__(self): return self.x != 0
            def __neg__(self): return V(-self.x)
        print(V(1) + V(2), 5 + V(1), V(2) * 3, V(1) == V(1), V(1) != V(2), sorted([V(3), V(1)]), max(V(1), V(2)), bool(V(0)), -V(4), [V(1)], V(1) in [V(1)])
        class It:
            def __init__(self): self.n = 0
            def __iter__(self): return self
            def __next__(self):
                self.n += 1
                if self.n > 3:
                    raise StopIteration
                return self.n
        print(list(It()), sum(It()))
        class Meta:
            def __getattr__(self, name): return name + '!'
            def __setattr__(self, name, value): super().__setattr__(name, value)
        print(Meta().anything, getattr(Meta(), 'x'))
        T = type('T', (A,), {'y': 5})
        print(T().y, T().who())
        ",
        "
        DBCA ['D', 'B', 'C', 'A'] True True
        3 3 [1, 2, 3] True True
        1 bb {'a': 1}
        V(3) V(6) V(6) True True [V(1), V(3)] V(2) False V(-4) [V(1)] True
        [1, 2, 3] 6
        anything! x!
        5 A
        ",
    );
}
