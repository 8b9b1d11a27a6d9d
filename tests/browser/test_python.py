"""Python in the page: run, edit, stop and reset cells, answer exercises, and check whole pages."""

import json
import re
import shutil

import pytest
from pages import DESKTOP, PATIENCE, PHONE, UNFOLD, Reader, faults, wait_until
from playwright.sync_api import expect

from attention.exercises import EXERCISES

CHAPTER = "03-breakdown"
PRINTED = r'<div class="output (?:text_plain|stream).*?</pre>'
TABLE = r'<table class="attention-table.*?</table>'
HEATMAP = r'<details class="attention-values".*?</details>'
DIGIT = re.compile(r">[^<]*?\d")  # the first that stands in a text, not in a tag
# The caption of a figure without sliders: with them, a script writes the caption anew.
CAPTION = r"<figcaption>(?:(?!</figcaption>).)*</figcaption>\s*</figure>(?!\s*<script)"
ANSWER = """import numpy as np


def stable_softmax(scores):
    chances = np.exp(scores - scores.max(axis={axis}, keepdims=True))
    return chances / chances.sum(axis={axis}, keepdims=True)
"""
ASKS = '\n\nfrom attention.exercises import check\n\ncheck("stable_softmax", stable_softmax)\n'


def test_a_cell_runs_after_those_that_it_needs_and_nothing_loads_before(address, open_page):
    page = open_page(f"{address}chapters/{CHAPTER}.html", **DESKTOP)
    reader = Reader(page)
    loaded = page.evaluate("performance.getEntriesByType('resource').map(it => it.name)")
    parts = [url.removeprefix(address).partition("?")[0] for url in loaded]
    assert [part for part in parts if part.startswith("python/")] == ["python/start.js"]
    cell = page.locator("div.cell:has(.cell_output .attention-table)").last
    printed = cell.locator(".cell_output").inner_text().strip()
    output = reader.run(cell)
    assert output.startswith("Your output: the same as the book’s")
    assert output.strip().endswith(printed)
    assert not cell.locator(".cell_output").is_visible()


def test_an_edit_is_kept_and_reset_brings_the_book_back(read):
    reader = read()
    page, cell = reader.page, reader.page.locator("div.cell").first
    reader.write(cell, "answer = 6 * 7\nprint('is', answer)\nanswer / 4")
    assert reader.run(cell, key="Shift+Enter") == "Your output\n\nis 42\n\n10.5"
    page.reload()
    page.evaluate(UNFOLD)
    cell.locator(".cm-content").wait_for()
    assert "answer = 6 * 7" in cell.locator(".cm-content").inner_text()
    second = page.locator("div.cell").nth(1)
    reader.write(second, "print(answer + 1)")
    assert "43" in reader.run(second)  # the cell above ran, as edited
    reader.press(second, "Reset")
    reader.press(cell, "Reset")
    assert not page.locator(".cm-content, .python-output").count()
    assert cell.locator(".highlight pre").is_visible()
    page.reload()
    assert not page.locator(".cm-content").count()
    assert json.loads(page.evaluate("localStorage.getItem('python')"))["edits"] == {}


