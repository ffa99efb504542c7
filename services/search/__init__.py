"""What full-text search finds things by: documents of their words, segmented when they are written."""
