"""The Flask application: the endpoint's routes and the pages people read."""
