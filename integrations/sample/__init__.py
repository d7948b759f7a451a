"""The fictional company's people, customers and visits; dates are offsets from the day of init."""
