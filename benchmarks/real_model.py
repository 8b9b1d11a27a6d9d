"""Ask another program what all-MiniLM-L6-v2 computes, and keep its answers for chapter 16.

PYTHONPATH=. .venv-bench/bin/python benchmarks/real_model.py, some seconds

The program is the library transformers on PyTorch, in float64. Of the sentence of the book it keeps
the tokens, all 72 maps of attention and the last hidden state; of the others the tokens and the
mean of the last hidden state. Of the sentence with another end it keeps one map as well. Numbers
are kept as integers, in units of 0.00001.
"""

import json
from pathlib import Path

import torch
import transformers
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from attention.learning.pretrained import CONFIG, TOKENIZER, WEIGHTS, files

RESULTS = Path(__file__).resolve().parents[1] / "chapters/results/real-model.json"
SENTENCE = "the dog crossed the road because it was hungry"
OTHERS = [
    "the dog crossed the road because it was wide",
    "Tokenization splits uncommon words, naïvely: “unputdownable”, e.g.!",
    "Attention is a weighted average. " * 20,
]
UNIT = 1e-5
HEAD = (5, 11)  # layer and head, of which the chapter opens with the map


def main():
    from safetensors.torch import load_file

    config = BertConfig.from_json_file(files()[CONFIG])
    config._attn_implementation = "eager"  # which is the one that returns its maps
    model = BertModel(config)
    stored = load_file(files()[WEIGHTS])
    stored.pop("embeddings.position_ids")  # 0, 1, 2, ...: newer versions count by themselves
    model.load_state_dict(stored)
    model = model.double().eval()
    cut = PreTrainedTokenizerFast(tokenizer_file=str(files()[TOKENIZER]))
    kept = []
    for text in [SENTENCE, *OTHERS]:
        ids = cut(text, padding=False, truncation=False)["input_ids"]
        with torch.no_grad():
            seen = model(torch.tensor([ids]), output_attentions=True)
        maps = torch.cat(seen.attentions).numpy()
        [hidden] = seen.last_hidden_state.numpy()
        entry = {"text": text, "ids": ids}
        if text == SENTENCE:
            entry |= {"maps": units(maps), "hidden": units(hidden)}
        else:
            entry["mean"] = units(hidden.mean(axis=0))
        if text == OTHERS[0]:
            entry["head"] = units(maps[HEAD])
        kept.append(entry)
    version = torch.__version__.partition("+")[0]
    program = f"transformers {transformers.__version__}, PyTorch {version}"
    result = {"program": program, "unit": UNIT, "sentences": kept}
    RESULTS.write_text(json.dumps(result, separators=(",", ":")) + "\n", encoding="utf-8")


def units(x):
    return (x / UNIT).round().astype(int).tolist()


if __name__ == "__main__":
    main()
