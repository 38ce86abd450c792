from tests.commands.in_process import _no_waiting, people, run, served

__all__ = ["_no_waiting", "people", "run", "served"]
