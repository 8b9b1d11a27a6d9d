"""The kept measurements of chapter 12: complete, and the table is what follows from them."""

import json

import pytest

from benchmarks import speed

KEPT = json.loads(speed.RESULTS.read_text(encoding="utf-8"))
EVERYONE = {"ours", "blockwise", "textbook", "PyTorch", "ONNX Runtime"}


def test_every_case_is_there_whole():
    wanted = [(cores, *case) for cores in (1, 2) for case in speed.cases(cores)]
    names = "cores", "dtype", "kind", "B", "H", "n"
    assert [tuple(case[name] for name in names) for case in KEPT["cases"]] == wanted
    for case in KEPT["cases"]:
        skeleton = {"skeleton"} if case["kind"] == "plain" else set()
        assert case["milliseconds"].keys() == EVERYONE | skeleton
        assert min(case["milliseconds"].values()) > 0
        assert speed.LEAST <= case["rounds"] <= speed.MOST


def test_memory_and_recurrence_are_there_whole():
    assert KEPT["memory"].keys() == EVERYONE
    for name, taken in KEPT["memory"].items():
        ends = speed.TEXTBOOK_ENDS if name == "textbook" else max(speed.MEMORY)
        assert [int(n) for n in taken] == [n for n in speed.MEMORY if n <= ends]
    sizes = [(case["d"], case["n"]) for case in KEPT["recurrence"]]
    assert sizes == [(d, n) for d in speed.WIDTHS for n in speed.STEPS]


def test_variants_and_habits_are_there_whole():
    sizes = {"variants": [(1, 8, 1024), (1, 8, 4096), (64, 8, 32)]}
    sizes["habits"] = [(1, 8, 1024), (1, 2, 4096)]
    for part, wanted in sizes.items():
        assert [(case["B"], case["H"], case["n"]) for case in KEPT[part]] == wanted
        for case in KEPT[part]:
            assert {"variants": "ours", "habits": "written out"}[part] in case["milliseconds"]
            assert case["system"].keys() == case["milliseconds"].keys()
            assert min(case["milliseconds"].values()) > 0
            assert case["rounds"] >= speed.LEAST


def test_pieces_are_there_whole():
    assert [(case["rows"], case["n"]) for case in KEPT["pieces"]] == [(512, 1024), (512, 4096)]
    pieces = ("query @ key.T", "exp", "exp @ value")
    names = {f"{piece}, {side}" for piece in pieces for side in ("NumPy", "ONNX Runtime")}
    for case in KEPT["pieces"]:
        assert case["milliseconds"].keys() == names
        assert min(case["milliseconds"].values()) > 0


def test_the_other_machine_was_asked_the_same():
    other = json.loads(speed.RESULTS.with_stem("speed-elsewhere").read_text(encoding="utf-8"))
    assert other["machine"].keys() == KEPT["machine"].keys()
    asked = ("plain", "causal")
    wanted = [case for case in speed.cases(1) if case[:2] in [("float32", kind) for kind in asked]]
    wanted = [case for case in wanted if case[3] == speed.HEAD and case[2] == 1]
    names = "dtype", "kind", "B", "H", "n"
    assert [tuple(case[name] for name in names) for case in other["cases"]] == wanted


def test_the_table_follows_from_the_cases():
    assert speed.table(KEPT) == KEPT["table"]


@pytest.mark.parametrize(
    ("case", "row"),
    [
        ({}, "ours / PyTorch, plain"),
        ({"kind": "causal"}, "ours / PyTorch, causal"),
        ({"dtype": "float64"}, "ours / PyTorch, float64"),
        ({"cores": 2, "n": 1024}, "ours / PyTorch, two cores, from 1024 tokens"),
        ({"cores": 2, "n": 512}, None),
        ({"n": 256}, None),
        ({"kind": "padded"}, None),
        ({"H": 1, "n": 8}, "one call at (8, 64), ours / textbook"),
        ({"B": 64, "n": 32}, "64 batches of 8 heads of 32 tokens, ours / PyTorch"),
    ],
)
def test_each_row_of_the_table_has_its_cases(case, row):
    plain = {"cores": 1, "dtype": "float32", "kind": "plain", "B": 1, "H": 8, "n": 4096}
    changed = json.loads(json.dumps(KEPT))
    for found in changed["cases"]:
        if (plain | case).items() <= found.items():
            found["milliseconds"]["ours"] *= 1000
    rows = {
        after[0]
        for before, after in zip(KEPT["table"], speed.table(changed), strict=False)
        if before != after
    }
    expected = {row} - {None}
    if not case:  # the same measurement serves three rows
        expected |= {"ours / skeleton", "ours / textbook"}
    assert rows == expected


def test_what_is_written_reads_the_same():
    assert json.loads(speed.as_lines(KEPT)) == KEPT
    assert speed.RESULTS.read_text(encoding="utf-8") == speed.as_lines(KEPT)
