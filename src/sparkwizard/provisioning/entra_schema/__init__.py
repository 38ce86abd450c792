"""Attribute mappings and scoping filters in the JSON of Entra's own synchronization schema.

What ``GET …/synchronization/jobs/{id}/schema`` returns, or the Entra admin centre downloads, can be
imported; what is exported can be put there after the service itself has parsed the expressions
(facts: entra.md §6).
"""

from sparkwizard.provisioning.entra_schema.exporting import ExportedSchema, export_schema
from sparkwizard.provisioning.entra_schema.findings import SchemaFinding
from sparkwizard.provisioning.entra_schema.importing import ImportedSchema, import_schema

__all__ = ["ExportedSchema", "ImportedSchema", "SchemaFinding", "export_schema", "import_schema"]
