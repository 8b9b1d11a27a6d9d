"""Measure Python in the page: what it weighs, the waits, and how pages check themselves.

python benchmarks/page_python.py                      every page
python benchmarks/page_python.py 03-breakdown ...     these pages alone

The book must be built. A page is checked as by its button, "Check this page"; if it finds a
difference, this ends with an error. Seconds depend on the machine and on what else it does.
"""

import gzip
import os
import re
import shutil
import sys
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from extensions.python import packing  # noqa: E402

SITE = ROOT / "_build/html"
FIRST = "03-breakdown"
FIGURE = "div.cell:has(form.attention-controls)"
ANSWER = """from attention.exercises import check

def stable_softmax(scores):
    return scores

check("stable_softmax", stable_softmax)"""
TIMES = 5
GOALS = {
    "cold start": 5,
    "warm start": 5,
    "a small cell, Shift-Enter": 0.05,
    "a verdict": 0.1,
    "a slider's frame": 0.15,
}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def main():
    site = SITE
    if not [*site.glob("python/pyodide-*")]:
        sys.exit(f"{site} holds no Python: build the book first, with `make book`")
    chapters = sys.argv[1:] or [page.stem for page in sorted(site.glob("chapters/*.html"))]
    print_weights(site)
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site)) as server,
        sync_playwright() as playwright,
    ):
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/chapters/"
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        print_waits(browser, address)
        print(f"\n{'check this page':28}{'seconds':>9}{'MB':>9}")
        differing = [name for name in chapters if not print_check(browser, address, name)]
        browser.close()
        server.shutdown()
    if differing:
        sys.exit(f"not the same: {', '.join(differing)}")


def print_weights(site):
    core = [*site.glob("python/pyodide-*")][0]
    with gzip.open(core / "python.pack") as pack:
        files = packing.read(pack.read())
    library = {path: content for path, content in files.items() if "site-packages" not in path}
    numpy = {path: content for path, content in files.items() if "site-packages/numpy" in path}
    parts = {
        "core": [*core.glob("*.mjs"), *core.glob("*.wasm")],
        "Python's library, packed": library,
        "NumPy, packed": numpy,
        "matplotlib and its needs": files.keys() - library.keys() - numpy.keys(),
        "this book, packed": [site / "python/book.pack"],
        "editor": [site / "python/editor.js"],
        "scripts": [*site.glob("python/[!e]*js")],
    }
    print(f"{'part':28}{'MB':>9}{'MB gzip':>9}")
    for part, of in parts.items():
        contents = [it.read_bytes() if isinstance(it, Path) else files[it] for it in sorted(of)]
        packed = len(gzip.compress(b"".join(contents)))
        print(f"{part:28}{sum(map(len, contents)) / 1e6:9.2f}{packed / 1e6:9.2f}")


def print_waits(browser, address):
    """Print the shortest of several waits, by the browser's clock: what else runs only adds."""
    waits = [measured(browser, address) for _ in range(TIMES)]
    print(f"\n{'wait, shortest of ' + str(TIMES):28}{'seconds':>9}{'goal':>9}")
    for name, goal in GOALS.items():
        print(f"{name:28}{min(wait[name] for wait in waits):9.3f}{goal:9}")
    load = ", ".join(f"{mean:.1f}" for mean in os.getloadavg())
    print(f"{'processes that wanted to run':28}{load:>20} on {os.cpu_count()} cores")


def measured(browser, address):
    page = browser.new_context().new_page()  # with an empty cache
    run = "it.querySelector('.python-bar button').click()"
    found = {}
    for start in ("cold start", "warm start"):
        page.goto(f"{address}{FIRST}.html")
        page.evaluate("document.querySelectorAll('article details').forEach(it => it.open = true)")
        found[start] = shown_after(page, FIGURE, run)
    small = page.locator("div.cell:not(:has(div.cell)):has(.text_plain)").first
    found["a small cell, Shift-Enter"] = shortest(page, small, "2 + 2", "4")
    exercise = page.locator("div.cell").filter(has_text="stable_softmax: not answered yet").first
    found["a verdict"] = shortest(page, exercise, ANSWER, "stable_softmax: not yet")
    found["a slider's frame"] = page.evaluate(FRAMES, FIGURE)
    page.context.close()
    return found


