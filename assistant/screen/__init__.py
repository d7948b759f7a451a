"""Every message is screened here before anything else reads it."""
