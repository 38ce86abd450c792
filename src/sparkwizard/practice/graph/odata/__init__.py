"""Read the OData options of requests, and evaluate them."""
