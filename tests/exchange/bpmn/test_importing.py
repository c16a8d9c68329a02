"""What becomes of each element of BPMN."""

# ruff: noqa: E501 - an element of XML reads best on one line.

from typing import Any

import pytest

from kingpost.checks import check
from kingpost.exchange.bpmn.importing import Taken, import_bpmn
from kingpost.notation import read_model
from kingpost.notation.writing import write
from kingpost.values.diagnostic import Severity
from tests.exchange.bpmn.drawings import HEAD, drawn, inner


def taken(nodes: str, flows: str, *, around: str = "") -> Taken:
    """Import a process; whatever it is, its draft must be sound."""
    found = import_bpmn(drawn(nodes, flows, around=around), "claim.bpmn")
    assert_sound(found)
    return found


def assert_sound(found: Taken) -> None:
    texts = {"claim.yaml": write(found.workflows), "company.yaml": write(found.company)}
    reading = read_model(texts)
    assert reading.model is not None, (reading.diagnostics, texts)
    errors = [each for each in check(reading.model) if each.severity is Severity.ERROR]
    assert errors == [], texts["claim.yaml"]


def steps(found: Taken) -> dict[str, Any]:
    return found.workflows["workflows"]["claim"]["steps"]


def said(found: Taken, id_: str) -> str:
    return next(f"{r.verdict}: {r.why}".removesuffix(": ") for r in found.remarks if r.id == id_)


def test_tasks_in_a_row_become_tasks_in_a_row() -> None:
    found = taken(
        "startEvent s\nuserTask a Check it\nmanualTask b Pay it\nendEvent e Paid",
        "s -> a\na -> b\nb -> e",
    )

    assert steps(found) == {
        "check-it": {"task": "Check it", "role": "somebody", "then": "pay-it"},
        "pay-it": {"task": "Pay it", "role": "somebody", "then": "paid"},
        "paid": {"title": "Paid", "state": "paid", "end": True},
    }
    assert [(r.id, r.verdict, r.becomes, r.line) for r in found.remarks] == [
        ("s", "executed", "", 4),
        ("a", "executed", "workflow/claim/step/check-it", 5),
        ("b", "executed", "workflow/claim/step/pay-it", 6),
        ("e", "executed", "workflow/claim/step/paid", 7),
    ]


def test_lanes_become_roles_with_a_post_each() -> None:
    found = taken(
        """<laneSet id="l"><lane id="l1" name="Claims clerk"><flowNodeRef>a</flowNodeRef></lane>
        <lane id="l2" name="Judge"><flowNodeRef>b</flowNodeRef></lane><lane id="l3" name="Nobody"/></laneSet>
        startEvent s
        task a Check
        task b Judge
        endEvent e""",
        "s -> a\na -> b\nb -> e",
    )

    assert steps(found)["check"]["role"] == "claims-clerk"
    assert steps(found)["judge"]["role"] == "judge"
    assert found.workflows["workflows"]["claim"]["begins"]["roles"] == ["claims-clerk"]
    assert found.company["posts"]["claims-clerk-desk"]["roles"] == ["claims-clerk"]
    assert said(found, "l3") == "refused: no step stands in it, or it has no name"


def test_a_potential_owner_counts_more_than_the_lane() -> None:
    found = taken(
        """<laneSet id="l"><lane id="l1" name="Clerk"><flowNodeRef>a</flowNodeRef></lane></laneSet>
        startEvent s
        <userTask id="a" name="Check"><potentialOwner id="o"><resourceAssignmentExpression><formalExpression>senior-clerk</formalExpression></resourceAssignmentExpression></potentialOwner></userTask>
        endEvent e""",
        "s -> a\na -> e",
    )

    assert steps(found)["check"]["role"] == "senior-clerk"
    assert found.workflows["roles"] == {"senior-clerk": {"title": "Senior clerk"}}


def test_a_gateway_without_conditions_becomes_the_decision_of_the_work_before() -> None:
    found = taken(
        "startEvent s\ntask a Check it\nexclusiveGateway g\ntask b Pay\ntask c Refuse\nendEvent e",
        "s -> a\na -> g\ng -> b: in order\ng -> c\nb -> e\nc -> e",
    )

    assert steps(found)["check-it"] == {
        "decision": "Check it",
        "role": "somebody",
        "due": "5 working days",
        "outcomes": {
            "in-order": {"title": "in order", "then": "pay"},
            "refuse": {"title": "Refuse", "then": "refuse"},
        },
    }
    assert said(found, "g") == "executed"
    assert said(found, "a") == "approximated: 5 working days were assumed as its due time"


