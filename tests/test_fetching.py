"""Files come once, whole and with the right hash, or one sentence says why not."""

import hashlib
import subprocess
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
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


def test_a_wheel_gives_the_files_that_it_holds(tmp_path, monkeypatch):
    def download(command, **options):
        folder = command[command.index("--dest") + 1]
        with zipfile.ZipFile(Path(folder, "some-1-py3-none-any.whl"), "w") as wheel:
            for name, content in FILES.items():
                wheel.writestr(f"in/{name}", content)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(fetching.subprocess, "run", download)
    paths = fetching.fetch(HASHES, [fetching.Wheel("some==1", "in/")], tmp_path)
    assert contents(paths) == FILES
    with pytest.raises(fetching.Unreachable, match="some==1 on PyPI"):
        fetching.fetch({"c.whl": "0" * 64}, [fetching.Wheel("some==1", "in/")], tmp_path)
