"""The W3C SPARQL test suites, run over HTTP."""