def test_a_gateway_that_nobody_works_before_becomes_a_decision_of_its_own() -> None:
    found = taken(
        "startEvent s\nserviceTask a Score\nexclusiveGateway g Good enough?\ntask b Pay\nendEvent e",
        "s -> a\na -> g\ng -> b: yes\ng -> e: no\nb -> e",
    )

    assert steps(found)["good-enough"]["decision"] == "Good enough?"
    assert said(found, "g") == (
        "approximated: no condition says when, so somebody decides;"
        " 5 working days were assumed as its due time"
    )
    assert said(found, "a") == (
        "approximated: which system it calls is not in the file, so somebody records what one did"
    )


@pytest.mark.parametrize(
    ("condition", "when"),
    [
        ("amount &gt; 1000", "claim.amount > 1000"),
        ("= amount &gt; 1000", "claim.amount > 1000"),
        ("${claim.amount &gt; 1000 &amp;&amp; kind == 'fire'}", "claim.amount > 1000 and claim.kind = 'fire'"),
        ("${approved}", "claim.approved"),
        ("closing-code != null", "claim.closing-code != null"),
        ("until &lt; date(&quot;2026-01-01&quot;)", 'claim.until < date("2026-01-01")'),
    ],
)  # fmt: skip
def test_conditions_become_conditions_over_fields(condition: str, when: str) -> None:
    found = taken(
        "startEvent s\ntask a Check\nexclusiveGateway g\ntask b Pay\ntask c Refuse\nendEvent e",
        f"s -> a\na -> g\ng -> c\ng -> b: x [{condition}]\nb -> e\nc -> e",
    )

    assert steps(found)["check"]["then"] == [{"when": when, "go": "pay"}, {"else": "refuse"}]
    assert said(found, "g") == "executed"


def test_the_fields_of_conditions_have_the_types_that_they_are_compared_with() -> None:
    found = taken(
        "startEvent s\ntask a Check\nexclusiveGateway g\ntask b Pay\ntask c Refuse\nendEvent e",
        "s -> a\na -> g\ng -> c\n"
        "g -> b: x [amount &gt; 5 and urgent and kind = &quot;fire&quot;]\nb -> e\nc -> e",
    )

    assert found.workflows["objects"]["claim"]["fields"] == {
        "amount": {"type": "decimal", "required": True},
        "urgent": {"type": "yes/no", "required": True},
        "kind": {"type": "text", "required": True},
    }


@pytest.mark.parametrize("condition", ["${bean.call(1)}", "a &gt;", "!done", "exec('rm')", "{"])
def test_a_condition_that_cannot_be_read_is_left_to_a_person(condition: str) -> None:
    found = taken(
        "startEvent s\ntask a Check\nexclusiveGateway g\ntask b Pay\ntask c Refuse\nendEvent e",
        f"s -> a\na -> g\ng -> c\ng -> b: [{condition}]\nb -> e\nc -> e",
    )

    assert steps(found)["check"]["outcomes"].keys() >= {"refuse"}


def test_conditions_before_the_first_step_are_left_to_a_person() -> None:
    found = taken(
        "startEvent s\nexclusiveGateway g Which?\ntask a A\ntask b B\nendEvent e",
        "s -> g\ng -> a: big [n &gt; 1]\ng -> b: small\na -> e\nb -> e",
    )

    assert list(steps(found)) == ["which", "a", "b", "ended"]
    assert steps(found)["which"]["outcomes"].keys() == {"big", "small"}
    assert said(found, "g").startswith("approximated: no step stands before it, so somebody")


def test_parallel_gateways_become_a_parallel_step() -> None:
    found = taken(
        "startEvent s\nparallelGateway f\ntask a Pay\ntask b Tell\nparallelGateway j\nendEvent e",
        "s -> f\nf -> a\nf -> b\na -> j\nb -> j\nj -> e",
    )

    assert steps(found)["side-by-side"] == {
        "parallel": {
            "join": "all",
            "branches": {
                "pay": {"steps": {"pay": {"task": "Pay", "role": "somebody", "then": "done"}}},
                "tell": {"steps": {"tell": {"task": "Tell", "role": "somebody", "then": "done"}}},
            },
        },
        "then": "ended",
    }


