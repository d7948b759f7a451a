"""Ways to reach a receiving role outside: e-mail, signed webhook, file drop. Each can be repeated without harm."""
