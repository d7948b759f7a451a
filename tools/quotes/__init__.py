"""Training of the choice of quotes."""
