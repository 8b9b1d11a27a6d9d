"""Train the lookup of chapter 10 and keep its attention maps on the way.

python -m benchmarks.lookup, half a minute on one core

The maps are kept and not made in the chapter, since the lookup comes about so suddenly that another
processor's last digit shows in the first. chapters/results/lookup.json holds two digits of them.
"""

import json
import os
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # small products: more threads only wait

import numpy as np

from attention import DecoderOnly, Sizes
from attention.learning.recall import Recall
from attention.learning.training import Settings, State, accuracy, train

RESULTS = Path(__file__).resolve().parents[1] / "chapters/results/lookup.json"
STEPS = [0, 100, 200, 300, 400]
TASK = Recall()


def run(steps=STEPS):
    """Train once: -> for each number of steps, how many answers are right, and two maps.

    The maps are of the first list that was never seen: what block 1 looks at from the questions,
    both heads averaged, (6, 12), and each head of block 0 over the list, (2, 12, 12).
    """
    lists, unseen = TASK.split(np.random.default_rng(0), train=50_000, test=1_000)
    sizes = Sizes(64, num_heads=2, d_ff=64, pre_norm=True)
    rng = np.random.default_rng(0)
    model = DecoderOnly.init(rng, sizes, vocabulary=TASK.vocabulary, num_layers=2)
    state, kept = State.start(model, Settings(peak_rate=3e-3, warmup=200)), []
    for until in steps:
        state = train(state, lists, TASK.answers, until=until, progress=False)
        blocks = state.model.steps(unseen[0][:-1]).blocks
        first, second = (block.attention.sublayer.weights for block in blocks)
        row = {"step": until, "right": accuracy(state.model, unseen, TASK.answers)}
        row["right"] = round(float(row["right"]), 2)
        row["from_questions"] = second.mean(axis=0)[12:23:2, :12].round(2).tolist()
        row["in_list"] = first[:, :12, :12].round(2).tolist()
        kept.append(row)
    return kept


if __name__ == "__main__":
    rows = ",\n".join(json.dumps(row) for row in run())
    RESULTS.write_text(f"[\n{rows}\n]\n", encoding="utf-8")
