"""Exercises are solved by their reference, and each usual mistake is told by its name."""

import copy
import dataclasses
import re
import urllib.parse
from pathlib import Path

import nbformat
import numpy as np
import pytest

import attention
from attention.blockwise import Partial, merge
from attention.exercises import EXERCISES, Exercise, Mutant, check, gallery, signs
from attention.exercises.checking import judge
from attention.learning.generation import token_weights
from attention.learning.gradients import cross_entropy, softmax_backward
from attention.learning.training import learning_rate

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = ROOT / "chapters"
ALL = sorted(EXERCISES.values(), key=lambda exercise: exercise.chapter)
MUTANTS = [(exercise, mutant) for exercise in ALL for mutant in exercise.mutants]

each_exercise = pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.name)


def shortfalls(exercise):
    """Yield what the cases of an exercise fail to show."""
    expected = exercise.answers(exercise.reference)
    answers = {mutant.name: exercise.answers(mutant.function) for mutant in exercise.mutants}

    def same(a, b):
        return all(one.same(other) for one, other in zip(a, b, strict=True))

    names = list(answers)
    for i, name in enumerate(names):
        if same(answers[name], expected):
            yield f"{name} passes"
        if not any(one.array is not None for one in answers[name]):
            yield f"{name} shows in no number"
        for other in names[:i]:
            if same(answers[name], answers[other]):
                yield f"{name} and {other} look the same"


def test_there_are_enough():
    assert len(EXERCISES) >= 24
    assert sum(len(chapter) for chapter in by_chapter().values()) == len(EXERCISES)
    for chapter, names in by_chapter().items():
        file = f"attention/exercises/chapters/{chapter.partition('-')[2].replace('-', '_')}.py"
        assert (CHAPTERS / f"{chapter}.ipynb").is_file(), (
            f"{file}: chapter={chapter!r} names no notebook in chapters/"
        )
        assert (ROOT / file).is_file(), f"the exercises of chapter {chapter} must stand in {file}"
        assert len(names) <= 4, f"{file} has {len(names)} exercises, and four are the most"


def by_chapter():
    return {x.chapter: [y.name for y in ALL if y.chapter == x.chapter] for x in ALL}


@each_exercise
def test_an_exercise_says_what_to_write(exercise):
    found = list(omissions(exercise))
    assert not found, "\n".join(f"{place(exercise)}: {problem}" for problem in found)


def place(exercise):
    """Say where an exercise stands."""
    module = exercise.chapter.partition("-")[2].replace("-", "_")
    return f"attention/exercises/chapters/{module}.py, {exercise.name}"


def omissions(exercise):
    """Yield what an exercise does not say."""
    call = f"`{exercise.name}({', '.join(exercise.arguments)})`"
    if call not in exercise.prompt:
        yield f"its prompt must name {call}"
    if len(exercise.mutants) < 3:
        yield f"three usual mistakes are the least, and it has {len(exercise.mutants)}"
    for part in ("name", "hint"):
        said = [getattr(mutant, part) for mutant in exercise.mutants]
        for text in sorted({text for text in said if said.count(text) > 1}):
            yield f"two mistakes have the {part} {text!r}"
    for mutant in exercise.mutants:
        if not re.fullmatch(r"[A-Z(].*\w.*\.", mutant.hint):
            yield f"the hint of {mutant.name!r} must be a sentence, not {mutant.hint!r}"
        if (mutant.chapter or exercise.chapter) not in by_chapter():
            yield f"{mutant.name!r} names chapter {mutant.chapter!r}, which has no exercises"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"prompt": "Write it."}, "its prompt must name `match(query, key)`"),
        ({"mutants": EXERCISES["match"].mutants[:2]}, "and it has 2"),
        ({"mutants": EXERCISES["match"].mutants[:3] * 2}, "two mistakes have the name"),
        (
            {"mutants": (*EXERCISES["match"].mutants, Mutant("m", abs, "no"))},
            "a sentence, not 'no'",
        ),
        (
            {"mutants": (*EXERCISES["match"].mutants, Mutant("m", abs, "No m.", "77-x"))},
            "'m' names chapter '77-x'",
        ),
    ],
)
def test_what_an_exercise_does_not_say_is_named(change, said):
    assert said in next(omissions(dataclasses.replace(EXERCISES["match"], **change)))


