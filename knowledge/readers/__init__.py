"""File to sections with their place: page, path, character offsets."""
