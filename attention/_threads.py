"""Threads that each compute blocks of their own, instead of sharing one product after another.

NumPy's products take all cores, its exponentials one. With a block for each core the exponentials
run beside one another as well, and nobody waits for the others at the end of each product. There
are as many threads as a product would take, so OPENBLAS_NUM_THREADS is obeyed; who computes a
block changes no bit of it, while a product's bits depend on how many threads share it.
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from functools import cache

_lent = threading.Lock()  # held while the threads of the products compute blocks


def each(work, jobs, threads=None):
    """Call work with each job, on as many threads as one of NumPy's products takes, if None.

    >>> done = []
    >>> each(done.append, [2, 3, 5])
    >>> sorted(done)
    [2, 3, 5]
    """
    with _lent_threads() if threads is None else nullcontext(threads) as count:
        if count == 1:
            for job in jobs:
                work(job)
        else:
            with ThreadPoolExecutor(count) as pool:
                list(pool.map(work, jobs))  # raises what a job has raised


@contextmanager
def _lent_threads():
    """Lend out the threads of the products, which meanwhile take one each: yields how many."""
    # A browser has no threads; and while they compute other blocks, none is left.
    if sys.platform == "emscripten" or not _lent.acquire(blocking=False):
        yield 1
        return
    try:
        libraries = _products()
        count = min((library.num_threads for library in libraries.lib_controllers), default=1)
        with libraries.limit(limits=1):
            yield count
    finally:
        _lent.release()


@cache
def _products():
    """Return what sets the threads of NumPy's products: looking for it takes a millisecond."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")
