"""What a reader's function makes of a case, and when two such answers are the same."""

import copy
import dis
import traceback
from dataclasses import dataclass

import numpy as np

from attention._checks import rectangular

RETURNS_A_CONSTANT = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}


@dataclass(frozen=True, eq=False)
class Answer:
    """What a function made of one case: an array, or an error, or neither."""

    array: np.ndarray | None = None
    error: str = ""
    changed: tuple[str, ...] = ()  # names of inputs that are no longer what they were
    is_open: bool = False  # the dots were not replaced

    def same(self, other):
        """Say whether two answers hold the same numbers but for rounding, or both an error."""
        if self.array is None or other.array is None:
            return self.array is other.array and bool(self.error) == bool(other.error)
        return close(self.array, other.array)

    @property
    def overflows(self):
        return self.array is not None and not np.isfinite(self.array).all()

    def right(self, expected):
        """Say whether this is the expected answer, and leaves the inputs as they were."""
        return self.same(expected) and not self.changed and self.is_of_kind(expected)

    def is_like(self, other):
        """Say whether both are numbers, or both truth values, or both no array."""
        kinds = [None if x.array is None else x.array.dtype == bool for x in (self, other)]
        return kinds[0] == kinds[1]

    def is_of_kind(self, expected):
        """Say whether truth values stand where truth values are asked for, else real numbers."""
        kinds = "b" if expected.array.dtype == bool else "iuf"
        return self.array.dtype.kind in kinds


def close(a, b):
    """Say whether two arrays have one shape and, but for rounding, the same numbers."""
    short = any(x.dtype in (np.float32, np.complex64) for x in (a, b))
    rtol, atol = (1e-4, 1e-6) if short else (1e-6, 1e-9)
    return a.shape == b.shape and np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=True)


def answer(function, case, names):
    """Call a function with copies of the inputs of a case: -> Answer."""
    inputs = copy.deepcopy(case)
    try:
        with np.errstate(all="ignore"):  # an inf or NaN in the answer says it
            result = function(*inputs)
        if result is ... or result is NotImplemented or (result is None and is_empty(function)):
            return Answer(is_open=True)
        if result is None:
            return Answer()
        array = _array(result)
    except NotImplementedError:
        return Answer(is_open=True)
    except Exception as error:
        said = str(error).strip()  # NumPy's may end in a space
        return Answer(error=f"{type(error).__name__}: {said}{_place(error, function)}")
    changed = [
        name
        for name, before, now in zip(names, case, inputs, strict=True)
        if not np.array_equal(before, now, equal_nan=np.asarray(before).dtype.kind == "f")
    ]
    return Answer(array, changed=tuple(changed))


def is_empty(function):
    """Say whether a function has no body but dots, pass or a docstring.

    >>> def forgot(x):
    ...     y = 2 * x
    >>> def later(x): ...
    >>> is_empty(forgot), is_empty(later)
    (False, True)
    """
    code = getattr(function, "__code__", None)
    return code is not None and {x.opname for x in dis.get_instructions(code)} <= RETURNS_A_CONSTANT


def _array(result):
    if isinstance(result, tuple) and any(np.ndim(x) for x in result):
        raise TypeError(f"one array is asked for, got a tuple of {len(result)}")
    array = rectangular("the answer", result)
    if array.dtype.kind not in "biufc":
        raise TypeError(f"the answer must hold numbers, got {type(result).__name__}")
    return array


def _place(error, function):
    """Say in which line of the reader's own function an error arose."""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    lines = [x for x in traceback.extract_tb(error.__traceback__) if x.filename == file and x.line]
    return f", in your line `{lines[-1].line.strip()}`" if lines else ""
