"""Train the encoder-decoder of chapter 9 to reverse rows of words, and keep what it looks at.

python benchmarks/reversal.py, half a minute on one core

For five seeds, after some numbers of steps: the cross-attention while the sentence of the book is
reversed, and the share of a thousand rows, drawn apart, that the model writes without a mistake.
The chapter plots what is written to chapters/results/reversal.json.
"""

import json
import os
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # small products: more threads only wait

import numpy as np

from attention.learning.reversal import LENGTH, WORDS, encode, learn, look, start, write

RESULTS = Path(__file__).resolve().parents[1] / "chapters/results/reversal.json"
SENTENCE = "the dog crossed the road because it was hungry"
SEEDS = [0, 1, 2, 3, 4]
STEPS = [0, 50, 100, 150, 200, 300, 600]


def run(seed, steps=STEPS):
    """Train once and return what is kept of it, an entry for each number of steps."""
    rows = np.random.default_rng(1000).integers(len(WORDS), size=(1000, LENGTH))
    state, kept = start(seed), []
    for until in steps:
        state = learn(state, until)
        right = (write(state.model, rows) == rows[:, ::-1]).all(axis=1).mean()
        weights = look(state.model, encode(SENTENCE)).round(2) + 0.0
        kept.append({"step": until, "right": round(right, 3), "weights": weights.tolist()})
    return {"seed": seed, "after": kept}


def main():
    runs = []
    for seed in SEEDS:
        runs.append(run(seed))
        print(seed, [entry["right"] for entry in runs[-1]["after"]], flush=True)
    RESULTS.write_text(json.dumps({"sentence": SENTENCE, "runs": runs}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