@each_exercise
def test_the_reference_is_right(exercise):
    assert check(exercise.name, exercise.reference).right


@pytest.mark.parametrize(
    ("exercise", "mutant"), MUTANTS, ids=[f"{x.name}-{y.name}" for x, y in MUTANTS]
)
def test_each_mistake_is_told_by_its_name(exercise, mutant):
    verdict = check(exercise.name, mutant.function)
    assert not verdict.right
    assert verdict.mutant == mutant.name
    assert mutant.hint in repr(verdict)


@each_exercise
def test_the_cases_show_each_mistake_and_tell_it_from_the_others(exercise):
    found = list(shortfalls(exercise))
    assert not found, "\n".join(f"{place(exercise)}: {problem}" for problem in found)


def test_cases_that_saturate_the_softmax_are_found_out():
    saturated = dataclasses.replace(
        EXERCISES["scale"], cases=((np.eye(2, 5) * 900, np.eye(3, 5) * 900),), drawn=None
    )
    assert "no scale passes" in list(shortfalls(saturated))
    assert "/ d_k and no scale look the same" in list(shortfalls(saturated))


def test_cases_with_symmetric_keys_are_found_out():
    cases = ((np.ones((2, 3)), np.eye(3)),)
    symmetric = dataclasses.replace(EXERCISES["match"], cases=cases, drawn=None)
    assert "K not transposed passes" in list(shortfalls(symmetric))


def test_cases_in_which_a_mistake_cannot_run_do_not_suffice():
    cases = EXERCISES["attend"].cases[1:]
    oblong = dataclasses.replace(EXERCISES["attend"], cases=cases, drawn=None)
    assert "K not transposed shows in no number" in list(shortfalls(oblong))


def joined(average_a, maximum_a, total_a, average_b, maximum_b, total_b):
    """Return what the module makes of two parts, which it keeps before the division."""

    def partial(average, maximum, total):
        return Partial(np.ravel(maximum), np.ravel(total), total * average)

    return merge(partial(average_a, maximum_a, total_a), partial(average_b, maximum_b, total_b))


MODULE = {
    "soft_lookup": np.matmul,
    "match": lambda query, key: attention.attention_steps(query, key, key).scores,
    "query_for": np.linalg.solve,
    "stable_softmax": attention.softmax,
    "attend": attention.scaled_dot_product_attention,
    "scale": attention.attention_weights,
    "look_back": attention.causal_mask,
    "masked_weights": lambda scores, mask: attention.softmax(np.where(mask, scores, -np.inf)),
    "to_heads": attention.split_heads,
    "several_heads": lambda x, *weights: attention.MultiHeadAttention(*weights)(x, x, x),
    "encode_positions": attention.sinusoidal_positional_encoding,
    "rotate": attention.rotary_positional_encoding,
    "back_through_softmax": softmax_backward,
    "mean_surprise": lambda logits, targets: cross_entropy(logits, targets, True)[0],
    "merge_parts": lambda *parts: joined(*parts).average(),
    "merge_logs": lambda a, log_a, b, log_b: joined(a, log_a, 1, b, log_b, 1).average(),
    "with_temperature": lambda logits, T: token_weights(logits, temperature=T),
    "keep_likely": lambda logits, p: token_weights(logits, top_p=p),
    "warm_up": lambda step, peak, warmup: learning_rate(step, peak_rate=peak, warmup=warmup),
}


@pytest.mark.parametrize("name", MODULE)
def test_the_module_solves_its_own_exercises(name):
    assert check(name, MODULE[name]).right