def shortest(page, cell, source, says):
    """Write a source into a cell: -> the shortest seconds from Shift-Enter to what it says."""
    page.evaluate("document.querySelectorAll('.measured').forEach(it => it.className = 'cell')")
    cell.get_by_role("button", name="Edit").click()
    cell.locator(".cm-content").press("Control+A")
    page.keyboard.insert_text(source)
    cell.evaluate("it => it.classList.add('measured')")
    key = """it.querySelector(".cm-content").dispatchEvent(new KeyboardEvent("keydown",
        { key: "Enter", shiftKey: true, bubbles: true, cancelable: true }))"""
    seconds = min(shown_after(page, ".measured", key) for _ in range(TIMES))
    text = page.locator(".measured .python-output").inner_text()
    assert says in text, text
    return seconds


def shown_after(page, selector, act):
    """Do something to a cell: -> the seconds until its new output is there."""
    return page.evaluate(
        f"""async (selector) => {{
          const it = document.querySelector(selector);
          const before = it.querySelector(".python-output");
          const start = performance.now();
          const shown = new Promise((resolve) => {{
            new MutationObserver(() => {{
              const now = it.querySelector(".python-output");
              if (now && now !== before) resolve();
            }}).observe(it, {{ childList: true, subtree: true }});
          }});
          {act};
          await shown;
          const seconds = (performance.now() - start) / 1000;
          const busy = () => document.querySelector("html[data-python]");
          while (busy()) await new Promise(requestAnimationFrame);
          return seconds;
        }}""",
        selector,
    )


FRAMES = """async (selector) => {
  const it = document.querySelector(`${selector} .python-output`);
  const [first, ...others] = it.querySelectorAll("form input");
  const move = (state) => {
    first.value = state;
    first.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const states = Array.from({ length: first.max }, (_, i) => () => move(i + 1));
  const times = [];
  // Each is drawn for the first time.
  for (const act of first.type === "range" ? states : others.map((it) => () => it.click())) {
    const changed = new Promise((resolve) =>
      new MutationObserver(resolve).observe(it.querySelector("figcaption"), { childList: true }));
    const start = performance.now();
    act();
    await changed;
    times.push((performance.now() - start) / 1000);
  }
  return Math.min(...times);
}"""


def largest_page():
    """Return the memory, in MB, of the largest of the browser's pages, where Linux tells it."""
    sizes = [0]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"--type=renderer" in (process / "cmdline").read_bytes():
                resident = re.search(r"VmRSS:\s*(\d+) kB", (process / "status").read_text())
                sizes.append(int(resident[1]) / 1000)
        except (OSError, TypeError):
            continue  # it has ended
    return max(sizes)


def print_check(browser, address, chapter):
    """Check a page: -> whether all that was compared is the same."""
    page = browser.new_context().new_page()
    page.goto(f"{address}{chapter}.html")
    button = page.get_by_role("button", name="Check this page")
    if not button.count():
        page.context.close()
        return True
    start = time.monotonic()
    button.click()
    while page.locator("html[data-python]").count():
        time.sleep(0.1)
    seconds = time.monotonic() - start
    memory = largest_page()
    line = page.locator(".python-check .python-status").inner_text()
    print(f"{chapter:28}{seconds:9.1f}{memory:9.0f}  {line}", flush=True)
    for number, tick in enumerate(page.locator(".python-check-tick").all_inner_texts(), 1):
        if not tick.startswith("✓"):
            print(f"{'':28}cell {number}: {tick}")
    page.context.close()
    same, of = re.match(r"(\d+) of (\d+)", line).groups() if line[:1].isdigit() else (0, 1)
    return same == of


if __name__ == "__main__":
    main()
