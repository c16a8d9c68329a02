"""Find everything that is unsound in a declared model."""

from kingpost.checks.catalogue import CATALOGUE
from kingpost.checks.check import check

__all__ = ["CATALOGUE", "check"]
