"""What a message holds that another role must hear of, found before anything else reads it."""
