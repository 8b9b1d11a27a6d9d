"""Pictures with a sentence, and tables: live, on a page without a kernel, and as text."""

from attention.figures.explorer import explore
from attention.figures.picture import figure
from attention.figures.tables import table

__all__ = ["explore", "figure", "table"]
