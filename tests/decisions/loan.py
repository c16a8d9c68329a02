"""A bank in which two of three people must agree that a loan is granted."""

LOAN = """
kingpost: 1
company: Bank
timezone: Europe/Lisbon
currency: EUR
calendars: {c: {hours: "Mon-Fri 09:00-17:00"}}
units: {u: {calendar: c}}
roles: {clerk: {}, judge: {}}
posts:
  desk: {unit: u, roles: [clerk], seats: 3, vacancy: holds}
  board:
    unit: u
    roles: [judge, clerk]
    seats: 4
    vacancy: holds
    authority:
      - {decide: loan/agree, outcomes: [grant], when: loan.amount <= 500}
      - {decide: loan/agree, outcomes: [decline, fraud]}
  chair:
    unit: u
    roles: [judge]
    vacancy: holds
    authority: [{decide: loan/agree, outcomes: [grant, decline, fraud]}]
objects:
  loan:
    custodian: board
    fields:
      amount: {type: decimal}
      limit: {type: decimal}
      remark: {type: text, class: personal}
    states: {new: {begin: true}, granted: {end: true}, declined: {end: true}}
    moves: [new -> granted, new -> declined]
workflows:
  loan:
    object: loan
    owner: board
    begins: {form: [amount, remark], roles: [clerk]}
    steps:
      work:
        parallel:
          join: any
          branches:
            look: {task: Look again, role: clerk, records: [amount, remark]}
            judging:
              steps:
                agree:
                  decision: Is it granted?
                  role: judge
                  due: 1 working day
                  shows: [amount]
                  separate-from: [look]
                  quorum: 2 of 3
                  veto: [fraud]
                  outcomes:
                    grant: {records: [amount, limit, remark], then: done}
                    decline: {reason: required, then: done}
                    fraud: {reason: required, then: done}
        then: close
      close: {end: true, state: declined}
"""
