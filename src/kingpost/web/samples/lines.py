"""Invented lines of accountability: from objective to evidence, and who answers."""

from kingpost.web.pieces import Link, Pill
from kingpost.web.presenters import Answering
from kingpost.web.record_pieces import TraceRow
from kingpost.web.samples.frame import JOSE, YARA

TRACE = (
    TraceRow(
        "Objective",
        (Link("Every client is live within ten working days", "/objectives/live"),),
        "answered for by the Head of operations",
        Pill("At risk", "risk", "alert"),
    ),
    TraceRow(
        "Value stream",
        (Link("From first contact to first order", "/model/streams/contact"),),
        "stage Onboard",
    ),
    TraceRow(
        "Process",
        (Link("Client onboarding", "/processes/client-onboarding"),),
        "model 4.2",
        Pill("Running", "neutral", "flow"),
    ),
    TraceRow(
        "Step",
        (Link("Approve client", "/processes/client-onboarding?step=approve"),),
        "Onboarding lead",
        Pill("Late", "late", "alert"),
    ),
    TraceRow(
        "Rule",
        (
            Link("Risk band", "/model/rules/risk-band"),
            Link("Credit limit", "/model/rules/credit-limit"),
        ),
    ),
    TraceRow(
        "Obligation",
        (Link("KYC-9 Decide with reasons", "/obligations/kyc/9"),),
        "",
        Pill("Operating", "good", "check"),
    ),
    TraceRow(
        "Evidence",
        (),
        "",
        gap="The decision record is still to be made: it falls out of the decision.",
    ),
)
ANSWERING = (
    Answering("For the process", Link("Head of operations", "/org/head-of-operations"), JOSE),
    Answering("For Approve client", Link("Onboarding lead", "/org/onboarding-lead"), YARA),
    Answering(
        "For the next escalation",
        Link("Head of credit", "/org/head-of-credit"),
        None,
        "falls to Head of operations",
        vacant=True,
    ),
)
