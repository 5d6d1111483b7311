"""The warehouse: its engine, its schema, its registry, its marts and the reports read from them."""
