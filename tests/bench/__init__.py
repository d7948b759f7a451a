"""Benchmarks: `python -m tests.bench` runs all, `python -m tests.bench search` one.

A benchmark is a module here with `measure()`, an iterator of `Figure`; its docstring says what is measured.
"""
