"""What support needs to see, without secrets, and without people unless they are asked for."""
