"""Give form to what chapters say in words: Predict, Try and What was shown, folds, tables.

A paragraph that says "**Try" or "**Predict" becomes a block of its own, and so does the
section "What was shown". Code that is folded stands below what it draws and says whose code it is:
what prepares a figure or numbers, or checks them, stands in their own fold.
A table of three columns or more becomes cards where there is no room for it: there each cell
repeats the name of its column.
"""

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode

LAST = "What was shown"
CARDS_FROM, MANY_FROM = 3, 6  # columns


def setup(app):
    app.connect("doctree-read", name_folds)
    app.connect("doctree-resolved", form)


def name_folds(app, doctree):
    """Say on each fold what it holds; myst_nb makes the folds after this."""
    for cell in doctree.findall(is_cell):
        if cell.get("hide_mode") == "input":
            cell["prompt_show"] = cell["prompt_hide"] = fold_name(cell)
        elif cell.get("hide_mode"):
            cell["prompt_show"] = cell["prompt_hide"] = "Solution"


def fold_name(cell):
    """Return what the fold of a cell is called, by what the cell shows."""
    if has_figure(cell):
        return "Code of this figure"
    if has_output(cell):
        return "Code of these numbers"
    return "How this is checked" if "assert" in cell.astext() else "Code"


def form(app, doctree, docname):
    for section in doctree.findall(nodes.section):
        gather_folds(section)
    for cell in doctree.findall(is_cell):
        if cell.get("hide_mode") == "input":
            # myst_nb gives its folds no parent, so the list of children is what can be changed.
            cell.children.sort(key=lambda part: isinstance(part, HideCodeCellNode))
        cell["classes"] += shows(cell)
    for paragraph in doctree.findall(nodes.paragraph):
        paragraph["classes"] += kind(paragraph)
    for section in doctree.findall(nodes.section):
        if section[0].astext() == LAST:
            section["classes"].append("shown")
    for table in doctree.findall(nodes.table):
        name_cells(table)


def gather_folds(section):
    """Put folded cells that show nothing into the fold of the figure or numbers beside them.

    Code stays in the order in which it runs: what stands between two belongs to the later.
    """
    children, waiting, last = [], [], None
    for child in section.children:
        folded = is_cell(child) and child.get("hide_mode") == "input"
        if folded and not has_output(child):
            waiting.append(child)
            continue
        if folded:
            fold_of(child)[:0] = map(unfolded, waiting)
        else:
            _settle(waiting, last, children)
        waiting, last = [], child if folded else None
        children.append(child)
    _settle(waiting, last, children)
    section.children = children


def _settle(waiting, last, children):
    """Put cells that nothing follows into the fold before them, if there is one."""
    if last is not None:
        fold_of(last).extend(map(unfolded, waiting))
    else:
        children += waiting


def fold_of(cell):
    """Return the contents of the fold of a cell, as the list that holds them."""
    return next(part for part in cell.children if isinstance(part, HideCodeCellNode)).children


def unfolded(cell):
    """Return a cell without a fold of its own."""
    cell.children = fold_of(cell)
    return cell


def shows(cell):
    """Return the classes that say what a cell shows: else a style sheet would have to look for it.

    A rule that asks whether something is in a cell makes the browser ask anew at each change.
    """
    if cell.get("hide_mode") not in (None, "input"):
        return []
    if not has_output(cell):
        return ["only-folded"] if cell.get("hide_mode") else []
    outputs = "".join(raw.astext() for raw in cell.findall(nodes.raw))
    kinds = [x for x in ("figure", "table", "verdict") if f'class="attention-{x}' in outputs]
    return ["has-output", *(f"has-{kind}" for kind in kinds)]


def is_cell(node):
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def has_figure(cell):
    return any("attention-figure" in raw.astext() for raw in cell.findall(nodes.raw))


def has_output(cell):
    return any(part.get("nb_element") == "cell_code_output" for part in cell.findall(is_part))


def is_part(node):
    return isinstance(node, nodes.container) and "nb_element" in node


def kind(paragraph):
    """Return ["try"] or ["predict"] for a paragraph that is one."""
    strong = [node.astext() for node in paragraph.children if isinstance(node, nodes.strong)]
    said = [name for name in ("try", "predict") if any(x.lower().startswith(name) for x in strong)]
    return said[:1]


def name_cells(table):
    """Put the name of its column, which only cards show, into cells: a first one needs no name.

    It is the title of its card, unless it is a number.
    """
    heads = [row for head in table.findall(nodes.thead) for row in head]
    if len(heads) != 1 or len(heads[0]) < CARDS_FROM:
        return
    table["classes"] += ["cards", "many"] if len(heads[0]) >= MANY_FROM else ["cards"]
    for body in table.findall(nodes.tbody):
        for row in body:
            for entry, head in zip(row, heads[0], strict=False):
                is_title = entry is row[0] and not entry.astext().isdigit()
                if head.astext() and entry.astext() and not is_title:
                    entry["classes"].append("labelled")
                    label = nodes.inline("", "", classes=["label"])
                    label += [part.deepcopy() for paragraph in head for part in paragraph]
                    entry.insert(0, label)
