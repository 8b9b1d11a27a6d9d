"""Train the reader with four heads a block from five seeds, and cut each head.

python benchmarks/heads.py, a minute or two on one core

Of each model are kept its losses on the way, where its heads look from each word of two sentences,
and in how many of COUNT sentences that it never learned from it names the right noun: whole, and
without each one of its heads. The chapter shows what is written to chapters/results/heads.json.
"""

import json
import os
from dataclasses import replace
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # small products: more threads only wait

import numpy as np

from attention import Sizes
from attention.learning.reader import IT, STEPS, examples, learn, look
from attention.learning.sentences import VOCABULARY, draw
from attention.learning.training import Settings, State
from attention.transformer import EncoderOnly

RESULTS = Path(__file__).resolve().parents[1] / "chapters/results/heads.json"
SIZES = Sizes(d_model=16, num_heads=4, d_ff=32, pre_norm=True)
SEEDS = [0, 1, 2, 3, 4]
BLOCKS = 2
TEXT = "the dog crossed the road because it was"
ADJECTIVES = ["hungry", "wide"]
COUNT = 500
WINDOW = 50  # steps over which a loss is averaged


def run(seed, steps=STEPS):
    """Train once and return what is kept of it."""
    rng = np.random.default_rng(seed)
    model = EncoderOnly.init(rng, SIZES, vocabulary=len(VOCABULARY), num_layers=BLOCKS)
    settings = Settings(peak_rate=5e-3, warmup=100, seed=seed)
    state = learn(State.start(model, settings), until=steps)
    test = draw(np.random.default_rng(0), COUNT, test=True)
    looks = {
        adjective: look(state.model, f"{TEXT} {adjective}").maps.round(3).tolist()
        for adjective in ADJECTIVES
    }  # each (blocks, H, L, L)
    cuts = [
        [right(without_head(state.model, block, head), test) for head in range(SIZES.num_heads)]
        for block in range(BLOCKS)
    ]
    losses = state.losses.reshape(-1, WINDOW).mean(axis=1)
    return {
        "seed": seed,
        "losses": [float(f"{loss:.4g}") for loss in losses],
        "looks": looks,
        "right": right(state.model, test),
        "right_without": cuts,  # (blocks, H)
    }


def right(model, sentences):
    """Count the sentences in which a model names the right noun."""
    tokens, _, targets = examples(sentences)
    return int((model(tokens).argmax(axis=-1) == targets)[tokens == IT].sum())


def without_head(model, block, head):
    """Return a model in which one head adds nothing: its rows of W_o are 0."""
    layer = model.blocks[block].attention
    W_o = layer.W_o.copy()
    np.split(W_o, layer.num_heads)[head][:] = 0
    cut = replace(model.blocks[block], attention=replace(layer, W_o=W_o))
    blocks = (*model.blocks[:block], cut, *model.blocks[block + 1 :])
    return replace(model, blocks=blocks)


def main():
    runs = []
    for seed in SEEDS:
        runs.append(run(seed))
        print(seed, runs[-1]["right"], runs[-1]["right_without"], flush=True)
    lines = ",\n".join(json.dumps(kept) for kept in runs)
    RESULTS.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
