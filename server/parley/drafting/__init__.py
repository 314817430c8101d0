"""Machine proposals: what an article seems to say, for a person to decide."""
