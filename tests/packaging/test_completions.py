"""What shells complete the command line by, tried in the shells that are here."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bundling.completions import PLACES, completions
from sparkwizard.commands.line.arguments import parser


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("share")
    for place, content in completions().items():
        (folder / place).parent.mkdir(parents=True)
        (folder / place).write_bytes(content)
    (folder / "people.csv").touch()
    return folder


def said(shell: str, script: str, folder: Path) -> list[str]:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed here; .ci/run installs it")
    clean = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    ran = subprocess.run(
        [program, *clean, "-c", script],
        cwd=folder,
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "TERM": "dumb"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ran.stderr == ""
    return ran.stdout.split("\n")


def by_bash(share: Path, *words: str) -> set[str]:
    """Return what bash offers for the last word."""
    line = " ".join(f"'{word}'" for word in ("sparkwizard", *words))
    script = (
        f"source {share / PLACES['bash']}; COMP_WORDS=({line}); COMP_CWORD={len(words)};"
        " spec=($(complete -p sparkwizard)); for i in ${!spec[@]}; do"
        ' [ "${spec[$i]}" = -F ] && run=${spec[$((i + 1))]}; done;'
        f" $run sparkwizard '{words[-1]}' '{words[-2] if len(words) > 1 else 'sparkwizard'}';"
        ' printf "%s\\n" "${COMPREPLY[@]}"'
    )
    return {word.strip() for word in said("bash", script, share)} - {""}


def by_fish(share: Path, line: str) -> set[str]:
    script = f"source {share / PLACES['fish']}; complete --do-complete '{line}'"
    return {one.partition("\t")[0] for one in said("fish", script, share)} - {""}


def commands() -> set[str]:
    return set(parser()._subparsers._group_actions[0].choices or ())  # type: ignore[union-attr]


def test_bash_offers_every_command(share: Path) -> None:
    assert by_bash(share, "") >= commands()


def test_bash_offers_options_kinds_and_files(share: Path) -> None:
    assert {"--profile", "--pilot", "--rings", "--json"} <= by_bash(share, "apply", "--")
    assert {"on-demand", "foretell"} <= by_bash(share, "cloud", "")
    assert by_bash(share, "report", "1", "--format", "") == {"html", "csv", "json", "pack"}
    assert "people.csv" in by_bash(share, "preview", "--out", "peo")


def test_fish_offers_commands_kinds_and_options(share: Path) -> None:
    assert by_fish(share, "sparkwizard ") >= commands()
    assert {"on-demand", "foretell"} <= by_fish(share, "sparkwizard cloud ")
    assert "--rings" in by_fish(share, "sparkwizard apply --")


def test_zsh_reads_the_function_and_knows_what_it_completes(share: Path) -> None:
    folder = (share / PLACES["zsh"]).parent
    script = (
        f"fpath=({folder} $fpath); autoload -Uz compinit; compinit -u -D;"
        " print $_comps[sparkwizard]; autoload +X _sparkwizard; print ${+functions[_sparkwizard]}"
    )
    assert said("zsh", script, share)[:2] == ["_sparkwizard", "1"]


def test_zsh_has_every_command_with_what_it_does(share: Path) -> None:
    text = (share / PLACES["zsh"]).read_text("utf-8")
    for name in commands():
        assert re.search(rf"^ +{name}:'", text, re.MULTILINE), name
