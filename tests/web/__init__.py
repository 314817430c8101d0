"""The pages as the server sends them, without a browser."""
