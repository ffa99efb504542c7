"""Who was given which role over which place, by whom; beside what tokens carry."""
