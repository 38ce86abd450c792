"""Tell what changed: delta queries."""
