"""A real browser, the built site on a local server, and pages that note what goes wrong."""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import gettempdir
from threading import Thread
from urllib.parse import urlsplit

import book
import pytest
from filelock import FileLock
from pages import DESKTOP, PATIENCE, Reader
from playwright.sync_api import Error, expect, sync_playwright

FLAGS = [
    *book.FLAGS,
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Whatever asks for another host must fail, here as on a phone without a network.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
POLICY = (
    "default-src 'self'; img-src 'self' data:; font-src data:; "
    "style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; "
    "worker-src 'self'"
)

expect.set_options(timeout=1000 * PATIENCE)


# A browser a module: Playwright keeps an event loop running that other tests must not meet.
@pytest.fixture(scope="module")
def browser():
    """Yield Debian's Chromium, else one on the PATH, else Playwright's own."""
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=book.browser(), args=FLAGS)
        except Error:
            browser = launch_own(playwright)
        yield browser
        browser.close()


def launch_own(playwright):
    """Launch Playwright's own Chromium, which is fetched if it is not there."""
    with FileLock(Path(gettempdir(), "attention-playwright.lock")):  # by one worker at a time
        fetch = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(fetch, capture_output=True, timeout=600)
    try:
        return playwright.chromium.launch(args=FLAGS)
    except Error as error:
        return no_browser(error)


def no_browser(error):
    """Skip on a reader's machine, fail where the checks must be complete."""
    reason = f"no Chromium starts here (`playwright install chromium` brings one): {error.message}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@contextmanager
def serve(folder):
    """Serve a folder on 127.0.0.1 under a policy that forbids other hosts; yield the address."""
    handler = partial(Handler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Handler(SimpleHTTPRequestHandler):
    def end_headers(self):
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format, *args):
        pass


@pytest.fixture(scope="session")
def address(site):
    """Yield the address of the served site, with a slash at its end."""
    with serve(site) as address:
        yield address


@pytest.fixture(scope="session")
def addresses(site):
    """Return the addresses of all pages, from the root of the site."""
    pages = [page.relative_to(site) for page in site.rglob("*.html") if "_static" not in page.parts]
    return sorted(page.as_posix() for page in pages)


@pytest.fixture
def serving():
    """Return serve(folder), for sites that a test makes itself."""
    return serve


@pytest.fixture
def open_page(browser):
    """Yield open_page(url, **options of a browser context), which returns the loaded page.

    The test fails in the end if a page logged an error or asked for anything from another host,
    except what starts with one of the addresses in spared.
    """
    contexts, complaints = [], []

    def open_page(url, *, spared=(), **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()

        def hear(message):
            if message.type == "error" and not message.location["url"].startswith(tuple(spared)):
                complaints.append(f"{url} logs: {message.text} ({message.location['url']})")

        def meet(request):
            asked = urlsplit(request.url)
            own = asked[:2] == urlsplit(url)[:2] or asked.scheme in ("data", "blob")
            if not own and not request.url.startswith(tuple(spared)):
                complaints.append(f"{url} asks for {request.url}")

        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(f"{url} raises: {error}"))
        page.on("request", meet)
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def read(address, open_page):
    """Return read(name, **options of a browser context), which opens a chapter for a reader."""
    return lambda name="03-breakdown", **options: Reader(
        open_page(f"{address}chapters/{name}.html", **(options or DESKTOP))
    )


@pytest.fixture(scope="module")
def whole(site, tmp_path_factory, request):
    """Yield whole(kind, text), which makes the book one file and finds it offered by this text."""

    def make(kind, text):
        copy, output = tmp_path_factory.mktemp("site") / "html", tmp_path_factory.mktemp(kind)
        output /= f"book.{kind}"
        shutil.copytree(site, copy)
        tool = [sys.executable, book.ROOT / f"tools/{kind}.py"]
        done = subprocess.run(
            [*tool, "--site", copy, "--output", output], capture_output=True, text=True
        )
        if "none starts here" in done.stderr:
            request.getfixturevalue("browser")  # skips or fails, as for every page
        assert done.returncode == 0, done.stderr
        assert f'href="{output.name}">{text}' in (copy / "index.html").read_text("utf-8")
        assert (copy / output.name).read_bytes() == output.read_bytes()
        return output

    return make
