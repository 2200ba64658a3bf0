"""Figures of the Python package: `./figures` in this folder prints them; they stand in `bench/RESULTS.md`."""
