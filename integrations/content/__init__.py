"""Approved content from folders: which files a path leads to, what is wrong with them, how they are listed."""
