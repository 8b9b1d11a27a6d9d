"""The kept maps of the lookup are what the script makes, and show what chapter 10 says."""

import json

import numpy as np

from benchmarks import lookup

KEPT = json.loads(lookup.RESULTS.read_text(encoding="utf-8"))


def test_what_is_kept_is_what_the_script_makes():
    assert [row["step"] for row in KEPT] == lookup.STEPS
    again = lookup.run(steps=[0, 100])
    for new, kept in zip(again, KEPT, strict=False):
        # Two digits are kept: elsewhere a number may fall to the other side of a half.
        for name in ("from_questions", "in_list"):
            np.testing.assert_allclose(new[name], kept[name], atol=0.0101)
        assert abs(new["right"] - kept["right"]) < 0.02


def test_a_lookup_is_there_in_the_end_and_not_before():
    right = [row["right"] for row in KEPT]
    assert right[0] < 0.1
    assert right[-1] > 0.99
