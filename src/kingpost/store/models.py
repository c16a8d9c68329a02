"""Model versions: every one that ever ran, and which one runs now."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from psycopg import Connection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from kingpost.model.organisation import Post


def keep_version(
    connection: Connection[DictRow], digest: str, company: str, content: bytes
) -> None:
    """Keep a model version; keeping it twice changes nothing.

    content: canonical, with `digest` as its SHA-256.
    """
    connection.execute(
        """
        INSERT INTO model_version (digest, company, content)
        VALUES (%(digest)s, %(company)s, %(content)s)
        ON CONFLICT (digest) DO NOTHING
        """,
        {"digest": digest, "company": company, "content": content},
    )


def hold_active(connection: Connection[DictRow]) -> str | None:
    """Return the digest of the version that runs, and let nobody change it meanwhile.

    Lock: one for all who let a version take effect, until the transaction ends.
    """
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('activation'))")
    found = active(connection)
    return None if found is None else found[0]


def activate(connection: Connection[DictRow], digest: str, person: str | None) -> None:
    """Let a version take effect from now on. Its posts are to be kept with it."""
    connection.execute("INSERT INTO activation (digest, person) VALUES (%s, %s)", [digest, person])


def keep_posts(
    connection: Connection[DictRow],
    posts: Iterable[Post],
    firsts: Mapping[str, str] = MappingProxyType({}),
    gone: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Keep the posts of the version that takes effect, and those that they took over from.

    firsts: by post of any earlier version, the one that has taken it over. gone: by post that the
            version before had, the one to which goes what was laid on it.
    Lock: the rows of posts, until the transaction ends; appointments wait for it.
    """
    every = list(posts)
    ids = [post.id for post in every]
    connection.execute("DELETE FROM post WHERE NOT id = ANY(%s)", [[*ids, *firsts]])
    _keep_heirs(connection, gone, ids)
    connection.execute(
        """
        INSERT INTO post (id, seats, answered_for_by)
        SELECT id, seats, answered_for_by
          FROM unnest(%(ids)s::text[], %(seats)s::integer[], %(answered)s::text[])
               AS new (id, seats, answered_for_by)
        ON CONFLICT (id) DO UPDATE
           SET seats = EXCLUDED.seats, answered_for_by = EXCLUDED.answered_for_by, heir = NULL
        """,
        {
            "ids": ids,
            "seats": [post.seats for post in every],
            "answered": [post.answered_for_by for post in every],
        },
    )
    # Its row says who answers for an agent in it now: whoever answers for its heir.
    connection.execute(
        """
        INSERT INTO post (id, seats, answered_for_by, heir)
        SELECT gone.key, heir.seats, heir.answered_for_by, heir.id
          FROM jsonb_each_text(%s) AS gone
          JOIN post AS heir ON heir.id = gone.value
        ON CONFLICT (id) DO UPDATE
           SET seats = EXCLUDED.seats, answered_for_by = EXCLUDED.answered_for_by,
               heir = EXCLUDED.heir
        """,
        [Jsonb(dict(firsts))],
    )


def _keep_heirs(connection: Connection[DictRow], gone: Mapping[str, str], posts: list[str]) -> None:
    connection.execute("DELETE FROM post_heir WHERE post = ANY(%s)", [posts])
    with connection.cursor() as cursor:
        for post, heir in sorted(gone.items()):
            # What went to it before goes on with it.
            cursor.execute("UPDATE post_heir SET heir = %s WHERE heir = %s", [heir, post])
            cursor.execute(
                "INSERT INTO post_heir (post, heir) VALUES (%s, %s)"
                " ON CONFLICT (post) DO UPDATE SET heir = EXCLUDED.heir",
                [post, heir],
            )


def heirs(connection: Connection[DictRow]) -> dict[str, str]:
    """Return to which post goes what was laid on each that the version that runs has no longer."""
    rows = connection.execute("SELECT post, heir FROM post_heir").fetchall()
    return {row["post"]: row["heir"] for row in rows}


def active(connection: Connection[DictRow]) -> tuple[str, datetime] | None:
    """Return the digest of the version that runs, and since when; None before the first."""
    row = connection.execute(
        "SELECT digest, activated_at FROM activation ORDER BY position DESC LIMIT 1"
    ).fetchone()
    return None if row is None else (row["digest"], row["activated_at"])


def activations(connection: Connection[DictRow]) -> list[DictRow]:
    """Return the digest of every version that took effect, and when, the first one first."""
    return connection.execute(
        "SELECT digest, activated_at FROM activation ORDER BY position"
    ).fetchall()


def reorganised(connection: Connection[DictRow]) -> list[DictRow]:
    """Return every version that took effect, and whether it was noted what it did to posts."""
    return connection.execute(
        "SELECT position, digest, activated_at, reorganised FROM activation ORDER BY position"
    ).fetchall()


def is_later(connection: Connection[DictRow], version: str, than: str) -> bool:
    """Tell whether a version took effect after another one, the last time that each did."""
    known = [row["digest"] for row in activations(connection)]
    return known[::-1].index(version) < known[::-1].index(than)


def versions_between(connection: Connection[DictRow], old: str, new: str) -> list[str]:
    """Return the versions that took effect between two, in their order.

    new: also one that has not taken effect yet.
    """
    later = _after(connection, old)
    return later[: len(later) - 1 - later[::-1].index(new)] if new in later else later


def versions_before(connection: Connection[DictRow], old: str, new: str) -> list[str]:
    """Return the versions that took effect behind one, before `new` does so next, or did so last.

    They are the same before a version takes effect and while it runs, also of one that came back.
    """
    later = _after(connection, old)
    return later[:-1] if later[-1:] == [new] else later


def _after(connection: Connection[DictRow], old: str) -> list[str]:
    known = [row["digest"] for row in activations(connection)]
    return known[len(known) - known[::-1].index(old) :] if old in known else []


def read_content(connection: Connection[DictRow], digest: str) -> bytes | None:
    """Return the canonical content of a version, or None when it is not kept."""
    row = connection.execute(
        "SELECT content FROM model_version WHERE digest = %s", [digest]
    ).fetchone()
    return None if row is None else row["content"]
