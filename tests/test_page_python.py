"""What runs cells in a page, here in this Python: what they need, and what they show."""

import ast
import contextlib
import gzip
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

from attention import attention_steps
from attention.figures import explorer
from attention.learning import writer
from attention.learning.fetching import Unreachable
from attention.learning.training import Settings, State, train
from extensions import node, python
from extensions.python import packing, runner

CHAPTERS = Path(__file__).resolve().parents[1] / "chapters"
# Minutes, processes, or what a browser lacks.
LONG = ["10-training", "11-generating", "12-long-sequences", "16-real-model"]


def indices(*cells):
    """Return the cells that the last one needs."""
    return runner.needs(cells, len(cells) - 1)


@pytest.mark.parametrize(
    ("cells", "needed"),
    [
        (["a = 1", "b = 2", "a + 1"], [0]),
        (["a = 1", "b = a", "c = 3", "b"], [0, 1]),
        (["a = 1", "a = 2", "a"], [1]),
        (["a = 1", "a += 1", "a"], [0, 1]),
        (["a = [1]", "a.append(2)", "a"], [0, 1]),
        (["a = [1]", "a[0] = 2", "a"], [0, 1]),
        (["a = [1]", "a.copy() + [3]", "a"], [0]),
        (["a = 1", "if a > 2:\n    a = 3", "a"], [0, 1]),
        (["rng = 1", "x = draw(rng)", "y = 3", "rng"], [0, 1]),
        (["import numpy as np", "def f():\n    return np.pi * k", "k = 2", "f()"], [0, 1, 2]),
        (["x = 1", "def f(x):\n    return [i for i in range(x)]", "i = 4", "f(3)"], [1]),
        (["i = 9", "for i in range(3):\n    print(i)"], []),
        (["a = 1", "this is no Python", "a"], [0]),
    ],
)
def test_a_cell_needs_what_made_the_names_that_it_reads(cells, needed):
    assert indices(*cells) == needed


def run(page, cells, index):
    """Run a cell as the page does: -> the cells that ran, and what the last one shows."""
    plan = page.plan(cells, index)
    for at in plan:
        outputs = page.run(cells[at], at)
    return plan, "".join(output.get("text", "") for output in outputs)


def test_a_cell_shows_the_same_however_often_it_runs_and_after_whatever():
    cells = ["n = 1", "rng = make(n)", "x = next(rng)", "y = x + next(rng)\ny"]
    before = "import itertools\ndef make(start):\n    return itertools.count(start)"
    page, cells = runner.Page(), [before, *cells]
    assert run(page, cells, 4) == ([0, 1, 2, 3, 4], "3")
    assert run(page, cells, 4) == ([2, 3, 4], "3")  # from where the generator began
    cells[1] = "n = 10"
    assert run(page, cells, 4) == ([1, 2, 3, 4], "21")
    page.run("n = 50", 9)
    assert run(page, cells, 4)[1] == "21"
    page.forget()
    assert run(page, cells, 4) == ([0, 1, 2, 3, 4], "21")


def shown(source):
    return runner.Page().run(source, 3)


def test_outputs_come_in_the_order_in_which_they_are_made():
    [first, value, last] = shown("print('a')\ndisplay({'b': 1})\nprint('c')\nNone")
    assert [first["text"], value["text"], last["text"]] == ["a\n", "{'b': 1}", "c\n"]
    assert shown("x = 1") == []


def test_a_value_shows_itself_by_its_bundle():
    table = "class T:\n    def _repr_markdown_(self):\n        return '|a|b|\\n|-|-|\\n|1|2|'\nT()"
    assert "<td>2</td>" in shown(table)[0]["html"]
    verdict = "from attention.exercises import check\ncheck('soft_lookup', ...)"
    assert shown(verdict)[0]["verdict"] == "unanswered"
    figure = "from attention.figures import figure\nfigure(lambda ax: 'A sentence.')"
    assert "<figcaption>A sentence.</figcaption>" in shown(figure)[0]["html"]
    assert shown("list")[0]["text"] == "<class 'list'>"


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("x = 1\nx / 0", 2, "ZeroDivisionError: division by zero"),
        ("def f():\n    return y\nf()", 2, "NameError: name 'y' is not defined"),
        ("x = 1\nx =", 2, "SyntaxError: invalid syntax"),
        ("from attention import softmax\n\nsoftmax([1j])", 3, "TypeError: "),
        ("exit_now = SystemExit('over')\nraise exit_now", 2, "SystemExit: over"),
    ],
)
def test_an_error_says_the_readers_line(source, line, message):
    [error] = shown(source)
    assert (error["kind"], error["cell"], error["line"]) == ("error", 3, line)
    assert error["text"].startswith(message)
    assert error["code"] == source.split("\n")[line - 1].strip()
    assert "\n" not in error["text"]


