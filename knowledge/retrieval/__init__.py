"""Hybrid search inside a scope: dense and word scores fused, sections and products known, every hit checked again."""

from knowledge.retrieval.query import Hit, Query, distinct_sections, score_by_product
from knowledge.retrieval.service import RetrievalService

__all__ = ["Hit", "Query", "RetrievalService", "distinct_sections", "score_by_product"]
