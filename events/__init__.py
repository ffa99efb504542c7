"""AMQP: messages, topology, relay, intake, agencies. Writes no SQL."""
