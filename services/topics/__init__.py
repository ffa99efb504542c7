"""Topics (议题): proposed, listed, taken to sessions, resolved; and the departments involved in them."""
