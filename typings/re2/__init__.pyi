# As much of google-re2 as we call; the package brings no types.

class Options:
    max_mem: int
    log_errors: bool

class error(Exception): ...  # noqa: N818, N801 - the library's name

def compile(pattern: str, options: Options | None = None) -> object: ...  # noqa: A001 - as above
