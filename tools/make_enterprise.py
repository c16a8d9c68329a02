# noqa: INP001 - a program, not a package.
"""Make the model of a large company that does not exist, to measure on.

Run it as `python tools/make_enterprise.py FOLDER [--departments 500]`. A department has a workflow
of 20 steps, a business object, ten posts, four obligations and two decision tables; ten departments
make a division, with a value stream and an objective. The same number gives the same model.
"""

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from kingpost.notation.writing import write

Tree: TypeAlias = dict[str, object]

STEPS_PER_DEPARTMENT = 20
_DEPARTMENTS_PER_DIVISION = 10
_TRADES = (
    "retail", "business", "coastal", "northern", "southern", "harbour", "rural", "city", "private",
    "export",
)  # fmt: skip
_MATTERS = (
    "loan", "claim", "permit", "refund", "complaint", "contract", "invoice", "licence", "order",
    "audit",
)  # fmt: skip
_LIMITS = (500, 1_000, 2_500, 5_000, 10_000)


def enterprise(departments: int) -> Iterator[tuple[str, Tree]]:
    """Yield the files of the model: names, and what is in them."""
    divisions = -(-departments // _DEPARTMENTS_PER_DIVISION)
    yield "kingpost.yaml", _company(divisions)
    for division in range(divisions):
        first = division * _DEPARTMENTS_PER_DIVISION
        last = min(first + _DEPARTMENTS_PER_DIVISION, departments)
        names = [_department(number) for number in range(first, last)]
        yield f"{_division(division)}/division.yaml", _division_tree(_division(division), names)
        for number, name in enumerate(names, first):
            yield f"{_division(division)}/{name}.yaml", _department_tree(number, name)


def texts(departments: int) -> Mapping[str, str]:
    """Return the text of each file."""
    return {name: write(tree) for name, tree in enterprise(departments)}


def _division(number: int) -> str:
    round_, trade = divmod(number, len(_TRADES))
    return f"{_TRADES[trade]}-{round_ + 1}"


def _department(number: int) -> str:
    division, matter = divmod(number, _DEPARTMENTS_PER_DIVISION)
    return f"{_division(division)}-{_MATTERS[matter]}"


def _title(name: str) -> str:
    words = name.replace("-", " ")
    return words[:1].upper() + words[1:]


# --- the company and its divisions ---------------------------------------------------------------


def _company(divisions: int) -> Tree:
    names = [_division(number) for number in range(divisions)]
    kept: list[object] = [
        {"part": f"{kind}/{name}-*", "custodian": f"{name}-director"}
        for name in names
        for kind in ("workflow", "rule")
    ]
    return {
        "kingpost": 1,
        "company": "Enterprise Without Equal",
        "timezone": "Europe/Lisbon",
        "calendars": {
            "office": {
                "title": "Office hours",
                "hours": ["Mon-Fri 08:00-18:00"],
                "holidays": ["2026-12-25", "2027-01-01"],
            }
        },
        "units": {"company": {"title": "The company", "calendar": "office"}},
        "posts": {"chair": {"title": "Chair", "unit": "company", "vacancy": "holds"}},
        "objectives": {
            "lasting-trust": {"title": "Those whom we serve trust us", "owner": "chair"}
        },
        "frameworks": {
            "act": {"title": "Fair Dealing Act", "edition": "2025"},
            "handbook": {"title": "Handbook of the company", "edition": "14"},
        },
        "interfaces": {
            "portal": {"title": "The portal"},
            "bank": {"title": "The bank"},
        },
        "governance": [*kept, {"part": "*", "custodian": "chair"}],
    }


def _division_tree(name: str, departments: list[str]) -> Tree:
    measures = {
        f"{each}-in-time": {"metric": f"{each}-in-time", "target": ">= 90 %", "at-risk": "< 93 %"}
        for each in departments
    }
    return {
        "units": {
            name: {"title": _title(name), "calendar": "office", "part-of": "company"},
        },
        "posts": {
            f"{name}-director": {
                "title": f"Director of {_title(name).lower()}",
                "unit": name,
                "reports-to": "chair",
                "vacancy": {"falls-to": "superior"},
            },
        },
        "objectives": {
            f"{name}-answers": {
                "title": f"Who asks {_title(name).lower()} has an answer in time",
                "owner": f"{name}-director",
                "serves": ["lasting-trust"],
                "measures": measures,
            }
        },
        "value-streams": {
            f"{name}-service": {
                "title": f"From question to answer, {_title(name).lower()}",
                "serves": [f"{name}-answers"],
                "promise": {"metric": f"{departments[0]}-in-time", "target": ">= 90 %"},
                "stages": {"answer": {"title": "Answer", "workflows": list(departments)}},
            }
        },
    }


# --- a department --------------------------------------------------------------------------------


def _department_tree(number: int, name: str) -> Tree:
    limit = _LIMITS[number % len(_LIMITS)]
    return {
        "units": {
            name: {
                "title": _title(name),
                "calendar": "office",
                "part-of": name.rpartition("-")[0],
            }
        },
        "roles": _roles(name),
        "posts": _posts(name, limit),
        "objects": {name: _object(name)},
        "rules": {f"{name}-band": _band(name, limit), f"{name}-fee": _fee(name, limit)},
        "workflows": {name: _workflow(number, name, limit)},
        "metrics": {
            f"{name}-in-time": {
                "share-of": f"workflow/{name}/step/judge",
                "that": "within-due",
                "window": "30 days",
            },
            f"{name}-straight": {
                "share-of": f"workflow/{name}",
                "where": f"entered.ask-back = 0 and {name}.amount > {limit}",
                "window": "90 days",
            },
        },
        "obligations": _obligations(name, limit),
    }


def _roles(name: str) -> Tree:
    return {
        f"{name}-clerk": {"title": "Takes cases in and carries them out"},
        f"{name}-expert": {"title": "Looks into the facts"},
        f"{name}-judge": {
            "title": "Decides cases",
            "incompatible-with": [f"{name}-clerk"],
        },
        f"{name}-approver": {
            "title": "Confirms large cases",
            "incompatible-with": [f"{name}-clerk", f"{name}-expert"],
        },
    }


def _posts(name: str, limit: int) -> Tree:
    head = f"{name}-head"
    return {
        head: {
            "title": f"Head of {_title(name).lower()}",
            "unit": name,
            "reports-to": f"{name.rpartition('-')[0]}-director",
            "roles": [f"{name}-judge", f"{name}-approver"],
            "vacancy": {"falls-to": "superior"},
            "authority": [
                {"decide": f"{name}/judge", "outcomes": ["grant", "deny", "ask"]},
                {"decide": f"{name}/confirm", "outcomes": ["grant", "deny"]},
            ],
        },
        **{f"{name}-judge-{seat}": _judge(name, limit * seat) for seat in (1, 2, 3)},
        **{f"{name}-desk-{seat}": _desk(name, seat) for seat in (1, 2, 3, 4)},
        **{
            f"{name}-expert-{seat}": {
                "title": f"Expert {seat}, {_title(name).lower()}",
                "unit": name,
                "reports-to": head,
                "roles": [f"{name}-expert"],
                "seats": 2,
                "vacancy": {"falls-to": "superior"},
            }
            for seat in (1, 2)
        },
    }


def _judge(name: str, limit: int) -> Tree:
    return {
        "title": f"Judge up to {limit}, {_title(name).lower()}",
        "unit": name,
        "reports-to": f"{name}-head",
        "roles": [f"{name}-judge"],
        "seats": 2,
        "vacancy": {"falls-to": f"{name}-head"},
        "authority": [
            {
                "decide": f"{name}/judge",
                "outcomes": ["grant", "deny", "ask"],
                "when": f'{name}.amount <= {limit} and {name}.kind != "special"',
            }
        ],
    }


def _desk(name: str, seat: int) -> Tree:
    return {
        "title": f"Desk {seat}, {_title(name).lower()}",
        "unit": name,
        "reports-to": f"{name}-head",
        "roles": [f"{name}-clerk"],
        "seats": seat,
        "vacancy": {"falls-to": "superior"},
    }


def _object(name: str) -> Tree:
    return {
        "title": _title(name),
        "custodian": f"{name}-head",
        "fields": {
            "applicant": {"type": "text", "class": "personal", "required": True},
            "address": {"type": "text", "class": "personal"},
            "received": {"type": "date", "required": True},
            "amount": {"type": "decimal", "required": True},
            "kind": {"type": "choice", "of": ["plain", "urgent", "special"], "required": True},
            "band": {"type": "choice", "of": ["low", "medium", "high"]},
            "fee": {"type": "decimal"},
            "complete": {"type": "yes/no"},
            "desk": {"type": "post"},
            "findings": {"type": "text"},
            "reason": {"type": "text", "class": "sensitive"},
            "paid-on": {"type": "date"},
        },
        "states": {
            "new": {"begin": True},
            "open": {"always": f"{name}.applicant != null and {name}.amount > 0"},
            "waiting": None,
            "granted": {"always": f"{name}.findings != null"},
            "completed": {"end": True},
            "denied": {"end": True},
            "withdrawn": {"end": True},
        },
        "moves": [
            "new -> open",
            "open -> waiting",
            "waiting -> open",
            "open -> granted",
            "granted -> completed",
            "open -> denied",
            "open -> withdrawn",
        ],
    }


def _band(name: str, limit: int) -> Tree:
    low, middle, high = f"<= {limit}", f"({limit}..{limit * 3}]", f"> {limit * 3}"
    kinds = ('"plain"', '"urgent"', '"special"')
    bands = (("low", "medium", "high"), ("low", "high", "high"), ("medium", "high", "high"))
    return {
        "object": name,
        "hit-policy": "unique",
        "inputs": {"kind": f"{name}.kind", "amount": f"{name}.amount"},
        "outputs": ["band"],
        "rows": [
            [kind, amount, f'"{band}"']
            for kind, row in zip(kinds, bands, strict=True)
            for amount, band in zip((low, middle, high), row, strict=True)
        ],
    }


def _fee(name: str, limit: int) -> Tree:
    rows = [
        [f'"{band}"', complete, f"{name}.amount * 0.{share:02d}"]
        for band, share in (("low", 1), ("medium", 2), ("high", 4))
        for complete in ("true", "false")
    ]
    return {
        "object": name,
        "hit-policy": "first",
        "inputs": {"band": f"{name}.band", "complete": f"{name}.complete"},
        "outputs": ["fee"],
        "rows": [*rows[:-1], ["-", "-", str(limit // 100)]],
    }


def _obligations(name: str, limit: int) -> Tree:
    def duty(title: str, clause: str, step: str, holds: str, **more: str) -> Tree:
        return {
            "title": title,
            "from": {"framework": "act" if clause[0] == "1" else "handbook", "clause": clause},
            "owner": f"{name}-head",
            **more,
            "evidence": {"made-by": [f"{name}/{step}"], "holds": [holds]},
        }

    return {
        f"{name}-papers": duty("Papers are verified", "14.1", "verify-papers", "complete"),
        f"{name}-facts": duty(
            "Facts are looked into", "14.2", "report", "findings", within="20 working days"
        ),
        f"{name}-reasons": duty("Who is denied knows why", "17.3", "tell", "reason"),
        f"{name}-second-look": duty(
            "Large cases are confirmed", "2.8", "confirm", "amount",
            applies=f'{name}.amount > {limit * 10} and {name}.band = "high"',
        ),
    }  # fmt: skip


# --- its workflow --------------------------------------------------------------------------------


def _workflow(number: int, name: str, limit: int) -> Tree:
    clerk, expert = f"{name}-clerk", f"{name}-expert"
    return {
        "object": name,
        "owner": f"{name}-head",
        "prefix": f"C{number:05d}",
        "begins": {
            "form": ["applicant", "address", "received", "amount", "kind"],
            "roles": [clerk],
            "interfaces": ["portal"],
        },
        "steps": {
            **_first_steps(name, limit),
            "prepare": {"parallel": {"join": "all", "branches": _branches(name)}, "then": "fee"},
            "fee": {"rule": f"{name}-fee", "then": "judge"},
            **_decisions(name, limit),
            **_last_steps(name),
        },
        "exceptions": {
            "papers-missing": {
                "cause": "document",
                "raised-by": [clerk, expert],
                "steps": ["collect-papers", "ask-back"],
                "suspend": {
                    "state": "waiting",
                    "clocks": "stop",
                    "ends": {"came": {"then": "resume"}, "needless": {"then": "complete"}},
                },
            },
            "applicant-withdraws": {
                "cause": "party",
                "raised-by": [clerk],
                "steps": ["take-in", "examine-closely", "ask-back"],
                "divert": "undo",
            },
        },
    }


def _first_steps(name: str, limit: int) -> Tree:
    close = f'{name}.amount > {limit * 3} or {name}.kind = "special"'
    return {
        "grade": {"rule": f"{name}-band", "then": "take-in"},
        "take-in": {
            "task": "Take the case in",
            "role": f"{name}-clerk",
            "state": "open",
            "to": {"field": "desk", "else": f"{name}-desk-1"},
            "records": ["address", "desk"],
            "due": {"by": "kind", "plain": "2 days", "urgent": "4 hours", "special": "1 day"},
            "then": [{"when": close, "go": "examine-closely"}, {"else": "prepare"}],
        },
        "examine-closely": {
            "task": "Examine the case closely",
            "role": f"{name}-expert",
            "records": ["findings"],
            "due": "3 working days",
            "then": "prepare",
        },
    }  # fmt: skip


def _branches(name: str) -> Tree:
    clerk, expert = f"{name}-clerk", f"{name}-expert"
    return {
        "papers": {
            "steps": {
                "collect-papers": {"task": "Collect them", "role": clerk, "then": "verify-papers"},
                "verify-papers": {
                    "task": "Verify the papers",
                    "role": clerk,
                    "records": ["complete"],
                    "requires": ["complete"],
                    "separate-from": ["collect-papers"],
                    "discharges": [f"{name}-papers"],
                    "then": [
                        {"when": f"{name}.complete = false", "go": "collect-papers"},
                        {"else": "done"},
                    ],
                },
            }
        },
        "facts": {
            "steps": {
                "visit": {"task": "Visit the place", "role": expert, "then": "report"},
                "report": {
                    "task": "Report what was found",
                    "role": expert,
                    "records": ["findings"],
                    "requires": ["findings"],
                    "discharges": [f"{name}-facts"],
                    "then": "done",
                },
            }
        },
    }  # fmt: skip


def _decisions(name: str, limit: int) -> Tree:
    large = f'{name}.amount > {limit * 10} and {name}.band = "high"'
    return {
        "judge": {
            "decision": "Is it granted?",
            "role": f"{name}-judge",
            "shows": ["applicant", "amount", "kind", "band", "fee", "findings"],
            "separate-from": ["take-in"],
            "due": "2 working days",
            "outcomes": {
                "grant": {"then": [{"when": large, "go": "confirm"}, {"else": "carry-out"}]},
                "deny": {"reason": "required", "records": ["reason"], "then": "tell"},
                "ask": {"then": "ask-back"},
            },
        },
        "ask-back": {
            "task": "Ask the applicant",
            "role": f"{name}-clerk",
            "records": ["findings"],
            "due": "5 working days",
            "then": "judge",
        },
        "confirm": {
            "decision": "Is it granted for good?",
            "role": f"{name}-approver",
            "to": {"post": f"{name}-head"},
            "shows": ["applicant", "amount", "band", "fee", "findings"],
            "separate-from": ["judge"],
            "discharges": [f"{name}-second-look"],
            "due": "1 working day",
            "outcomes": {
                "grant": {"then": "carry-out"},
                "deny": {"reason": "required", "then": "tell"},
            },
        },
    }


def _last_steps(name: str) -> Tree:
    clerk = f"{name}-clerk"
    return {
        "carry-out": {"task": "Carry it out", "role": clerk, "state": "granted", "then": "payment"},
        "payment": {
            "wait": "The bank pays",
            "role": clerk,
            "records": ["paid-on"],
            "messages": {"paid": {"from": ["interface/bank"], "then": "completed"}},
            "limit": "30 days",
            "then": "remind",
        },
        "remind": {"task": "Remind the bank", "role": clerk, "due": "2 days", "then": "payment"},
        "tell": {
            "task": "Tell the applicant why",
            "role": clerk,
            "records": ["reason"],
            "requires": ["reason"],
            "discharges": [f"{name}-reasons"],
            "due": "3 working days",
            "then": "denied",
        },
        "undo": {"task": "Undo what was begun", "role": clerk, "then": "withdrawn"},
        "completed": {"state": "completed", "end": True},
        "denied": {"state": "denied", "end": True},
        "withdrawn": {"state": "withdrawn", "end": True},
    }  # fmt: skip


def main() -> None:
    """Write the model into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--departments", type=int, default=500)
    wanted = parser.parse_args()
    for name, text in texts(wanted.departments).items():
        path = wanted.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
