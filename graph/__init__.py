"""HTTP and GraphQL. Writes no SQL: reads are plans for services.reads, writes are commands of services."""
