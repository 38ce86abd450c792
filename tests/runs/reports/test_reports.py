"""Reports: nothing from a directory becomes markup, everything is told, the page needs no net."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.errors import InputError
from sparkwizard.provisioning.types import Change, Counts, Reason
from sparkwizard.runs.cycles.types import Stranger
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.reports import render
from sparkwizard.runs.reports.as_csv import csv_report
from sparkwizard.runs.reports.as_html import html_report
from sparkwizard.runs.reports.as_json import json_report
from sparkwizard.runs.reports.bystanders import Bystanders, bystanders_of
from sparkwizard.runs.types import ActionRecord, RunRecord
from sparkwizard.values import replace
from tests.runs.reports.sample import sample_run

HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "</style><script>alert(1)</script>",
            '" onmouseover="alert(1)',
            "' autofocus onfocus='x",
            "<img src=x onerror=alert(1)>",
            "]]><svg/onload=1>",
            "<!--",
            "&lt;b&gt;&#60;",
            "\x00<x>\x1b[31m\u202e",
        ]
    ),
)


class Tags(HTMLParser):
    """Collect tags, their attributes' names, and the text of a page."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.said: list[str] = []
        self.odd: list[str] = []
        self.feed(page.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_comment(self, data: str) -> None:
        self.odd.append(data)

    def handle_pi(self, data: str) -> None:
        self.odd.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.said).split())


def with_texts(words: str) -> tuple[RunRecord, list[ActionRecord]]:
    """Return a run whose every text is ``words``."""
    run, actions = sample_run(4)
    stops = tuple(replace(stop, reason=Reason("limit", words)) for stop in run.stops)
    told = replace(
        run,
        stops=stops,
        plan_digest=words,
        profile_name=words,
        tenant_url=words,
        organization_id=words,
    )
    return told, [
        replace(
            record,
            message=words,
            tracking_id=words or "T",
            action=replace(
                record.action,
                label=words,
                user_name=words,
                changes=(Change("title", words, [words]), Change(words, None, {words: words})),
                reasons=(Reason("why", words),),
            ),
        )
        for record in actions
    ]


def without_breaks(tags: Tags) -> list[tuple[str, tuple[str, ...]]]:
    return [tag for tag in tags.tags if tag[0] != "br"]


@given(HOSTILE)
def test_no_text_from_a_directory_ever_opens_a_tag_or_adds_an_attribute(words: str) -> None:
    plain = Tags(html_report(*with_texts("plain")))
    hostile = Tags(html_report(*with_texts(words)))
    assert without_breaks(hostile) == without_breaks(plain)
    assert hostile.odd == []


@given(HOSTILE)
def test_every_form_can_be_written_whatever_the_names_hold(words: str) -> None:
    run, actions = with_texts(words)
    assert html_report(run, actions)
    assert csv_report(run, actions)
    assert json.loads(json_report(run, actions))["run"]["id"] == 7


def test_the_page_asks_for_nothing_from_anywhere() -> None:
    page = html_report(*sample_run()).decode()
    assert "default-src 'none'" in page
    assert not re.search(r"<(script|img|link|iframe|object|image|use)\b|@import|url\(", page)
    assert re.findall(r"\b(?:src|href|srcset)=", page) == []


def test_the_headline_counts_what_was_made() -> None:
    page = Tags(html_report(*sample_run()))
    assert "54 of 60 changes were made" in page.text
    assert "Held back: Two deletes are over the limit." in page.text


def test_a_run_that_had_nothing_to_do_says_so_and_has_no_charts() -> None:
    run, _ = sample_run()
    idle = replace(run, applied=0, failed=0, not_attempted=0, counts=Counts(unchanged=5), stops=())
    page = Tags(html_report(idle, []))
    assert "Nothing had to be changed" in page.text
    assert "svg" not in [tag for tag, _ in page.tags]


def test_every_chart_has_a_title_and_a_description_that_tells_its_numbers() -> None:
    page = html_report(*sample_run()).decode()
    charts = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(charts) == 3
    for chart in charts:
        assert 'role="img"' in chart
        assert re.search(r"<title[^>]*>\w", chart)
    assert "Create: 20 predicted, 18 done" in charts[1]
    assert "Done: 54; Failed: 3; Left alone: 3" in charts[0]


