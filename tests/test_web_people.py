"""Signing in by one-time link or by name and password, never by guessing; writes from elsewhere are refused."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Baotinh, client_of
from starlette.testclient import TestClient

from corpus.store import Corpus, CorpusError, open_corpus
from corpus.users import lock_user, save_user, signed_in, users
from corpus.web import people
from corpus.web.app import create_app, people_sign_in, run
from corpus.web.people import Failures, back_of
from corpus.web.session import secret_of, signed
from corpus.web.web import Settings

PASSWORD = "lua chin dong bang"


@pytest.fixture
def team(tmp_path: Path) -> Corpus:
    with open_corpus(tmp_path / "team.db") as corpus:
        save_user(corpus, "doc", "reader", PASSWORD)
        save_user(corpus, "thu", "reviewer", PASSWORD)
        yield corpus


@pytest.fixture
def browser(team: Corpus, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(people, "FAILURES", Failures())
    app = create_app(Settings(path=team.path, secret="only in tests"))
    with TestClient(app, base_url="http://127.0.0.1", headers={"Origin": "http://127.0.0.1"}) as client:
        yield client


def enter(browser: TestClient, name: str, password: str = PASSWORD, back: str = "/") -> int:
    form = {"name": name, "password": password, "back": back}
    return browser.post("/sign-in", data=form, follow_redirects=False).status_code


def test_nobody_sees_anything_before_signing_in(browser: TestClient) -> None:
    answer = browser.get("/articles/1", params={"x": "1"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?back=/articles/1%3Fx%3D1")
    assert browser.get("/api/v1/facts").status_code == 401


def test_name_and_password_open_the_pages(browser: TestClient) -> None:
    assert enter(browser, "doc") == 303
    page = browser.get("/").text
    assert "doc (người đọc)" in page
    browser.post("/sign-out")
    assert browser.get("/", follow_redirects=False).status_code == 303


def test_the_cookie_is_out_of_reach(browser: TestClient) -> None:
    form = {"name": "doc", "password": PASSWORD}
    said = browser.post("/sign-in", data=form, follow_redirects=False).headers["set-cookie"]
    assert "HttpOnly" in said
    assert "SameSite=lax" in said
    assert "Secure" not in said
    with TestClient(browser.app, base_url="https://press.example", headers={"Sec-Fetch-Site": "same-origin"}) as safe:
        assert "Secure" in safe.post("/sign-in", data=form, follow_redirects=False).headers["set-cookie"]


def test_failures_slow_the_sign_in_down(browser: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 1000.0
    monkeypatch.setattr(people.time, "monotonic", lambda: clock)
    assert [enter(browser, "thu", "wrong password") for _ in range(4)] == [403, 403, 403, 429]
    assert enter(browser, "thu") == 429
    clock += 2
    assert enter(browser, "thu") == 303


def test_an_unknown_name_is_refused_like_a_wrong_password(browser: TestClient) -> None:
    wrong, unknown = (
        browser.post("/sign-in", data={"name": name, "password": "something"}).text.replace(f'value="{name}"', "")
        for name in ("doc", "nobody")
    )
    assert wrong == unknown


@pytest.mark.parametrize("change", ["password", "lock"])
def test_a_changed_password_ends_the_sessions(browser: TestClient, team: Corpus, change: str) -> None:
    enter(browser, "doc")
    if change == "lock":
        lock_user(team, "doc")
    else:
        save_user(team, "doc", "reader", "another password")
    assert browser.get("/", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("forged", ["", "x", "WyJ0aHUiLG51bGxd.aaaa.bbbb", signed("another key", "thu", None)])
def test_a_forged_cookie_is_nobody(browser: TestClient, forged: str) -> None:
    browser.cookies.set("baotinh", forged)
    assert browser.get("/", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1.evil.example"},
        {},
    ],
)
def test_a_write_from_elsewhere_is_refused(browser: TestClient, headers: dict[str, str]) -> None:
    browser.headers.pop("origin")
    answer = browser.post("/sign-in", data={"name": "doc", "password": PASSWORD}, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("said", ["//evil.example", "https://evil.example", "/\\evil.example", "", None, "/sign-in"])
def test_the_way_back_leads_to_these_pages(said: str | None) -> None:
    assert back_of(said) == "/"


def test_the_link_works_once(team: Corpus) -> None:
    app = create_app(Settings(path=team.path, secret="s", token="once", owner="owner"))
    with TestClient(app) as first, TestClient(app) as second:
        assert first.get("/sign-in?token=wrong").status_code == 403
        assert first.get("/sign-in?token=once").status_code == 200
        assert first.get("/sign-in?token=once").status_code == 200  # signed in already
        assert second.get("/sign-in?token=once").status_code == 403
        assert second.get("/", follow_redirects=False).status_code == 303


def test_english_is_one_click_away(team: Corpus) -> None:
    with client_of(team.path) as web:
        assert '<html lang="vi">' in web.get("/").text
        assert '<html lang="en">' in web.get("/language/en?back=/%3Fq%3Dx").text
        assert "Words" in web.get("/").text


def test_a_program_has_a_token(browser: TestClient, team: Corpus, baotinh: Baotinh) -> None:
    settings = Settings(path=team.path, secret=secret_of(team.path))
    said = baotinh("users", "token", "doc", "--db", team.path).stdout.strip()
    with TestClient(create_app(settings)) as web:
        assert web.get("/", headers={"Authorization": f"Bearer {said}"}, follow_redirects=False).status_code == 200
        assert web.get("/", headers={"Authorization": f"Bearer {said}x"}, follow_redirects=False).status_code == 303


def test_the_key_of_the_sessions_is_the_owners_alone(tmp_path: Path) -> None:
    made = secret_of(tmp_path / "a.db")
    assert (secret_of(tmp_path / "a.db"), len(made)) == (made, 64)
    assert stat.S_IMODE((tmp_path / "a.key").stat().st_mode) == 0o600


def test_an_open_address_demands_users(team: Corpus) -> None:
    with pytest.raises(CorpusError, match="baotinh users add"):
        run(Settings(path=team.path, secret="s", token="once"), 0, print, host="192.0.2.1")


def test_users_by_command(tmp_path: Path, baotinh: Baotinh) -> None:
    added = baotinh("users", "add", "thu", "--role", "reviewer", "--db", "t.db", BAOTINH_PASSWORD=PASSWORD)
    assert added.stdout == "thu: added, reviewer\n"
    short = baotinh("users", "add", "an", "--role", "admin", "--password", "kurz", "--db", "t.db")
    assert (short.returncode, short.stderr) == (1, "Error: a password has at least 8 characters\n")
    assert people_sign_in(tmp_path / "t.db")
    assert baotinh("users", "lock", "thu", "--db", "t.db").returncode == 0
    assert baotinh("users", "list", "--db", "t.db").stdout == "thu  reviewer  (no password: cannot sign in)\n"
    assert not people_sign_in(tmp_path / "t.db")


def test_passwords_are_checked_and_never_kept(team: Corpus) -> None:
    assert signed_in(team, "thu", PASSWORD) == next(user for user in users(team) if user.name == "thu")
    assert [signed_in(team, *pair) for pair in (("thu", "x"), ("nobody", PASSWORD), ("", ""))] == [None] * 3
    kept = [row["password"] for row in team.conn.execute("SELECT password FROM users")]
    assert all(each.startswith("scrypt$") and PASSWORD not in each for each in kept)
    assert len(set(kept)) == 2


@pytest.mark.parametrize(
    ("name", "role", "password"), [("", "reader", PASSWORD), ("a\nb", "reader", PASSWORD), ("a", "king", PASSWORD)]
)
def test_users_that_cannot_be(team: Corpus, name: str, role: str, password: str) -> None:
    with pytest.raises(CorpusError):
        save_user(team, name, role, password)  # type: ignore[arg-type]


def test_roles_widen(team: Corpus) -> None:
    reviewer = next(user for user in users(team) if user.name == "thu")
    assert [reviewer.may(role) for role in ("reader", "reviewer", "researcher", "admin")] == [True, True, False, False]
