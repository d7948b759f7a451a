"""One file a noun: plain, frozen, without I/O."""
