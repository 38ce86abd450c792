"""Who is in scope: filters of clauses, and their operators."""
