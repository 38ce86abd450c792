"""The source's people: names of their attributes, their columns, finding one."""
