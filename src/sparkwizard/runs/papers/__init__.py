"""What runs were made with, for change control: ``made`` as they begin, ``kept`` beside them."""
