"""The ASGI application: routes, who is asking, media types, health."""