def test_parallel_blocks_nest() -> None:
    found = taken(
        """startEvent s
        parallelGateway f
        parallelGateway f2
        task a A
        task b B
        task c C
        parallelGateway j2
        parallelGateway j
        endEvent e""",
        "s -> f\nf -> f2\nf -> c\nf2 -> a\nf2 -> b\na -> j2\nb -> j2\nj2 -> j\nc -> j\nj -> e",
    )

    outer = steps(found)["side-by-side"]["parallel"]["branches"]
    inner_step = outer["branch-1"]["steps"]["side-by-side-2"]
    assert inner_step["parallel"]["branches"].keys() == {"a", "b"}
    assert inner_step["then"] == "done"


def test_branches_that_end_by_themselves_end_together() -> None:
    found = taken(
        "startEvent s\nparallelGateway f\ntask a A\ntask b B\nendEvent e\nendEvent e2",
        "s -> f\nf -> a\nf -> b\na -> e\nb -> e2",
    )

    assert steps(found)["side-by-side"]["then"] == "finished"
    assert steps(found)["finished"] == {"state": "finished", "end": True}


def test_branches_that_meet_without_a_gateway_wait_for_each_other() -> None:
    found = taken(
        "startEvent s\nparallelGateway f\ntask a A\ntask b B\ntask c C\nendEvent e",
        "s -> f\nf -> a\nf -> b\na -> c\nb -> c\nc -> e",
    )

    assert steps(found)["side-by-side"]["then"] == "c"
    assert said(found, "f") == (
        "approximated: its branches meet without a gateway, and wait for each other there"
    )


def test_an_inclusive_gateway_asks_for_each_branch() -> None:
    found = taken(
        "startEvent s\ninclusiveGateway f\ntask a A\ntask b B\ninclusiveGateway j\nendEvent e",
        "s -> f\nf -> a: big [amount &gt; 5]\nf -> b\na -> j\nb -> j\nj -> e",
    )

    branches = steps(found)["side-by-side"]["parallel"]["branches"]
    asked = branches["is-it-needed-big"]["steps"]["is-it-needed-big"]
    assert asked["decision"] == "Is it needed: big?"
    assert asked["outcomes"] == {
        "yes": {"title": "Yes", "then": "a"},
        "no": {"title": "No", "then": "done"},
    }
    assert said(found, "f") == (
        "approximated: somebody decides for each branch whether it is needed;"
        " 5 working days were assumed as its due time"
    )


def test_several_ways_out_of_a_task_start_at_once() -> None:
    found = taken(
        "startEvent s\ntask a A\ntask b B\ntask c C\nparallelGateway j\nendEvent e",
        "s -> a\na -> b\na -> c\nb -> j\nc -> j\nj -> e",
    )

    assert steps(found)["a"]["then"] == "side-by-side"


def test_events_that_race_become_one_wait() -> None:
    found = taken(
        """startEvent s
        eventBasedGateway g Answer of the customer
        <intermediateCatchEvent id="m" name="Answer"><messageEventDefinition id="md"/></intermediateCatchEvent>
        <intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>P14D</timeDuration></timerEventDefinition></intermediateCatchEvent>
        endEvent e Answered
        endEvent x Silent""",
        "s -> g\ng -> m\ng -> t\nm -> e\nt -> x",
    )

    assert steps(found)["answer-of-the-customer"] == {
        "wait": "Answer of the customer",
        "messages": {
            "answer": {"title": "Answer", "from": ["interface/answer"], "then": "answered"}
        },
        "limit": "14 days",
        "then": "silent",
    }
    assert found.workflows["interfaces"] == {"answer": {"title": "Answer"}}


def test_timers_and_messages_in_the_flow_become_waits() -> None:
    found = taken(
        """startEvent s
        <intermediateCatchEvent id="t" name="Cool off"><timerEventDefinition><timeDuration>PT90M</timeDuration></timerEventDefinition></intermediateCatchEvent>
        receiveTask r Signed contract
        endEvent e Done""",
        "s -> t\nt -> r\nr -> e",
    )

    assert steps(found)["cool-off"] == {
        "wait": "Cool off",
        "limit": "90 minutes",
        "then": "signed-contract",
    }
    assert steps(found)["signed-contract"]["messages"]["signed-contract"]["from"] == [
        "interface/signed-contract"
    ]


def one_line(nodes: str, flows: str) -> str:
    return inner(nodes, flows).replace("\n", "")


