"""The parts of the watch: state, log, one person, hand-off, upkeep."""
