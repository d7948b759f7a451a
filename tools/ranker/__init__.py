"""Training of the retrieval ranker: `python -m tools.ranker --home HOME` over a home that holds the labels."""