def test_stop_ends_what_would_never_end_and_keeps_what_was_typed(read):
    reader = read()
    cell = reader.page.locator("div.cell").first
    reader.write(cell, "while True:\n    print('more')")
    reader.press(cell, "Run")
    cell.locator(".python-printed").wait_for(timeout=1000 * PATIENCE)  # it shows what it prints
    reader.press(cell, "Stop")
    reader.settle()
    assert "Stopped. What you typed stays." in cell.inner_text()
    assert "while True:" in cell.locator(".cm-content").inner_text()
    reader.write(cell, "2 + 2")
    assert reader.run(cell).endswith("4")


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_error_is_told_by_its_line_and_its_message(read, device):
    reader = read(**device)
    cells = reader.page.locator("div.cell")

    def told(source):
        reader.write(cells.first, source)
        text = reader.run(cells.first)
        assert "Traceback" not in text
        return text

    assert re.search(r"line 2: 1 / 0\n+ZeroDivisionError: division by zero", told("x = 1\n1 / 0"))
    assert re.search(r"line 1: print\(\n+SyntaxError: '\(' was never closed", told("print("))
    assert "RuntimeError: a page cannot ask for input" in told("input()")
    assert "RuntimeError: a page cannot sleep" in told("import time\ntime.sleep(9)")
    assert "ModuleNotFoundError: No module named 'nothing'" in told("import nothing")
    ours = told("from attention import softmax\nsoftmax([1j])")
    assert re.search(r"line 2: softmax\(\[1j\]\)\n+TypeError: ", ours)
    assert "characters more" in told("print('long ' * 10_000)")
    told("raise ValueError('mine')")
    reader.write(cells.nth(1), "import nothing_else")
    reader.write(cells.nth(1), "np.sqrt(4)")
    reader.write(cells.first, "import numpy as np\nraise ValueError('mine')")
    assert "Cell 1, which this one needs, failed" in reader.run(cells.nth(1))
    assert faults(reader.page) == []
    assert reader.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_readers_function_is_judged_and_what_is_solved_is_shown(read, address):
    reader = read()
    page, cell = reader.page, reader.cell('check("stable_softmax", stable_softmax)')
    assert "not answered yet" in reader.run(cell)
    reader.write(cell, ANSWER.format(axis=0) + ASKS)
    assert EXERCISES["stable_softmax"].mutant("softmax over queries").hint in reader.run(cell)
    assert "✓ solved" not in cell.inner_text()
    reader.write(cell, ANSWER.format(axis=-1) + ASKS)
    assert "stable_softmax: right" in reader.run(cell)
    assert "✓ solved" in cell.inner_text()
    count = f"1 of {sum(it.chapter == CHAPTER for it in EXERCISES.values())}"
    mark = page.locator(".bd-links .python-mark")
    assert [text.strip() for text in mark.all_inner_texts()] == [f"{count} solved"]
    page.goto(address)
    solved = page.locator(".map li", has=page.locator(".python-mark"))
    assert solved.locator("a").get_attribute("href").endswith(f"{CHAPTER}.html")
    assert [text.strip() for text in solved.locator(".python-mark").all_inner_texts()] == [
        f"{count} solved"
    ]
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    file = download.value.path()
    assert json.loads(file.read_text("utf-8"))["solved"] == {f"{CHAPTER}.html": ["stable_softmax"]}
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete").click()
    page.wait_for_load_state()
    assert not page.locator(".python-mark").count()
    page.locator("input[type=file]").set_input_files(
        {"name": "x.json", "mimeType": "application/json", "buffer": b'{"book": 1}'}
    )
    page.get_by_text("This is no file that was exported here.").wait_for()
    page.locator("input[type=file]").set_input_files(file)
    page.locator(".python-mark").filter(visible=True).first.wait_for()
    page.goto(f"{address}chapters/{CHAPTER}.html")
    page.locator(".cm-content").wait_for()
    assert "scores.max" in cell.locator(".cm-content").inner_text()
    assert faults(page) == []


def test_every_answer_is_judged_in_the_page_as_here(read):
    reader = read()
    cell = reader.page.locator("div.cell").first
    reader.write(
        cell,
        "from attention.exercises import EXERCISES, check\n"
        "wrong = [e.name for e in EXERCISES.values() if not check(e.name, e.reference).right]\n"
        "seen = [check(e.name, m.function).mutant == m.name\n"
        "    for e in EXERCISES.values() for m in e.mutants]\n"
        "open = {check(name, ...).kind for name in EXERCISES}\n"
        "print(wrong, len(seen), all(seen), open)",
    )
    mutants = sum(len(exercise.mutants) for exercise in EXERCISES.values())
    assert f"[] {mutants} True {{'unanswered'}}" in reader.run(cell)


def test_what_is_typed_has_no_way_to_the_network(read):
    reader = read()
    cell = reader.page.locator("div.cell").first
    ways = ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "Worker", "importScripts"]
    reader.write(
        cell,
        f"import js\nways = {ways}\nprint([way for way in ways if hasattr(js, way)])\n"
        "print(hasattr(js.WorkerGlobalScope.prototype, 'fetch'), hasattr(js, 'postMessage'))",
    )
    assert reader.run(cell).split("\n")[-2:] == ["[]", "False True"]


