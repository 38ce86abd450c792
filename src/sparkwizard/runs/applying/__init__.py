"""Carry a plan out: in order, in lanes, ring by ring, written down ahead."""
