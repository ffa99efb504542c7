"""What every domain stands on: settings, database handles, errors, clock, ids, actor, division scopes."""
