"""The reader of DMN files, whole: XML, definitions, graphs, answers, and the way back."""

from random import Random  # noqa: TID251 - the chance of a fuzz run comes back from its seed.

from kingpost.exchange.dmn.fidelity import fidelity
from kingpost.exchange.dmn.importing import import_dmn
from kingpost.exchange.dmn.reading import read_dmn
from kingpost.exchange.dmn.versions import Version
from kingpost.exchange.dmn.writing import write_dmn
from kingpost.exchange.files.faults import UnreadableError
from kingpost.exchange.remarks import Verdict
from kingpost.notation import read_model
from kingpost.notation.writing import write
from kingpost.rules.definitions import Decision, Service
from kingpost.rules.graphs import compile_graph
from tests.conformance.kit import KIT, files
from tests.exchange.dmn.files import BODY, NEWER, dmn
from tests.fuzz.fuzzing import SIZE_MAX, Target
from tests.fuzz.mutations import mutated, tangled

_ASKED_MAX = 12
_OWN = (dmn(BODY).decode(), dmn(NEWER).decode(), dmn(BODY + NEWER, Version.V1_1).decode())
_WORDS = (
    "<decision", "</decision>", "<text>", "</text>", "<context>", "<for>", "<rule>", "/>",
    "<literalExpression><text>", "</text></literalExpression>", "<list/>", 'href="#all"',
    'href="#limit"', 'typeRef="tGrade"', 'isCollection="true"', 'hitPolicy="PRIORITY"',
    'aggregation="SUM"', 'kind="Java"', "<!DOCTYPE a [", "&amp;", "&a;", "<![CDATA[", "]]>",
    "for x in 1..9 return x", "function(x) x(x)", "Limit", "[", "]", "(", ")", "?", "-", "not(",
    "if", "then", "null",
)  # fmt: skip


def _seeds() -> tuple[str, ...]:
    """Return whole files: our own, and those of the conformance kit when it is there."""
    if not KIT.exists():
        return _OWN
    kit = (content.decode() for path, content in files().items() if path.endswith(".dmn"))
    return (*_OWN, *(text for text in kit if len(text) < SIZE_MAX // 2))


_SEEDS = _seeds()


def make(random: Random) -> bytes:
    """Return a file after some damage; now and then one that is as large as may be."""
    # Ours hold every element of the standard; most of the kit are a few expressions.
    text = random.choice(_OWN if random.random() < 0.3 else _SEEDS)
    if random.random() < 0.1:
        head, tag, tail = text.partition("<decision ")
        text = head + (tag + tail.rpartition("</definitions>")[0]) * 20 + "</definitions>"
    if random.random() < 0.5:
        text = tangled(random, text, random.randint(1, 6))
    else:
        text = mutated(random, text[:SIZE_MAX], _WORDS, random.randint(0, 12))
    return text.encode("utf-8", "replace")[:SIZE_MAX]


def feed(content: bytes) -> None:
    """Read, compile, ask and write. Raises AssertionError for a refusal without its place."""
    try:
        document = read_dmn(content, "fuzz.dmn")
    except UnreadableError as error:
        placeless = [fault for fault in error.faults if not (fault.line and fault.column)]
        if placeless:
            raise AssertionError(placeless) from None
        return
    graph = compile_graph(document.definitions)
    for remark in fidelity(document, graph):
        assert remark.verdict is not Verdict.REFUSED or (remark.line and remark.why), remark
    for name in [*graph.names(Decision), *graph.names(Service)][:_ASKED_MAX]:
        node = graph.find(name)
        assert node is not None, name
        graph.evaluate(node, {}, explaining=True)
    written = write_dmn(document.definitions, drawing=document.drawing)
    again = read_dmn(written.text.encode(), "again.dmn")
    assert again.definitions == document.definitions


def feed_import(content: bytes) -> None:
    """Draft rules. Raises AssertionError when the draft does not read, or a refusal is silent."""
    try:
        document = read_dmn(content, "fuzz.dmn")
    except UnreadableError:
        return
    taken = import_dmn(document, compile_graph(document.definitions), "fuzz")
    for remark in taken.remarks:
        assert remark.verdict is not Verdict.REFUSED or remark.why, remark
    if taken.rules:
        reading = read_model({"draft.yaml": write({**taken.company, **taken.rules})})
        assert reading.model is not None, reading.diagnostics


TARGETS = (Target("dmn", make, feed), Target("dmn-import", make, feed_import))