def test_what_the_module_does_not_offer_follows_from_what_it_does():
    """Self- and cross-attention, the cache and the merging, from attention as a whole."""
    attend = attention.scaled_dot_product_attention
    assert check("self_attention", lambda x, q, k, v: attend(x @ q, x @ k, x @ v)).right
    assert check("cross_attend", lambda x, m, q, k, v: attend(x @ q, m @ k, m @ v)).right

    def last_rows(query, key, value, past_key, past_value):
        keys, values = np.vstack([past_key, key]), np.vstack([past_value, value])
        queries = np.repeat(query[:1], len(keys), axis=0)
        queries[len(past_key) :] = query
        return attend(queries, keys, values, is_causal=True)[len(past_key) :]

    assert check("attend_with_cache", last_rows).right
    rng = np.random.default_rng(0)
    scores, value = 5 * rng.normal(size=(3, 7)), rng.normal(size=(7, 2))
    parts = []
    for own in (slice(0, 2), slice(2, 7)):
        peak = scores[:, own].max(axis=1, keepdims=True)
        chances = np.exp(scores[:, own] - peak)
        total = chances.sum(axis=1, keepdims=True)
        parts += [chances / total @ value[own], peak, total]
    whole = attention.softmax(scores) @ value
    np.testing.assert_allclose(EXERCISES["merge_parts"].reference(*parts), whole)
    logs = [peak + np.log(total) for peak, total in (parts[1:3], parts[4:6])]
    joined = EXERCISES["merge_logs"].reference(parts[0], logs[0], parts[3], logs[1])
    np.testing.assert_allclose(joined, whole)


def test_the_tiles_counted_are_those_that_hold_a_visible_pair():
    def count(L, block):
        seen = attention.causal_mask(L)
        starts = range(0, L, block)
        tiles = [seen[i : i + block, j : j + block] for i in starts for j in starts]
        return sum(bool(tile.any()) for tile in tiles)

    assert check("causal_tiles", count).right


def test_what_the_first_chapters_ask_for_does_what_they_say():
    rng = np.random.default_rng(0)
    for key, scores in EXERCISES["query_for"].all_cases:
        query = EXERCISES["query_for"].reference(key, scores)
        np.testing.assert_allclose(key @ query, scores, atol=1e-9 * np.abs(scores).max())
    for W_k, A in EXERCISES["same_scores"].all_cases:
        x, W_q = rng.normal(size=(3, len(W_k))), rng.normal(size=W_k.shape)
        other = EXERCISES["same_scores"].reference(W_k, A)
        np.testing.assert_allclose((x @ W_q @ A) @ (x @ other).T, (x @ W_q) @ (x @ W_k).T)
    for weights, value, amount in EXERCISES["same_output"].all_cases:
        other = EXERCISES["same_output"].reference(weights, value, amount)
        np.testing.assert_allclose([other.sum(), other @ value], [1, weights @ value])
        assert other[0] < weights[0]
        assert (other > 0).all()


def test_the_slopes_of_the_output_are_those_that_small_steps_show():
    rng = np.random.default_rng(0)
    query, key, value = rng.normal(size=3), rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    step = 1e-6

    def output(query):
        return attention.scaled_dot_product_attention(query[np.newaxis], key, value)[0]

    measured = [(output(query + e) - output(query - e)) / (2 * step) for e in step * np.eye(3)]
    weights = attention.attention_weights(query[np.newaxis], key)[0]
    slopes = EXERCISES["output_slopes"].reference(weights, key, value)
    np.testing.assert_allclose(slopes, np.transpose(measured), atol=1e-9)


def test_a_mask_moves_with_its_words():
    rng = np.random.default_rng(0)
    x, mask, order = rng.normal(size=(7, 3)), attention.causal_mask(7), rng.permutation(7)
    moved = EXERCISES["permute_mask"].reference(mask, order)

    def attend(x, mask):
        return attention.scaled_dot_product_attention(x, x, x, attn_mask=mask)

    np.testing.assert_allclose(attend(x[order], moved), attend(x, mask)[order], rtol=1e-12)
    assert not np.allclose(attend(x[order], mask), attend(x, mask)[order])


