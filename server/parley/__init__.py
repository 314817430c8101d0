"""Parley turns an analysis article into a knowledge graph of attributed claims and publishes it."""
