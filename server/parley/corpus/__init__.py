"""What people write: documents, claims, the ontology, links and queries, read from a home."""
