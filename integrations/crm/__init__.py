"""The customer record's way in: files of the contract."""
