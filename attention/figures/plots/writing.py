"""Draw what is written word by word: a text so far, texts and their marks, what a cache keeps."""

import textwrap

from matplotlib.patches import FancyBboxPatch

from attention.figures.marks import INK, colour, part, tile

_NARROW, _WIDE = "fijlrt.", "mw"  # letters of about half a width and of one and a half
_ROW = 2.6  # from line to line, measured in letters
_EMPTY = "\u00a0"  # an empty text would not be drawn, and pictures must be built alike


def prose(ax, words, *, given, written, line=24):
    """Set words (n,) as text, of which the first given are a prompt and the last one is marked.

    Only given + written of them are seen: the others keep their room, so that the next word comes
    and nothing moves. line is how many letters fit beside each other.
    """
    x = y = 0.0
    last = given + written - 1
    for number, word in enumerate(words):
        width = _width(word)
        if x and x + width > line:
            x, y = 0.0, y + _ROW
        is_drawn, seen = number == last, 1.0 if number <= last else 0.0
        corner, size = (x - 0.5, y - 1.1), (width + 1.0, 2.2)
        style = {"boxstyle": "round,pad=0,rounding_size=0.5", "mutation_aspect": 1, "ec": "none"}
        face = (colour("weights"), 0.35 if is_drawn and written else 0)
        ax.add_patch(FancyBboxPatch(corner, *size, fc=face, **style))
        # The prompt is paler: it is not the model's.
        alpha = 0.62 * seen if number < given else seen
        style = {"ha": "left", "va": "center_baseline", "size": 16}
        ax.text(x, y, word, alpha=alpha, **style)
        x += width + 0.75
    wide, tall = ax.figure.get_size_inches()
    room = (line + 1.4) * tall / wide - y
    ax.set(xlim=(-0.7, line + 0.7), ylim=(y + room / 2, -room / 2))
    ax.axis("off")
    return ax


def _width(word):
    """Return about how wide a word is in a typeface whose letters have their own widths."""
    return sum(0.5 if x in _NARROW else 1.35 if x in _WIDE else 0.92 for x in word)


def chances(ax, names, numbers, *, drawn, rest):
    """Draw the chances (n,) of the next word as bars, the drawn one marked, and those of the rest.

    rest is (name, chance) of all other words together; it has a bar of no role.
    """
    every = [*zip(names, numbers, strict=True), rest]
    for place, (name, number) in enumerate(every):
        is_drawn = place == drawn
        role = "weights" if place < len(numbers) else None
        face = (colour(role), (0.85 if is_drawn else 0.35) if role else 0.2)
        ax.barh(place, number, height=0.72, color=face, gid=part(role))[0].set_gid(part(role))
        weight = "bold" if is_drawn else "normal"
        ax.text(-0.02, place, name, ha="right", va="center_baseline", weight=weight)
        text = f"{number:.2f}" + (" drawn" if is_drawn else "")
        ax.text(number + 0.02, place, text, va="center_baseline", weight=weight)
    ax.plot([0, 0], [-0.6, len(every) - 0.4], "-", color=INK, lw=0.6)
    ax.set(xlim=(-0.42, 1.45), ylim=(len(every) - 0.4, -0.6))
    ax.axis("off")
    return ax


def judged(ax, texts, marks, *, lines=3, width=40):
    """Write texts below one another, each in so many lines, with its mark beside it.

    marks holds for each text a sign, "✓" or "✗", and what it means.
    """
    for number, (text, (sign, said)) in enumerate(zip(texts, marks, strict=True)):
        top = number * (lines + 1.6)
        ax.text(0, top + 0.1, sign, ha="center", va="center_baseline", size=15, weight="bold")
        rows = textwrap.wrap(text, width, max_lines=lines, placeholder=" …")
        for row, said_here in enumerate([*rows, *[_EMPTY] * (lines - len(rows)), said]):
            style = {"style": "italic", "alpha": 0.75} if row == lines else {}
            y = top + (len(rows) if row == lines else row)
            ax.text(1.6, y, said_here, va="center_baseline", **style)
    ax.set(xlim=(-0.8, width), ylim=(len(texts) * (lines + 1.6) - 1, -0.8))
    ax.axis("off")
    return ax


def cache(ax, words, *, kept, read):
    """Draw which rows a pass makes: query, key, value and weights of the words it reads.

    Of the first kept words only keys and values are there, as an earlier pass made them (pale); the
    read ones that follow are made now (strong); later words are not yet known.
    """
    last = kept + read
    for i, word in enumerate(words):
        is_new, known = kept <= i < last, i < last
        weight = "bold" if is_new else "normal"
        ax.text(
            -0.3,
            i + 0.5,
            word,
            ha="right",
            va="center_baseline",
            weight=weight,
            alpha=1.0 if known else 0.0,
        )
        for x, role in enumerate(["query", "key", "value"]):
            tint = 0.75 if is_new else 0.22 if known and x else 0
            tile(ax, 1.15 * x, i, role, tint, lw=0.6 if known else 0, width=1, height=0.86)
        for j in range(len(words)):
            seen = known and j <= i
            tint = 0.75 if is_new and seen else 0
            tile(
                ax,
                4.4 + 0.8 * j,
                i,
                "weights",
                tint,
                ec=(INK, 0.25 if seen else 0),
                width=0.74,
                height=0.86,
            )
    for x, role in enumerate(["query", "key", "value"]):
        ax.text(
            1.15 * x + 0.5,
            -0.6,
            role[0],
            color=colour(role),
            gid=part(role),
            ha="center",
            va="center_baseline",
            weight="bold",
            style="italic",
        )
    ax.text(
        4.4,
        -0.6,
        "weights",
        color=colour("weights"),
        gid=part("weights"),
        va="center_baseline",
        weight="bold",
    )
    ax.set(xlim=(-3.6, 4.4 + 0.8 * len(words) + 0.1), ylim=(len(words) + 0.1, -1.2))
    ax.axis("off")
    return ax
