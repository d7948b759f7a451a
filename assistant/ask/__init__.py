"""A question becomes an answer quoted from approved content, or an honest refusal."""