def test_pyplot_draws_and_sources_can_be_read(read):
    reader = read()
    cell = reader.page.locator("div.cell").first
    reader.write(cell, "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nNone")
    reader.run(cell)
    assert cell.locator(".python-output svg").count() == 1
    reader.write(
        cell,
        "import inspect\nfrom attention import softmax\n"
        "print(inspect.getsource(softmax).startswith('def softmax(x'))",
    )
    assert reader.run(cell).endswith("True")


def test_a_cell_that_needs_what_a_browser_lacks_says_so_and_keeps_the_books(read):
    reader = read("12-long-sequences")
    cell = reader.cell("from dask")
    reader.press(cell, "Run")
    reader.settle()
    assert "needs dask, which a browser lacks." in cell.locator(".python-status").inner_text()
    assert not cell.locator(".python-output").count()


@pytest.mark.parametrize(
    "options", [DESKTOP, PHONE | {"color_scheme": "dark"}], ids=["light", "dark"]
)
def test_axe_finds_nothing_in_any_state(read, options):
    reader = read(**options)
    page, cells = reader.page, reader.page.locator("div.cell")
    drawn, printing = cells.first, cells.nth(1)
    states = {}

    def note(state, shown):
        shown.wait_for(timeout=1000 * PATIENCE)
        states[state] = faults(page)

    reader.press(drawn, "Run")
    note("loading", drawn.locator("progress"))
    reader.settle()
    note("a figure with controls", drawn.locator(".python-output form + figcaption"))
    reader.write(printing, "while True:\n    print('more')")
    note("editing", printing.locator(".cm-content"))
    reader.press(printing, "Run")
    note("running", printing.locator(".python-printed"))
    reader.press(printing, "Stop")
    reader.settle()
    note("stopped", page.get_by_text("Stopped. What you typed stays."))
    reader.write(printing, "1 / 0")
    reader.run(printing)
    note("an error", printing.locator(".python-error"))
    page.get_by_role("button", name="Check this page").click()
    note("checking", page.locator(".python-check progress"))
    reader.settle()
    note("checked", page.locator(".python-check-tick", has_text="the same").first)
    assert states == dict.fromkeys(states, [])
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_figure_that_a_cell_draws_asks_python_for_its_frames(read):
    reader = read("05-why-sqrt-d")
    cell = reader.page.locator("div.cell:has(.cell_output input[type=range])").first
    slider, key = cell.locator(".cell_output input[type=range]").first, "ArrowRight"
    if slider.input_value() == slider.get_attribute("max"):
        key = "ArrowLeft"
    drawn = cell.locator(".cell_output figcaption")  # for the page, when it was built
    start = drawn.text_content()
    slider.focus()
    reader.page.keyboard.press(key)
    changed = "([it, text]) => it.textContent !== text"
    wait_until(reader.page, changed, arg=[drawn.element_handle(), start])
    moved = drawn.text_content()
    assert reader.run(cell).startswith("Your output: the same as the book’s")
    assert drawn.is_visible()  # the book's stays beside the reader's
    figure = cell.locator(".python-output figure")
    figure.locator("input[type=range]").first.focus()
    reader.page.keyboard.press(key)
    caption = figure.locator("figcaption")
    wait_until(reader.page, changed, arg=[caption.element_handle(), start])
    assert caption.text_content() == moved
    assert figure.locator("div[role=img]").get_attribute("aria-label")


def test_the_keyboard_is_enough(read):
    reader = read()
    page, cell = reader.page, reader.page.locator("div.cell").first
    cell.get_by_role("button", name="Edit").focus()
    page.keyboard.press("Enter")
    cell.locator(".cm-content:focus").wait_for()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("if True:\n")
    page.keyboard.press("Tab")
    page.keyboard.type("print(3)")
    page.keyboard.press("Shift+Enter")
    reader.settle()
    assert cell.locator(".python-output").inner_text().split()[-1] == "3"
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Run"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # Reset
    assert not page.locator(".cm-content").count()
    page.get_by_role("button", name="Check this page").focus()
    page.keyboard.press("Enter")
    page.locator(".python-check progress").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # Stop
    reader.settle()
    assert page.locator(".python-check .python-status").inner_text().startswith("Stopped.")
    assert page.evaluate("document.activeElement.textContent") == "Check this page"


