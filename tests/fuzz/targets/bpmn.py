"""The importer of BPMN: processes drawn at random, whole and broken; a draft must read."""

from itertools import pairwise
from random import Random  # noqa: TID251 - the chance of a fuzz run comes back from its seed.

from kingpost.exchange.bpmn.diagram import ACTIVITIES, EVENTS, GATEWAYS
from kingpost.exchange.bpmn.importing import import_bpmn
from kingpost.exchange.files.faults import UnreadableError
from kingpost.notation import read_model
from kingpost.notation.writing import write
from tests.fuzz.fuzzing import SIZE_MAX, Target
from tests.fuzz.mutations import mutated

_HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">'
_KINDS = (*sorted(ACTIVITIES), *sorted(GATEWAYS), *sorted(EVENTS))
_EVENTS = ("timer", "message", "error", "signal", "link", "terminate", "escalation", "conditional")
_CONDITIONS = ("", "", "a &gt; 1", "${b}", "c = 'x'", "1/0", "((((", "not(d)", "e.f.g = null")
_WORDS = (
    *_KINDS, "sequenceFlow", "sourceRef", "targetRef", "attachedToRef", "default", "lane", "false",
    "&amp;", "&lol;", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "<![CDATA[", "-->", "P1D", "R/P1D", "id",
    "standardLoopCharacteristics", "triggeredByEvent", "cancelActivity", "xmlns", "\x00", "ß",
)  # fmt: skip


def _make(random: Random) -> str:
    text = f"{_HEAD}<process id='p' name='P'>{_process(random, '', 0)}</process></definitions>"
    if random.random() < 0.4:
        text = mutated(random, text, _WORDS, random.choice((1, 2, 5, 20)))
    while len(text.encode("utf-8", "replace")) > SIZE_MAX:
        text = text[: len(text) * 9 // 10]
    return text


def _process(random: Random, prefix: str, depth: int) -> str:
    count = random.choice((1, 3, 5, 8, 8, 12, 400 if depth == 0 else 3))
    ids = [f"{prefix}n{number}" for number in range(count)]
    nodes = [f"<startEvent id='{prefix}s'/>", f"<endEvent id='{prefix}e'/>"]
    nodes += [_node(random, one, ids, depth) for one in ids]
    row = [f"{prefix}s", *ids, f"{prefix}e"]
    ways = list(pairwise(row))
    inner = row[1:-1]
    ways += [(random.choice(inner), random.choice(row[1:])) for _ in range(random.randrange(count))]
    flows = [
        f"<sequenceFlow id='{prefix}f{at}' sourceRef='{one}' targetRef='{two}'>"
        f"<conditionExpression>{random.choice(_CONDITIONS)}</conditionExpression></sequenceFlow>"
        for at, (one, two) in enumerate(ways)
    ]
    # On lines of their own, since damage is done by lines too.
    return "\n".join(("", *nodes, *flows, ""))


def _node(random: Random, id_: str, ids: list[str], depth: int) -> str:
    kind = random.choice(_KINDS)
    inside = ""
    if "Event" in kind and random.random() < 0.7:
        event = random.choice(_EVENTS)
        inside = (
            f"<{event}EventDefinition><timeDuration>P1D</timeDuration></{event}EventDefinition>"
        )
    elif "SubProcess" in kind.replace("subProcess", "SubProcess") and depth < 3:
        inside = _process(random, f"{id_}.", depth + 1)
    elif random.random() < 0.1:
        inside = random.choice(("<standardLoopCharacteristics/>", "<textAnnotation/>"))
    host = f" attachedToRef='{random.choice(ids)}'" if kind == "boundaryEvent" else ""
    return f"<{kind} id='{id_}' name='N {random.randrange(9)}'{host}>{inside}</{kind}>"


def _feed(text: str) -> None:
    try:
        taken = import_bpmn(text.encode("utf-8", "replace"), "a.bpmn")
    except UnreadableError as error:
        placed = all(fault.line and fault.column for fault in error.faults)
        if not placed:
            raise AssertionError(f"no place: {error}") from error
        return
    texts = {"a.yaml": write(taken.workflows), "b.yaml": write(taken.company)}
    reading = read_model(texts)
    assert reading.model is not None, (reading.diagnostics, texts)


TARGETS = (Target("bpmn", _make, _feed),)
