"""Measure attention beside PyTorch, ONNX Runtime, the textbook and the same work without softmax.

python benchmarks/speed.py [--write], some minutes, in an environment of benchmarks/requirements.txt

On one core and on two, the calls of each case take turns in a changing order, so that a busy moment
strikes them all; the times are medians. Variants of our own code are measured by the time of the
processor, and by that of the operating system in it, which grows with memory that is new. Memory is
the highest that the process held during a call beyond what it held before, read from Linux, for
only there the peers' own memory shows. Prints the table of goals; --write keeps all numbers in
chapters/results/speed.json, which chapter 12 plots.
"""

import argparse
import ctypes
import json
import multiprocessing
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "chapters/results/speed.json"
HEAD, D_K = 8, 64
LENGTHS = [128, 256, 512, 1024, 2048, 4096]
LONG = [8192, 16_384]
MEMORY = [1024, 2048, 4096, 8192, 16_384, 32_768]
TEXTBOOK_ENDS = 16_384  # where its three matrices take 3 GiB
SECONDS, LEAST, MOST = 2, 5, 301  # for a case, and how many rounds at least and at most
WIDTHS, STEPS = [64, 256, 1024], [64, 256, 1024, 4096]  # of attention against recurrence
GOALS = [  # figure, at most, numerator, denominator, cases
    ("ours / PyTorch, plain", 0.75, "ours", "PyTorch", {}),
    ("ours / PyTorch, causal", 0.80, "ours", "PyTorch", {"kind": "causal"}),
    ("ours / PyTorch, large scores", 0.75, "ours", "PyTorch", {"kind": "large scores"}),
    ("ours / skeleton", 1.15, "ours", "skeleton", {}),
    ("blockwise / skeleton", 1.25, "blockwise", "skeleton", {}),
    ("ours / PyTorch, float64", 0.85, "ours", "PyTorch", {"dtype": "float64"}),
    ("ours / PyTorch, two cores, from 1024 tokens", 1.00, "ours", "PyTorch", {"cores": 2}),
    (
        "ours / PyTorch, two cores, causal, from 1024 tokens",
        1.00,
        "ours",
        "PyTorch",
        {"cores": 2, "kind": "causal"},
    ),
    ("ours / textbook", 0.70, "ours", "textbook", {}),
    ("64 batches of 8 heads of 32 tokens, ours / PyTorch", 1.4, "ours", "PyTorch", {"B": 64}),
    ("one call at (8, 64), ours / textbook", 3, "ours", "textbook", {"n": 8}),
]


def cases(cores):
    """Yield the cases measured on so many cores: dtype, kind, (B, H, n)."""
    for kind in ("plain", "causal", "padded"):
        yield from (("float32", kind, 1, HEAD, n) for n in LENGTHS)
    if cores == 1:
        yield from (("float64", "plain", 1, HEAD, n) for n in LENGTHS)
        yield from (("float32", "large scores", 1, HEAD, n) for n in LENGTHS)
        yield ("float32", "plain", 64, 8, 32)
        yield ("float32", "plain", 1, 1, 8)
    yield from (("float32", "plain", 1, 1, n) for n in LONG)


