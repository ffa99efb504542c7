"""How it runs: the command line is the composition root, the only code that sees services, graph and events."""
