"""Embedders, the dense index and the word index."""
