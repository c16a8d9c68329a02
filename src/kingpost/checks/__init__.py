"""Find everything that is unsound in a declared model."""

from kingpost.checks.catalogue import CATALOGUE
from kingpost.checks.check import check
from kingpost.checks.rechecking.again import Rechecking

__all__ = ["CATALOGUE", "Rechecking", "check"]
