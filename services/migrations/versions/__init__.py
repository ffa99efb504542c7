"""One file a migration, each with a way down and up."""
