"""The store and the SPARQL engine, evaluated in processes of their own."""