def test_sub_processes_are_laid_open() -> None:
    block = one_line("startEvent is\ntask a A\ntask b B\nendEvent ie", "is -> a\na -> b\nb -> ie")
    found = taken(
        f"""startEvent s
        <subProcess id="sub" name="Inside">{block}</subProcess>
        task c C
        endEvent e""",
        "s -> sub\nsub -> c\nc -> e",
    )

    assert list(steps(found)) == ["a", "b", "c", "ended"]
    assert steps(found)["b"]["then"] == "c"


def test_an_event_on_the_edge_of_a_sub_process_interrupts_all_that_stands_in_it() -> None:
    block = one_line("startEvent is\ntask a A\ntask b B\nendEvent ie", "is -> a\na -> b\nb -> ie")
    found = taken(
        f"""startEvent s
        <subProcess id="sub" name="Inside">{block}</subProcess>
        <boundaryEvent id="x" name="Customer withdraws" attachedToRef="sub"><messageEventDefinition id="xd"/></boundaryEvent>
        task c Undo
        endEvent e Done""",
        "s -> sub\nsub -> e\nx -> c\nc -> e",
    )

    assert found.workflows["workflows"]["claim"]["exceptions"] == {
        "customer-withdraws": {
            "title": "Customer withdraws",
            "cause": "party",
            "raised-by": ["somebody"],
            "steps": ["a", "b"],
            "divert": "undo",
        }
    }
    assert said(found, "x") == "approximated: a person raises the exception when the event comes"


def test_an_error_that_ends_a_sub_process_goes_where_it_is_caught() -> None:
    block = one_line(
        """startEvent is
        task a A
        exclusiveGateway g
        endEvent ok
        <endEvent id="bad" name="Bad"><errorEventDefinition id="ed"/></endEvent>""",
        "is -> a\na -> g\ng -> ok: fine\ng -> bad: wrong",
    )
    found = taken(
        f"""startEvent s
        <subProcess id="sub" name="Inside">{block}</subProcess>
        <boundaryEvent id="x" name="Fails" attachedToRef="sub"><errorEventDefinition id="xd"/></boundaryEvent>
        task c Repair
        endEvent e Done""",
        "s -> sub\nsub -> e\nx -> c\nc -> e",
    )

    outcomes = steps(found)["a"]["outcomes"]
    assert outcomes["fine"]["then"] == "done-2"
    assert outcomes["wrong"]["then"] == "repair"


def test_the_same_event_at_several_steps_is_one_exception() -> None:
    event = (
        '<boundaryEvent id="{0}" name="Customer withdraws" attachedToRef="{1}">'
        '<messageEventDefinition id="{0}d"/></boundaryEvent>'
    )
    found = taken(
        f"""startEvent s
        task a First
        task b Second
        {event.format("x", "a")}
        {event.format("y", "b")}
        task c Undo
        endEvent e Done""",
        "s -> a\na -> b\nb -> e\nx -> c\ny -> c\nc -> e",
    )

    exceptions = found.workflows["workflows"]["claim"]["exceptions"]
    assert list(exceptions) == ["customer-withdraws"]
    assert exceptions["customer-withdraws"]["steps"] == ["first", "second"]
    assert [said(found, one)[:12] for one in "xy"] == ["approximated", "approximated"]


def test_a_timer_on_the_edge_of_a_task_is_its_due_time_and_an_exception() -> None:
    found = taken(
        """startEvent s
        task a Check
        <boundaryEvent id="x" name="Too late" attachedToRef="a"><timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition></boundaryEvent>
        task c Hurry
        endEvent e Ended""",
        "s -> a\na -> e\nx -> c\nc -> e",
    )

    assert steps(found)["check"]["due"] == "2 days"
    assert found.workflows["workflows"]["claim"]["exceptions"]["too-late"]["divert"] == "hurry"


def test_a_timer_without_a_name_is_called_by_its_time() -> None:
    found = taken(
        """startEvent s
        task a Check
        <boundaryEvent id="x" attachedToRef="a"><timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition></boundaryEvent>
        endEvent e Ended""",
        "s -> a\na -> e\nx -> e",
    )

    exceptions = found.workflows["workflows"]["claim"]["exceptions"]
    assert {name: one["title"] for name, one in exceptions.items()} == {
        "after-2-days": "After 2 days"
    }


