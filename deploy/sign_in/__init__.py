"""Signing in by one click: an OpenID Connect provider for the demonstration and for trials, never in production."""
