"""For young people: start, propose, help."""
