"""Commands of the workshop: what makes the data that ships, never imported by what ships."""
