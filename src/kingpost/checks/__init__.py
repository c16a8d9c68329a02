"""Find everything that is unsound in a declared model."""

from kingpost.checks.again import Rechecking
from kingpost.checks.catalogue import CATALOGUE
from kingpost.checks.check import check

__all__ = ["CATALOGUE", "Rechecking", "check"]
