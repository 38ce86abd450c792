"""Jobs of the Task Scheduler of Windows: one task each, described in XML.

Its files are tested; it was never run on Windows by the tests.
"""

import csv
import getpass
import io
import os
import re
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from datetime import datetime
from pathlib import Path

from sparkwizard.errors import StorageError
from sparkwizard.runs.schedule.asking import ask, expect
from sparkwizard.runs.schedule.job import Job, Standing
from sparkwizard.setup.places import write_private

__all__ = ["TaskScheduler", "task_xml"]

FOLDER = "SparkWizard"
_NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_EVERY = re.compile(r"<Interval>PT(\d+)M</Interval>")
# of the lines of `schtasks /Query /FO CSV /V`, whose headings are in the language of the system
_LAST_RESULT, _COLUMNS = 6, 28
_RUNNING, _NEVER_RAN = 0x41301, 0x41303


def task_xml(job: Job, *, user: str, start: datetime) -> bytes:
    """Return the task: from ``start`` on, for ``user`` while signed in, never two at once."""
    task = ET.Element("Task", {"version": "1.2", "xmlns": _NAMESPACE})
    _add(task, "RegistrationInfo", {"Description": job.title})
    trigger = ET.SubElement(ET.SubElement(task, "Triggers"), "TimeTrigger")
    _add(trigger, "Repetition", {"Interval": f"PT{job.minutes}M", "StopAtDurationEnd": "false"})
    _fill(trigger, {"StartBoundary": start.strftime("%Y-%m-%dT%H:%M:%S"), "Enabled": "true"})
    principals = ET.SubElement(task, "Principals")
    principal = _add(
        principals,
        "Principal",
        {"UserId": user, "LogonType": "InteractiveToken", "RunLevel": "LeastPrivilege"},
    )
    principal.set("id", "Author")
    _add(task, "Settings", _SETTINGS)
    program, *arguments = job.command
    actions = ET.SubElement(task, "Actions", {"Context": "Author"})
    _add(actions, "Exec", {"Command": program, "Arguments": subprocess.list2cmdline(arguments)})
    # Windows reads the file in the encoding that its first line names, and exports UTF-16 itself
    xml: bytes = ET.tostring(task, encoding="utf-16", xml_declaration=True)
    return xml


_SETTINGS = {
    "MultipleInstancesPolicy": "IgnoreNew",
    "DisallowStartIfOnBatteries": "false",
    "StopIfGoingOnBatteries": "false",
    "StartWhenAvailable": "true",
    "ExecutionTimeLimit": "PT0S",  # without end: a run is never cut off in the middle
    "Enabled": "true",
}


class TaskScheduler:
    """Keep jobs as tasks in the folder SparkWizard."""

    name = "Task Scheduler"

    def install(self, job: Job) -> bool:
        """Describe the task and register it; one of the same name is replaced."""
        standing, xml = self.show(job), self._registered(job)
        program, *arguments = job.command
        same = standing is not None and standing.minutes == job.minutes
        if same and _mentions(xml, program) and _mentions(xml, subprocess.list2cmdline(arguments)):
            return False
        start = datetime.now().astimezone().replace(microsecond=0)
        with tempfile.TemporaryDirectory(prefix="sparkwizard-") as folder:
            path = Path(folder) / "task.xml"
            write_private(path, task_xml(job, user=_user(), start=start))
            expect(("schtasks", "/Create", "/TN", _path(job), "/XML", str(path), "/F"))
        return True

    def remove(self, job: Job) -> bool:
        """Remove the task."""
        if not self._registered(job):
            return False
        expect(("schtasks", "/Delete", "/TN", _path(job), "/F"))
        return True

    def show(self, job: Job) -> Standing | None:
        """Return how the task stands; its moments are in the words of the system and left out."""
        xml = self._registered(job)
        if not xml:
            return None
        every = _EVERY.search(xml)
        result = _last_result(
            ask(("schtasks", "/Query", "/TN", _path(job), "/FO", "CSV", "/V", "/NH")).out
        )
        return Standing(
            active="<Enabled>false</Enabled>" not in xml,
            minutes=int(every[1]) if every else None,
            exit_code=None if result in (None, _RUNNING, _NEVER_RAN) else result,
            running=result == _RUNNING,
        )

    def _registered(self, job: Job) -> str:
        try:
            answer = ask(("schtasks", "/Query", "/TN", _path(job), "/XML"))
        except StorageError as error:
            if error.code == "scheduler-missing":
                raise
            return ""
        return "" if answer.code else answer.out.replace("\x00", "")


def _path(job: Job) -> str:
    return f"\\{FOLDER}\\{job.name}"


def _user() -> str:
    domain = os.environ.get("USERDOMAIN", "")
    return f"{domain}\\{getpass.getuser()}" if domain else getpass.getuser()


def _last_result(text: str) -> int | None:
    row = next(csv.reader(io.StringIO(text)), [])
    value = row[_LAST_RESULT] if len(row) >= _COLUMNS else ""
    return int(value) if value.lstrip("-").isdigit() else None


def _mentions(xml: str, text: str) -> bool:
    element = ET.Element("x")
    element.text = text
    return ET.tostring(element, encoding="unicode")[3:-4] in xml


def _add(parent: ET.Element, name: str, children: dict[str, str]) -> ET.Element:
    element = ET.SubElement(parent, name)
    _fill(element, children)
    return element


def _fill(element: ET.Element, children: dict[str, str]) -> None:
    for name, text in children.items():
        ET.SubElement(element, name).text = text
