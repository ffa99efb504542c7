"""What anybody may see of sessions, topics and outcomes, as calendars and feed readers take it."""
