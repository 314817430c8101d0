"""Pictures drawn on the server as SVG: real links, real text, no script."""
