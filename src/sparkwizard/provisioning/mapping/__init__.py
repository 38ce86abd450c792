"""From a person's attributes to wanted values: the rules of an attribute mapping."""
