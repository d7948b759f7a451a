"""A rough note becomes a proposal, and a confirmed proposal the record."""
