"""Run the cells of a page in the reader's browser: what a kernel does, as far as a page needs it.

A cell sees what the cells above it made, as if the page had been run from the top: before it runs,
those that it needs run, in order, unless they have.
"""

import ast
import builtins
import contextlib
import dis
import functools
import io
import linecache
import sys
import time
import traceback
import types

LONGEST = 20_000  # characters of an output that are shown
OFTEN = 0.25  # seconds between two reports of what a running cell prints


class Cell:
    """What the source of a cell reads, sets and changes among the names of the page."""

    def __init__(self, source):
        self.source = source
        self.reads, self.sets, self.later = set(), set(), set()
        self.changes, self.replaces = set(), set()
        try:
            tree = ast.parse(source)
            code = compile(tree, "<cell>", "exec")
        except (SyntaxError, ValueError):
            return
        for step in dis.get_instructions(code):
            if step.opname == "STORE_NAME":
                self.sets.add(step.argval)
            elif step.opname == "LOAD_NAME" and step.argval not in self.sets:
                self.reads.add(step.argval)
        # What its functions look up when they are called, which may be set further below.
        self.later = _globals(code) - self.sets
        self.reads |= self.later
        for node in ast.walk(tree):
            match node:
                case ast.Subscript(ctx=ast.Store()) | ast.Attribute(ctx=ast.Store()):
                    self.changes |= _root(node)
                # A call whose result nobody takes may be there for what it changes.
                case ast.Expr(value=ast.Call(func=function, args=arguments)):
                    if isinstance(function, ast.Attribute):
                        self.changes |= _root(function)
                    self.changes |= {each.id for each in arguments if isinstance(each, ast.Name)}
                # A generator of random numbers is another one after each draw.
                case ast.Name(id=name) if "rng" in name:
                    self.changes.add(name)
        self.changes &= self.reads
        for statement in tree.body:
            match statement:
                case ast.Assign() | ast.Import() | ast.ImportFrom() | ast.FunctionDef():
                    part = compile(ast.Module([statement], []), "<cell>", "exec")
                    self.replaces |= {
                        step.argval
                        for step in dis.get_instructions(part)
                        if step.opname == "STORE_NAME"
                    }
        self.replaces -= self.reads


def _globals(code):
    """Return the names that the functions within a piece of code look up on the page."""
    inner = [each for each in code.co_consts if isinstance(each, types.CodeType)]
    found = {
        step.argval
        for each in inner
        for step in dis.get_instructions(each)
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")
    }
    return found.union(*map(_globals, inner))


