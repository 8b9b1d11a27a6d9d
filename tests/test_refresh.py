"""Refreshing executes, normalises, changes nothing twice and never loses what someone wrote."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from refresh import RefreshError, main, normalise, refresh, to_text

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


@pytest.fixture
def chapter(tmp_path):
    """A chapter as its author leaves it: never run, with what an editor notes in passing."""
    cells = [
        new_markdown_cell("# Größe"),
        new_code_cell("x = 6\nprint(x)\nprint(x + 1)", metadata={"tags": ["hide-input"]}),
        new_code_cell("x * 7", metadata={"scrolled": True, "execution": {"t": "12:00"}}),
        new_code_cell("import ipywidgets\n\nipywidgets.IntSlider(3, description='d_k')"),
    ]
    nb = new_notebook(cells=cells, metadata={"widgets": {"state": {}}, "title": "Size"})
    path = tmp_path / "07-size.ipynb"
    nbformat.write(nb, path)
    return path


def test_refresh_executes_and_normalises(chapter):
    assert refresh(chapter) == f"{chapter}: refreshed"
    text = chapter.read_text(encoding="utf-8")
    nb = nbformat.reads(text, as_version=4)
    nbformat.validate(nb)
    _, printed, product, slider = nb.cells
    assert [cell.id for cell in nb.cells] == [f"07-size-0{i}" for i in range(4)]
    assert [cell.execution_count for cell in nb.cells[1:]] == [1, 2, 3]
    assert printed.outputs == [stream("6\n7\n")]
    assert printed.metadata == {"tags": ["hide-input"], "jupyter": {"source_hidden": True}}
    assert product.outputs[0].data == {"text/plain": "42"}
    assert product.metadata == {}
    assert slider.outputs[0].data == {"text/plain": "IntSlider(value=3, description='d_k')"}
    assert nb.metadata.keys() == {"kernelspec", "language_info", "title"}
    assert nb.metadata.kernelspec.name == "python3"
    assert "version" not in nb.metadata.language_info
    assert "Größe" in text
    assert text == to_text(nb)
    assert text.endswith("}\n")


def test_a_second_run_changes_nothing(chapter):
    refresh(chapter)
    before, stored = chapter.read_bytes(), chapter.stat()
    assert refresh(chapter) == f"{chapter}: unchanged"
    assert chapter.read_bytes() == before
    assert chapter.stat().st_mtime_ns == stored.st_mtime_ns
    assert list(chapter.parent.iterdir()) == [chapter]


def test_a_clock_keeps_what_it_shows_until_that_is_cleared(chapter):
    nb = nbformat.read(chapter, as_version=4)
    nb.cells[2].source = "import time\n\ntime.perf_counter_ns()"
    nb.cells[2].metadata["tags"] = ["nbval-ignore-output"]
    nbformat.write(nb, chapter)
    assert refresh(chapter) == f"{chapter}: refreshed"
    assert refresh(chapter) == f"{chapter}: unchanged"
    nb = nbformat.read(chapter, as_version=4)
    nb.cells.insert(1, new_code_cell("6"))
    nbformat.write(nb, chapter)
    [before] = nb.cells[3].outputs
    refresh(chapter)
    nb = nbformat.read(chapter, as_version=4)
    [after] = nb.cells[3].outputs
    assert (after.data, after.execution_count) == (before.data, before.execution_count + 1)
    shown, nb.cells[3].outputs = nb.cells[3].outputs, []
    nbformat.write(nb, chapter)
    assert refresh(chapter) == f"{chapter}: refreshed"
    assert nbformat.read(chapter, as_version=4).cells[3].outputs != shown != []


def test_an_error_names_chapter_cell_and_reason_and_leaves_the_file(chapter, capsys):
    nb = nbformat.read(chapter, as_version=4)
    nb.cells[2].source = "raise ValueError('no\\n  shape')"
    nbformat.write(nb, chapter)
    before = chapter.read_bytes()
    assert main([str(chapter)]) == 1
    assert capsys.readouterr().err == f"{chapter}, cell [2]: ValueError: no shape\n"
    assert chapter.read_bytes() == before


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import os\n\nos._exit(1)", "its kernel died"),
        ("while True:\n    pass", "did not end within 1 seconds"),
    ],
)
def test_a_cell_without_end_or_kernel_is_named(chapter, monkeypatch, source, reason):
    monkeypatch.setattr("refresh.SECONDS_A_CELL", 1)
    nb = nbformat.read(chapter, as_version=4)
    nb.cells[2].source = source
    nbformat.write(nb, chapter)
    with pytest.raises(RefreshError, match=re.escape(f"{chapter}, cell [2]: {reason}")):
        refresh(chapter)


def test_one_failure_does_not_keep_the_others_from_being_stored(chapter, capsys):
    missing = chapter.with_name("06-missing.ipynb")
    assert main([str(missing), str(chapter)]) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith(f"{missing}: cannot be read as a notebook: ")
    assert captured.out == f"{chapter}: refreshed\n"


@pytest.mark.parametrize("text", ["", "no JSON", "[]", '{"cells": 3}'])
def test_a_file_that_is_no_notebook_is_left(chapter, text):
    chapter.write_text(text)
    with pytest.raises(RefreshError, match="cannot be read as a notebook"):
        refresh(chapter)
    assert chapter.read_text() == text


def test_what_someone_saves_meanwhile_is_kept(chapter):
    nb = nbformat.read(chapter, as_version=4)
    # Run by the kernel, in the chapter's folder: as an author who saves while the chapter runs.
    nb.cells = [new_code_cell(f"open({chapter.name!r}, 'w').write('mine')")]
    nbformat.write(nb, chapter)
    with pytest.raises(RefreshError, match="was saved by someone else while it ran"):
        refresh(chapter)
    assert chapter.read_text() == "mine"


def test_a_chapter_is_replaced_whole_or_not_at_all(chapter, monkeypatch):
    def interrupt(*paths):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", interrupt)
    before = chapter.read_bytes()
    with pytest.raises(KeyboardInterrupt):
        refresh(chapter)
    assert chapter.read_bytes() == before


def test_adjacent_streams_of_one_name_become_one():
    pieces = [stream("a"), stream("b"), stream("c", name="stderr"), stream("d")]
    nb = new_notebook(cells=[new_code_cell("f()", outputs=pieces)])
    merged = normalise(nb, "07-size").cells[0].outputs
    assert merged == [stream("ab"), stream("c", name="stderr"), stream("d")]


def test_what_only_a_live_widget_could_show_is_left_out():
    view, details = {WIDGET_VIEW: {"model_id": "a"}}, {WIDGET_VIEW: {"width": 5}}
    alone = new_output("display_data", view, metadata=details)
    beside = new_output("display_data", view | {"text/html": "<p>"}, metadata=details)
    nb = new_notebook(cells=[new_code_cell("f()", outputs=[alone, beside])])
    left = normalise(nb, "07-size").cells[0].outputs
    assert left == [new_output("display_data", {"text/html": "<p>"})]


def test_a_solution_is_folded_in_an_editor_as_on_the_page():
    cells = [new_code_cell("x", metadata={"tags": ["hide-cell"]}), new_code_cell("y")]
    folded, plain = normalise(new_notebook(cells=cells), "n").cells
    assert folded.metadata.jupyter == {"source_hidden": True, "outputs_hidden": True}
    assert plain.metadata == {}


def test_normalise_is_pure_and_idempotent(chapter):
    nb = nbformat.read(chapter, as_version=4)
    before = to_text(nb)
    once = normalise(nb, "07-size")
    assert to_text(nb) == before
    assert to_text(normalise(once, "07-size")) == to_text(once) != before
