"""Consultation sessions (议事会): who sat down with whom, where, over which topics."""
