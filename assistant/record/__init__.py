"""The customer's record read: names, mentions, what its entries tell, and questions about it."""
