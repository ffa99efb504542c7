"""The event contract: made from the event classes and the envelope, written to files, compared with its release."""
