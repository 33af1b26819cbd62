//! The standard library where all is known, as Python 3.11 has it.

use super::check;

#[test]
fn dates_are_computed() {
    check(
        "
        from datetime import datetime, date, timedelta, time, timezone
        import datetime as dt
        d = datetime(2024, 1, 31, 12, 30, 5, 250000)
        print(d, repr(d), d.isoformat(), d.year, d.microsecond, d.date(), d.time())
        print(d + timedelta(days=1, hours=2), d - datetime(2024, 1, 1), timedelta(hours=25), timedelta(days=-1), repr(timedelta(minutes=5)))
        print(date(2024, 2, 29) > date(2023, 1, 1), date(2024, 1, 1) + timedelta(days=31), date(2024, 1, 1).isoformat(), date(2024,1,1).weekday())
        print(datetime(2024, 1, 1, tzinfo=timezone.utc), repr(datetime(2024, 1, 1, tzinfo=timezone.utc)), dt.timezone.utc)
        print(d.strftime('%Y-%m-%d %H:%M:%S.%f'), f'{d:%d/%m/%Y}', datetime.strptime('2020-05-06 07:08', '%Y-%m-%d %H:%M'))
        print(datetime.fromisoformat('2020-05-06T07:08:09+02:00'), date.fromisoformat('2020-05-06'), d.replace(year=2020, microsecond=0))
        print(isinstance(d, date), isinstance(d.date(), datetime), type(d).__name__, timedelta(days=1).total_seconds(), time(1, 2), d == d, d == 1)
        try:
            datetime(2024, 13, 1)
        except ValueError:
            print('no such month')
        ",
        "
        2024-01-31 12:30:05.250000 datetime.datetime(2024, 1, 31, 12, 30, 5, 250000) 2024-01-31T12:30:05.250000 2024 250000 2024-01-31 12:30:05.250000
        2024-02-01 14:30:05.250000 30 days, 12:30:05.250000 1 day, 1:00:00 -1 day, 0:00:00 datetime.timedelta(seconds=300)
        True 2024-02-01 2024-01-01 0
        2024-01-01 00:00:00+00:00 datetime.datetime(2024, 1, 1, 0, 0, tzinfo=datetime.timezone.utc) UTC
        2024-01-31 12:30:05.250000 31/01/2024 2020-05-06 07:08:00
        2020-05-06 07:08:09+02:00 2020-05-06 2020-01-31 12:30:05
        True False datetime 86400.0 01:02:00 True False
        no such month
        ",
    );
}

#[test]
fn uuids_and_decimals_are_values() {
    check(
        "
        import uuid
        from decimal import Decimal, InvalidOperation
        u = uuid.UUID('12345678-1234-5678-1234-567812345678')
        print(u, repr(u), u.hex, u == uuid.UUID('12345678123456781234567812345678'), u.version, str(u)[:8])
        try:
            uuid.UUID('x')
        except ValueError as e:
            print(e)
        a = Decimal('1.10')
        print(a, repr(a), a + 1, a * Decimal('2.5'), -a, a > 1, a == Decimal('1.1'), float(a), int(Decimal('7.9')), Decimal(5) / Decimal(5), bool(Decimal(0)))
        try:
            Decimal('abc')
        except InvalidOperation:
            print('invalid')
        ",
        "
        12345678-1234-5678-1234-567812345678 UUID('12345678-1234-5678-1234-567812345678') 12345678123456781234567812345678 True None 12345678
        badly formed hexadecimal UUID string
        1.10 Decimal('1.10') 2.10 2.750 -1.10 True True 1.1 7 1 False
        invalid
        ",
    );
}

#[test]
fn json_is_written_and_read() {
    check(
        r#"
        import json
        print(json.dumps({'a': [1, 2.5, None, True, 'é"\n'], 'b': {}, 1: ()}), json.dumps([1], indent=2), json.dumps({'b': 1, 'a': 2}, sort_keys=True, separators=(',', ':')))
        print(json.loads('{"a": [1, 2.0, null, true, "x\\u00e9"]}'), json.dumps('é', ensure_ascii=False))
        try:
            json.loads('{')
        except json.JSONDecodeError:
            print('bad')
        try:
            json.dumps(object())
        except TypeError as e:
            print(e)
        import datetime
        print(json.dumps({'d': datetime.date(2024, 1, 1)}, default=str))
        "#,
        r#"
        {"a": [1, 2.5, null, true, "\u00e9\"\n"], "b": {}, "1": []} [
          1
        ] {"a":2,"b":1}
        {'a': [1, 2.0, None, True, 'xé']} "é"
        bad
        Object of type object is not JSON serializable
        {"d": "2024-01-01"}
        "#,
    );
}

