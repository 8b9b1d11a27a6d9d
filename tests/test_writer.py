"""The grammar of the texts that chapter 11 learns to write, and what is kept of the writers."""

import json

import numpy as np
import pytest

from attention.learning import writer
from attention.learning.sentences import VOCABULARY, Sentence, draw
from attention.learning.writer import WORDS, draw_tokens, judge, tell, texts
from attention.parameters import parameters
from benchmarks import writers

KEPT = json.loads(writers.RESULTS.read_text(encoding="utf-8"))
FACT = "the dog crossed the road because it was wide ."


def test_every_text_that_is_learned_from_is_right():
    sentences = draw(np.random.default_rng(0), 300)
    assert all(judge(tell(sentence)) == (True, True, True) for sentence in sentences)
    tokens = draw_tokens(np.random.default_rng(0), 300)
    assert tokens.shape == (300, WORDS)
    assert texts(tokens) == [tell(sentence) for sentence in sentences]


def test_the_longest_text_has_room():
    longest = Sentence("dog", "crossed", "road", "wide", passive=True, yesterday=True)
    assert 1 + len(tell(longest).split()) == WORDS


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (f"{FACT} the road was wide .", 3),
        (f"{FACT} the river was wide .", 2),  # another noun
        (f"{FACT} the road was narrow .", 2),  # another adjective
        (f"{FACT} the dog was hungry .", 2),
        (f"{FACT} the dog was wide .", 1),  # a dog is not wide
        (f"{FACT} the road was hungry .", 1),
        (f"{FACT} the road was", 0),
        (f"{FACT} the road was wide", 0),  # no stop
        (f"{FACT} the road was wide wide .", 0),
        (f"{FACT} the road is wide .", 0),
        (f"{FACT} a road was wide .", 0),
        (f"{FACT} the was road wide .", 0),
        (f"{FACT} the wide was road .", 0),
        (f"{FACT} the road was dog .", 0),
        (f"{FACT} the road was wide . yesterday", 0),
        ("the road crossed the dog because it was wide . the road was wide .", 0),
        ("the dog crossed the road because it was . the road was wide .", 0),
        ("the road was wide .", 0),
        (". .", 0),
        ("", 0),
    ],
)
def test_a_text_is_judged_by_grammar_fit_and_meaning(text, right):
    assert sum(judge(text)) == right
    assert judge(text) == tuple(i < right for i in range(3))  # each asks more than the one before


def test_a_text_ends_at_its_second_stop():
    stop, the, dog = (VOCABULARY.index(word) for word in (".", "the", "dog"))
    rows = [[stop, the, stop, dog, stop, the], [stop, the, dog, the, dog, stop], [stop, *[the] * 5]]
    assert texts(rows) == ["the . dog .", "the dog the dog .", "the the the the the"]


def test_what_is_kept_is_what_the_script_makes():
    again, _ = writers.run(seed=1, steps=[0, 50, 100, 150], temperatures=[])
    kept = next(run for run in KEPT if run["seed"] == 1)
    assert again["steps"] == kept["steps"][:4]
    assert sum(again["steps"][3]["right"]) > 0  # counts of nothing would agree as well


def test_what_is_kept_is_whole_and_judged_as_it_says():
    assert [run["seed"] for run in KEPT] == writers.SEEDS
    for run in KEPT:
        assert [row["step"] for row in run["steps"]] == writers.STEPS
        assert [row["temperature"] for row in run["temperatures"]] == writers.TEMPERATURES
        for row in run["steps"] + run["temperatures"]:
            grammatical, fits, meant = row["right"]
            assert writers.COUNT >= grammatical >= fits >= meant >= 0
        shown = [sum(judge(text)) for row in run["steps"] for text in row["texts"]]
        assert shown.count(3) >= 6
        assert shown.count(0) >= 6


def test_the_stored_writer_writes_what_is_kept():
    model = writer.trained()
    texts_of_it = writers.write(model)
    last = KEPT[0]["steps"][-1]
    assert writers.count(texts_of_it) == last["right"]
    assert texts_of_it[: writers.SHOWN] == last["texts"]
    pairs = zip(parameters(writer.rounded(model)).values(), parameters(model).values(), strict=True)
    assert all(np.array_equal(x, y) for x, y in pairs)
