"""GraphiQL as it is served to browsers: `source` is what is built, `static` what was built and is shipped."""
