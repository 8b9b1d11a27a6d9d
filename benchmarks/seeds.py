"""Train the models of chapter 10 from five seeds, and keep what they can and where they look.

python -m benchmarks.seeds, some minutes on one core

Three kinds on the recall task and two that read sentences. The chapter prints what is written to
chapters/results/seeds.json; another processor may write other last digits.
"""

import json
import os
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # small products: more threads only wait

import numpy as np

from attention import DecoderOnly, Sizes
from attention.learning.circuit import link_weights, right
from attention.learning.gradients import model_backward
from attention.learning.reader import STEPS, learn, look, start
from attention.learning.recall import Recall
from attention.learning.recurrent import GRU, gru_backward
from attention.learning.sentences import draw
from attention.learning.training import Settings, State, accuracy, train

RESULTS = Path(__file__).resolve().parents[1] / "chapters/results/seeds.json"
SEEDS = range(5)
READERS = {"reader": 2, "reader of one block": 1}  # blocks
RECALLERS = {"two blocks": 500, "one block": 1000, "recurrent": 1000}  # steps
KINDS = (*READERS, *RECALLERS)


def run(kind, seed, until=None):
    """Train once and return what is kept of it."""
    state, found = (read if kind in READERS else recall)(kind, seed, until)
    begin = [round(float(loss), 2) for loss in state.losses[:5]]
    rounded = {name: x if isinstance(x, str) else round(float(x), 3) for name, x in found.items()}
    return {"kind": kind, "seed": seed, "begin": begin} | rounded


def read(kind, seed, until):
    """Teach a reader, and see which nouns it names, with and without a link."""
    blocks = READERS[kind]
    state = learn(start(seed, num_layers=blocks), until or STEPS)
    return state, of_reader(state.model, blocks)


def of_reader(model, blocks):
    """Where "it" looks in the last block, in the mean of 500 sentences and in two of them."""
    test = draw(np.random.default_rng(2), 500, test=True)
    to_noun, to_adjective = (blocks - 1, "it", "noun"), (blocks - 1, "it", "adjective")
    found = {
        "right": right(model, test).mean(),
        "to noun": link_weights(model, test, to_noun).mean(),
        "to adjective": link_weights(model, test, to_adjective).mean(),
        "without noun": right(model, test, cut=to_noun).mean(),
        "without adjective": right(model, test, cut=to_adjective).mean(),
    }
    for adjective in ("hungry", "wide"):
        words, maps, _ = look(model, f"the dog crossed the road because it was {adjective}")
        row = maps[-1, 0, words.index("it")]
        found |= {adjective: words[row.argmax()], f"{adjective} weight": row.max()}
    return found


def recall(kind, seed, until):
    """Teach recall, and see what is answered, and what a given number looks at in block 0."""
    task, rng = Recall(), np.random.default_rng(seed)
    lessons, test = task.split(np.random.default_rng(0), train=50_000, test=1_000)
    model, backward = recaller(kind, rng, task), model_backward
    if kind == "recurrent":
        backward = gru_backward
    state = State.start(model, Settings(peak_rate=3e-3, warmup=200, seed=seed))
    until = until or RECALLERS[kind]
    state = train(state, lessons, task.answers, backward, until=until, progress=False)
    first = np.arange(len(task.answers)) == np.flatnonzero(task.answers)[0]
    found = {
        "right": accuracy(state.model, test, task.answers),
        "first": accuracy(state.model, test, first),
    }
    if kind != "recurrent":
        found["previous"] = previous(state.model, task, test)
    return state, found


def recaller(kind, rng, task):
    if kind == "recurrent":
        return GRU.init(rng, vocabulary=task.vocabulary, d_model=64, d_state=97, dtype=np.float32)
    sizes = Sizes(64, num_heads=2, d_ff=64, pre_norm=True, dtype=np.float32)
    blocks = 2 if kind == "two blocks" else 1
    return DecoderOnly.init(rng, sizes, vocabulary=task.vocabulary, num_layers=blocks)


def previous(model, task, test):
    """How much a given number looks at the token before it, in the head of block 0 that does."""
    weights = model.steps(test[:, :-1]).blocks[0].attention.sublayer.weights
    numbers = np.arange(1, 2 * task.pairs, 2)
    return weights[:, :, numbers, numbers - 1].mean(axis=(0, 2)).max()


def main():
    runs = []
    for kind in KINDS:
        for seed in SEEDS:
            runs.append(run(kind, seed))
            print(runs[-1], flush=True)
    lines = ",\n".join(json.dumps(run) for run in runs)
    RESULTS.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
