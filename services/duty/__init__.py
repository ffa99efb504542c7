"""Members' duty (履职考核): schemes as data, what members did under them, and what that comes to in a year."""
