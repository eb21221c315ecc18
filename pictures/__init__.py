"""Makes the pictures of docs/pictures: code like all the rest, so it stands apart from what it makes."""
