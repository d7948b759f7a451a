"""Training of the outcome model: what approved text may answer."""
