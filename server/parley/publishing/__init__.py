"""What leaves the house: dumps, descriptions, nanopublications, citations, static sites."""
