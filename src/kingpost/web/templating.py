"""The template environment: escaping on, unknown names refused."""

from collections.abc import Callable
from typing import cast

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined


def build_environment(asset: Callable[[str], str]) -> Environment:
    """Return the environment that renders every page.

    asset: from the name of a static file to its URL; in templates as `asset(name)`.
    """
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("kingpost.web"), PackageLoader("kingpost.handbook")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    cast("dict[str, object]", environment.globals)["asset"] = asset
    return environment