def test_a_leak_is_what_lets_an_output_move():
    rng = np.random.default_rng(0)
    x, mask = rng.normal(size=(6, 3)), attention.causal_mask(6) | (rng.random((6, 6)) < 0.2)

    def attend(x):
        return attention.scaled_dot_product_attention(x, x, x, attn_mask=mask)

    moved = []
    for i in range(6):
        changed = x.copy()
        changed[i + 1 :] += 1
        moved.append(not np.array_equal(attend(changed)[i], attend(x)[i]))
    assert EXERCISES["find_leaks"].reference(mask).tolist() == moved
    assert 0 < sum(moved) < 6


def test_the_shares_of_the_heads_add_up_to_the_output():
    rng = np.random.default_rng(0)
    layer = attention.MultiHeadAttention.init(rng, 15, 3)
    steps = layer.steps(*[rng.normal(size=(7, 15))] * 3)
    shares = EXERCISES["head_shares"].reference(steps.weights @ steps.value, layer.W_o)
    assert shares.shape == (3, 7, 15)
    np.testing.assert_allclose(shares.sum(axis=0), steps.output, rtol=1e-10)


def test_the_cache_has_the_size_of_its_arrays():
    sizes = attention.Sizes(d_model=12, num_heads=3, d_ff=8, dtype=np.float32)
    model = attention.DecoderOnly.init(np.random.default_rng(0), sizes, vocabulary=9, num_layers=2)
    _, cache = model.extend([1, 2, 3, 4, 5])
    held = sum(x.nbytes for pair in cache for x in pair)
    assert EXERCISES["cache_bytes"].reference(5, 2, 12, 3, 3, 4) == held


def test_the_divisor_fits_components_of_any_size():
    query, key = 3 * np.random.default_rng(0).normal(size=(2, 40_000, 7))
    scores = (query * key).sum(axis=1)
    assert (scores / EXERCISES["fitting_divisor"].reference(7, 3)).var() == pytest.approx(1, 0.05)


def loops(weights, value):
    output = np.zeros((len(weights), value.shape[1]))
    for i, j in np.ndindex(weights.shape):
        output[i] += weights[i, j] * value[j]
    return output


OTHER_WAYS = [
    ("soft_lookup", loops),
    ("soft_lookup", lambda weights, value: np.einsum("ls,sd->ld", weights, value)),
    ("soft_lookup", lambda weights, value: (weights @ value).tolist()),
    ("soft_lookup", lambda w, v: (w[:, ::-1] @ v[::-1]) * (1 + 1e-9)),
    ("soft_lookup", lambda weights, value: np.asfortranarray(weights @ value)),
    ("divisor", lambda s, w: float((s[0] - s[1]) / (np.log(w[0]) - np.log(w[1])))),
    ("second_weight", lambda s, d: attention.softmax(s / d**0.5)[1]),
    ("look_back", lambda L, S: [[j <= i for j in range(S)] for i in range(L)]),
    ("to_heads", lambda x, num_heads: np.stack(np.split(x, num_heads, axis=1))),
    ("stable_softmax", attention.softmax),
    ("query_for", lambda key, scores: np.linalg.inv(key) @ scores),
    ("same_scores", lambda W_k, A: np.linalg.solve(A, W_k.T).T),
    ("find_leaks", lambda mask: [any(mask[i][i + 1 :]) for i in range(len(mask))]),
    ("permute_mask", lambda mask, order: mask[np.ix_(order, order)]),
    ("head_shares", lambda x, W_o: [a @ b for a, b in zip(x, np.split(W_o, len(x)), strict=True)]),
    ("soft_lookup", lambda weights, value: (weights @ value).astype("f4")),
]


@pytest.mark.parametrize(("name", "function"), OTHER_WAYS)
def test_other_ways_to_the_same_numbers_are_right(name, function):
    assert check(name, function).right


def stop(*inputs):
    raise ValueError("no idea")


def not_yet(*inputs):
    raise NotImplementedError


def nothing_yet(weights, value):
    """Return what attention makes of the values."""


def forgets_to_return(weights, value):
    output = weights @ value
    output.sum()


def in_place(weights, value):
    value *= 1
    weights /= weights
    return loops(weights, value)


def right_but_in_place(weights, value):
    output = weights @ value
    value += 1
    return output


