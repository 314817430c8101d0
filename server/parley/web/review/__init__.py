"""The review of drafted claims in the browser: one document, one curator, this machine only."""
