"""Run the benchmarks and show one table each; exit code 1 where a limit was missed.

``uv run python -m tests.benchmarks`` runs them all; names after it choose some; ``apply --full``
creates 10,000 people at every rate, which takes three quarters of an hour. pytest runs none of
them, but checks on a small size that each still works.
"""

import argparse
import sys
from pathlib import Path

from tests.benchmarks.framework import discover, table

QUICK = 0.02
FULL = 2.0


def main() -> int:
    """Run what was asked for."""
    sys.path.insert(0, str(Path(__file__).parents[2] / "packaging"))  # the screen, as for pytest
    known = discover()
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description=__doc__.splitlines()[0]
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(known)}")
    parser.add_argument("--quick", action="store_true", help="a small size, only to see it work")
    parser.add_argument(
        "--full", action="store_true", help="apply alone: 10,000 at 10 a second too"
    )
    options = parser.parse_args()
    if options.full and (options.quick or options.names != ["apply"]):
        parser.error("--full is for apply alone")
    if unknown := [name for name in options.names if name not in known]:
        parser.error(f"no benchmark is called {unknown[0]}; there are: {', '.join(known)}")
    kept, scale = True, QUICK if options.quick else FULL if options.full else 1.0
    for name in options.names or known:
        rows = list(known[name](scale))
        kept = kept and all(row.passes for row in rows)
        sys.stdout.write("\n".join((f"\n{name}", *table(rows), "")))
        sys.stdout.flush()
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
