"""Write the bill of materials (CycloneDX 1.6) of what is really in the bundle."""

import importlib.metadata
import re
import sys
from pathlib import Path

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from bundling.contents import Contents, SystemLibrary

__all__ = ["materials", "write_materials"]


def write_materials(file: Path, version: str, contents: Contents) -> None:
    """Write the bill as JSON; raises ``ValueError`` if it does not fit CycloneDX's schema."""
    text = make_outputter(
        materials(version, contents), OutputFormat.JSON, SchemaVersion.V1_6
    ).output_as_string(indent=1)
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault is not None:
        raise ValueError(f"the bill of materials is not valid: {fault}")
    file.write_text(text, encoding="utf-8")


def materials(version: str, contents: Contents) -> Bom:
    """Return the program and its components: Python, distributions, libraries of the system."""
    bom = Bom()
    bom.metadata.component = program = Component(
        name="sparkwizard", version=version, type=ComponentType.APPLICATION, bom_ref="sparkwizard"
    )
    parts = [
        _python(),
        *map(_distribution, contents.distributions),
        *map(_system_library, contents.system_libraries),
    ]
    bom.components.update(parts)
    bom.register_dependency(program, parts)
    return bom


def _python() -> Component:
    version = sys.version.split()[0]
    return Component(
        name="CPython",
        version=version,
        type=ComponentType.PLATFORM,
        bom_ref="cpython",
        purl=PackageURL("generic", name="cpython", version=version),
    )


def _distribution(distribution: importlib.metadata.Distribution) -> Component:
    about, version = distribution.metadata, distribution.version
    name = re.sub(r"[-_.]+", "-", distribution.name).lower()
    licence = (about.get("License-Expression") or about.get("License") or "").splitlines()
    return Component(
        name=distribution.name,
        version=version,
        type=ComponentType.LIBRARY,
        bom_ref=f"pypi-{name}",
        description=about.get("Summary"),
        licenses=[DisjunctiveLicense(name=licence[0])] if licence else None,
        purl=PackageURL("pypi", name=name, version=version),
    )


def _system_library(library: SystemLibrary) -> Component:
    purl = PackageURL("deb", "debian", library.package, library.version)
    return Component(
        name=library.file,
        version=library.version or None,
        type=ComponentType.LIBRARY,
        bom_ref=f"system-{library.file}",
        purl=purl if library.package else None,
    )
