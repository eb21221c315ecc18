"""For staff: the queue, exports, getting a role."""
