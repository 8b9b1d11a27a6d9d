"""Execute the chapters side by side and store them in one normal form.

python tools/refresh.py                                every chapter
python tools/refresh.py chapters/03-breakdown.ipynb    this one

A chapter is stored only when all its cells ran, and a second run changes not one byte: a cell that
shows times, tagged nbval-ignore-output, keeps what it shows until that is cleared.
"""

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path
from subprocess import DEVNULL

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

CHAPTERS = Path(__file__).resolve().parents[1] / "chapters"
SECONDS_A_CELL = 600
# One kernel keeps one core busy; more threads would only wait for each other.
ONE_THREAD = dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"], "1")
NO_BARS = {"TQDM_DISABLE": "1"}  # which are drawn while a model is fetched, the first time
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
CLOCK = "nbval-ignore-output"
CELL_METADATA = ("mystnb", "tags")
FOLDED_BY = {
    "hide-input": {"source_hidden": True},
    "hide-cell": {"source_hidden": True, "outputs_hidden": True},
}
NOTEBOOK_METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    # Without the version of Python, which differs from reader to reader.
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}


class RefreshError(Exception):
    """A chapter that is left as it was, and why, in one line."""


def normalise(nb, name):
    """Return a copy of a notebook that holds only what a reader or a check needs.

    Cells are numbered from the chapter's name, so that ids survive a new run; widget state, views
    of widgets that no longer live and what editors note in passing are left out.
    """
    nb = deepcopy(nb)
    nb.nbformat, nb.nbformat_minor = 4, 5
    nb.metadata.pop("widgets", None)
    nb.metadata.update(deepcopy(NOTEBOOK_METADATA))
    for position, cell in enumerate(nb.cells):
        cell.id = f"{name}-{position:02d}"
        cell.metadata = {key: cell.metadata[key] for key in CELL_METADATA if key in cell.metadata}
        folded = FOLDED_BY.keys() & set(cell.metadata.get("tags", []))
        if folded:  # what the site folds by its tag, JupyterLab folds by this
            cell.metadata["jupyter"] = dict(FOLDED_BY[folded.pop()])
        if cell.cell_type == "code":
            cell.outputs = _normal_outputs(cell.outputs)
    return nb


def _normal_outputs(outputs):
    normal = []
    for output in outputs:
        if output.output_type in ("display_data", "execute_result"):
            output.data.pop(WIDGET_VIEW, None)
            output.metadata.pop(WIDGET_VIEW, None)
            if not output.data:
                continue
        # A kernel sends a stream in pieces whose size depends on its haste.
        is_stream = output.output_type == "stream"
        if is_stream and normal and normal[-1].get("name") == output.name:
            normal[-1].text += output.text
        else:
            normal.append(output)
    return normal


def to_text(nb):
    """Return the text of a notebook's file: keys sorted, one-space indent, readable Unicode."""
    return nbformat.writes(nb) + "\n"


def refresh(path):
    """Execute one chapter, store it in normal form and return a line that says whether it changed.

    Raises: RefreshError if it cannot be read, if a cell fails or if someone saved it meanwhile.
    """
    try:
        before = path.read_text(encoding="utf-8")
        nb = nbformat.reads(before, as_version=4)
    except Exception as error:  # nbformat raises whatever it stumbles on
        raise RefreshError(f"{path}: cannot be read as a notebook: {_line(error)}") from error
    shown = [_kept_outputs(cell) for cell in nb.cells]
    asyncio.run(_execute(nb, path))
    for cell, outputs in zip(nb.cells, shown, strict=True):
        cell.update({"outputs": outputs} if outputs else {})
        for output in outputs:
            if output.output_type == "execute_result":
                output.execution_count = cell.execution_count
    after = to_text(normalise(nb, path.stem))
    if path.read_text(encoding="utf-8") != before:
        raise RefreshError(f"{path}: was saved by someone else while it ran; run it again")
    if after == before:
        return f"{path}: unchanged"
    new = path.with_name(f".{path.name}.new")
    new.write_text(after, encoding="utf-8", newline="\n")
    new.replace(path)
    return f"{path}: refreshed"


def _kept_outputs(cell):
    return deepcopy(cell.outputs) if CLOCK in cell.metadata.get("tags", []) else []


async def _execute(nb, path):
    client = NotebookClient(
        nb,
        kernel_name="python3",
        timeout=SECONDS_A_CELL,
        record_timing=False,
        resources={"metadata": {"path": path.parent}},
    )
    number = 0
    try:
        async with client.async_setup_kernel(env=os.environ | ONE_THREAD | NO_BARS, stderr=DEVNULL):
            for index, cell in enumerate(nb.cells):
                number += cell.cell_type == "code"
                await client.async_execute_cell(cell, index)
    except CellExecutionError as error:
        reason = f"{error.ename}: {error.evalue}"
    except CellTimeoutError:
        reason = f"did not end within {SECONDS_A_CELL} seconds"
    except DeadKernelError:
        reason = "its kernel died"
    else:
        return
    raise RefreshError(f"{path}, cell [{number}]: {_line(reason)}")


def _line(reason):
    return " ".join(str(reason).split())


def _attempt(path):
    try:
        return refresh(path)
    except RefreshError as error:
        return error


def main(arguments):
    """Refresh the chapters named, or all; return the exit code."""
    paths = [Path(argument) for argument in arguments] or sorted(CHAPTERS.glob("*.ipynb"))
    failed = False
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for outcome in pool.map(_attempt, paths):
            wrong = isinstance(outcome, RefreshError)
            print(outcome, file=sys.stderr if wrong else sys.stdout, flush=True)
            failed |= wrong
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
