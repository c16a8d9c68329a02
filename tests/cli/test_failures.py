"""What goes wrong outside, in words for whoever runs Kingpost."""

from psycopg.errors import DiskFull

from kingpost.cli.failures import explain


def test_a_full_disk_is_told_as_what_it_is() -> None:
    assert explain(DiskFull("could not extend file")) == (
        "the disk of the database is full. Make room; nothing of this was recorded, and nothing "
        "recorded before is lost."
    )
