"""Measure the sliders: bytes on a page, time to draw a frame, time from a key to the new picture.

python benchmarks/sliders.py, after the book was built (`make bench` does both)

Drawing is measured in processor time. In the browser the processor is slowed down four times, as a
phone would be; from key to picture includes the wait for the screen's next refresh. Other programs
that run at the same time spoil the times, not the bytes. A page with nothing but a slider shows
what of them is the browser's own.
"""

import contextlib
import gzip
import io
import linecache
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from unittest import mock

import nbformat
import numpy as np
from playwright.sync_api import sync_playwright

import attention.figures
from attention import softmax
from attention.figures.picture import Canvas
from attention.figures.plots import heatmap, weight_bars

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
SLOWDOWN = 4
MOVES = 50
PRESSES = 20
BARE = "<!doctype html><input type=range min=0 max=9 value=4>"
# A frame's callback runs before its picture is painted, a message sent there is read after.
NOTE_WAITS = """input => {
  window.waits = [];
  input.addEventListener("input", event => requestAnimationFrame(() => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => window.waits.push(performance.now() - event.timeStamp);
    port2.postMessage(0);
  }));
}"""
# What the script takes from a move to the new picture's standing in the page, not yet painted: at
# the first visit of a state, when its text is parsed, and later, when its nodes are ready. The
# script waits for promises alone, so that a few turns of them see its end.
SCRIPT_TAKES = """async (input, visits) => {
  const times = [];
  for (let visit = 0; visit < visits; visit++) {
    times.push([]);
    for (let value = 0; value <= Number(input.max); value++) {
      const start = performance.now();
      input.value = value;
      input.dispatchEvent(new Event("input", {bubbles: true}));
      for (let turn = 0; turn < 20; turn++) await null;
      times.at(-1).push(performance.now() - start);
      if (visit) await new Promise(requestAnimationFrame);
    }
  }
  return [times[0], times.slice(1).flat()];
}"""
MOVE_AT_EACH_FRAME = """(input, moves) => new Promise(resolve => {
  const times = [];
  const move = time => {
    times.push(time);
    if (times.length > moves) {
      return resolve(times.slice(1).map((later, i) => later - times[i]));
    }
    input.value = (Number(input.value) + 1) % (Number(input.max) + 1);
    input.dispatchEvent(new Event("input", {bubbles: true}));
    requestAnimationFrame(move);
  };
  requestAnimationFrame(move);
})"""


def draw_trial(axes, d_k, scale):
    """Draw bars and a heatmap that all depend on both sliders."""
    vectors = np.random.default_rng(0).standard_normal((8, d_k)).round(2)
    weights = softmax(vectors @ vectors.T * scale)
    weight_bars(axes[0], weights[0])
    heatmap(axes[1], weights[:4, :4])
    return f"With d_k = {d_k} and scale {scale} the largest weight is {weights[0].max():.2f}."


def trial():
    return attention.figures.explore(
        draw_trial,
        axes=2,
        d_k=[1, 2, 4, 8, 16, 32, 64, 128],
        scale=[0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5],
    )


def run(chapter):
    """Execute the code of a chapter."""
    names = {"__name__": "__main__"}
    with contextlib.chdir(chapter.parent), contextlib.redirect_stdout(io.StringIO()):
        for number, cell in enumerate(nbformat.read(chapter, as_version=4).cells):
            if cell.cell_type == "code":
                place = f"<{chapter.stem}, cell {number}>"
                lines = cell.source.splitlines(keepends=True)
                linecache.cache[place] = len(cell.source), None, lines, place  # for inspect
                exec(compile(cell.source, place, "exec"), names)


def sliders(make):
    """Return, for each call of explore that make() does, its HTML and the times of its frames."""
    found, times = [], []
    frame, explore = Canvas.frame, attention.figures.explore

    def timed_frame(self, /, **state):
        start = time.process_time()
        drawn = frame(self, **state)
        times.append(time.process_time() - start)
        return drawn

    def noted_explore(*args, **kwargs):
        times.clear()
        explorer = explore(*args, **kwargs)
        found.append((explorer._repr_mimebundle_()["text/html"], list(times)))
        return explorer

    with (
        mock.patch.object(Canvas, "frame", timed_frame),
        mock.patch.object(attention.figures, "explore", noted_explore),
    ):
        make()
    return found


def sizes(html):
    """Return what a text weighs, and what it weighs compressed, in kB."""
    return len(html.encode()) / 1000, len(gzip.compress(html.encode(), 9)) / 1000


def print_row(*cells):
    name, *numbers = cells
    print(f"{name:28}" + "".join(f"{number:>11}" for number in numbers))


def main():
    pages = sorted(SITE.glob("chapters/*.html"))
    if not pages:
        sys.exit(f"{SITE} holds no chapters: build the book first, with `make book`")
    start = time.process_time()
    for _ in range(10_000_000):
        pass
    print(f"Counting to ten million takes {time.process_time() - start:.2f} s on this machine.\n")
    print_row("slider", "frames", "kB", "kB gzip", "ms a frame")
    print_sliders("trial, 64 frames", sliders(trial))
    for chapter in sorted(ROOT.glob("chapters/*.ipynb")):
        print_sliders(chapter.stem, sliders(lambda chapter=chapter: run(chapter)))
    print()
    print_row("page", "sliders", "kB", "kB gzip", "ms parsing", "ms ready", "ms to see", "late")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        with tempfile.TemporaryDirectory() as folder:
            bare = Path(folder, "a slider alone.html")
            bare.write_text(BARE, encoding="utf-8")
            for page in (bare, *pages):
                print_page(browser, page)


def print_sliders(name, found):
    for number, (html, times) in enumerate(found, 1):
        milliseconds = f"{1000 * median(times):.1f}"
        weight, compressed = (f"{size:.1f}" for size in sizes(html))
        print_row(f"{name} ({number})", len(times), weight, compressed, milliseconds)


def print_page(browser, path):
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(path.as_uri())
    inputs = page.locator("input[type=range]").all()
    row = [path.stem, len(inputs), *(f"{size:.1f}" for size in sizes(path.read_text("utf-8")))]
    if inputs:
        devtools = page.context.new_cdp_session(page)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
        scripts = [slider.evaluate(SCRIPT_TAKES, 4) for slider in inputs]
        row += [f"{median(sum(times, [])):.1f}" for times in zip(*scripts, strict=True)]
        measured = [measure_slider(page, slider) for slider in inputs]
        row.append(f"{median(wait for waits, _ in measured for wait in waits):.1f}")
        # A frame is late when the screen had to show the one before it a second time.
        row.append(sum(gap > 1.5 * 1000 / 60 for _, gaps in measured for gap in gaps))
    print_row(*row)
    page.close()


def measure_slider(page, slider):
    """Return the times from key to picture, and those between the frames of moves in a row."""
    slider.press("Home")
    slider.evaluate(NOTE_WAITS)
    for number, key in enumerate(["ArrowRight", "ArrowLeft"] * (PRESSES // 2), 1):
        page.keyboard.press(key)
        page.wait_for_function(f"waits.length == {number}")
    waits = page.evaluate("waits")
    return waits, slider.evaluate(MOVE_AT_EACH_FRAME, MOVES)


if __name__ == "__main__":
    main()
