"""Keep the window answering: what takes long goes in slices, aside, or at a calm moment."""
