"""What helps beside the pages: about, proxy, support, shortcuts, and faults of the program."""
