"""SQL tables and repositories."""
