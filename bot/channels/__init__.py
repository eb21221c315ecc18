"""The messengers: one module or package each."""
