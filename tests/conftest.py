"""What holds for every test: speed is for the benchmarks, so no property has a deadline."""

from hypothesis import settings

settings.register_profile("no-clock", deadline=None)
settings.load_profile("no-clock")
