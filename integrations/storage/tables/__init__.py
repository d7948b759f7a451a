"""Tables, one module a noun, all on the metadata of `base`."""