#[test]
fn paths_are_text() {
    check(
        "
        import os
        from os.path import join, basename
        print(os.path.join('a', 'b', 'c.sql'), join('a', '/b'), os.path.dirname('/a/b/c.py'), basename('/a/b.py'), os.path.splitext('a/b.tar.gz'), os.path.split('/x'), os.path.normpath('a/../b/./c'), os.path.isabs('/a'))
        ",
        "
        a/b/c.sql /b /a/b b.py ('a/b.tar', '.gz') ('/', 'x') b/c True
        ",
    );
}

#[test]
fn text_helpers() {
    check(
        r#"
        import textwrap, string, re
        print(repr(textwrap.dedent("""
            SELECT 1
              FROM x

            WHERE y
        """)))
        print(repr(textwrap.indent('a\nb\n\nc', '  ')), string.ascii_lowercase, string.digits)
        print(re.sub('a', 'b', 'banana'), re.search('nan', 'banana').group(), re.match('nan', 'banana'), re.escape('a.b'), re.split(',', 'a,b'), re.findall('an', 'banana'), re.compile('x').sub('y', 'axa'))
        print(re.split(r',\s*', 'a, b,c'), re.compile(r'\W+').split('a - b'), re.split(' *', 'ab') == 1)
        "#,
        r"
        '\nSELECT 1\n  FROM x\n\nWHERE y\n'
        '  a\n  b\n\n  c' abcdefghijklmnopqrstuvwxyz 0123456789
        bbnbnb nan None a\.b ['a', 'b'] ['an', 'an'] aya
        ['a', 'b', 'c'] ['a', 'b'] <unknown: a regular expression is used>
        ",
    );
}

#[test]
fn enums_have_members() {
    check(
        "
        import enum
        from enum import Enum, IntEnum, auto
        class Color(Enum):
            RED = 'red'
            GREEN = 'green'
            CRIMSON = 'red'
            def shout(self):
                return self.value.upper()
            @classmethod
            def first(cls):
                return list(cls)[0]
        class Level(IntEnum):
            LOW = 1
            HIGH = 2
        class Kind(str, enum.Enum):
            A = 'a'
            B = 'b'
        class N(Enum):
            X = auto()
            Y = auto()
        class S(enum.StrEnum):
            ONE = auto()
            _2ND = 'second'
            __own = 'no member'
        print(Color.RED, repr(Color.RED), Color.RED.value, Color.RED.name, Color('green'), Color['RED'], Color.CRIMSON is Color.RED, [c.name for c in Color], len(Color))
        print(Color.GREEN.shout(), Color.first(), Color.RED == Color.RED, Color.RED != Color.GREEN, Color.RED in Color, isinstance(Color.RED, Color), list(Color.__members__))
        print(Level.LOW < Level.HIGH, Level.LOW + 1, str(Level.LOW), f'{Level.HIGH}', Level(2).name, Level.LOW == 1)
        print(Kind.A == 'a', str(Kind.A), Kind.A.value, f'{Kind.B}', Kind.A in ('a', 'b'), {'a': 1}[Kind.A], ','.join(Kind), Kind.A.upper())
        print(N.Y.value, S.ONE, S.ONE.value, [e.value for e in N], [s.name for s in S])
        try:
            Color('blue')
        except ValueError as e:
            print(e)
        try:
            Color['X']
        except KeyError as e:
            print(e)
        E = Enum('E', ['P', 'Q'])
        print(E.Q.value)
        ",
        "
        Color.RED <Color.RED: 'red'> red RED Color.GREEN Color.RED True ['RED', 'GREEN'] 2
        GREEN Color.RED True True True True ['RED', 'GREEN', 'CRIMSON']
        True 2 1 2 HIGH True
        True Kind.A a Kind.B True 1 a,b A
        2 one one [1, 2] ['ONE', '_2ND']
        'blue' is not a valid Color
        'X'
        2
        ",
    );
}

#[test]
fn dataclasses_and_named_tuples() {
    check(
        "
        from dataclasses import dataclass, field, asdict
        from typing import NamedTuple, Optional, List
        from collections import namedtuple
        @dataclass
        class P:
            x: int
            y: int = 2
            tags: List[str] = field(default_factory=list)
            def total(self):
                return self.x + self.y
        @dataclass()
        class Q(P):
            z: Optional[str] = None
            def __post_init__(self):
                print('made', self.x)
        p = P(1)
        p.tags.append('t')
        print(p, P(1, y=2).tags, p == P(1, 2, ['t']), p.total(), asdict(p), Q(5, z='q'))
        class T(NamedTuple):
            a: int
            b: str = 'x'
        t = T(1)
        print(t, t.a, t[1], list(t), t == (1, 'x'), t._asdict(), t._replace(b='z'), len(t), T._fields)
        a, b = t
        V = namedtuple('V', 'm n')
        print(V(1, 2).n, V(m=3, n=4), a, b)
        try:
            P()
        except TypeError as e:
            print(e)
        ",
        "
        made 5
        P(x=1, y=2, tags=['t']) [] True 3 {'x': 1, 'y': 2, 'tags': ['t']} Q(x=5, y=2, tags=[], z='q')
        T(a=1, b='x') 1 x [1, 'x'] True {'a': 1, 'b': 'x'} T(a=1, b='z') 2 ('a', 'b')
        2 V(m=3, n=4) 1 x
        P.__init__() missing 1 required positional argument: 'x'
        ",
    );
}

