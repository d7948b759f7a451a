"""Versioned prompt texts, read by name."""
