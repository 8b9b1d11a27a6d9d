"""The ways to compute attention that benchmarks/speed.py compares, each as a call to time.

They stand in one table, PEERS: name -> function(query, key, value, lengths, is_causal) -> call,
where query, key and value are (B, H, L, d_k), and lengths are None or the lengths of B sequences.
What a call needs is made ready first, so that only attention itself is timed.
"""

import math
import mmap

import numpy as np
import onnx
import onnxruntime
import torch

from attention import causal_mask, padding_mask, scaled_dot_product_attention, softmax
from attention._checks import check_call
from attention._fast import Tiling, average
from attention.blockwise import blockwise_attention

ROWS = 512  # of a block of the skeleton: with fewer its products are slower


def hidden_by(lengths, S):
    return None if lengths is None else padding_mask(lengths[:, np.newaxis], S)


def ours(query, key, value, lengths, is_causal):
    options = {"attn_mask": hidden_by(lengths, key.shape[-2]), "is_causal": is_causal}
    return lambda: scaled_dot_product_attention(query, key, value, **options)


def blockwise(query, key, value, lengths, is_causal):
    options = {"attn_mask": hidden_by(lengths, key.shape[-2]), "is_causal": is_causal}
    return lambda: blockwise_attention(query, key, value, **options)


def textbook(query, key, value, lengths, is_causal):
    """Compute the formula as it is written, with the whole matrix of weights."""
    mask = hidden_by(lengths, key.shape[-2])
    if is_causal:
        mask = causal_mask(query.shape[-2], key.shape[-2])

    def call():
        scores = query @ key.swapaxes(-1, -2) / np.sqrt(query.shape[-1], dtype=query.dtype)
        if mask is not None:
            scores = np.where(mask, scores, -np.inf)
        return softmax(scores) @ value

    return call


def skeleton(query, key, value, lengths, is_causal):
    """Compute two products and an exponential, by blocks: the same work without a softmax.

    It is a yardstick, not a bound: other blocks, or memory that is used again, may be faster.
    """
    L, S = query.shape[-2], key.shape[-2]
    rows = min(ROWS, L)
    tile = np.empty((rows, S), query.dtype)
    output = np.empty((*query.shape[:-1], value.shape[-1]), query.dtype)

    def call():
        for head in np.ndindex(query.shape[:-2]):
            for i in range(0, L, rows):
                np.matmul(query[head][i : i + rows], key[head].T, out=tile)
                np.exp(tile, out=tile)
                np.matmul(tile, value[head], out=output[head][i : i + rows])

    return call


def pytorch(query, key, value, lengths, is_causal):
    tensors = [torch.from_numpy(x) for x in (query, key, value)]
    mask = hidden_by(lengths, key.shape[-2])
    mask = mask if mask is None else torch.from_numpy(mask)
    attention = torch.nn.functional.scaled_dot_product_attention

    @torch.inference_mode()
    def call():
        return attention(*tensors, attn_mask=mask, is_causal=is_causal).numpy()

    return call


def onnx_runtime(query, key, value, lengths, is_causal):
    """Bind inputs and output, so that no call copies them."""
    inputs = {"Q": query, "K": key, "V": value}
    if lengths is not None:  # its operator wants a row for each query
        mask = hidden_by(lengths, key.shape[-2])
        inputs["attn_mask"] = np.repeat(mask, query.shape[-2], axis=-2)
    return _bound("Attention", inputs, np.empty_like(query), is_causal=int(is_causal))


