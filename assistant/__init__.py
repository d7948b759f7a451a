"""What a message means and what may be done about it: policies, use cases, ports."""
