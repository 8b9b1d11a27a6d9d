"""Each chapter checks itself in its page, in another Python and on another processor."""

from pathlib import Path

import nbformat
import pytest
from pages import faults

CHAPTERS = sorted(Path(__file__).parents[2].glob("chapters/*.ipynb"))
LACKING = {  # what a browser does not have, by chapter
    "12-long-sequences": ["dask"],
    "16-real-model": ["pooch", "safetensors", "tokenizers"],
}


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_each_chapter_checks_itself(read, chapter):
    reader = read(chapter.stem)
    cells = [
        cell for cell in nbformat.read(chapter, as_version=4).cells if cell.cell_type == "code"
    ]
    shown = reader.page.locator("div.cell_input pre").evaluate_all(
        "all => all.map(it => it.textContent.trim())"
    )
    assert shown == [cell.source.strip() for cell in cells]
    line = reader.check_page()
    ticks = reader.page.locator(".python-check-tick").all_text_contents()
    assert len(ticks) == len(cells)
    left = [tick for tick in ticks if tick.startswith("Not compared: ")]
    count = sum(
        len(cell.outputs) for cell, tick in zip(cells, ticks, strict=True) if tick not in left
    )
    told = f"{count} of {count} outputs computed anew on your machine: the same."
    assert line.removesuffix(f" {len(left)} cells are not compared, and say why.") == told
    assert {tick for tick in ticks if tick not in left} <= {"✓ the same", "✓ ran"}
    assert bool(left) == (chapter.stem in LACKING)
    lacking = [f"it needs {name}, which a browser lacks" for name in LACKING.get(chapter.stem, [])]
    reasons = [*lacking, "it needs a cell that is not compared"]
    assert set(left) <= {f"Not compared: {reason}." for reason in reasons}
    assert faults(reader.page) == []
