"""The features, in the words of the people who use them."""
