"""Train the model of chapter 11 from five seeds, and keep what it writes on the way.

python benchmarks/writers.py, about a minute on one core

For each seed and each number of steps: how many of COUNT texts, drawn at temperature 1, are
grammatical, how many of their adjectives fit, and how many texts say what "it" meant; at the end
the same at other temperatures, and how many words top-p keeps in two places. The chapter shows what
is written to chapters/results/writers.json. The model of the first seed is stored, in three digits,
since so many steps carry the last digit of a processor into the first: the counts of another one
differ by some texts, and the model that is stored writes the same everywhere.
"""

import json
import os
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # small products: more threads only wait

import numpy as np

from attention.learning.generation import generate, token_weights
from attention.learning.sentences import encode
from attention.learning.training import Settings, State, train
from attention.learning.writer import (
    STORED,
    WORDS,
    as_json,
    draw_tokens,
    judge,
    rounded,
    texts,
    untrained,
)

RESULTS = Path(__file__).resolve().parents[1] / "chapters/results/writers.json"
SEEDS = [0, 1, 2, 3, 4]
STEPS = [0, 50, 100, 150, 200, 300, 400, 600, 800]
TEMPERATURES = [0, 0.5, 1, 1.5, 2, 3]
COUNT = 500  # texts that are judged
SHOWN = 4  # of which so many are kept
MANY = ". the dog crossed the road because it was"  # after which many words are right
ONE = f"{MANY} hungry . the"  # and after which one is


def run(seed, steps=STEPS, temperatures=TEMPERATURES):
    """Train once: -> what is kept of it, and the model, rounded before its last texts."""
    tokens = draw_tokens(np.random.default_rng(0), count=10_000)
    settings = Settings(peak_rate=0.008, warmup=200, batch_size=32, seed=seed)
    state = State.start(untrained(seed), settings)
    kept = {"seed": seed, "steps": [], "temperatures": []}
    for until in steps:
        state = train(state, tokens, True, until=until, progress=False)
        model = rounded(state.model) if until == STEPS[-1] else state.model
        written = write(model)
        kept["steps"].append({"step": until, "right": count(written), "texts": written[:SHOWN]})
    for temperature in temperatures:
        written = write(model, temperature=temperature)
        row = {"temperature": temperature, "right": count(written)}
        kept["temperatures"].append(row | {"different": len(set(written))})
    kept["top_p"] = [kept_by_top_p(model, said) for said in (MANY, ONE)]
    return kept, model


def write(model, **options):
    """Let a model write COUNT texts, each begun by a stop alone."""
    begun = np.zeros((COUNT, 1), dtype=int)
    options = {"temperature": 1.0, "rng": np.random.default_rng(0)} | options
    return texts(generate(model, begun, WORDS - 1, **options))


def kept_by_top_p(model, said):
    """Count the words that top-p keeps after what was said."""
    logits = model(encode([said], length=len(said.split())))[0, -1]
    return int(np.count_nonzero(token_weights(logits, top_p=0.9)))


def count(written):
    """Count the texts that are grammatical, fit, and say what was meant."""
    return [int(right) for right in np.sum([judge(text) for text in written], axis=0)]


def main():
    runs = []
    for seed in SEEDS:
        kept, model = run(seed)
        runs.append(kept)
        if seed == 0:
            STORED.write_text(as_json(model), encoding="utf-8")
        print(seed, [row["right"] for row in runs[-1]["steps"]], flush=True)
    lines = ",\n".join(json.dumps(run) for run in runs)
    RESULTS.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
