"""Run work that is told in slices to its end, where nobody waits for anything else."""

from collections.abc import Generator

__all__ = ["finished"]


def finished[T](slices: Generator[float, None, T]) -> T:
    """Run every slice and return the result."""
    while True:
        try:
            next(slices)
        except StopIteration as end:
            result: T = end.value
            return result
