"""Lists as files: which lists and columns there are, how a row becomes a line, and the read that brings the rows."""
