"""Files to sections: `read` finds the format by what the file holds and by its name, and refuses when they disagree."""

from knowledge.readers.opening import read

__all__ = ["read"]
