"""The day it is in a market: approval dates are days there, not in UTC."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

# Markets with several zones: one is chosen, and with it the day content starts and ends there. The easternmost of the
# large ones is taken, so that nothing is shown anywhere in the market after its last day has passed in the capital's.
_CHOSEN = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "ES": "Europe/Madrid",
    "EU": "Europe/Brussels",
    "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty",
    "MX": "America/Mexico_City",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "UK": "Europe/London",
    "US": "America/New_York",
}


def is_market(market: str) -> bool:
    """Whether a code is a market whose day we know: an ISO 3166 country, or EU."""
    return market in _zones()


def day_in(market: str, moment: datetime) -> date | None:
    """The calendar day at `moment` in a market; None for a market we do not know (then nothing is valid there)."""
    zone = _zones().get(market)
    return None if zone is None else moment.astimezone(ZoneInfo(zone)).date()


@cache
def _zones() -> dict[str, str]:
    # The zone database lists countries with their zones; the first listed stands for those not chosen above.
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    zones: dict[str, str] = {}
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            zones.setdefault(country, zone)
    return zones | _CHOSEN
