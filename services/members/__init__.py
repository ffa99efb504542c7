"""Committees (政协委员会), liaison groups (政协联络组) and members (政协委员)."""
