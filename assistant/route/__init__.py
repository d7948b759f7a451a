"""What another role must handle: referrals, opened and followed."""
