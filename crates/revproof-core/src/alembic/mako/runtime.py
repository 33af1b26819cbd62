# What a rendered template finds around it, as far as templates of revision scripts use it. Evaluated, never run.
import datetime as _M_datetime


class _Undefined:
    # Mako raises a NameError here. Whoever reads the output finds this mark in it and does the same.
    def __str__(self):
        return "\x00undefined\x00"

    def __bool__(self):
        return False


UNDEFINED = _Undefined()
STOP_RENDERING = ""
loop = UNDEFINED
_M_buffers = [[]]


def _M_write(piece, line=0):
    _M_buffers[-1].append((piece, line))


def _M_trim(text):
    return text.strip()


def _M_xml(text):
    for plain, escaped in [("&", "&amp;"), (">", "&gt;"), ("<", "&lt;"), ('"', "&#34;"), ("'", "&#39;")]:
        text = text.replace(plain, escaped)
    return text


def _M_html(value):
    return _M_xml(str(value))


def capture(function, *args, **kwargs):
    _M_buffers.append([])
    function(*args, **kwargs)
    return "".join([piece for piece, line in _M_buffers.pop()])


def comma(value):
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return ", ".join(value)


class _Loop:
    def __init__(self, items, parent):
        self.items = list(items)
        self.parent = parent
        self.index = -1

    def __len__(self):
        return len(self.items)

    @property
    def reverse_index(self):
        return len(self.items) - self.index - 1

    @property
    def first(self):
        return self.index == 0

    @property
    def last(self):
        return self.index == len(self.items) - 1

    @property
    def even(self):
        return not self.odd

    @property
    def odd(self):
        return bool(self.index % 2)

    def cycle(self, *values):
        return values[self.index % len(values)]


class _Context:
    def __init__(self, data):
        self.kwargs = data

    def get(self, key, default=None):
        return self.kwargs.get(key, default)

    def __getitem__(self, key):
        return self.kwargs[key]

    def __contains__(self, key):
        return key in self.kwargs

    def keys(self):
        return list(self.kwargs)

    def write(self, text):
        _M_write(text)


class _Config:
    def __init__(self, file, section, sections, table):
        self.config_file_name = file
        self.config_ini_section = section
        self._sections = sections
        self._table = table

    def get_section(self, name, default=None):
        return dict(self._sections[name]) if name in self._sections else default

    def get_section_option(self, section, name, default=None):
        if section not in self._sections:
            raise ValueError("No config file %r found, or file has no '[%s]' section" % (self.config_file_name, section))
        return self._sections[section].get(name.lower(), default)

    def get_main_option(self, name, default=None):
        return self.get_section_option(self.config_ini_section, name, default)

    def get_alembic_option(self, name, default=None):
        found = self._sections.get(self.config_ini_section, {})
        return found[name.lower()] if name.lower() in found else self._table.get(name, default)
