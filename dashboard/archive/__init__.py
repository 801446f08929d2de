"""The figures of files that were made, in the dashboard's own small store: codes, published briefings, and what has changed since."""

from dashboard.archive.figures import CardFigures, Difference, differences, figures_of
from dashboard.archive.store import Archive, ArchiveUnavailable, Kept

__all__ = ["Archive", "ArchiveUnavailable", "CardFigures", "Difference", "Kept", "differences", "figures_of"]