def test_a_try_sets_the_figure_that_its_reader_drew(read):
    reader = read("01-core-concept")
    page, cell = reader.page, reader.page.locator("div.cell").first
    wide = page.locator(".try .sets").get_by_text("wide", exact=True)
    reader.run(cell)
    wide.click()
    drawn = cell.locator(".python-output figure.attention-figure")
    expect(drawn.locator("figcaption")).to_contain_text("It was wide")
    assert drawn.locator("fieldset").first.locator(":checked").get_attribute("value") == "1"
    reader.write(cell, "6 * 7")
    assert reader.run(cell).endswith("42")
    wide.click()  # there is nothing to set, and nothing fails
    assert page.locator(".try .sets").count() == 5


@pytest.mark.parametrize(
    ("chapter", "kinds"),
    [("07-multi-head", [PRINTED, CAPTION]), ("13-gallery-of-errors", [TABLE, HEATMAP])],
)
def test_a_changed_digit_is_found_also_under_a_folder_in_the_dark_on_a_phone(
    site, open_page, serving, tmp_path, chapter, kinds
):
    copy = tmp_path / "some" / "folder"
    shutil.copytree(site, copy)
    file = copy / "chapters" / f"{chapter}.html"
    page = file.read_text("utf-8")

    def change(text, kind):
        """Change the first digit that the first output of a kind shows."""
        output = next(it for it in re.finditer(kind, text, re.DOTALL) if DIGIT.search(it[0]))
        at = output.start() + DIGIT.search(output[0]).end() - 1
        return text[:at] + str((int(text[at]) + 5) % 10) + text[at + 1 :]

    for kind in kinds:
        page = change(page, kind)
    file.write_text(page, "utf-8")
    with serving(tmp_path) as address:
        url = f"{address}some/folder/chapters/{chapter}.html"
        reader = Reader(open_page(url, color_scheme="dark", **PHONE))
        line = reader.check_page()
        assert f"{len(kinds)} cells differ, and show both" in line
        ticks = reader.page.locator(".python-check-tick").all_inner_texts()
        assert ticks.count("✗ not the same") == len(kinds)
        differing = reader.page.locator(".python-output")
        assert [it.is_visible() for it in differing.all()] == [True] * len(kinds)  # unfolded
        assert faults(reader.page) == []
        assert reader.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_from_a_disk_one_line_says_why_there_are_no_buttons(site, open_page):
    page = open_page((site / "chapters" / f"{CHAPTER}.html").as_uri(), **DESKTOP)
    assert page.get_by_role("button", name="Run").count() == 0
    assert "make serve" in page.locator(".python-why").inner_text()


def test_without_webassembly_one_line_says_so(browser, address):
    context = browser.new_context(**DESKTOP)
    context.add_init_script("delete window.WebAssembly")
    page = context.new_page()
    page.goto(f"{address}chapters/{CHAPTER}.html")
    assert page.get_by_role("button", name="Run").count() == 0
    assert "no WebAssembly" in page.locator(".python-why").inner_text()
    context.close()


@pytest.mark.parametrize("home", ["server", "disk"])
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_four_steps_follow_the_readers_own_numbers(request, site, open_page, device, home):
    root = request.getfixturevalue("address") if home == "server" else site.as_uri() + "/"
    page = open_page(f"{root}chapters/04-numeric-example.html", **device)
    place = page.locator(".own-numbers")
    told, steps = place.get_by_role("status"), place.locator("td")
    assert "its output is 8.986, 9.986" in told.inner_text()
    place.get_by_label("query, row 0, column 1").fill("−0,5")
    assert "Query 0 gives key 1 the most weight" in told.inner_text()
    for bad in ["", "many", "1e9", "0x10", "1;2"]:
        place.get_by_label("key, row 1, column 0").fill(bad)
        assert told.inner_text().startswith("Row 1, column 0 of key is ")
    place.get_by_label("key, row 1, column 0").fill("2")
    for name in ["queries, L", "keys, S", "width of queries and keys, d_k", "width of values, d_v"]:
        place.get_by_label(name, exact=False).first.select_option("4")
    assert "Query 3 gives key" in told.inner_text()
    assert all(re.fullmatch(r"-?[\d.e+-]+|", text) for text in steps.all_inner_texts())
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert home == "disk" or faults(page) == []