def reshape_in_place(weights, value):
    output = weights @ value
    value.shape = (-1,)
    return output


ODD = [  # function, kind, what is said
    (None, "unanswered", "not answered yet"),
    (..., "unanswered", "not answered yet"),
    (nothing_yet, "unanswered", "not answered yet"),
    (forgets_to_return, "wrong", "returns nothing in the case below. Is a `return` missing?"),
    (lambda weights, value: (weights @ value, weights), "error", "got a tuple of 2"),
    (lambda weights, value: ..., "unanswered", "not answered yet"),
    (not_yet, "unanswered", "not answered yet"),
    (np.ones((3, 2)), "error", 'pass the function itself, check("soft_lookup", soft_lookup)'),
    (stop, "error", "no answer, but ValueError: no idea"),
    (lambda weights: weights, "error", "takes 1 positional argument but 2 were given"),
    (lambda weights, value: value @ weights, "error", "no answer, but ValueError: matmul"),
    (lambda weights, value: [[1, 2], [3]], "error", "got rows of different lengths"),
    (lambda weights, value: "seven", "error", "the answer must hold numbers, got str"),
    (lambda weights, value: (weights @ value).T, "shape", "rows and columns are exchanged"),
    (lambda w, v: (w @ v)[:, None], "shape", "their shape is (4, 1, 3), not (4, 3)"),
    (lambda w, v: (w @ v).ravel(), "shape", "their shape is (12,), not (4, 3)"),
    (lambda w, v: (w @ v)[:1], "shape", "the shape should be (4, 3), and is (1, 3)"),
    (lambda w, v: 1.0, "shape", "the shape should be (4, 3), and is ()"),
    (lambda w, v: w @ v + 0j, "dtype", "their type is complex128, not float64"),
    (lambda w, v: w @ v + 1e-4, "wrong", "not yet"),
    (lambda w, v: (w @ v).astype("f2"), "wrong", "not yet"),
    (lambda w, v: w @ v * np.nan, "wrong", "not yet"),
    (right_but_in_place, "changed", "value is no longer what it was"),
    (reshape_in_place, "changed", "value is no longer what it was"),
]


@pytest.mark.parametrize(("function", "kind", "said"), ODD)
def test_whatever_is_passed_gets_a_friendly_line(function, kind, said):
    verdict = check("soft_lookup", function)
    assert verdict.kind == kind
    assert said in verdict.sentence
    assert verdict.sentence.startswith("soft_lookup: ")
    assert not verdict.mutant
    assert "Traceback" not in repr(verdict)


def test_numbers_where_truth_is_asked_for_are_told_apart():
    verdict = check("look_back", lambda L, S: np.tri(L, S))
    assert verdict.kind == "dtype"
    assert "their type is float64, not bool" in verdict.sentence


def test_a_verdict_shows_the_smallest_case_that_differs():
    shown = check("warm_up", lambda step, peak_rate, warmup: peak_rate * step / warmup)
    assert shown.case == ("step = 40\npeak_rate = 0.1\nwarmup = 10\nexpected = 0.05\ngot = 0.4")
    small, large = EXERCISES["attend"].cases
    assert small[1].size < large[1].size
    for cases in [(small, large), (large, small)]:
        case = judge(dataclasses.replace(EXERCISES["attend"], cases=cases), lambda *x: x[0]).case
        assert case.startswith("query (2, 3) float64\n")
        assert "key (3, 3) float64" in case
        assert "expected (2, 3) float64" in case
        assert "got (2, 3) float64" in case


def test_a_branch_without_answer_is_told():
    def forgets(step, peak_rate, warmup):
        if step < warmup:
            return peak_rate * step / warmup

    verdict = check("warm_up", forgets)
    assert (verdict.kind, verdict.mutant) == ("wrong", "")
    assert "returns nothing in the case below" in verdict.sentence
    assert "step = 40" in verdict.case
    assert "got" not in verdict.case


def test_who_changes_the_inputs_spoils_no_later_answer():
    before = repr(EXERCISES["soft_lookup"].cases)
    assert not check("soft_lookup", in_place).right
    assert not check("soft_lookup", right_but_in_place).right
    assert repr(EXERCISES["soft_lookup"].cases) == before
    assert check("soft_lookup", loops).right