def measure(cores):
    """Measure all cases, in a process that was started with so many threads for OpenBLAS."""
    import numpy as np
    import torch
    from peers import PEERS

    torch.set_num_threads(cores)
    measured = []
    for dtype, kind, B, H, n in cases(cores):
        query, key, value = np.random.default_rng(0).standard_normal((3, B, H, n, D_K), dtype)
        query *= 8 if kind == "large scores" else 1
        lengths = np.full(B, n * 3 // 4) if kind == "padded" else None
        calls = {
            name: prepare(query, key, value, lengths, kind == "causal")
            for name, prepare in PEERS.items()
            if name != "skeleton" or kind == "plain"
        }
        agree(calls)
        measured.append({"cores": cores, "dtype": dtype, "kind": kind, "B": B, "H": H, "n": n})
        measured[-1] |= take_turns(calls)
        print(measured[-1], file=sys.stderr, flush=True)
    return measured


def agree(calls):
    """Warm up, and see that all who compute attention compute the same."""
    import numpy as np

    outputs = {name: call() for name, call in calls.items()}
    for name in outputs.keys() - {"skeleton"}:
        output = outputs[name]
        output = output if isinstance(output, np.ndarray) else output.numpy()
        np.testing.assert_allclose(output, outputs["textbook"], atol=1e-4, err_msg=name)


def take_turns(calls, clock=time.perf_counter):
    """Time calls in turn: {"rounds": how often, "milliseconds": {name: median}}."""
    times = {name: [] for name in calls}
    order = random.Random(0)  # whoever comes after another finds its caches
    start = time.perf_counter()
    for rounds in range(MOST):
        if rounds >= LEAST and time.perf_counter() - start > SECONDS:
            break
        for name, call in order.sample([*calls.items()], len(calls)):
            began = clock()
            call()
            times[name].append(1000 * (clock() - began))
    medians = {name: float(f"{statistics.median(each):.4g}") for name, each in times.items()}
    return {"rounds": len(times[name]), "milliseconds": medians}


def recurrence():
    """Time one head of attention of width d beside a recurrence of d states, over n tokens."""
    import numpy as np

    from attention import scaled_dot_product_attention

    def recur(inputs, matrix):
        state, states = np.zeros(inputs.shape[-1], inputs.dtype), np.empty_like(inputs)
        for t, x in enumerate(inputs):
            state = np.tanh(x + state @ matrix, out=states[t])
        return states

    measured = []
    for d in WIDTHS:
        matrix = (np.random.default_rng(1).standard_normal((d, d)) / d).astype(np.float32)
        for n in STEPS:
            x = np.random.default_rng(0).standard_normal((n, d), np.float32)
            attend = lambda x=x: scaled_dot_product_attention(x, x, x)  # noqa: E731
            calls = {"attention": attend, "recurrence": lambda x=x, m=matrix: recur(x, m)}
            measured.append({"d": d, "n": n, **take_turns(calls)})
    return measured


def variants():
    """Time ours with one reason for its speed taken away, and the textbook with one given."""
    from peers import VARIANTS

    return [by_processor(VARIANTS, B, HEAD, n) for B, n in ((1, 1024), (1, 4096), (64, 32))]


def habits():
    """Time what ours does, written out, and with each of its habits left off."""
    from peers import HABITS

    return [by_processor(HABITS, 1, H, n) for H, n in ((HEAD, 1024), (2, 4096))]


def pieces():
    """Time the pieces of attention one by one, in NumPy and in ONNX Runtime, on one block."""
    import numpy as np
    from peers import ROWS, numpy_pieces, onnx_pieces

    measured = []
    for n in (1024, 4096):
        inputs = np.random.default_rng(0).standard_normal((3, n, D_K), np.float32)
        block = inputs[0, :ROWS], *inputs[1:]
        sides = {"NumPy": numpy_pieces(*block), "ONNX Runtime": onnx_pieces(*block)}
        calls = {
            f"{piece}, {side}": call for side, each in sides.items() for piece, call in each.items()
        }
        for call in calls.values():
            call()
        measured.append({"rows": ROWS, "n": n, **take_turns(calls, time.process_time)})
    return measured


def by_processor(ways, B, H, n):
    """Time calls by the time of the processor, which other processes do not lengthen."""
    import numpy as np

    inputs = np.random.default_rng(0).standard_normal((3, B, H, n, D_K), np.float32)
    calls = {name: prepare(*inputs, None, False) for name, prepare in ways.items()}
    turns = take_turns(calls, time.process_time)
    system = {name: system_time(call) for name, call in calls.items()}
    return {"B": B, "H": H, "n": n, **turns, "system": system}


def system_time(call, rounds=3):
    """Return the milliseconds of a call, a mean, that the operating system takes."""
    call()  # what the call before left may be given back
    began = resource.getrusage(resource.RUSAGE_SELF).ru_stime
    for _ in range(rounds):
        call()
    taken = resource.getrusage(resource.RUSAGE_SELF).ru_stime - began
    return float(f"{1000 * taken / rounds:.3g}")


def memory():
    """Return {name: {n: MiB beyond the output}} for one head of n tokens."""
    from peers import PEERS

    measured = {name: {} for name in PEERS if name != "skeleton"}
    for name, taken in measured.items():
        for n in MEMORY:
            if name != "textbook" or n <= TEXTBOOK_ENDS:
                # In a process of its own, which holds nothing that an earlier call set free.
                with multiprocessing.get_context("fork").Pool(1) as pool:
                    taken[n] = pool.apply(highest_memory, (name, n))
    return measured


def highest_memory(name, n):
    import numpy as np
    from peers import PEERS

    inputs = np.random.default_rng(0).standard_normal((3, 1, 1, n, D_K), np.float32)
    PEERS[name](*inputs[..., :512, :], None, False)()  # loads what each first call loads
    call = PEERS[name](*inputs, None, False)
    ctypes.CDLL(None).malloc_trim(0)  # what was set free would be used again, and not be counted
    Path("/proc/self/clear_refs").write_text("5")  # the highest so far is forgotten
    before = _status("VmRSS")
    call()
    bound = name == "ONNX Runtime"  # its output is there before
    return round((_status("VmHWM") - before) / 1024 - (0 if bound else inputs[0].nbytes / 2**20), 1)


def _status(field):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field))  # KiB


