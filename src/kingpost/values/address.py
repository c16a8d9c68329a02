"""Addresses: how one part of a model names another."""

import re

IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
KINDS = (
    "calendar", "exception", "framework", "message", "metric", "object", "objective", "obligation",
    "post", "role", "rule", "unit", "value-stream", "workflow",
)  # fmt: skip


def address(kind: str, *path: str) -> str:
    """Return the address of an element, such as `post/head-of-appeals`."""
    return "/".join((kind, *path))


def step_address(workflow: str, step: str) -> str:
    """Return the address of a step, such as `workflow/fine/step/send`."""
    return f"workflow/{workflow}/step/{step}"


def is_identifier(text: str) -> bool:
    """Tell whether `text` is a kebab-case id: words of a-z and 0-9, joined by single hyphens."""
    return IDENTIFIER.fullmatch(text) is not None
