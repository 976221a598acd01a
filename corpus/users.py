"""Users: who may read, review, refresh and manage the corpus, with passwords kept only as scrypt hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Literal, get_args

from corpus.store import Corpus, CorpusError, now

Role = Literal["reader", "reviewer", "researcher", "admin"]  # each may do what those before it may
ROLES: tuple[Role, ...] = get_args(Role)
SHORTEST = 8  # characters of a password
COST, BLOCK, LANES = 2**15, 8, 1  # scrypt's n, r and p: 32 MB and about a tenth of a second
MEMORY = 64 * 2**20  # what OpenSSL may take for it, in bytes


@dataclass(frozen=True, slots=True)
class User:
    """A person: `signs_in` says whether there is a password; who only reviewed on the command line has none."""

    name: str
    role: Role
    signs_in: bool

    def may(self, role: Role) -> bool:
        """Whether this person's role is `role` or a wider one."""
        return ROLES.index(self.role) >= ROLES.index(role)


def hashed(password: str) -> str:
    """The password as it is kept: scrypt$n$r$p$salt$hash, salt and hash in hex."""
    salt = secrets.token_bytes(16)
    return f"scrypt${COST}${BLOCK}${LANES}${salt.hex()}${_scrypt(password, salt, COST, BLOCK, LANES).hex()}"


def _scrypt(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=block, p=lanes, maxmem=MEMORY)


NOBODY = hashed(secrets.token_hex(8))  # compared with where there is no such user, so that both take as long


def save_user(corpus: Corpus, name: str, role: Role, password: str | None = None) -> bool:
    """Adds a user or gives a known one another role and, where given, another password; True for a new one.

    CorpusError for a name without a letter, an unknown role, a short password.
    """
    name = name.strip()
    if not name or not name.isprintable() or len(name) > 100:
        raise CorpusError("a user's name has 1 to 100 printable characters")
    if role not in ROLES:
        raise CorpusError(f"a role is one of {', '.join(ROLES)}, not {role!r}")
    if password is not None and len(password) < SHORTEST:
        raise CorpusError(f"a password has at least {SHORTEST} characters")
    kept = hashed(password) if password is not None else None
    with corpus.write() as conn:
        known = conn.execute("SELECT 1 FROM users WHERE name = ?", (name,)).fetchone()
        sql = (
            "INSERT INTO users (name, role, password, created_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (name) "
            "DO UPDATE SET role = excluded.role, password = coalesce(excluded.password, password)"
        )
        conn.execute(sql, (name, role, kept, now()))
    return known is None


def lock_user(corpus: Corpus, name: str) -> None:
    """Takes a user's password away, who then cannot sign in; the decisions made under the name stay."""
    with corpus.write() as conn:
        if not conn.execute("UPDATE users SET password = NULL WHERE name = ?", (name,)).rowcount:
            raise CorpusError(f"there is no user {name!r}")


def users(corpus: Corpus) -> list[User]:
    """All users by name."""
    sql = "SELECT name, role, password IS NOT NULL AS signs_in FROM users ORDER BY name"
    return [User(row["name"], row["role"], bool(row["signs_in"])) for row in corpus.conn.execute(sql)]


def signed_in(corpus: Corpus, name: str, password: str) -> User | None:
    """The user of this name and password; None for any other pair, in the same time whether the name exists or not."""
    row = corpus.conn.execute("SELECT role, password FROM users WHERE name = ?", (name,)).fetchone()
    kept = (row["password"] if row else None) or NOBODY
    _, cost, block, lanes, salt, wanted = kept.split("$")
    given = _scrypt(password, bytes.fromhex(salt), int(cost), int(block), int(lanes))
    return User(name, row["role"], True) if hmac.compare_digest(given.hex(), wanted) and kept != NOBODY else None


def fingerprint(corpus: Corpus, name: str) -> str | None:
    """What changes with a user's password, for sessions that must end then; None for who cannot sign in."""
    row = corpus.conn.execute("SELECT password FROM users WHERE name = ?", (name,)).fetchone()
    return hashlib.sha256(row["password"].encode()).hexdigest()[:16] if row and row["password"] else None
