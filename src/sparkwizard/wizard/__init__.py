"""The steps, flow and state of the wizard; no Qt and no I/O."""
