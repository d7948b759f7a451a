"""Language models: the only place besides `integrations.search` that imports langchain or openai."""