def test_a_mistake_that_runs_in_some_cases_is_told_by_those():
    verdict = check("attend", EXERCISES["attend"].mutant("K not transposed").function)
    assert verdict.mutant == "K not transposed"

    def stops_earlier(query, key, value):
        if len(key) == 3:
            raise ValueError("no idea")
        return EXERCISES["attend"].mutant("K not transposed").function(query, key, value)

    assert check("attend", stops_earlier).mutant == ""


def test_a_known_mistake_keeps_its_hint_in_float32_and_in_place():
    def mistaken(query, key):
        query /= 2
        return ((2 * query) @ key.T * query.shape[1] ** 0).astype(np.float32)

    def cosine(query, key):
        query /= np.linalg.norm(query, axis=1, keepdims=True)
        key /= np.linalg.norm(key, axis=1, keepdims=True)
        return (query @ key.T).astype(np.float32)

    assert check("match", mistaken).kind == "changed"
    assert check("match", cosine).mutant == "cosine"


def test_an_error_comes_with_the_line_of_the_reader():
    def stumbles(weights, value):
        halves = value[:, 0] @ value
        return weights @ halves.nothing

    sentence = check("soft_lookup", stumbles).sentence
    assert sentence.endswith("in your line `return weights @ halves.nothing`")


def halve(x):
    return x / len(x)


HALVED = Exercise(
    chapter="01-core-concept",
    prompt="Write `halve(x)`.",
    reference=halve,
    cases=((np.array([3.0, 5.0]),),),
    mutants=(Mutant("not divided", lambda x: x, "You left x as it is."),),
    drawn=lambda rng: (rng.normal(size=rng.integers(2, 6)),),
)


def test_drawn_cases_find_what_fits_the_shown_one_alone():
    assert judge(dataclasses.replace(HALVED, drawn=None), lambda x: x / 2).right
    verdict = judge(HALVED, lambda x: x / 2)
    assert verdict.kind == "wrong"
    assert not verdict.mutant
    assert "first at [0]" in verdict.sentence
    sizes = {len(case[0]) for case in HALVED.all_cases}
    assert f"x ({min(sizes - {2})},)" in verdict.case
    assert judge(HALVED, halve).right
    again = dataclasses.replace(HALVED)
    assert repr(again.all_cases) == repr(HALVED.all_cases)


def test_right_wrong_and_open_look_different():
    answers = halve, lambda x: x, ...
    pages = [judge(HALVED, answer)._repr_html_() for answer in answers]
    for page, mark in zip(pages, ["✓ Right.", "✗ Not yet.", "… Open."], strict=True):
        assert f"<strong>{mark}</strong>" in page


def test_unknown_names_get_the_near_ones():
    assert "it may be soft_lookup," in check("soft_loookup", loops).sentence
    assert "comes first" in check(loops, "soft_lookup").sentence
    everything = check("zzz", loops)
    assert everything.kind == "unknown"
    assert all(name in everything.sentence for name in EXERCISES)


def test_a_verdict_is_a_paragraph_and_a_case_in_a_notebook():
    page = check("soft_lookup", lambda w, v: "<b>")._repr_html_()
    assert (
        "</strong> soft_lookup: no answer, but TypeError: the answer must hold numbers, got str</p>"
        in page
    )
    assert page.count("<pre") == 1
    assert check("match", lambda q, k: stop_with("<&>"))._repr_html_().count("&lt;&amp;&gt;") == 1
    assert check("match", None)._repr_html_().count("<pre") == 0


def stop_with(message):
    raise RuntimeError(message)


def test_a_new_exercise_is_one_entry():
    twice = Exercise(
        chapter="01-core-concept",
        prompt="Write `double(x)`.",
        reference=lambda x: 2 * x,
        cases=((np.array([3.0]),),),
        mutants=(Mutant("squared", lambda x: x**2, "You squared."),),
    )
    assert judge(twice, lambda x: x + x).right
    assert judge(twice, lambda x: x * x).sentence.endswith("You squared.")


