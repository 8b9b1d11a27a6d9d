"""Train the small writer whose numbers the page of sixty lines reads.

python benchmarks/sixty_lines.py, about a minute on one core

A decoder alone of two blocks learns the texts of attention.learning.writer. Its parameters, with
three digits behind the point, and the loss on the way go to chapters/results/sixty-lines.json.
"""

import json
import os
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # small products: more threads only wait

import numpy as np

from attention import DecoderOnly, Sizes
from attention.learning.sentences import VOCABULARY
from attention.learning.training import Settings, State, train
from attention.learning.writer import draw_tokens
from attention.parameters import parameters

RESULTS = Path(__file__).resolve().parents[1] / "chapters/results/sixty-lines.json"
SIZES = Sizes(d_model=16, num_heads=2, d_ff=32, pre_norm=True)
STEPS = 3000
DIGITS = 3
WINDOW = 50  # steps, of which the mean loss is kept


def untrained():
    rng = np.random.default_rng(0)
    return DecoderOnly.init(rng, SIZES, vocabulary=len(VOCABULARY), num_layers=2)


def run(steps=STEPS):
    """Train once and return what is kept of it."""
    tokens = draw_tokens(np.random.default_rng(0), count=10_000)
    state = State.start(untrained(), Settings(peak_rate=0.01, warmup=200, batch_size=64))
    state = train(state, tokens, True, until=steps, progress=False)
    named = parameters(state.model).items()
    return {
        "losses": state.losses.reshape(-1, WINDOW).mean(axis=1).round(3).tolist(),
        "parameters": {name: (x.round(DIGITS) + 0.0).tolist() for name, x in named},
    }


def main():
    kept = run()
    print("loss", kept["losses"][-1])
    RESULTS.write_text(json.dumps(kept | {"vocabulary": VOCABULARY}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
