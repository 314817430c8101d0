"""From a home to a published generation: assemble, derive, validate, reason, publish."""