#[test]
fn collections_and_itertools() {
    check(
        r#"
        from collections import OrderedDict, defaultdict, Counter, deque
        import itertools, functools, operator, copy
        d = defaultdict(list)
        d['a'].append(1)
        d['b']
        print(dict(d), len(d), 'a' in d, sorted(d.items()), d.get('zz'))
        c = Counter('abca')
        print(c['a'], c['zz'], c.most_common(1))
        q = deque([1, 2])
        q.appendleft(0)
        q.append(3)
        print(q.popleft(), list(q))
        print(list(itertools.chain([1], (2, 3))), list(itertools.chain.from_iterable([[1], [2]])), list(itertools.product('ab', [1, 2])), list(itertools.islice(range(10), 2, 8, 3)))
        print(list(itertools.zip_longest([1, 2], 'a', fillvalue='-')), [(k, list(g)) for k, g in itertools.groupby([1, 1, 2])], list(itertools.combinations([1, 2, 3], 2)), list(itertools.accumulate([1, 2, 3])))
        n = itertools.count(5)
        print(next(n), next(n), list(itertools.islice(itertools.count(), 3)), list(itertools.repeat('x', 2)))
        print(functools.reduce(lambda a, b: a + b, [1, 2, 3]), functools.partial(int, base=2)('101'), sorted([(2, 'a'), (1, 'b')], key=operator.itemgetter(0)))
        def deco(f):
            @functools.wraps(f)
            def inner(*a, **k):
                return f(*a, **k) + 1
            return inner
        @deco
        def one():
            "doc"
            return 1
        @functools.lru_cache(maxsize=None)
        def cached(x):
            return x * 2
        print(one(), one.__name__, one.__doc__, cached(2))
        x = [[1], 2]
        y, z = copy.copy(x), copy.deepcopy(x)
        x[0].append(5)
        print(y, z)
        "#,
        "
        {'a': [1], 'b': []} 2 True [('a', [1]), ('b', [])] None
        2 0 [('a', 2)]
        0 [1, 2, 3]
        [1, 2, 3] [1, 2] [('a', 1), ('a', 2), ('b', 1), ('b', 2)] [2, 5]
        [(1, 'a'), (2, '-')] [(1, [1, 1]), (2, [2])] [(1, 2), (1, 3), (2, 3)] [1, 3, 6]
        5 6 [0, 1, 2] ['x', 'x']
        6 5 [(1, 'b'), (2, 'a')]
        2 one doc 4
        [[1, 5], 2] [[1], 2]
        ",
    );
}

#[test]
fn context_managers_wrap_their_block() {
    check(
        "
        from contextlib import contextmanager, suppress, nullcontext
        @contextmanager
        def around(name):
            print('before', name)
            try:
                yield name.upper()
            except KeyError:
                print('swallowed')
            finally:
                print('after', name)
        with around('a') as a, around('b'):
            print(a)
        with around('c'):
            raise KeyError('x')
        def f():
            with around('d'):
                return 1
        print(f())
        with suppress(ValueError):
            int('x')
        with nullcontext(5) as five:
            print(five)
        try:
            with around('e'):
                raise ValueError('out')
        except ValueError as e:
            print('caught', e)
        ",
        "
        before a
        before b
        A
        after b
        after a
        before c
        swallowed
        after c
        before d
        after d
        1
        5
        before e
        after e
        caught out
        ",
    );
}

#[test]
fn modules_that_do_nothing() {
    check(
        "
        import logging, warnings, sys, typing, abc
        from typing import Union, Sequence, TYPE_CHECKING, cast, TypeVar, Generic
        from collections.abc import Mapping
        log = logging.getLogger(__name__)
        log.info('x %s', 1)
        log.setLevel(logging.INFO)
        warnings.warn('x')
        T = TypeVar('T')
        X = Union[str, Sequence[int], None]
        class G(Generic[T]):
            pass
        class A(abc.ABC):
            @abc.abstractmethod
            def f(self): ...
        class B(A):
            def f(self): return 1
        if TYPE_CHECKING:
            import nothing
        print(cast(int, 5), sys.version_info >= (3, 8), logging.WARNING, B().f(), G().__class__.__name__, isinstance({}, Mapping), isinstance([], Mapping))
        ",
        "
        5 True 30 1 G True False
        ",
    );
}
