"""The register of built-in functions, by name."""

from collections.abc import Mapping

from kingpost.expressions.library.conversions import CONVERSIONS
from kingpost.expressions.library.signature import Signature

BUILTINS: Mapping[str, tuple[Signature, ...]] = {**CONVERSIONS}
