"""The same for a browser. Nothing here yet: the desk comes with its own pages."""