def stub(exercise):
    """Return what a reader fills in."""
    call = f'check("{exercise.name}", {exercise.name})'
    head = f"def {exercise.name}({', '.join(exercise.arguments)}):"
    return f"{head}\n    return ...\n\n\n{call}"


@each_exercise
def test_a_chapter_has_the_prompt_a_cell_to_fill_in_and_the_folded_solution(exercise):
    path = CHAPTERS / f"{exercise.chapter}.ipynb"
    assert path.is_file(), f"{place(exercise)}: chapter={exercise.chapter!r} names no notebook"
    cells = nbformat.read(path, as_version=4).cells
    found = list(missing_cells(exercise, cells))
    assert not found, "\n".join(f"chapters/{exercise.chapter}.ipynb {problem}" for problem in found)


def missing_cells(exercise, cells):
    """Yield what a chapter's cells lack of an exercise."""
    prompts = [i for i, cell in enumerate(cells) if exercise.prompt in cell.source]
    if len(prompts) != 1:
        yield (
            f"must show the prompt of {exercise.name}, word for word, in one cell of text, and "
            f"shows it in {len(prompts)}: {exercise.prompt!r}"
        )
        return
    below = cells[prompts[0] + 1 : prompts[0] + 3]
    wanted = {
        "a cell to fill in": (stub(exercise), [], check(exercise.name, ...)),
        "its solution": (
            solved(exercise),
            ["hide-cell"],
            check(exercise.name, exercise.reference),
        ),
    }
    for (what, (source, tags, verdict)), cell in zip(
        wanted.items(), [*below, None, None][:2], strict=True
    ):
        written = cell.source if cell and cell.cell_type == "code" else ""
        outputs = cell.get("outputs", []) if cell else []
        shown = outputs[0].get("data", {}).get("text/plain") if outputs else None
        right = written == source or (not tags and written.endswith(f"\n{source}"))
        if not right:
            yield f"must have, below the prompt of {exercise.name}, {what} that reads\n{source}"
        elif cell.metadata.get("tags", []) != tags:
            yield f"must give {what}, of {exercise.name}, the tags {tags}"
        elif shown != repr(verdict):
            yield f"must store below {what}, of {exercise.name}, {verdict!r}: make refresh"


def test_what_a_chapter_lacks_of_an_exercise_is_named():
    exercise = EXERCISES["match"]
    cells = nbformat.read(CHAPTERS / f"{exercise.chapter}.ipynb", as_version=4).cells
    [at] = [i for i, cell in enumerate(cells) if exercise.prompt in cell.source]
    assert list(missing_cells(exercise, cells)) == []

    def lacks(change):
        changed = copy.deepcopy(cells)
        change(changed)
        [found] = missing_cells(exercise, changed)
        return found

    assert "shows it in 0" in lacks(lambda new: new.pop(at))
    assert "must have, below the prompt of match, its solution that" in lacks(
        lambda new: new.pop(at + 2)
    )
    assert "must give its solution, of match, the tags ['hide-cell']" in lacks(
        lambda new: new[at + 2].metadata.clear()
    )
    assert "must store below a cell to fill in, of match, match: not ans" in lacks(
        lambda new: new[at + 1].outputs.clear()
    )
    assert "must have, below the prompt of match, a cell to fill in that reads\ndef match" in lacks(
        lambda new: new[at + 1].update(source="match = ...")
    )


def solved(exercise):
    """Return the solution under a name of its own: it must not overwrite the reader's function."""
    name = exercise.name
    source = exercise.source.rstrip().replace(f"def {name}(", f"def {name}_solution(", 1)
    return f'{source}\n\n\ncheck("{name}", {name}_solution)'


