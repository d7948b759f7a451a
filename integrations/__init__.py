"""Surfaces, vendor adapters, storage, settings and the composition root."""
