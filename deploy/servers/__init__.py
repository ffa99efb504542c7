"""Private PostgreSQL and RabbitMQ servers of one directory, for the demo and the tests.

Whatever starts, attaches to, stops and removes them belongs here; nothing here speaks SQL or AMQP for the
services. The code is synchronous: an event loop calls it in a thread.
"""