def test_the_numbers_of_the_charts_stand_in_a_table_too() -> None:
    page = html_report(*sample_run()).decode()
    assert '<th scope="row">Create</th><td>20</td><td>18</td>' in page


def test_each_person_is_shown_before_and_after_with_the_tracking_id() -> None:
    page = html_report(*sample_run()).decode()
    assert "<del>Trainee</del> → <ins>Engineer</ins>" in page
    assert f"<code>SPARKWIZARD_{7:032x}</code>" in page


def test_what_did_not_exist_before_is_shown_as_new_only() -> None:
    page = html_report(*sample_run(1)).decode()
    assert "<del>" not in page
    assert "<ins>person000@contoso.example</ins>" in page


def test_it_is_printed_dark_on_white_on_a4() -> None:
    page = html_report(*sample_run()).decode()
    assert "size: A4" in page
    assert page.count("@media print") == 2


def test_the_columns_of_the_csv_stay() -> None:
    rows = list(csv.reader(io.StringIO(csv_report(*sample_run()).decode("utf-8-sig"))))
    assert rows[0] == [
        "person",
        "user name",
        "action",
        "outcome",
        "what changed",
        "why",
        "tracking id",
        "at",
    ]
    assert len(rows) == 61


def test_no_cell_of_the_csv_starts_a_formula() -> None:
    run, actions = with_texts("=HYPERLINK(1)")
    rows = csv.reader(io.StringIO(csv_report(run, actions).decode("utf-8-sig")))
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_the_same_run_gives_the_same_bytes() -> None:
    for form in (html_report, csv_report, json_report):
        assert form(*sample_run()) == form(*sample_run())


def test_a_run_that_is_not_there_is_told(journal: Journal) -> None:
    with pytest.raises(InputError, match="no run 3"):
        render(journal, 3, "html")


def test_a_run_that_still_goes_on_can_be_reported() -> None:
    run, actions = sample_run()
    page = Tags(html_report(replace(run, finished_at=None), actions))
    assert "not ended" in page.text


def test_ten_thousand_people_take_a_few_seconds_at_most() -> None:
    assert len(html_report(*sample_run(10_000))) > 1_000_000


# -- who is in Webex only ------------------------------------------------------------------------


def bystanders(*labels: str) -> Bystanders:
    users = tuple(
        Stranger(f"id-{at}", f"user{at}@fabrikam.example", "", label)
        for at, label in enumerate(labels)
    )
    return Bystanders(datetime(2026, 3, 4, 9, 30, tzinfo=UTC), users)


def test_who_is_in_webex_only_is_counted_named_and_said_to_be_left_alone() -> None:
    run, actions = sample_run()
    page = Tags(html_report(run, actions, (), bystanders("Old Account", "Kim Sato")))
    assert "Only in Webex (2)" in page.text
    assert "This setup leaves them alone. As of 2026-03-04 09:30:00 UTC." in page.text
    assert "Old Account" in page.text
    assert "user1@fabrikam.example" in page.text


def test_that_nobody_is_in_webex_only_is_told_too() -> None:
    page = Tags(html_report(*sample_run(), (), bystanders()))
    assert "Only in Webex (0)" in page.text


def test_nothing_is_said_of_them_before_everybody_was_read(journal: Journal) -> None:
    run, _actions = sample_run()
    assert bystanders_of(journal, run) is None
    assert "Only in Webex" not in Tags(html_report(*sample_run())).text


def test_a_page_names_a_thousand_of_them_and_counts_all() -> None:
    page = html_report(*sample_run(), (), bystanders(*["Somebody"] * 1200)).decode()
    assert "Only in Webex (1,200)" in page
    assert "The first 1,000 are named" in page
    assert page.count(">Somebody<") == 1000


@given(HOSTILE)
def test_their_names_are_text_and_nothing_else(words: str) -> None:
    plain = Tags(html_report(*sample_run(), (), bystanders("plain")))
    hostile = Tags(html_report(*sample_run(), (), bystanders(words)))
    assert without_breaks(hostile) == without_breaks(plain)
    assert hostile.odd == []
