"""Schema migrations, run by `rep init`."""
