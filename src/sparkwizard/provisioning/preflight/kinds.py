"""The table of findings: code, severity, words, fix and owner of each."""

import msgspec

from sparkwizard.provisioning.preflight.report import Severity

__all__ = ["KINDS", "Kind"]


class Kind(msgspec.Struct, frozen=True):
    """Describe one kind of finding; ``one`` and ``many`` are its sentences, with ``{n}``."""

    severity: Severity
    title: str
    one: str
    many: str
    fix: str
    owner: str

    def text(self, number: int) -> str:
        """Return the sentence for so many people."""
        return self.one if number == 1 else self.many.format(n=f"{number:,}")


_ENTRA = "Microsoft Entra administrator"
_WEBEX = "Webex administrator"
_SOURCE = "HR or whoever keeps people's data"
_SETUP = "Whoever edits the attribute mapping"
_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

KINDS: dict[str, Kind] = {
    "unusable-row": Kind(
        _ERROR,
        "Rows that can't be used",
        "1 person is in a row that can't be used.",
        "{n} people are in rows that can't be used.",
        "Mend the row in the source and read it again.",
        _SOURCE,
    ),
    "scope-unclear": Kind(
        _ERROR,
        "Scope can't be decided",
        "A filter can't be decided for 1 person.",
        "A filter can't be decided for {n} people.",
        "Mend the value, or choose another operator for the filter.",
        _SETUP,
    ),
    "missing-required": Kind(
        _ERROR,
        "Required value missing",
        "1 person has no value for something that Webex needs.",
        "{n} people have no value for something that Webex needs.",
        "Fill the attribute in Entra, or map it from one that everybody has.",
        _ENTRA,
    ),
    "duplicate-match": Kind(
        _ERROR,
        "Same value in a matching attribute",
        "1 person shares a value that should tell people apart.",
        "{n} people share a value that should tell people apart.",
        "Give each person a value of their own, or leave all but one out of scope.",
        _ENTRA,
    ),
    "not-email": Kind(
        _ERROR,
        "Not an e-mail address",
        "1 person has a value that should be an e-mail address and is none.",
        "{n} people have a value that should be an e-mail address and is none.",
        "Correct the address, or map it from an attribute that holds one.",
        _ENTRA,
    ),
    "refused-characters": Kind(
        _ERROR,
        "Characters that can't be sent",
        "1 person has a value with a character that can't be sent.",
        "{n} people have a value with a character that can't be sent.",
        "Type the value again: control characters often come with copying.",
        _SOURCE,
    ),
    "too-long": Kind(
        _ERROR,
        "Value too long",
        "1 person has a value that is longer than Webex allows.",
        "{n} people have a value that is longer than Webex allows.",
        "Shorten the value, or let the mapping do it with Left.",
        _SOURCE,
    ),
    "refused-value": Kind(
        _ERROR,
        "Value that Webex refuses",
        "1 person has a value that Webex does not take.",
        "{n} people have a value that Webex does not take.",
        "Correct the value, or change the rule that fills the attribute.",
        _SETUP,
    ),
    "owned-by-another": Kind(
        _ERROR,
        "Account of somebody else",
        "1 person would be matched to a Webex account that belongs to somebody else.",
        "{n} people would be matched to Webex accounts that belong to somebody else.",
        "Find out whose account it is. If it is this person's, correct its external id in Webex;"
        " if not, give the person another user name.",
        _WEBEX,
    ),
    "several-accounts": Kind(
        _ERROR,
        "Several accounts match",
        "1 person matches more than one Webex account.",
        "{n} people match more than one Webex account.",
        "Leave the value with one of the accounts only.",
        _WEBEX,
    ),
    "inactive-match": Kind(
        _WARNING,
        "Account is switched off in Webex",
        "1 person who may sign in has a Webex account that is inactive.",
        "{n} people who may sign in have Webex accounts that are inactive.",
        "Find out who switched it off and why; activate it in Control Hub if it should be on."
        " An account deleted in Entra stays inactive under another name for 30 days.",
        _WEBEX,
    ),
    "disabled-but-active": Kind(
        _WARNING,
        "Disabled in Entra, active in Webex",
        "1 person is disabled in Entra but active in Webex, in an account this setup doesn't"
        " manage.",
        "{n} people are disabled in Entra but active in Webex, in accounts this setup doesn't"
        " manage.",
        "Deactivate the user in Control Hub if the person has left: only managed accounts are"
        " switched off from here.",
        _WEBEX,
    ),
    "stale-value": Kind(
        _WARNING,
        "Old value stays in Webex",
        "1 person has no value in the source for something that Webex still has.",
        "{n} people have no value in the source for something that Webex still has.",
        "Fill it in the source, or clear it in Control Hub: a missing value is never sent.",
        _SOURCE,
    ),
    "unverified-domain": Kind(
        _WARNING,
        "Domain that no Webex user has",
        "1 person has a domain that no present Webex user has.",
        "{n} people have domains that no present Webex user has.",
        "Check in Control Hub that the domain is verified.",
        _WEBEX,
    ),
    "guest": Kind(
        _WARNING,
        "Guests",
        "1 person is a guest of your organization.",
        "{n} people are guests of your organization.",
        "Guests usually have Webex accounts at home: leave them out by a filter unless they need"
        " one of yours.",
        _ENTRA,
    ),
    "upn-mail-differ": Kind(
        _WARNING,
        "Sign-in name and e-mail differ",
        "1 person signs in to Entra with another address than their e-mail.",
        "{n} people sign in to Entra with another address than their e-mail.",
        "Webex takes the user name for the main e-mail address. Make them the same in Entra, or"
        " map the user name from mail.",
        _ENTRA,
    ),
    "special-characters": Kind(
        _WARNING,
        "Special characters in a matching attribute",
        "1 person has special characters in a value that finds Webex accounts.",
        "{n} people have special characters in a value that finds Webex accounts.",
        "Use letters, digits, dots, hyphens and underscores: others, such as + and ', can make"
        " matching fail.",
        _ENTRA,
    ),
    "no-display-name": Kind(
        _WARNING,
        "No display name",
        "1 person would be created without a display name.",
        "{n} people would be created without a display name.",
        "Fill the display name in Entra, or map one, for example by joining the names.",
        _ENTRA,
    ),
    "domains": Kind(
        _NOTE,
        "Domains of the user names",
        "1 person would get a user name in your domains.",
        "{n} people would get user names in these domains.",
        "Check in Control Hub that each domain is verified.",
        _WEBEX,
    ),
}
"""Every finding by its code, the gravest first; reports keep this order."""
