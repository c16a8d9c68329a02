"""A company that bounds what each post may buy in a month, for the tests of allowances."""

PURCHASE = """
kingpost: 1
company: Lisboa Tools
timezone: Europe/Lisbon
currency: EUR
calendars:
  c: {hours: always}
  azores: {hours: always, timezone: Atlantic/Azores}
units: {u: {calendar: c}, islands: {calendar: azores}}
roles: {asker: {}, approver: {}}
governance: [{part: "*", custodian: head}]
objectives: {cheap: {owner: head, measures: {bought: {metric: bought, target: "> 1"}}}}
metrics: {bought: {count-of: case/purchase}}
value-streams:
  buying:
    serves: [cheap]
    promise: {metric: bought, target: "> 1"}
    stages: {buy: {workflows: [purchase]}}
posts:
  desk: {unit: u, reports-to: lead, roles: [asker], seats: 9, vacancy: holds}
  lead:
    unit: u
    reports-to: head
    roles: [approver]
    seats: 30
    vacancy: {falls-to: superior}
    authority:
      - decide: purchase/approve
        outcomes: [approve]
        when: purchase.price <= 600
        allowance: {at-most: 1000 EUR, of: price, per: month}
      - {decide: purchase/approve, outcomes: [refuse]}
  head:
    unit: islands
    roles: [approver]
    vacancy: holds
    authority:
      - decide: purchase/approve
        outcomes: [approve]
        allowance: {at-most: 5000 EUR, of: price, per: month}
      - {decide: purchase/approve, outcomes: [refuse]}
objects:
  purchase:
    custodian: head
    fields:
      price: {type: money}
      what: {type: text}
    states: {new: {begin: true}, bought: {end: true}, refused: {end: true}}
    moves: [new -> bought, new -> refused]
workflows:
  purchase:
    object: purchase
    owner: head
    begins: {form: [price, what], roles: [asker]}
    steps:
      approve:
        decision: May we buy it?
        role: approver
        to: {post: lead}
        due: 1 day
        shows: [price]
        outcomes:
          approve: {records: [price], then: bought}
          refuse: {then: refused}
      bought: {end: true, state: bought}
      refused: {end: true, state: refused}
"""
