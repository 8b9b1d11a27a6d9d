"""Files come once, whole and with the right hash, or one sentence says why not."""

import hashlib
import subprocess
import sys
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from attention.learning import fetching

FILES = {"a.whl": b"first", "b.whl": b"second"}
HASHES = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}


@pytest.fixture
def web(tmp_path):
    """Yield a folder and the address at which it is served."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

    folder = tmp_path / "web"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def contents(paths):
    return {name: path.read_bytes() for name, path in paths.items()}


def test_files_are_fetched_once_and_mended_after_an_interruption(web, tmp_path):
    folder, url = web
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    web, cache = [fetching.Address(url)], tmp_path / "cache"
    paths = fetching.fetch(HASHES, web, cache)
    assert contents(paths) == FILES
    assert contents(fetching.fetch(HASHES, [], cache)) == FILES
    paths["a.whl"].write_bytes(b"fir")
    assert contents(fetching.fetch(HASHES, web, cache)) == FILES


def test_another_file_by_the_same_name_is_not_taken(web, tmp_path):
    folder, url = web
    (folder / "a.whl").write_bytes(b"worse")
    (folder / "good").mkdir()
    (folder / "good" / "a.whl").write_bytes(FILES["a.whl"])
    hashes = {"a.whl": HASHES["a.whl"]}
    with pytest.raises(fetching.Unreachable, match="^a.whl could not be fetched from http"):
        fetching.fetch(hashes, [fetching.Address(url)], tmp_path / "cache")
    both = [fetching.Address(url), fetching.Address(f"{url}good/")]
    assert contents(fetching.fetch(hashes, both, tmp_path / "cache")) == {"a.whl": b"first"}


def test_without_a_network_one_sentence_says_what_is_needed(web, tmp_path):
    with pytest.raises(fetching.Unreachable) as raised:
        fetching.fetch(HASHES, [fetching.Address("http://127.0.0.1:9/")], tmp_path)
    text = str(raised.value)
    assert text.startswith("a.whl and 1 more could not be fetched from http://127.0.0.1:9/ (")
    assert text.endswith("; a network is needed once")
    assert "\n" not in text


@pytest.fixture
def index(tmp_path, monkeypatch):
    """Let pip see one wheel, and no network."""
    folder = tmp_path / "index"
    folder.mkdir()
    members = {f"in/{name}": content for name, content in FILES.items()}
    members |= {
        "some-1.dist-info/METADATA": b"Metadata-Version: 2.1\nName: some\nVersion: 1\n",
        "some-1.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "some-1.dist-info/RECORD": b"",
    }
    with zipfile.ZipFile(folder / "some-1-py3-none-any.whl", "w") as wheel:
        for name, content in members.items():
            wheel.writestr(name, content)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))


@pytest.mark.parametrize("progress", [False, True])
def test_a_wheel_gives_the_files_that_it_holds(index, tmp_path, progress):
    wheel = fetching.Wheel("some==1", "in/")
    paths = fetching.fetch(HASHES, [wheel], tmp_path / "cache", progress=progress)
    assert contents(paths) == FILES


@pytest.mark.parametrize("progress", [False, True])
def test_a_wheel_that_is_not_what_was_asked_for_is_named(index, tmp_path, progress):
    for wheel, said in [("some==1", "does not match"), ("other==1", "OSError: ERROR: No matching")]:
        source = fetching.Wheel(wheel, "in/")
        with pytest.raises(fetching.Unreachable, match=f"{wheel} on PyPI") as raised:
            fetching.fetch({"a.whl": "0" * 64}, [source], tmp_path / "cache", progress=progress)
        assert said in str(raised.value)


def test_a_bar_runs_while_files_come(web, tmp_path, capsys):
    folder, url = web
    (folder / "a.whl").write_bytes(FILES["a.whl"])
    hashes = {"a.whl": HASHES["a.whl"]}
    for progress in (True, False):
        cache = tmp_path / f"cache-{progress}"
        fetching.fetch(hashes, [fetching.Address(url)], cache, progress=progress)
        assert ("5.00/5.00" in capsys.readouterr().err) == progress


def test_the_bar_of_a_wheel_shows_what_has_come(tmp_path, capsys):
    (tmp_path / "pip-unpack").mkdir()
    (tmp_path / "pip-unpack" / "some.whl").write_bytes(b"1" * 30)
    (tmp_path / "copy").write_bytes(b"1" * 20)
    command = [sys.executable, "-c", f"import time; time.sleep({5 * fetching.OFTEN})"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert fetching._watch(running, tmp_path, 40) == ""
    assert "30.0/40.0" in capsys.readouterr().err
