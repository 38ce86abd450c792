"""One HTTP client factory, retry and redaction; the only importer of httpx."""

import importlib.util
import sys

# httpx reads its own command line when it is imported, and with it click, rich and pygments where
# they are installed: two thirds of its time, for a program that nobody starts here
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # the documented way to say no

if importlib.util.find_spec("sniffio") is None:
    # httpcore tries to import it for each request, and a search that finds nothing is not cached
    sys.modules["sniffio"] = None  # type: ignore[assignment]  # as above
