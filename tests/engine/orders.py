"""A shop whose orders wait for a carrier, who knows them by the number of the parcel."""

ORDERS = """
kingpost: 1
company: Shop
timezone: Europe/Lisbon
calendars: {c: {hours: always}}
units: {u: {calendar: c}}
roles: {clerk: {}}
posts: {desk: {unit: u, roles: [clerk], seats: 9, vacancy: holds}}
interfaces: {carrier: {title: Carrier}, bank: {title: Bank}}
objects:
  order:
    custodian: desk
    fields: {parcel: {type: text}, note: {type: text}, weight: {type: integer}}
    states: {new: {begin: true}, there: {end: true}, lost: {end: true}}
    moves: [new -> there, new -> lost]
workflows:
  order:
    object: order
    owner: desk
    begins: {roles: [clerk]}
    steps:
      pack: {task: Pack it, role: clerk, records: [parcel], then: way}
      way:
        wait: The parcel is on its way
        role: clerk
        records: [note, weight]
        messages:
          arrived: {from: [interface/carrier], by: parcel, then: there}
        limit: 30 days
        then: lost
      there: {state: there, end: true}
      lost: {state: lost, end: true}
"""
