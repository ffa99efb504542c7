"""What a request may ask for at most, found out in linear time and before any SQL."""
