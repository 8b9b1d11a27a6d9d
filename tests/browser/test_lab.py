"""The sliders in a real JupyterLab: stored pictures before a chapter runs, live sliders after."""

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
from types import SimpleNamespace

import pytest
from expected import CHAPTERS, WITH_SLIDERS, canonical, sliders
from playwright.sync_api import expect

PATIENCE = 240  # seconds, in which a kernel draws every frame of a chapter on a slow machine
SETTINGS = {
    # Cells outside the window would not be in the page.
    "notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"},
    "apputils-extension/notification.jupyterlab-settings": {"fetchNews": "false"},
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start JupyterLab on copies of the chapters, with settings and signatures of its own."""
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(CHAPTERS, home / "chapters")
    for name, settings in SETTINGS.items():
        path = home / "settings" / "@jupyterlab" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))
    folders = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"]
    folders.append("JUPYTERLAB_WORKSPACES_DIR")
    environment = os.environ | {name: str(home / name.lower()) for name in folders}
    environment["JUPYTERLAB_SETTINGS_DIR"] = str(home / "settings")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address, token = f"http://127.0.0.1:{port}", secrets.token_hex()
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"]
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
            url=lambda name: f"{address}/lab/workspaces/{name}/tree/{name}.ipynb?token={token}",
            folder=home / "chapters",
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
def open_chapter(browser, lab):
    """Yield open_chapter(name), which opens a chapter in JupyterLab."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE * 1000)

    def open_chapter(chapter):
        page = context.new_page()
        page.goto(lab.url(chapter))
        page.locator("figure").first.wait_for()
        return page

    yield open_chapter
    context.close()


@pytest.mark.parametrize("chapter", WITH_SLIDERS[:2])
def test_chapter_shows_pictures_before_it_runs_and_live_sliders_after(open_chapter, chapter):
    page = open_chapter(chapter)
    for expected in sliders(chapter):
        # Nobody has trusted this copy, so that JupyterLab strips its scripts.
        sentence = expected.frame(expected.starting_state()).sentence
        image = page.get_by_role("img", name=sentence, exact=True)
        expect(image).to_be_visible()
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        expect(page.locator("figcaption", has_text=sentence)).to_be_visible()
    expect(page.locator("input[type=range]:visible")).to_have_count(0)

    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    views = page.locator(".widget-vbox")
    expect(views).to_have_count(len(sliders(chapter)), timeout=PATIENCE * 1000)
    for view, expected in zip(views.all(), sliders(chapter), strict=True):
        state = expected.starting_state()
        check(view, expected, state)
        for i, values in enumerate(expected.sliders.values()):
            step = 1 if state[i] < len(values) - 1 else -1
            state = (*state[:i], state[i] + step, *state[i + 1 :])
            view.get_by_role("slider").nth(i).press("ArrowRight" if step > 0 else "ArrowLeft")
            check(view, expected, state)


def check(view, expected, state):
    """Wait for the sentence of a state, then compare the picture with what Python draws for it."""
    frame = expected.frame(state)
    expect(view.locator("p")).to_have_text(frame.sentence, timeout=PATIENCE * 1000)
    picture = view.get_by_role("img", name=frame.sentence, exact=True)
    shown = picture.evaluate("div => new XMLSerializer().serializeToString(div.firstElementChild)")
    assert canonical(shown) == canonical(frame.svg)


def test_sliders_of_a_trusted_chapter_move_before_it_runs(open_chapter, lab):
    chapter = WITH_SLIDERS[0]
    trust = [sys.executable, "-m", "jupyter", "trust", lab.folder / f"{chapter}.ipynb"]
    subprocess.run(trust, env=lab.environment, check=True, capture_output=True)
    page = open_chapter(chapter)
    expected = sliders(chapter)[0]
    slider = page.locator("figure input[type=range]").first
    slider.press("Home")
    caption = page.locator("figure:has(input) figcaption").first
    expect(caption).to_have_text(expected.frame((0, *expected.starting_state()[1:])).sentence)
