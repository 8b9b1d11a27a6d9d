"""Train the model of chapter 10 with scores divided by 1, sqrt(d_k) and d_k, and keep the curves.

python benchmarks/scaling.py, some minutes on one core

For d_k = 8 and 256 and three seeds each: what the loss and the norm of the gradient were, as means
over ten steps, and the share of right answers in the end. The chapter plots what is written to
chapters/results/scaling.json; another processor may write other last digits.
"""

import json
import os
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # small products: more threads only wait

import numpy as np

from attention import DecoderOnly, Sizes
from attention.learning.recall import Recall
from attention.learning.training import Settings, State, accuracy, train

RESULTS = Path(__file__).resolve().parents[1] / "chapters/results/scaling.json"
WIDTHS = [8, 256]
SCALES = {"1": lambda d_k: 1.0, "√d_k": lambda d_k: d_k**-0.5, "d_k": lambda d_k: 1 / d_k}
SEEDS = [0, 1, 2]
STEPS = 1000
WINDOW = 10  # steps, of which the mean is kept


def run(d_k, divisor, seed, *, steps=STEPS):
    """Train once and return what is kept of it."""
    task = Recall()
    learn, test = task.split(np.random.default_rng(0), train=50_000, test=1_000)
    scale = SCALES[divisor](d_k)
    sizes = Sizes(64, 2, 64, pre_norm=True, d_k=d_k, scale=scale, dtype=np.float32)
    rng = np.random.default_rng(seed)
    model = DecoderOnly.init(rng, sizes, vocabulary=task.vocabulary, num_layers=2)
    settings = Settings(peak_rate=(64 * 1000) ** -0.5, warmup=1000, seed=seed)
    state = State.start(model, settings)
    state = train(state, learn, task.answers, until=steps, progress=False)
    return {
        "d_k": d_k,
        "divisor": divisor,
        "seed": seed,
        "losses": means(state.losses),
        "gradient_norms": means(state.gradient_norms),
        "accuracy": round(float(accuracy(state.model, test, task.answers)), 3),
    }


def means(numbers):
    return [float(f"{mean:.3g}") for mean in numbers.reshape(-1, WINDOW).mean(axis=1)]


def main():
    runs = []
    for d_k in WIDTHS:
        for divisor in SCALES:
            for seed in SEEDS:
                runs.append(run(d_k, divisor, seed))
                right = f"{runs[-1]['accuracy']:.1%} right"
                print(f"d_k {d_k:>3}, divisor {divisor:>4}, seed {seed}: {right}", flush=True)
    lines = ",\n".join(json.dumps(run, ensure_ascii=False) for run in runs)
    RESULTS.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
