"""The domain: tables, rules, commands, events and reads. Knows no transport."""
