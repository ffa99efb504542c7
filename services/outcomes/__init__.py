"""Outcomes (协商成果): agreements, the commitments that follow, their progress and evidence."""