def test_what_is_too_long_is_cut_and_says_so():
    [printed] = shown("for i in range(9000):\n    print('number', i)")
    length = sum(len(f"number {i}\n") for i in range(9000))
    assert printed["text"].endswith(f"… and {length - runner.LONGEST} characters more")
    assert len(printed["text"]) < runner.LONGEST + 100
    assert shown("'a' * 30000")[0]["text"].endswith(
        f"… and {30002 - runner.LONGEST} characters more"
    )


@pytest.mark.parametrize("chapter", sorted(CHAPTERS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_each_cell_prints_what_is_stored_after_those_alone_that_it_needs(chapter, monkeypatch):
    if chapter.stem in LONG:
        return  # benchmarks/page_python.py runs their cells, all in order
    monkeypatch.setattr(explorer, "ON_DEMAND", True)  # one frame each
    cells = [
        cell
        for cell in nbformat.read(chapter, as_version=4).cells
        if cell.cell_type == "code" and "nbval-ignore-output" not in cell.metadata.get("tags", [])
    ]
    codes = [cell.source for cell in cells]
    with contextlib.chdir(CHAPTERS):
        for index, cell in enumerate(cells):
            stored = "".join(map(text, cell.outputs))
            assert run(runner.Page(), codes, index)[1] == stored


def changed_by_its_functions(source):
    """Return the names of the page that functions of a cell change when they are called."""
    changed = set()
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef):
            names = [each for each in ast.walk(function) if isinstance(each, ast.Name)]
            own = {each.id for each in names if isinstance(each.ctx, ast.Store)}
            own |= {each.arg for each in ast.walk(function) if isinstance(each, ast.arg)}
            changed |= runner.Cell(ast.unparse(function.body)).changes - own
    return changed - {"np", "plots", "tracemalloc"}  # modules: their functions are called


@pytest.mark.parametrize("chapter", sorted(CHAPTERS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_no_cell_waits_for_what_a_figure_changes_as_it_is_drawn(chapter):
    cells = [
        cell for cell in nbformat.read(chapter, as_version=4).cells if cell.cell_type == "code"
    ]
    # In a page a figure draws one frame, and the others only if the reader asks for them.
    assert set().union(*(changed_by_its_functions(cell.source) for cell in cells)) == set()


def test_a_function_that_changes_a_name_is_found():
    cell = "ends = {}\ndef draw(ax, d):\n    ends[d] = ax\n    mine = []\n    mine.append(d)"
    assert changed_by_its_functions(cell) == {"ends"}
    assert (
        changed_by_its_functions("def draw(ax, d):\n    ax.set(d)\n    return np.sum(d)") == set()
    )


def test_a_training_tells_the_page_how_far_it_is(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm", None)  # restored after the test
    monkeypatch.setattr(runner, "OFTEN", 0)
    told = []
    runner.show_bars(told.append)
    start = State.start(writer.untrained(seed=0), Settings(warmup=2, batch_size=2))
    train(start, writer.draw_tokens(np.random.default_rng(0), count=4), True, until=3)
    assert told == [{"step": step, "of": 3} for step in (1, 2, 3)]


def text(output):
    """Return what a stored output shows as text: nothing if it is a picture or a verdict."""
    if output.output_type == "stream":
        return output.text
    return "" if "text/html" in output.data else output.data["text/plain"]


def test_without_pyodide_the_pages_have_no_buttons_and_the_build_says_so_in_one_line(
    monkeypatch, tmp_path, caplog
):
    def unreachable(*arguments):
        raise Unreachable("nothing is here")

    monkeypatch.setattr(python, "fetch", unreachable)
    config = SimpleNamespace(extensions_digest="")
    builder = SimpleNamespace(format="html")
    app = SimpleNamespace(builder=builder, config=config, outdir=tmp_path)
    python._fetch(app)
    context = {"pathto": lambda name, _: name, "metatags": ""}
    python._add_script(app, "chapters/03-breakdown", "", context, object())
    assert context["metatags"] == ""
    said = []
    monkeypatch.setattr(python.logger, "info", lambda text, *parts: said.append(text % parts))
    python._write(app)
    # No warning, or a build that takes them for errors would need a network.
    assert said == ["The pages are built without Python: nothing is here."]
    assert caplog.records == []
    assert [path.name for path in (tmp_path / "python").iterdir()] == ["numbers.js"]


def test_what_is_packed_comes_out_again_also_in_a_page(tmp_path):
    files = {"a/b.txt": "è\n".encode(), "a/c": b"", "d": b"\n[1]\0"}
    pack = packing.write(files)
    assert packing.read(pack) == files
    (tmp_path / "pack").write_bytes(pack)
    assert node.run(
        Path(__file__).parent / "unpack.mjs",
        {"script": (python.HERE / "unpack.mjs").as_uri(), "pack": str(tmp_path / "pack")},
    ) == {f"/{path}": content.hex() for path, content in files.items()}


@pytest.fixture
def packs(site):
    """Return what the site serves, as Python will find it: {path: content}."""
    folder = site / "python"
    served = [*folder.glob("*.pack"), *folder.glob("pyodide-*/*.pack")]
    return {
        path: content
        for file in served
        for path, content in packing.read(gzip.decompress(file.read_bytes())).items()
    }


def test_packs_hold_what_pages_import_as_byte_code(packs):
    names = {path.removeprefix(packing.PACKAGES) for path in packs}
    assert {"numpy/__init__.pyc", "matplotlib/figure.pyc", "markdown_it/main.pyc"} <= names
    assert {"numpy/polynomial/chebyshev.py", "matplotlib/pyplot.py"} <= names  # rarely imported
    assert {f"{packing.LIBRARY}ast.pyc", f"{packing.LIBRARY}sched.py"} <= packs.keys()
    home = f"{packing.HOME}attention/"
    assert {f"{home}masks.py", f"{home}__pycache__/masks.cpython-314.pyc"} <= packs.keys()
    assert packs[f"{home}masks.py"] == Path("attention/masks.py").read_bytes()
    assert [path for path in names if "/tests/" in path or "sample_data" in path] == []
    # matplotlib sets formulas in these, and text in those.
    assert {f"matplotlib/mpl-data/fonts/ttf/{n}.ttf" for n in ["DejaVuSans", "cmr10"]} <= names


def test_a_pack_is_made_once_and_is_the_same_each_time(site, monkeypatch):
    served = (site / "python" / "book.pack").read_bytes()
    assert packing.of_book() == served
    monkeypatch.setattr(packing, "_compiled", lambda *files: 1 / 0)
    assert packing.of_book() == served


def test_another_release_of_pyodide_lies_in_another_folder(site):
    [folder] = (site / "python").glob("pyodide-*")
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert folder.name == python._place(files)
    assert folder.name.startswith(f"pyodide-{python.VERSION}-")
    assert f'"{folder.name}/"' in (site / "python" / "worker.js").read_text("utf-8")
    assert python._place(files | {"python.pack": b"new"}) != folder.name


def test_all_that_is_served_comes_with_its_licence(site):
    text = (site / "python" / "licences.txt").read_text("utf-8")
    parts = {part.split()[0]: part for part in text.split(f"\n{'=' * 80}\n")}
    assert {"Pyodide", "Python", *python.hashes(), *packing.PURE, "@codemirror/view"} <= set(parts)
    assert {name: part for name, part in parts.items() if len(part) < 600} == {}
    assert "Mozilla Public License" in parts["Pyodide"]
    assert "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2" in parts["Python"]
    [matplotlib] = (part for name, part in parts.items() if name.startswith("matplotlib"))
    assert all(name in matplotlib for name in ["LICENSE_DEJAVU", "LICENSE_STIX", "Bitstream"])
    page = (site / "reference" / "running.html").read_text("utf-8")
    for name in ["Pyodide", "Python", "NumPy", "matplotlib", "DejaVu", "STIX", "CodeMirror"]:
        assert re.search(rf"{name}\b", page), name


def test_the_script_for_own_numbers_computes_what_the_module_computes():
    rng = np.random.default_rng(0)

    def draw():
        L, S, d_k, d_v = rng.integers(1, 5, size=4)
        size = 10.0 ** rng.integers(-2, 4)
        shapes = {"query": (L, d_k), "key": (S, d_k), "value": (S, d_v)}
        return {name: size * rng.normal(size=shape) for name, shape in shapes.items()}

    grids = [draw() for _ in range(1000)]
    answers = node.run(
        Path(__file__).parent / "numbers.mjs",
        {
            "script": str(python.HERE / "numbers.js"),
            "grids": [{name: x.tolist() for name, x in grid.items()} for grid in grids],
        },
    )
    for grid, answer in zip(grids, answers, strict=True):
        steps = attention_steps(**grid)._asdict()
        steps["scaled"] = steps["scaled_scores"]
        for name, mine in answer.items():
            most = abs(steps[name]).max()
            np.testing.assert_allclose(mine, steps[name], rtol=1e-9, atol=1e-12 * most)
