"""Matters (群众反映事项): what people raise at a platform, until it is answered, declined or taken into a topic."""
