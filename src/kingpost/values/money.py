"""Money: currencies, and amounts as text."""

import re
from collections.abc import Mapping
from decimal import Context, Decimal
from types import MappingProxyType

_AMOUNT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)(?: +([A-Z]{3}))?")
_LENGTH_MAX = 40
# More digits than any amount has here: of text below, or of a number of the expression language.
_EXACT = Context(prec=100)

# By how many digits the minor unit has. Source: ISO 4217, list one; without precious metals, funds,
# bonds and codes for testing.
_CURRENCIES: Mapping[int, str] = MappingProxyType(
    {
        0: ("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"),
        2: (
            "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD "
            "CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS "
            "GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP "
            "LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK "
            "NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS "
            "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST "
            "XCD XCG YER ZAR ZMW ZWG"
        ),
        3: "BHD IQD JOD KWD LYD OMR TND",
    }
)
MINOR_DIGITS: Mapping[str, int] = MappingProxyType(
    {code: digits for digits, codes in _CURRENCIES.items() for code in codes.split()}
)


def read_money(text: str, currency: str) -> Decimal | None:
    """Read an amount such as `60000`, `60000.5` or `60000.50 EUR`.

    currency: the one that is expected, and that a bare number is in.
    Returns:  None, when it is no amount, in another currency, or finer than the currency has.
    """
    match = _AMOUNT.fullmatch(text.strip()) if len(text) <= _LENGTH_MAX else None
    if match is None or (match[2] or currency) != currency:
        return None
    amount = Decimal(match[1])
    whole = _in_minor(amount, currency)
    return whole if whole == amount else None


def write_money(amount: Decimal, currency: str) -> str:
    """Return an amount as it is kept, such as `60000.50 EUR`.

    What is finer than the currency stays so, for `read_money` to refuse; it is never rounded.
    """
    whole = _in_minor(amount, currency)
    return f"{whole if whole == amount else amount:f} {currency}"


def example_of(currency: str) -> str:
    """Return an amount as people may write it."""
    return write_money(Decimal(1250), currency)


def _in_minor(amount: Decimal, currency: str) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-MINOR_DIGITS[currency]), context=_EXACT)
