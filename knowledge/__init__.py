"""Approved content in, cited passages out. A leaf: knows no rep, no customer record, no surface."""
