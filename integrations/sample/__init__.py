"""A fictional company to try everything with: Meridale Therapeutics, its people, customers and approved content."""

from integrations.sample.load import SamplePaths, materialise

__all__ = ["SamplePaths", "materialise"]
