"""What the processes of a database server have spent."""

from pathlib import Path

import psycopg


def server_cpu(url: str) -> dict[int, float]:
    """Return the CPU seconds of the server's processes that live now, by process."""
    with psycopg.connect(url) as connection:
        own = connection.info.backend_pid
    parent = _stat(own)[1]
    stats = {number: _stat(number) for number in _numbers()}
    return {number: cpu for number, (cpu, above) in stats.items() if above == parent}


def _numbers() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _stat(number: int) -> tuple[float, int]:
    """Return CPU seconds and parent of a process; nothing for one that has ended."""
    try:
        text = Path(f"/proc/{number}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0, 0
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100, int(fields[1])
