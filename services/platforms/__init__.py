"""Consultation platforms (协商平台) and the brands they work under."""
