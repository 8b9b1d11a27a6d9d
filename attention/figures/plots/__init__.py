"""Draw attention on matplotlib axes: arrays in, axes out, no mathematics.

Every plot takes the axes it draws on and returns them. What has a role has that role's colour, and
its value or name in writing, so that nothing depends on seeing the colour.
"""

from attention.figures.marks import COLOURS, INK
from attention.figures.plots.charts import bar_marks, bars, weight_bars
from attention.figures.plots.choosing import choose_cell, choose_row, frame_rows, strands, wholes
from attention.figures.plots.clocks import clock_hands
from attention.figures.plots.courses import course
from attention.figures.plots.diagrams import arcs, tower
from attention.figures.plots.formulas import equation
from attention.figures.plots.grids import grid, product
from attention.figures.plots.heatmaps import beside_rows, frame_cells, heatmap, mask_grid
from attention.figures.plots.lines import apart, curves, named_bars, running
from attention.figures.plots.many_heads import small_maps
from attention.figures.plots.networks import score, wiring
from attention.figures.plots.panes import blocks, maps
from attention.figures.plots.programs import program
from attention.figures.plots.sentences import heads, reordered
from attention.figures.plots.shadings import shades, tiles
from attention.figures.plots.stations import flow
from attention.figures.plots.streams import POST_NORM, PRE_NORM, block
from attention.figures.plots.vectors import pick_ring, plane, shares, turned
from attention.figures.plots.writing import cache, chances, judged, prose

__all__ = [
    "COLOURS",
    "INK",
    "POST_NORM",
    "PRE_NORM",
    "apart",
    "arcs",
    "bar_marks",
    "bars",
    "beside_rows",
    "block",
    "blocks",
    "cache",
    "chances",
    "choose_cell",
    "choose_row",
    "clock_hands",
    "course",
    "curves",
    "equation",
    "flow",
    "frame_cells",
    "frame_rows",
    "grid",
    "heads",
    "heatmap",
    "judged",
    "maps",
    "mask_grid",
    "named_bars",
    "pick_ring",
    "plane",
    "product",
    "program",
    "prose",
    "reordered",
    "running",
    "score",
    "shades",
    "shares",
    "small_maps",
    "strands",
    "tiles",
    "tower",
    "turned",
    "weight_bars",
    "wholes",
    "wiring",
]
