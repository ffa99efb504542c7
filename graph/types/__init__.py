"""The schema's object types. They hold no resolvers: the read engine fills them."""
