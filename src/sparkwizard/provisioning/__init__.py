"""What should happen and why: pure, no clock, no file, no network."""