def _bound(operator, inputs, output, **attributes):
    """Return a call of an operator of ONNX, with inputs and output bound."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # else it slows others
    model = _onnx_model(operator, inputs, output, attributes).SerializeToString()
    session = onnxruntime.InferenceSession(model, options, ["CPUExecutionProvider"])
    binding = session.io_binding()
    for name, x in inputs.items():
        binding.bind_cpu_input(name, x)
    value = onnxruntime.OrtValue.ortvalue_from_numpy(output)
    binding.bind_ortvalue_output("Y", value)

    def call():
        session.run_with_iobinding(binding)
        return value

    return call


def _onnx_model(operator, inputs, output, attributes):
    def described(name, x):
        element = onnx.helper.np_dtype_to_tensor_dtype(x.dtype)
        return onnx.helper.make_tensor_value_info(name, element, x.shape)

    node = onnx.helper.make_node(operator, [*inputs], ["Y"], **attributes)
    graph = onnx.helper.make_graph(
        [node],
        operator,
        [described(name, x) for name, x in inputs.items()],
        [described("Y", output)],
    )
    opsets = [onnx.helper.make_opsetid("", 23)]
    return onnx.helper.make_model(graph, opset_imports=opsets, ir_version=11)


PEERS = {
    "ours": ours,
    "blockwise": blockwise,
    "textbook": textbook,
    "PyTorch": pytorch,
    "ONNX Runtime": onnx_runtime,
    "skeleton": skeleton,
}


def textbook_by_rows(query, key, value, lengths, is_causal):
    """Compute the formula as it is written, for as many queries at a time as ours does."""
    starts = range(0, query.shape[-2], ROWS)
    blocks = [textbook(query[..., i : i + ROWS, :], key, value, None, False) for i in starts]
    output = np.empty_like(query)

    def call():
        for i, block in zip(starts, blocks, strict=True):
            output[..., i : i + ROWS, :] = block()

    return call


def textbook_by_heads(query, key, value, lengths, is_causal):
    """Compute textbook_by_rows for one head after the other."""
    heads = np.ndindex(query.shape[:-2])
    calls = [textbook_by_rows(query[i], key[i], value[i], None, False) for i in heads]
    return lambda: [call() for call in calls]


def ours_with(tiling):
    """Return a way to compute ours with another tiling, so that one reason for speed is gone."""

    def prepare(query, key, value, lengths, is_causal):
        options = {"attn_mask": hidden_by(lengths, key.shape[-2]), "is_causal": is_causal}
        return lambda: average(check_call(query, key, value, **options, scale=None), tiling)

    return prepare


def written_out(*, tile_of=np.empty, in_place=True, late_division=True, by_product=True):
    """Return what ours does to large heads of small scores, with each habit to be left off.

    tile_of(shape, dtype) makes the memory of each block, np.empty one that all blocks share.
    """

    def prepare(query, key, value, lengths, is_causal):
        L, S = query.shape[-2], key.shape[-2]
        ones, scale = np.ones(S, query.dtype), query.dtype.type(query.shape[-1] ** -0.5)
        output = np.empty_like(query)

        def call():
            shape = min(ROWS, L), S
            shared = np.empty(shape, query.dtype) if tile_of is np.empty else None
            for head in np.ndindex(query.shape[:-2]):
                for i in range(0, L, ROWS):
                    rows = slice(i, i + ROWS)
                    tile = tile_of(shape, query.dtype) if shared is None else shared
                    scores = np.matmul(query[head][rows] * scale, key[head].T, out=tile)
                    exp = np.exp(scores, out=scores if in_place else None)
                    total = (exp @ ones if by_product else exp.sum(axis=-1))[:, np.newaxis]
                    if late_division:
                        np.divide(exp @ value[head], total, out=output[head][rows])
                    else:
                        weights = np.divide(exp, total, out=exp if in_place else None)
                        np.matmul(weights, value[head], out=output[head][rows])
            return output

        return call

    return prepare


def new_memory(shape, dtype):
    """Return an array in pages that the operating system has to hand out and to clear."""
    pages = mmap.mmap(-1, math.prod(shape) * dtype.itemsize)
    return np.frombuffer(pages, dtype).reshape(shape)


VARIANTS = {  # what is measured without one reason for speed, or with some alone
    "textbook": textbook,
    "textbook, 512 queries at a time": textbook_by_rows,
    "textbook, so, and head by head": textbook_by_heads,
    "ours, but 32 queries at a time": ours_with(Tiling(rows=32, least_rows=32)),
    "ours, but always subtracting": ours_with(Tiling(many_keys=2**30)),
    "ours, but head by head": ours_with(Tiling(small_scores=0)),
    "ours": ours,
}
HABITS = {  # of ours, each left off, where heads are large
    "written out": written_out(),
    "an array for each block": written_out(tile_of=lambda shape, dtype: np.empty(shape, dtype)),
    "new pages for each block": written_out(tile_of=new_memory),
    "exp not in place": written_out(in_place=False),
    "weights divided, not the output": written_out(late_division=False),
    "np.sum for the total": written_out(by_product=False),
}


def numpy_pieces(query, key, value):
    """Return the pieces of attention in NumPy, a block of queries with all keys: {name: call}."""
    scores = query @ key.T
    tile, output = np.empty_like(scores), np.empty_like(query)
    return {
        "query @ key.T": lambda: np.matmul(query, key.T, out=tile),
        "exp": lambda: np.exp(scores, out=tile),
        "exp @ value": lambda: np.matmul(scores, value, out=output),
    }


def onnx_pieces(query, key, value):
    """Return the same pieces in ONNX Runtime: {name: call}."""
    scores = query @ key.T
    transposed = np.ascontiguousarray(key.T)
    return {
        "query @ key.T": _bound("MatMul", {"A": query, "B": transposed}, np.empty_like(scores)),
        "exp": _bound("Exp", {"A": scores}, np.empty_like(scores)),
        "exp @ value": _bound("MatMul", {"A": scores, "B": value}, np.empty_like(query)),
    }
