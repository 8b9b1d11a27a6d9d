"""Pictures with a sentence: as a live widget, as a page without a kernel, and as text."""

from attention.figures.explorer import explore
from attention.figures.picture import figure

__all__ = ["explore", "figure"]
