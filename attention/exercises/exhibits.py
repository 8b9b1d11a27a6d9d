"""What hangs in the gallery: mutants, with inputs on which a person sees the mistake."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from attention import causal_mask
from attention.figures import plots


@dataclass(frozen=True)
class Exhibit:
    """A mistake, inputs that show it, how to draw an answer, and the number that betrays it."""

    exercise: str
    mutant: str
    inputs: tuple
    draw: Callable  # (ax, answer)
    symptom: str
    measured: str
    measure: Callable  # of an answer: -> number
    tell: Callable | None = None  # of an answer: -> the cells to frame
    rows: tuple = ()  # a sign, and of an answer the numbers to write beside its rows


def _heatmap(*, digits=2, xlabel="keys", ylabel="queries", **style):
    def draw(ax, answer):
        without_minus_zero = np.round(answer, digits) + 0.0
        plots.heatmap(ax, without_minus_zero, digits=digits, **style)
        ax.set(xlabel=xlabel, ylabel=ylabel)

    return draw


def _bars(names, **style):
    def draw(ax, answer):
        plots.bars(ax, np.round(np.ravel(answer), 2), labels=names, **style)

    return draw


def _largest(weights):
    return weights == weights.max(axis=1, keepdims=True)


def _repeated(words):
    """Mark the rows that another one equals."""
    alike = (abs(words[:, np.newaxis] - words) < 1e-6).all(axis=-1)
    return np.repeat(alike.sum(axis=1, keepdims=True) > 1, words.shape[1], axis=1)


_SUMS = ("Σ", lambda weights: weights.sum(axis=1))
_RNG = np.random.default_rng(13)
_LONG = (_RNG.normal(size=(3, 64)), _RNG.normal(size=(4, 64)))
_SCORES = _RNG.normal(size=(4, 4))
_WORDS = _RNG.normal(size=(3, 4)).round(1)
_NUMBERED = np.repeat(np.arange(4.0)[:, np.newaxis], 4, axis=1)  # each row: its position
_NOTHING = causal_mask(4) & (np.arange(4) > 0)  # and key 0 hidden: query 0 sees nothing
_AVERAGE = np.ones((3, 3)) / 3 @ _WORDS
_VALUES = {"role": "value", "digits": 1, "xlabel": "components", "ylabel": "words"}
_HEADS = {
    "role": "query",
    "digits": 0,
    "xlabel": "head",
    "ylabel": "positions",
    "columns": [0, 0, 1, 1],
}
_PARTS = (  # part b holds keys that match far better
    np.array([[2.0, -1.0]]),
    np.array([[0.0]]),
    np.array([[2.0]]),
    np.array([[-1.0, 1.0]]),
    np.array([[3.0]]),
    np.array([[1.0]]),
)

_ALL = [
    Exhibit(
        "scale",
        "no scale",
        _LONG,
        _heatmap(),
        "One key takes nearly all the weight of a query.",
        "Largest weight, on average",
        lambda weights: weights.max(axis=1).mean(),
        tell=_largest,
    ),
    Exhibit(
        "scale",
        "/ d_k",
        _LONG,
        _heatmap(),
        "All weights are nearly equal, whatever the query asks.",
        "Largest weight, on average",
        lambda weights: weights.max(axis=1).mean(),
        tell=_largest,
    ),
    Exhibit(
        "scale",
        "softmax over queries",
        _LONG,
        _heatmap(),
        "Columns sum to 1, and rows do not.",
        "Sum of the first row",
        lambda weights: weights[0].sum(),
        rows=_SUMS,
    ),
    Exhibit(
        "match",
        "K not transposed",
        (np.array([[3, 4]]), np.array([[1, 2], [3, 4]])),
        _bars(["key 0", "key 1"], role=None, span=(0, 30), digits=0),
        "The score of a key mixes components of both.",
        "Score of key 0",
        lambda scores: scores[0, 0],
    ),
    Exhibit(
        "masked_weights",
        "mask after softmax",
        (_SCORES, causal_mask(4)),
        _heatmap(),
        "The early rows fade, since their hidden keys kept their share.",
        "Sum of the first row",
        lambda weights: weights[0].sum(),
        rows=_SUMS,
    ),
    Exhibit(
        "masked_weights",
        "NaN where nothing is seen",
        (_SCORES, _NOTHING),
        _heatmap(),
        "The row of a query that sees nothing is NaN, which spreads to all that follows.",
        "Numbers that are NaN",
        lambda weights: np.isnan(weights).sum(),
        tell=np.isnan,
    ),
    Exhibit(
        "look_back",
        "one too far",
        (5, 5),
        plots.mask_grid,
        "There are ticks above the diagonal: the answer leaks, and training looks too good.",
        "Future keys that are seen",
        lambda mask: np.triu(mask, 1).sum(),
        tell=lambda mask: np.triu(mask, 1),
    ),
    Exhibit(
        "to_heads",
        "wrong reshape",
        (_NUMBERED, 2),
        lambda ax, heads: _heatmap(**_HEADS)(ax, np.hstack(heads)),
        "Here words hold their number. A head should get half of each, and gets half of the words.",
        "Words that head 0 sees",
        lambda heads: len(np.unique(heads[0])),
        tell=lambda heads: np.hstack(heads) != _NUMBERED,
    ),
    Exhibit(
        "rms_norm",
        "over the wrong axis",
        (_WORDS * [[1], [4], [8]], np.ones(4)),
        _heatmap(**_VALUES),
        "Words of different size stay different.",
        "Root of the mean square of the last word",
        lambda words: np.sqrt((words[-1] ** 2).mean()),
        rows=("size", lambda words: np.sqrt((words**2).mean(axis=1))),
    ),
    Exhibit(
        "add_and_norm",
        "dropped residual",
        (_WORDS, _AVERAGE),
        _heatmap(**_VALUES),
        "Here attention returned the plain average: without residual all words become one.",
        "Different words",
        lambda words: len(np.unique(words.round(6), axis=0)),
        tell=_repeated,
    ),
    Exhibit(
        "with_temperature",
        "multiplied",
        (np.array([0.0, 1.0, 2.0]), 0.5),
        _bars(["token 0", "token 1", "token 2"], span=(0, 1)),
        "At temperature 0.5 the model is less sure than at 1.",
        "Chance of the best token",
        lambda chances: chances.max(),
    ),
    Exhibit(
        "merge_parts",
        "plain average",
        _PARTS,
        _bars(["first", "second"], role="value", span=(-1, 2)),
        "A part whose keys hardly match counts as much as the other.",
        "First component",
        lambda output: output[0, 0],
    ),
]
EXHIBITS = {shown.mutant: shown for shown in _ALL}
