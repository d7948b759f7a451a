"""What `rep batch` can do, one module an operation; the table of names is in `integrations.batch`."""
