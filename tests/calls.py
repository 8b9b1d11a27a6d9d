"""What tests of attention call it with: arrays, options, errors, and any call that is allowed."""

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from loops import D_K, D_V, B, H, L, S

DTYPES = ["float16", "float32", "float64"]


def draw(dtype="float64", leading=(B, H)):
    rng = np.random.default_rng(0)
    shapes = (*leading, L, D_K), (*leading, S, D_K), (*leading, S, D_V)
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


# Query 2 may attend to nothing, query 4 to key 0 alone.
PAIRS = np.array(
    [
        [1, 0, 1, 1, 0, 1, 0],
        [0, 1, 1, 0, 1, 1, 1],
        [0, 0, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 1, 1],
        [1, 0, 0, 0, 0, 0, 0],
    ],
    dtype=bool,
)
NUMBERS = np.where(PAIRS, np.linspace(-2, 2, L * S).reshape(L, S), -np.inf)
OPTIONS = {  # 2.25, for ONNX takes the root of the scale, in float32
    "plain": {},
    "boolean mask": {"attn_mask": PAIRS},
    "float mask": {"attn_mask": NUMBERS},
    "causal": {"is_causal": True},
    "causal and boolean mask": {"is_causal": True, "attn_mask": PAIRS},
    "causal and float mask": {"is_causal": True, "attn_mask": NUMBERS},
    "scale": {"scale": 2.25},
    "negative scale": {"scale": -2.25},
    "everything": {"is_causal": True, "attn_mask": NUMBERS, "scale": 2.25},
}
every_option = pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
every_dtype = pytest.mark.parametrize("dtype", DTYPES)


def promised_dtype(*arrays):
    dtypes = (np.asarray(x).dtype for x in arrays)
    return np.result_type(*(dtype if dtype.kind == "f" else np.float64 for dtype in dtypes))


CALL = {"query": np.zeros((5, 3)), "key": np.zeros((7, 3)), "value": np.zeros((7, 2))}
MASK_DTYPE = "attn_mask must be boolean (True = may attend) or floating (added to the scores)"
ERRORS = [  # what is wrong in the call, what it raises
    (
        {"query": np.zeros((2, 3)), "key": np.zeros((4, 5))},
        ValueError("query and key must share d_k, got query (2, 3) and key (4, 5)"),
    ),
    (
        {"query": np.zeros((5, 0)), "key": np.zeros((7, 0))},
        ValueError("query and key must have d_k of at least 1, got query (5, 0) and key (7, 0)"),
    ),
    (
        {"value": np.zeros((6, 2))},
        ValueError("key and value must share their length S, got key (7, 3) and value (6, 2)"),
    ),
    (
        {"value": np.zeros((1, 2))},  # would broadcast
        ValueError("key and value must share their length S, got key (7, 3) and value (1, 2)"),
    ),
    (
        {"query": np.zeros((2, 5, 3)), "value": np.zeros((3, 7, 2))},
        ValueError(
            "leading dimensions must broadcast, got query (2, 5, 3), key (7, 3), value (3, 7, 2)"
        ),
    ),
    ({"query": np.zeros(3)}, ValueError("query must have shape (..., L, d_k), got (3,)")),
    ({"key": np.zeros(3)}, ValueError("key must have shape (..., S, d_k), got (3,)")),
    ({"value": 1.0}, ValueError("value must have shape (..., S, d_v), got ()")),
    (
        {"query": [[1, 2], [3]]},
        ValueError("query must be rectangular, got rows of different lengths"),
    ),
    ({"query": None}, TypeError("query must hold real numbers, got dtype object")),
    (
        {"key": np.zeros((7, 3), np.complex64)},
        TypeError("key must hold real numbers, got dtype complex64"),
    ),
    (
        {"value": np.zeros((7, 2), object)},
        TypeError("value must hold real numbers, got dtype object"),
    ),
    ({"value": [["1"]]}, TypeError("value must hold real numbers, got dtype <U1")),
    ({"query": [[True]]}, TypeError("query must hold real numbers, got dtype bool")),
    (
        {"attn_mask": np.ones((7, 5), bool)},
        ValueError("attn_mask must broadcast to the scores, got mask (7, 5) and scores (5, 7)"),
    ),
    (
        {"attn_mask": np.zeros((2, 5, 7)), "is_causal": True},
        ValueError("attn_mask must broadcast to the scores, got mask (2, 5, 7) and scores (5, 7)"),
    ),
    ({"attn_mask": np.ones((5, 7), np.int8)}, TypeError(f"{MASK_DTYPE}, got dtype int8")),
    ({"attn_mask": 1j, "is_causal": True}, TypeError(f"{MASK_DTYPE}, got dtype complex128")),
    ({"attn_mask": "causal"}, TypeError(f"{MASK_DTYPE}, got dtype <U6")),
    (
        {"attn_mask": [[True, False], [True]]},
        ValueError("attn_mask must be rectangular, got rows of different lengths"),
    ),
    ({"scale": np.ones(1)}, TypeError("scale must be a real number or None, got array([1.])")),
    ({"scale": "1"}, TypeError("scale must be a real number or None, got '1'")),
    ({"scale": 1j}, TypeError("scale must be a real number or None, got 1j")),
    ({"scale": np.nan}, ValueError("scale must be finite, got nan")),
    ({"scale": -np.inf}, ValueError("scale must be finite, got -inf")),
    ({"scale": 10**400}, ValueError("scale must be finite, got inf")),
]


@st.composite
def calls(draw):
    rows, columns, d_v = (draw(st.integers(0, 4)) for _ in range(3))
    d_k = draw(st.integers(1, 4))
    leading = draw(hnp.mutually_broadcastable_shapes(num_shapes=3, max_dims=2, max_side=3))
    ends = (rows, d_k), (columns, d_k), (columns, d_v)
    # Eighths are exact in every dtype, and the narrow range has them meet often.
    numbers = {"i": st.integers(-5, 5), "f": st.integers(-40, 40).map(lambda n: n / 8)}
    inputs = []
    for lead, end in zip(leading.input_shapes, ends, strict=True):
        dtype = np.dtype(draw(st.sampled_from([*DTYPES, "int32"])))
        inputs.append(draw(hnp.arrays(dtype, lead + end, elements=numbers[dtype.kind])))

    scores = (*np.broadcast_shapes(*leading.input_shapes[:2]), rows, columns)
    shape = tuple(draw(st.sampled_from([1, n])) for n in scores)
    shape = shape[draw(st.integers(0, len(shape))) :]
    booleans = hnp.arrays(bool, shape)
    floats = hnp.arrays(np.float32, shape, elements=st.sampled_from([0, 1.5, -8, -np.inf]))
    return inputs, {
        "attn_mask": draw(st.none() | booleans | floats),
        "is_causal": draw(st.booleans()),
        "scale": draw(st.sampled_from([None, 0, -0.5, 3])),
    }
