"""The program's door: the window, a command, or the self-test; only that one is imported.

The collector of cycles rests until whoever was chosen is read from disk: what is made meanwhile
stays, and going through it again and again took a tenth of the time.
"""

import gc
import sys

from sparkwizard import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing and collections take longer than --version itself
    from collections.abc import Sequence


def main(arguments: "Sequence[str] | None" = None) -> int:
    """Run what the arguments ask for and return the exit code of design §5."""
    gc.disable()
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    finally:
        gc.enable()


def _run(given: "Sequence[str]") -> int:
    if list(given) == ["--version"]:  # asked by scripts in loops: without even argparse
        print(f"sparkwizard {__version__}")
        return 0
    from sparkwizard.commands.line.arguments import parse  # noqa: PLC0415 -- see the module docstring

    options = parse(given)
    if options.self_test is not None:
        from sparkwizard.self_test import run_self_test  # noqa: PLC0415

        gc.enable()
        return run_self_test(options.self_test, keyring=options.keyring)
    if options.command is None:
        from sparkwizard.gui.app import run_gui  # noqa: PLC0415

        return run_gui(
            practice=options.practice, data_dir=options.data_dir, profile=options.profile
        )
    from sparkwizard.commands.dispatch import run_command  # noqa: PLC0415

    return run_command(options)


def program() -> int:
    """Run ``main`` as a process of its own; at the end nobody goes through what stays anyway."""
    code = main()
    if "PySide6" not in sys.modules:  # windows are taken down in the order that Qt wants
        gc.freeze()
    return code


if __name__ == "__main__":
    sys.exit(program())