def machine():
    import numpy as np
    import onnxruntime
    import threadpoolctl
    import torch

    info = Path("/proc/cpuinfo").read_text()
    [blas] = [x for x in threadpoolctl.threadpool_info() if x.get("internal_api") == "openblas"]
    cache = Path("/sys/devices/system/cpu/cpu0/cache/index2/size")
    return {
        "processor": info.partition("model name\t: ")[2].partition("\n")[0],
        "cores": os.cpu_count(),
        "L2": cache.read_text().strip() if cache.exists() else "unknown",
        "Python": platform.python_version(),
        "NumPy": np.__version__,
        "OpenBLAS": f"{blas['version']}, kernels for {blas['architecture']}",
        "PyTorch": f"{torch.__version__}, {torch.backends.cpu.get_cpu_capability()}",
        "ONNX Runtime": onnxruntime.__version__,
    }


def table(results):
    """Return the figures of GOALS, the worst and the best case of each."""
    rows = []
    for figure, at_most, above, below, wanted in GOALS:
        wanted = {"cores": 1, "dtype": "float32", "kind": "plain", "B": 1, "H": HEAD} | wanted
        if wanted["B"] == 1 and "n" not in wanted:
            lengths = LENGTHS[3:] if wanted["cores"] == 2 else LENGTHS[2:]
        else:
            wanted["H"] = 8 if wanted["B"] == 64 else 1
            lengths = [wanted.get("n", 32)]
        ratios = [
            case["milliseconds"][above] / case["milliseconds"][below]
            for case in results["cases"]
            if case["n"] in lengths
            and all(case[name] == x for name, x in wanted.items() if name != "n")
        ]
        rows.append([figure, at_most, round(min(ratios), 2), round(max(ratios), 2)])
    for name, at_most in (("ours", 24), ("blockwise", 2)):
        taken = results["memory"][name]["16384"]
        rows.append([f"MiB beyond the output, 16,384 tokens, {name}", at_most, taken, taken])
    return rows


def child(cores, *parts):
    """Measure parts with so many threads, and free of what the environment says of OpenBLAS."""
    env = {name: x for name, x in os.environ.items() if not name.startswith("OPENBLAS")}
    # Threads would spin on after a product or a call of PyTorch, and slow down who comes next.
    env |= {"OPENBLAS_THREAD_TIMEOUT": "20", "OMP_WAIT_POLICY": "PASSIVE"}
    env |= {"PYTHONPATH": str(ROOT)}
    env |= dict.fromkeys(["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"], str(cores))
    command = [sys.executable, __file__, "--cores", str(cores), *parts]
    return json.loads(subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True).stdout)


PARTS = {
    "machine": machine,
    "memory": memory,
    "recurrence": recurrence,
    "variants": variants,
    "habits": habits,
    "pieces": pieces,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="keep the results for chapter 12")
    parser.add_argument("--only", choices=PARTS, help="measure one part anew, and keep the others")
    parser.add_argument("--cores", type=int, help=argparse.SUPPRESS)  # as child says it
    parser.add_argument("parts", nargs="*", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.cores:
        parts = PARTS | {"cases": lambda: measure(arguments.cores)}
        return print(json.dumps({name: parts[name]() for name in arguments.parts}))
    if arguments.only:
        results = json.loads(RESULTS.read_text(encoding="utf-8")) | child(1, arguments.only)
    else:
        results = child(1, *PARTS, "cases")
        results["cases"] += child(2, "cases")["cases"]
    results["table"] = table(results)
    for figure, at_most, best, worst in results["table"]:
        print(f"{figure:52} at most {at_most:5}: {best:6} to {worst:6}")
    if arguments.write:
        RESULTS.write_text(as_lines(results), encoding="utf-8")


def as_lines(results):
    """Write JSON with one line for each case, so that a difference can be read."""
    parts = []
    for name, part in results.items():
        if isinstance(part, list):
            lines = ",\n".join("  " + json.dumps(item) for item in part)
            parts.append(f"{json.dumps(name)}: [\n{lines}\n]")
        else:
            parts.append(f"{json.dumps(name)}: {json.dumps(part)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    main()
