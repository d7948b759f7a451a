"""Commands for those who work on the assistant; nothing here ships with it."""
