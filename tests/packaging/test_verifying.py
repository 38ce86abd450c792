"""The verification itself: it must fail for what it is there to find."""

import sys
from pathlib import Path

import pytest

from verifying.frozen import Failed, Frozen, unexpected
from verifying.screen import Photograph

posix = pytest.mark.skipif(sys.platform == "win32", reason="a program of sh")


def program(folder: Path, script: str) -> Frozen:
    file = folder / "program"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return Frozen(file, folder)


@posix
def test_a_program_runs_without_a_path_and_without_a_home_of_ours(tmp_path: Path) -> None:
    said = program(tmp_path, 'echo "$PATH|$HOME|$PYTHONPATH|$PWD"').run()
    assert said == f"|{tmp_path}||{tmp_path}\n"


@posix
def test_a_line_that_nobody_expects_fails(tmp_path: Path) -> None:
    noisy = program(tmp_path, "echo 'Reading people' >&2; echo 'qt.svg: broken' >&2")
    with pytest.raises(Failed, match=r"qt\.svg: broken"):
        noisy.run(expected=["Reading .*"])
    noisy.run(expected=["Reading .*", r"qt\.svg.*"])


@posix
@pytest.mark.parametrize("script", ["echo '{}'; exit 3", "echo 'no document'", "echo '{}{}'"])
def test_another_exit_code_or_more_than_one_document_fails(tmp_path: Path, script: str) -> None:
    with pytest.raises(Failed):
        program(tmp_path, script).json()


def test_only_whole_lines_are_expected() -> None:
    assert unexpected("Reading people\nReading people failed\n\n", ["Reading people"]) == [
        "Reading people failed"
    ]


def picture(width: int, height: int, window: tuple[int, int, int, int]) -> Photograph:
    left, top, wide, high = window
    pixels = bytearray(width * height * 3)
    for y in range(top, top + high):
        for x in range(left, left + wide):
            at = (y * width + x) * 3
            pixels[at : at + 3] = bytes((255, x % 200, y % 200))
    return Photograph(width, height, bytes(pixels))


def test_a_photograph_tells_how_large_the_window_in_it_is() -> None:
    assert picture(40, 30, (5, 6, 20, 10)).window() == (20, 10)
    assert picture(40, 30, (0, 0, 0, 0)).window() == (0, 0)


def test_a_blank_window_has_few_colours_and_a_page_many() -> None:
    assert picture(40, 30, (0, 0, 0, 0)).colours() == 1
    assert picture(40, 30, (5, 6, 20, 10)).colours() == 201


def test_a_photograph_is_saved_as_it_was_seen(tmp_path: Path) -> None:
    from PySide6.QtGui import QImage

    seen = picture(40, 30, (5, 6, 20, 10))
    seen.save(tmp_path / "seen.png")
    image = QImage(str(tmp_path / "seen.png"))
    assert (image.width(), image.height()) == (40, 30)
    assert image.pixelColor(7, 8).name() == "#ff0708"
    assert image.pixelColor(0, 0).name() == "#000000"
