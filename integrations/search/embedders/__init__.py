"""Text to vectors: the embedded model by default, any OpenAI-compatible endpoint by setting."""