def _root(node):
    """Return {the name} at the left end of a chain of attributes, subscripts and calls."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return {node.id} if isinstance(node, ast.Name) else set()


@functools.lru_cache(maxsize=500)
def parsed(source):
    """Return the cell of a source: at each run a page asks for all that it has."""
    return Cell(source)


def needed(cells, index):
    """Return the indices, in order, of the cells that one needs, and the names needed for it."""
    names = set(cells[index].reads)
    later = set()
    while True:
        wanted, chosen = cells[index].reads | later, []
        for at in reversed(range(index)):
            cell = cells[at]
            if (cell.sets | cell.changes) & wanted:
                chosen.append(at)
                wanted = wanted - cell.replaces | cell.reads
                names |= cell.reads
        if (more := set().union(*(cells[at].later for at in chosen))) <= later:
            return chosen[::-1], names
        later |= more


def needs(sources, index):
    """Return the indices of the cells above one that it needs."""
    return needed([*map(parsed, sources)], index)[0]


class Page:
    """The names of a page, and which sources made each what it is."""

    def __init__(self, report=lambda message: None):
        self.report = report
        self.pictures = []  # figures with sliders, which the page asks for frames by their number
        self.forget()

    def forget(self):
        """Begin anew, as after a restart."""
        self.names = {"__name__": "__main__", "display": self._display}
        self.versions = {}

    def plan(self, sources, index):
        """Return the indices of the cells to run, in order, for the last to show what it should."""
        cells = [*map(parsed, sources)]
        above, names = needed(cells, index)
        versions, setters = {}, {}
        for at in above:
            for name in _note(cells[at], versions):
                setters.setdefault(name, []).append(at)
        repeated = {name for name, by in setters.items() if by[1:]}
        stale = {n for n in names & set(versions) if self.versions.get(n) != versions[n]}
        again = []
        while True:
            again = [at for at in above if (cells[at].sets | cells[at].changes) & stale]
            touched = [
                cells[at].sets | cells[at].changes | cells[at].reads & repeated for at in again
            ]
            if (more := names.intersection(set().union(*touched))) <= stale:
                return [*again, index]
            stale |= more

    def run(self, source, number):
        """Run one cell: -> its outputs, each {"kind": ..., ...}, with an error as the last."""
        self._outputs, self._printed = [], _Printed(self.report)
        file = f"<cell {number}>"
        linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
        out = self._printed
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                _note(parsed(source), self.versions)
                value = self._execute(source, file)
                if value is not None:
                    self._display(value)
                self._show_open_figures()
        except BaseException as error:  # SystemExit, too, ends no page
            self._keep_printed()
            self._outputs.append(told(error))
        self._keep_printed()
        return self._outputs

    def _execute(self, source, file):
        """Run the statements; return the value of the last one if it is an expression."""
        tree = ast.parse(source, file)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, file, "exec"), self.names)
        if last is not None:
            return eval(compile(ast.Expression(last.value), file, "eval"), self.names)

    def _keep_printed(self):
        if text := self._printed.take():
            self._outputs.append({"kind": "text", "text": text})

    def _display(self, *values):
        self._keep_printed()
        self._outputs += map(self._shown, values)

    def _shown(self, value):
        """Return the output that shows a value, by the same bundle as in a notebook."""
        if type(value).__name__ == "Verdict":
            return {"kind": "html", "html": value._repr_html_(), "verdict": value.kind}
        bundle = value._repr_mimebundle_() if hasattr(value, "_repr_mimebundle_") else {}
        for mime, method in _METHODS.items():
            if mime not in bundle and not isinstance(value, type) and hasattr(value, method):
                bundle[mime] = getattr(value, method)()
        for mime in ("text/html", "image/svg+xml"):
            if bundle.get(mime):
                output = {"kind": "html", "html": bundle[mime]}
                if getattr(value, "frames", ()) is None:  # they are drawn as they are asked for
                    self.pictures.append(value)
                    output["picture"] = len(self.pictures) - 1
                return output
        if bundle.get("text/markdown"):
            return {"kind": "html", "html": markdown(bundle["text/markdown"])}
        return {"kind": "text", "text": cut(bundle.get("text/plain") or repr(value))}

    def frame(self, picture, state):
        """Draw a figure at one state of its sliders: -> its sentence and its picture."""
        drawn = self.pictures[picture].draw(tuple(state))
        return [drawn.sentence, drawn.svg]

    def _show_open_figures(self):
        """Show what pyplot drew, as a notebook does at the end of a cell."""
        if "matplotlib.pyplot" not in sys.modules:
            return
        from matplotlib import pyplot

        for number in pyplot.get_fignums():
            file = io.StringIO()
            pyplot.figure(number).savefig(file, format="svg", bbox_inches="tight")
            svg = file.getvalue()
            self._outputs.append({"kind": "html", "html": svg[svg.index("<svg") :]})
        pyplot.close("all")


_METHODS = {
    "text/html": "_repr_html_",
    "image/svg+xml": "_repr_svg_",
    "text/markdown": "_repr_markdown_",
}


def _note(cell, versions):
    """Note what names are once a cell has run; return those that it set or changed.

    A name's version stands for the source that made it and for the versions of all that it read.
    """
    changed = cell.sets | cell.changes
    read = frozenset((name, versions[name]) for name in cell.reads if name in versions)
    versions.update(dict.fromkeys(changed, hash((cell.source, read))))
    return changed


class _Printed(io.TextIOBase):
    """What a cell prints, as far as it will be shown; the page hears of it while the cell runs."""

    def __init__(self, report):
        self.report, self.parts, self.length, self.last = report, [], 0, time.monotonic()

    def writable(self):
        return True

    def write(self, text):
        if self.length <= LONGEST:
            self.parts.append(text[: LONGEST + 1])
        self.length += len(text)
        if time.monotonic() - self.last > OFTEN:
            self.last = time.monotonic()
            self.report({"printed": self._text()})
        return len(text)

    def _text(self):
        return cut("".join(self.parts), self.length)

    def take(self):
        text = self._text()
        self.parts, self.length = [], 0
        return text


def cut(text, length=None):
    """Cut a text that is longer than a page can show, and say so."""
    more = (length or len(text)) - LONGEST
    return text if more <= 0 else f"{text[:LONGEST]}\n… and {more} characters more"


def told(error):
    """Say what went wrong: the message, and the reader's own line, without frames of ours."""
    message = "".join(traceback.format_exception_only(error)[-1:]).strip()
    place = [
        (frame.filename, frame.lineno, frame.line)
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith("<cell ")
    ]
    if isinstance(error, SyntaxError) and (error.filename or "").startswith("<cell "):
        place.append((error.filename, error.lineno, (error.text or "").strip()))
    file, line, code = place[-1] if place else ("", 0, "")
    missing = error.name if isinstance(error, ModuleNotFoundError) else ""
    return {
        "kind": "error",
        "text": cut(message),
        "cell": int(file[6:-1]) if file else -1,
        "line": line,
        "code": code or "",
        "missing": missing or "",
    }


