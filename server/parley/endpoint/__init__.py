"""The SPARQL protocols as plain data, without any web framework."""
