"""Generate a company of any size, with the oddities of real directories in proportion."""

import random
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from uuid import UUID

from sparkwizard.practice.company.people import COLUMNS, Person

DOMAIN = "fabrikam.example"

_GIVEN = (
    *("Greta", "Tomasz", "Priya", "Maria", "José", "Siobhán", "Zoë", "Łukasz", "Anna", "Jürgen"),
    *("Chloé", "Daniel", "Mei", "Sofía", "Ingrid", "Hannah", "Luca", "Fatima", "Oliver", "Amelia"),
    *("Pavel", "Ewa", "Raj", "Kwame", "Yuki", "Björk", "Dmitri", "Klara", "Emil", "Aino", "Noah"),
    *("Mia", "Ben", "Lea", "Finn", "Marta", "Óscar", "Isabel", "Claire", "Julien", "Aoife"),
    *("Grace", "Ethan", "Olivia", "Samir", "Charlotte", "Viktor", "Petra", "Sven", "Nadia"),
)
_SURNAMES = (
    *("Lindqvist", "Wiśniewski", "Raman", "Rossi", "Núñez", "O'Connor", "van der Berg", "Żółć"),
    *("Schmidt", "Groß", "Lefèvre", "Okafor", "Chen", "García Márquez", "Bjørnstad", "Weiß"),
    *("Bianchi", "Al-Sayed", "Brown", "Clarke", "Dvořák", "Nowak", "Patel", "Mensah", "Tanaka"),
    *("Jónsdóttir", "Ivanov", "Novák", "Hansen", "Virtanen", "Müller", "Fischer", "Wagner"),
    *("Becker", "Hoffmann", "Kowalczyk", "Ibáñez", "Fernández", "Dubois", "Moreau", "D'Arcy"),
    *("Kim", "Walker", "Martínez", "Haddad", "Evans-Smith", "Horváth", "Kraus", "Andersson"),
)
_JOBS = (
    ("Sales", "Account Executive"),
    ("Sales", "Sales Manager"),
    ("Finance", "Accountant"),
    ("IT", "Systems Administrator"),
    ("Marketing", "Content Editor"),
    ("Human Resources", "Recruiter"),
    ("Production", "Machine Operator"),
    ("Production", "Shift Supervisor"),
    ("Logistics", "Warehouse Clerk"),
    ("Customer Care", "Support Engineer"),
)
_OFFICES = (
    ("DE", "Germany", "Bremen", "28195", "Werftstraße 12", "+49 421 555 "),
    ("GB", "United Kingdom", "Leeds", "LS1 6HX", "18 Albion Street", "+44 113 496 "),
    ("FR", "France", "Lyon", "69002", "27 rue des Tanneurs", "+33 4 78 55 "),
    ("US", "United States", "Seattle", "98101", "410 Harbor Way", "+1 206 555 "),
    ("ES", "Spain", "Madrid", "28004", "Calle de la Luna 9", "+34 91 555 "),
)
_PLAIN_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "Ł": "L", "'": "", " ": "", "-": ""})


def generate(people: int, seed: int = 1) -> Iterator[Person]:
    """Yield this many people one by one, the same ones for the same seed.

    Every sixty contain about as many guests, disabled accounts, missing names and shared
    addresses as the hand-made company. Object ids and user principal names are unique.
    """
    chance = random.Random(seed)  # noqa: S311 - invented people, no secret
    taken: Counter[str] = Counter()
    for index in range(people):
        person = _ordinary(chance, index, taken)
        oddity = _ODDITIES.get(index % 60)
        if oddity is not None:
            oddity(person, index)
        yield person


def _ordinary(chance: random.Random, index: int, taken: Counter[str]) -> dict[str, str]:
    given = _GIVEN[int(chance.random() * len(_GIVEN))]
    surname = _SURNAMES[int(chance.random() * len(_SURNAMES))]
    department, title = _JOBS[int(chance.random() * len(_JOBS))]
    use, country, city, postcode, street, prefix = _OFFICES[int(chance.random() * len(_OFFICES))]
    stem = f"{_letters(given)}.{_letters(surname)}"
    taken[stem] += 1
    address = f"{stem}{taken[stem] if taken[stem] > 1 else ''}@{DOMAIN}"
    person = dict.fromkeys(COLUMNS, "")
    person.update(
        userPrincipalName=address,
        displayName=f"{given} {surname}",
        surname=surname,
        mail=address,
        givenName=given,
        objectId=str(UUID(int=chance.getrandbits(128), version=4)),
        userType="Member",
        jobTitle=title,
        department=department,
        accountEnabled="True",
        usageLocation=use,
        streetAddress=street,
        country=country,
        city=city,
        postalCode=postcode,
        telephoneNumber=f"{prefix}{index:06d}",
    )
    return person


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN_LETTERS))
    return plain.encode("ascii", "ignore").decode().lower()


def _guest(person: dict[str, str], index: int) -> None:
    name = person["userPrincipalName"].partition("@")[0]
    person["mail"] = f"{name}@adatum.example"
    person["userPrincipalName"] = f"{name}.{index}_adatum.example#EXT#@{DOMAIN}"
    person["userType"] = "Guest"


def _disabled(person: dict[str, str], _index: int) -> None:
    person["accountEnabled"] = "False"


def _other_mail(person: dict[str, str], _index: int) -> None:
    person["mail"] = person["mail"].replace(DOMAIN, "fabrikam-labs.example")


def _shared_mail(person: dict[str, str], index: int) -> None:
    person["mail"] = f"team{index // 60}@{DOMAIN}"


def _no_surname(person: dict[str, str], _index: int) -> None:
    person["surname"] = ""
    person["displayName"] = person["givenName"]


def _no_display_name(person: dict[str, str], _index: int) -> None:
    person["displayName"] = ""


def _no_department(person: dict[str, str], _index: int) -> None:
    person["department"] = ""


def _no_phone(person: dict[str, str], _index: int) -> None:
    person["telephoneNumber"] = ""


def _mobile(person: dict[str, str], index: int) -> None:
    person["mobile"] = f"+49 1512 {index:07d}"


def _long_name(person: dict[str, str], _index: int) -> None:
    person["givenName"] = " ".join(_GIVEN[:8])
    person["surname"] = "-".join(_SURNAMES[:8])
    person["displayName"] = f"{person['givenName']} {person['surname']}"


def _service_account(person: dict[str, str], index: int) -> None:
    name = f"svc-task{index}"
    kept = {"objectId": person["objectId"], "userType": "Member", "accountEnabled": "True"}
    person.update(dict.fromkeys(COLUMNS, ""))
    person.update(kept, userPrincipalName=f"{name}@{DOMAIN}", displayName=name)


# which of every sixty people is odd in which way
_ODDITIES: dict[int, Callable[[dict[str, str], int], None]] = {
    **dict.fromkeys((0, 12, 24, 36, 48), _mobile),
    14: _no_surname,
    **dict.fromkeys((18, 38), _no_phone),
    **dict.fromkeys((23, 40, 49), _disabled),
    **dict.fromkeys((28, 29), _other_mail),
    30: _service_account,
    32: _long_name,
    33: _no_display_name,
    41: _no_department,
    **dict.fromkeys((43, 44), _shared_mail),
    **dict.fromkeys((56, 57), _guest),
}
