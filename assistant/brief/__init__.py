"""The pre-call brief."""
