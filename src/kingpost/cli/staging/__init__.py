"""What the demo of an example brings about besides the work of its log."""

from kingpost.cli.staging.scene import NotStagedError, stage

__all__ = ["NotStagedError", "stage"]
