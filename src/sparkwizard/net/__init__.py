"""One HTTP client factory, retry and redaction; the only importer of httpx."""
