"""What another role must handle: opened on receipt, completed, handed over, followed to its end, with a receipt."""