def test_work_alongside_is_refused_with_all_that_only_it_leads_to() -> None:
    found = taken(
        """startEvent s
        task a Check
        <boundaryEvent id="x" attachedToRef="a" cancelActivity="false"><timerEventDefinition id="t"/></boundaryEvent>
        task c Remind
        endEvent e Ended""",
        "s -> a\na -> e\nx -> c\nc -> e",
    )

    assert said(found, "x") == (
        "refused: an event that does not interrupt is not taken over: write an exception with"
        " `alongside`"
    )
    assert said(found, "c") == "refused: no way leads to it"


def test_an_exception_does_not_lead_out_of_branches() -> None:
    block = one_line(
        "parallelGateway f\ntask a A\ntask b B\nparallelGateway j",
        "f -> a\nf -> b\na -> j\nb -> j",
    )
    nodes = f"""startEvent s
        <subProcess id="sub" name="Inside"><startEvent id="is"/>{block}<endEvent id="ie"/>
        <sequenceFlow id="i1" sourceRef="is" targetRef="f"/><sequenceFlow id="i2" sourceRef="j" targetRef="ie"/></subProcess>
        <boundaryEvent id="x" name="Stop" attachedToRef="sub"><messageEventDefinition id="xd"/></boundaryEvent>
        endEvent e Ended"""

    found = taken(nodes, "s -> sub\nsub -> e\nx -> e")

    assert said(found, "x") == "refused: it leads out of branches that run at once"


def test_a_loop_asks_whether_the_work_is_done_again() -> None:
    found = taken(
        'startEvent s\n<task id="a" name="Try"><standardLoopCharacteristics/></task>\nendEvent e Ended',
        "s -> a\na -> e",
    )

    assert steps(found)["again-try"]["outcomes"] == {
        "again": {"title": "Again", "then": "try"},
        "on": {"title": "On", "then": "ended"},
    }


def test_a_way_back_is_a_way_like_any_other() -> None:
    found = taken(
        "startEvent s\nexclusiveGateway m\ntask a Check\nexclusiveGateway g\nendEvent e Ended",
        "s -> m\nm -> a\na -> g\ng -> m: again\ng -> e: good",
    )

    assert steps(found)["check"]["outcomes"]["again"]["then"] == "check"


def test_several_beginnings_are_asked_for() -> None:
    found = taken(
        "startEvent s By letter\nstartEvent t By phone\ntask a A\ntask b B\nendEvent e Ended",
        "s -> a\nt -> b\na -> e\nb -> e",
    )

    assert steps(found)["how-does-it-begin"]["outcomes"].keys() == {"by-letter", "by-phone"}


def test_a_message_begins_a_case_through_an_interface() -> None:
    found = taken(
        '<startEvent id="s" name="Order"><messageEventDefinition id="m"/></startEvent>\n'
        "task a A\nendEvent e Ended",
        "s -> a\na -> e",
    )

    assert found.workflows["workflows"]["claim"]["begins"] == {
        "form": ["subject"],
        "interfaces": ["order"],
    }


def test_what_has_no_effect_is_told_and_left_out() -> None:
    found = taken(
        """startEvent s
        <task id="a" name="A"><extensionElements><x xmlns="urn:x"/></extensionElements></task>
        endEvent e Ended
        <textAnnotation id="n"><text>Mind this</text></textAnnotation>
        <association id="n2" sourceRef="a" targetRef="n"/>""",
        "s -> a\na -> e",
        around='<collaboration id="c"><participant id="pp" processRef="p" name="Us"/>'
        '<participant id="them" name="Them"/>'
        '<messageFlow id="mf" sourceRef="a" targetRef="b"/></collaboration>',
    )

    assert said(found, "n") == "refused: a note has no effect; keep it in the workflow's README"
    assert said(found, "pp") == (
        "approximated: its name is left out, since the process is called `Claim`"
    )
    assert said(found, "them") == (
        "refused: a partner without a process is not drawn; name it as a sender in `messages`"
    )
    assert said(found, "mf").startswith("refused: messages between processes are not drawn")
    assert "refused: what vendors added to 1 element is not read" in {
        f"{r.verdict}: {r.why}" for r in found.remarks
    }


def test_several_processes_become_several_workflows() -> None:
    one, two = (
        inner(f"startEvent s{n}\ntask a{n} A\nendEvent e{n} Ended", f"s{n} -> a{n}\na{n} -> e{n}")
        for n in (1, 2)
    )
    content = f'{HEAD}<process id="p">{one}</process><process id="q">{two}</process></definitions>'

    found = import_bpmn(content.encode(), "two_parts.bpmn")

    assert_sound(found)
    assert list(found.workflows["workflows"]) == ["two-parts-1", "two-parts-2"]