def markdown(text):
    """Turn Markdown, such as a table that a cell made, into HTML."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True}).enable("table").render(text)


def prepare(report):
    """Fit Python to a page: nobody types an input, nothing sleeps, and bars show on the page."""

    def refuse(what):
        def call(*arguments, **options):
            raise RuntimeError(what)

        return call

    builtins.input = refuse("a page cannot ask for input: write the value into the cell")
    time.sleep = refuse("a page cannot sleep: leave the pause out")
    show_bars(report)
    display = types.ModuleType("IPython.display")
    display.Markdown, display.HTML = _Markdown, _HTML
    display.display = lambda *values: PAGE.names["display"](*values)
    sys.modules["IPython.display"] = display
    sys.modules["IPython"] = types.ModuleType("IPython")
    # matplotlib.pyplot asks a loaded IPython for its version and for its shell: there is none.
    told = {"display": display, "version_info": (9, 0), "get_ipython": lambda: None}
    sys.modules["IPython"].__dict__.update(told)
    PAGE.report = report
    draw_when_asked()


def draw_when_asked():
    """Let figures with sliders draw a frame when the page asks for it: all at once take seconds."""
    from attention.figures import explorer

    explorer.ON_DEMAND = True


def show_bars(report):
    """Let tqdm tell the page how far a loop is."""
    module = sys.modules["tqdm"] = types.ModuleType("tqdm")
    module.tqdm = type("tqdm", (_Bar,), {"report": staticmethod(report)})


class _Bar:
    """What tqdm is to a loop: here it tells the page how far the loop is."""

    def __init__(self, iterable=None, total=None, initial=0, **options):
        # Also where it is asked to stay away: it leaves nothing behind, and the reader waits.
        self.iterable, self.n, self.last = iterable, initial, 0.0
        self.total = total if total is not None or iterable is None else len(iterable)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def __iter__(self):
        for each in self.iterable:
            yield each
            self.update()

    def update(self, steps=1):
        self.n += steps
        if time.monotonic() - self.last > OFTEN:
            self.last = time.monotonic()
            self.report({"step": self.n, "of": self.total})

    def set_postfix(self, *arguments, **options):
        pass

    def close(self):
        pass


class _Text:
    def __init__(self, data):
        self.data = data

    def __repr__(self):
        return f"<IPython.core.display.{type(self).__name__[1:]} object>"


class _Markdown(_Text):
    def _repr_markdown_(self):
        return self.data


class _HTML(_Text):
    def _repr_html_(self):
        return self.data


PAGE = Page()
