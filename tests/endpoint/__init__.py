"""The endpoint: protocol, limits, pages, and the server as clients meet it."""
