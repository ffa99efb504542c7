"""Practice centers, and the activities that members and residents take part in there and elsewhere."""
