"""What departments are told: events, a delivery for each department, lanes, the claim, the topology's source."""
