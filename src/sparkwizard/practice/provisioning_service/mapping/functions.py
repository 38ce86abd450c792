"""List the functions of mapping expressions, as ``schema/functions`` does."""

from collections.abc import Iterator
from itertools import count, islice

from sparkwizard.practice.json_values import JsonObject

# name: parameters; ? may be left out, … repeats, in groups where several names carry it
# (source of the signatures: ED/functions-for-customizing-application-data.md)
_SIGNATURES = {
    "Append": "source suffix",
    "AppRoleAssignments": "source",
    "AppRoleAssignmentsComplex": "source",
    "AssertiveAppRoleAssignmentsComplex": "source",
    "BitAnd": "value1 value2",
    "CBool": "expression",
    "CDate": "expression",
    "Coalesce": "source…",
    "ConvertToBase64": "source",
    "ConvertToUTF8Hex": "source",
    "Count": "attribute",
    "CStr": "value",
    "DateAdd": "interval value dateTime",
    "DateDiff": "interval date1 date2",
    "DateFromNum": "value",
    "DefaultDomain": "",
    "FormatDateTime": "source dateTimeStyles? inputFormat outputFormat",
    "Guid": "",
    "IgnoreFlowIfNullOrEmpty": "expression",
    "IIF": "condition valueIfTrue valueIfFalse",
    "InStr": "value1 value2 start? compareType?",
    "IsNull": "expression",
    "IsNullOrEmpty": "expression",
    "IsPresent": "expression",
    "IsString": "expression",
    "Item": "attribute index",
    "Join": "separator source…",
    "Left": "string numChars",
    "Mid": "source start length",
    "NormalizeDiacritics": "source",
    "Not": "source",
    "Now": "",
    "NumFromDate": "value",
    "PCase": "source wordSeparators?",
    "RandomString": "length minimumNumbers minimumSpecialCharacters minimumCapital"
    " minimumLowerCase charactersToAvoid?",
    "Redact": "value",
    "RemoveDuplicates": "attribute",
    "Replace": "source oldValue? regexPattern? regexGroupName? replacementValue?"
    " replacementAttributeName? template?",
    "SelectUniqueValue": "uniqueValueRule…",
    "SingleAppRoleAssignment": "source",
    "Split": "source delimiter",
    "StripSpaces": "source",
    "Switch": "source defaultValue key… value…",
    "ToLower": "source culture?",
    "ToUpper": "source culture?",
    "Word": "string wordNumber delimiters",
}


def parameter_names(function: str, arguments: int) -> list[str] | None:
    """Return the name of each argument; None where the function does not take that many."""
    signature = _SIGNATURES.get(function)
    if signature is None:
        return None
    parts = signature.split()
    fixed = [part.rstrip("?") for part in parts if not part.endswith("…")]
    least = sum(1 for part in parts if not part.endswith(("?", "…")))
    repeated = [part.rstrip("…") for part in parts if part.endswith("…")]
    if arguments < least or (not repeated and arguments > len(fixed)):
        return None
    if repeated and (arguments - len(fixed)) % len(repeated):
        return None
    return list(islice(_names(fixed, repeated), arguments))


def function_list() -> list[JsonObject]:
    """Return all functions as Graph lists them."""
    return [
        {
            "id": name,
            "parameters": [
                {
                    "allowMultipleOccurrences": part.endswith("…"),
                    "name": part.rstrip("?…"),
                    "required": not part.endswith("?"),
                    "type": "String",
                }
                for part in signature.split()
            ],
        }
        for name, signature in _SIGNATURES.items()
    ]


def _names(fixed: list[str], repeated: list[str]) -> Iterator[str]:
    yield from fixed
    for number in count(1):
        for name in repeated:
            yield f"{name}{number}"
