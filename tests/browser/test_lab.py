"""The sliders in a real JupyterLab: before a chapter runs, after, and when it is opened again."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from types import SimpleNamespace
from urllib.parse import urlsplit

import nbformat
import pytest
from expected import CHAPTERS, WITH_SLIDERS, canonical, plain, sliders
from playwright.sync_api import expect

from attention.figures.live import WIDGET_VIEW

PATIENCE = 240  # seconds, in which a kernel draws every frame of a chapter on a slow machine
SETTINGS = {
    # Cells outside the window would not be in the page.
    "notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"},
    "apputils-extension/notification.jupyterlab-settings": {"fetchNews": "false"},
}


CHAPTER = WITH_SLIDERS[0]
WIDGETS = {"ATTENTION_WIDGETS": "1"}
IDLE = "Python 3 (ipykernel) | Idle"
FORGET = "--ContentsManager.pre_save_hook=attention.figures.live.forget"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start JupyterLab as anyone would."""
    with start(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture(scope="module")
def widget_lab(tmp_path_factory):
    """Start JupyterLab as `make lab` does: with widgets, which its files leave out."""
    with start(tmp_path_factory.mktemp("lab"), WIDGETS, [FORGET]) as lab:
        yield lab


@contextmanager
def start(home, variables=(), options=()):
    """Start JupyterLab on copies of the chapters, with settings and signatures of its own."""
    shutil.copytree(CHAPTERS, home / "chapters")
    for name, settings in SETTINGS.items():
        path = home / "settings" / "@jupyterlab" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))
    folders = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"]
    folders.append("JUPYTERLAB_WORKSPACES_DIR")
    environment = os.environ | {name: str(home / name.lower()) for name in folders}
    environment |= {"JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), **dict(variables)}
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address, token = f"http://127.0.0.1:{port}", secrets.token_hex()
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", *options]
    command += ["--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
    log = home / "log"
    with log.open("w") as file:
        server = subprocess.Popen(
            [*command, f"--IdentityProvider.token={token}"],
            cwd=home / "chapters",
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(f"{address}/api?token={token}", server, log)
        yield SimpleNamespace(
            # A workspace each, or the chapters opened before would open again.
            url=lambda: (
                f"{address}/lab/workspaces/{secrets.token_hex(4)}/tree/{CHAPTER}.ipynb"
                f"?token={token}"
            ),
            kernels=f"{address}/api/kernels",
            token=token,
            file=home / "chapters" / f"{CHAPTER}.ipynb",
            environment=environment,
        )
    finally:
        server.terminate()
        server.wait()


def wait_for(url, server, log):
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        try:
            return urllib.request.urlopen(url).close()
        except urllib.error.URLError:
            time.sleep(0.5)
    pytest.fail(f"JupyterLab does not start:\n{log.read_text()}", pytrace=False)


@pytest.fixture
def open_chapter(browser):
    """Yield open_chapter(lab), which opens the chapter; the test fails if it asks another host."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE * 1000)
    foreign = []

    def meet(request):
        if urlsplit(request.url).hostname not in ("127.0.0.1", None):
            foreign.append(request.url)

    def open_chapter(lab):
        page = context.new_page()
        page.on("request", meet)
        page.goto(lab.url())
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
        page.get_by_text(IDLE).wait_for()  # or a run would ask which kernel to take
        return page

    yield open_chapter
    context.close()
    assert foreign == []


def figures(page):
    """Return the figures with controls, each beside what the chapter asks it to show."""
    found = page.locator("figure")
    found.first.wait_for()
    moving = [figure for figure in found.all() if figure.locator("form, .attention-still").count()]
    return list(zip(moving, sliders(CHAPTER), strict=True))


def choose(page, *menu):
    for item in menu:
        page.get_by_role("menuitem", name=item, exact=True).click()


def run_all(page, lab, shown):
    """Run the chapter until as much is shown as has sliders, and save it; return its outputs."""
    before = lab.file.stat().st_mtime_ns
    choose(page, "Run", "Run All Cells")
    views = page.locator(shown)
    expect(views).to_have_count(len(sliders(CHAPTER)))
    page.get_by_text(IDLE).wait_for()
    page.keyboard.press("Control+s")
    deadline = time.monotonic() + PATIENCE
    while lab.file.stat().st_mtime_ns == before and time.monotonic() < deadline:
        time.sleep(0.2)
    saved = nbformat.read(lab.file, as_version=4)
    return [out for cell in saved.cells for out in cell.get("outputs", []) if "data" in out]


def move_sliders(page):
    """Move the first control of each figure, and compare what shows with what Python draws."""
    for figure, expected in figures(page):
        name, values = next(iter(expected.sliders.items()))
        state = expected.starting_state()
        index = len(values) - 1 if state[0] == 0 else 0
        inputs = figure.locator(f"input[name='{name}']")
        if name in expected.choices:
            inputs.nth(index).check()
        else:
            inputs.press("Home" if index == 0 else "End")
        frame = expected.frame((index, *state[1:]))
        expect(figure.locator("figcaption")).to_have_text(plain(frame.sentence))
        expect(figure.get_by_role("img", name=frame.sentence, exact=True)).to_be_visible()
    expect(page.get_by_text("Error displaying widget")).to_have_count(0)


def test_before_it_runs_a_chapter_shows_pictures_and_says_how_to_move_them(open_chapter, lab):
    page = open_chapter(lab)
    for figure, expected in figures(page):
        # Nobody has trusted this copy, so that JupyterLab strips its scripts.
        sentence = expected.frame(expected.starting_state()).sentence
        image = figure.get_by_role("img", name=sentence, exact=True)
        expect(image).to_be_visible()
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        expect(figure.locator("figcaption")).to_have_text(plain(sentence))
        expect(figure.get_by_text("run this cell")).to_be_visible()
    expect(page.locator("figure input:visible")).to_have_count(0)


def test_sliders_of_a_trusted_chapter_move_before_it_runs(open_chapter, lab):
    trust = [sys.executable, "-m", "jupyter", "trust", lab.file]
    subprocess.run(trust, env=lab.environment, check=True, capture_output=True)
    move_sliders(open_chapter(lab))


def test_sliders_move_after_a_run_and_when_the_chapter_is_opened_again(open_chapter, lab):
    clear(lab)
    page = open_chapter(lab)
    saved = run_all(page, lab, "figure form:visible")
    assert all(WIDGET_VIEW not in output.data for output in saved)
    move_sliders(page)
    page.close()
    stop_kernels(lab)
    move_sliders(open_chapter(lab))


LIVE = ".widget-vbox"


def clear(lab):
    """Take the outputs out of the chapter, so that what shows was made by a run."""
    notebook = nbformat.read(lab.file, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, lab.file)


def stop_kernels(lab):
    headers = {"Authorization": f"token {lab.token}"}

    def ask(method, url):
        return urllib.request.urlopen(urllib.request.Request(url, method=method, headers=headers))

    for kernel in json.load(ask("GET", lab.kernels)):
        ask("DELETE", f"{lab.kernels}/{kernel['id']}").close()


def test_widgets_show_on_a_live_kernel_and_are_left_out_of_the_file(open_chapter, widget_lab):
    clear(widget_lab)
    page = open_chapter(widget_lab)
    saved = run_all(page, widget_lab, LIVE)
    assert any("attention-controls" in output.data.get("text/html", "") for output in saved)
    assert all(WIDGET_VIEW not in output.data for output in saved)
    for view, expected in zip(page.locator(LIVE).all(), sliders(CHAPTER), strict=True):
        state = expected.starting_state()
        check(view, expected, state)
        for i, (name, values) in enumerate(expected.sliders.items()):
            step = 1 if state[i] < len(values) - 1 else -1
            state = (*state[:i], state[i] + step, *state[i + 1 :])
            if name in expected.choices:
                view.get_by_role("radio", name=str(values[state[i]]), exact=True).check()
            else:
                # Its name and its value's text, as a screen reader gets them.
                slider = view.get_by_role("slider", name=expected.labels[name], exact=True)
                slider.press("ArrowRight" if step > 0 else "ArrowLeft")
                text = expected.texts(state)[name]
                expect(slider).to_have_attribute("aria-valuetext", text)
            check(view, expected, state)
        expect(view.get_by_text("while its kernel runs")).to_be_visible()
    page.close()
    stop_kernels(widget_lab)
    move_sliders(open_chapter(widget_lab))


def check(view, expected, state):
    """Wait for the sentence of a state, then compare the picture with what Python draws for it."""
    frame = expected.frame(state)
    expect(view.locator("p")).to_have_text(plain(frame.sentence))
    picture = view.get_by_role("img", name=frame.sentence, exact=True)
    shown = picture.evaluate(
        "div => [...div.children].map(svg => new XMLSerializer().serializeToString(svg))"
    )
    assert canonical(shown) == canonical(frame.panels)