@pytest.mark.parametrize("name", gallery.EXHIBITS)
def test_an_exhibit_shows_a_mistake_and_the_number_that_betrays_it(name):
    shown = gallery.EXHIBITS[name]
    right, wrong = answers = gallery.both(EXERCISES[shown.exercise], name, *shown.inputs)
    caption = gallery.caption(shown, answers)
    assert right.shape == wrong.shape
    assert not np.allclose(right, wrong, equal_nan=True)
    numbers = re.search(r": (\S+) when right, (\S+) when wrong\.", caption)
    assert float(numbers[1]) == pytest.approx(shown.measure(right), abs=0.005)
    assert float(numbers[2]) == pytest.approx(shown.measure(wrong), abs=0.005)
    assert numbers[1] != numbers[2]
    assert repr(gallery.exhibit(name)) == caption
    # As the caption says, the exercise finds the mistake and names it.
    mutant = EXERCISES[shown.exercise].mutant(shown.mutant)
    assert check(shown.exercise, mutant.function).mutant == name


def test_the_gallery_shows_every_mutant_once():
    nb = nbformat.read(CHAPTERS / "13-gallery-of-errors.ipynb", as_version=4)
    source = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "code")
    assert re.findall(r'^exhibit\("(.*)"\)$', source, re.MULTILINE) == list(gallery.EXHIBITS)
    listed = [(name, x[0]) for name, rest in gallery.Others().lists.items() for x in rest]
    pictured = [(shown.exercise, shown.mutant) for shown in gallery.EXHIBITS.values()]
    assert sorted(listed + pictured) == sorted((x.name, y.name) for x, y in MUTANTS)
    assert repr(gallery.Others()) == f"{len(listed)} more mistakes, by exercise"


SIGNS = {
    ("scale", "no scale"): "one weight takes all",
    ("scale", "/ d_k"): "weights too even",
    ("scale", "softmax over queries"): "rows do not sum to 1",
    ("scale", "overflow"): "a NaN",
    ("masked_weights", "mask after softmax"): "rows do not sum to 1",
    ("masked_weights", "large number for infinity"): "what is hidden is seen",
    ("look_back", "itself hidden"): "too much is hidden",
    ("look_back", "square"): "another shape",
    ("stored_linear", "not transposed"): "an error",
    ("to_heads", "wrong reshape"): "other numbers",
}


@pytest.mark.parametrize(("exercise", "mutant"), SIGNS)
def test_a_mistake_is_found_by_its_sign(exercise, mutant):
    found = signs.signs_of(EXERCISES[exercise], EXERCISES[exercise].mutant(mutant))
    assert found == (SIGNS[exercise, mutant],)


def test_what_is_right_has_no_sign_of_its_own():
    for exercise in EXERCISES.values():
        right = Mutant("right", exercise.reference, "")
        assert signs.signs_of(exercise, right) == ("other numbers",)


def test_every_exhibit_is_in_the_index_by_what_its_own_numbers_show():
    index = gallery.Index()
    assert list(index.signs) == list(gallery.EXHIBITS)
    page = index._repr_html_()
    for name, found in index.signs.items():
        assert f'<li data-signs="{";".join(found)}"><a href="#{gallery.place(name)}">' in page
        shown = gallery.exhibit(name)._repr_mimebundle_()["text/html"]
        assert shown.startswith(f'<div id="{gallery.place(name)}">')
    assert len(set(map(gallery.place, index.signs))) == len(index.signs)
    # At a temperature below 1, who multiplies flattens; the square keys of the exhibit raise none.
    assert index.signs["multiplied"] == ("weights too even",)
    assert index.signs["K not transposed"] == ("other numbers",)
    assert "<text" not in urllib.parse.unquote(page)
    assert {sign for found in index.signs.values() for sign in found} < {*signs.SIGNS}


def test_the_list_of_mistakes_gives_hint_and_chapter():
    lists = gallery.Others().lists
    cosine = EXERCISES["match"].mutant("cosine")
    assert ("cosine", 1, cosine.hint) in lists["match"]
    # The chapter is that of the mutant, not of the exercise.
    assert ("length for d_k", 2) in [entry[:2] for entry in lists["scale"]]
    assert EXERCISES["scale"].chapter.startswith("05")
    page = gallery.Others()._repr_html_()
    assert page.count("<li data-signs=") == sum(map(len, lists.values()))
    assert "row&#x27;s largest score" in page
