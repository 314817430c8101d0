"""Drafting: from a text to proposals."""
