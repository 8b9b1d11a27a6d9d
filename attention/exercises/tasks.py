"""Tasks for a worksheet, of seven kinds and three levels, with numbers that a person can compute.

Every task says all that is needed: a test computes each answer again from the printed text.
"""

import numpy as np

from attention.exercises import counts, steps

LEVELS = (1, 2, 3)
MOST = 100  # tasks on a sheet
TRIES = 200  # for a task that the sheet does not have yet
KINDS = {
    "scores": steps.scores,
    "softmax": steps.softmax,
    "masks": counts.masks,
    "shapes": counts.shapes,
    "cache": counts.cache,
    "mistake": steps.mistake,
    "output": steps.output,
}


def tasks(seed, count, kinds=tuple(KINDS), level=None):
    """Draw tasks of these kinds in turn, no two alike: -> a list of count Tasks, by the seed.

    Without a level they rise from 1 to 3.

    Raises: ValueError for a seed below 0, a count not between 1 and 100, or no such kind or level,
    or if there are not as many different tasks.

    >>> [task] = tasks(seed=1, count=1, kinds=["softmax"], level=1)
    >>> print(task.ask, task.answer)
    The scaled scores of a query are ln 2, ln 3. Give the weights as fractions. (2/5, 3/5)
    """
    if seed < 0:
        raise ValueError(f"seed must be 0 or more, got {seed}")
    if not 1 <= count <= MOST:
        raise ValueError(f"count must be between 1 and {MOST}, got {count}")
    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(f"kinds are {', '.join(KINDS)}, got {kind}")
    if level not in (None, *LEVELS):
        raise ValueError(f"level must be 1, 2 or 3, got {level}")
    rng, found = np.random.default_rng(seed), []
    for place in range(count):
        rise = 1 + 3 * place // count if level is None else level
        kind = KINDS[kinds[place % len(kinds)]]
        drawn = (kind(rng, rise) for _ in range(TRIES))
        task = next((task for task in drawn if task not in found), None)
        if task is None:
            raise ValueError(f"a sheet of these kinds has at most {place} tasks, got count {count}")
        found.append(task)
    return found
