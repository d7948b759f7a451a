"""How the screen's small models are written for, trained and measured."""
