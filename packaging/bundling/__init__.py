"""What the build, its verification and the benchmarks share."""
