"""What may be told of a fault that nobody foresaw.  Pure."""

from pathlib import PurePath


def told(error: BaseException) -> str:
    """Return the kind of *error* and the line that raised it.

    Not its own words: they may hold the wearer's.
    """
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    if at is None:
        return type(error).__name__
    file = PurePath(at.tb_frame.f_code.co_filename).name
    return f"{type(error).__name__} in {file}, line {at.tb_lineno}"
