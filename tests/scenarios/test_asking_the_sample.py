"""Questions to the sample company, as its people ask them: what is shown, what is cited, what is kept back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from integrations.evals.matching import compact
from tests.scenarios.command import rep

REP = "tom.castellano@meridale.example"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("sample") / "home"
    made = rep(place, "init", "--sample")
    assert made.returncode == 0, made.stderr
    return place


def ask(home: Path, *lines: dict[str, Any], who: str = REP) -> list[dict[str, Any]]:
    stdin = "\n".join(json.dumps({"id": number, "op": "ask", **line}) for number, line in enumerate(lines))
    done = rep(home, "batch", "--as", who, stdin=stdin.encode())
    assert done.returncode == 0, (done.stdout, done.stderr)
    return [json.loads(line)["result"] for line in done.stdout.decode().splitlines()]


def approved_text(home: Path, document: str) -> str:
    shown = rep(home, "content", "show", document, "--json")
    return compact(json.dumps(json.loads(shown.stdout), ensure_ascii=False))


def test_a_dose_is_quoted_exactly_with_its_source_and_what_may_be_done_with_it(home: Path) -> None:
    (answer,) = ask(home, {"question": "starting dose of velquora?"})
    assert answer["outcome"] == "answered"
    cited = [citation for sentence in answer["sentences"] for citation in sentence["citations"]]
    assert cited
    assert all(compact(citation["quote"]) in approved_text(home, citation["document_id"]) for citation in cited)
    assert any("0.4 mg" in citation["quote"] for citation in cited)
    assert any(notice["kind"] == "permitted_use" for notice in answer["notices"])


def test_a_benefit_brings_the_boxed_warning(home: Path) -> None:
    (answer,) = ask(home, {"question": "what is velquora indicated for", "product": "Velquora"})
    assert answer["outcome"] == "answered"
    assert any(notice["kind"] == "boxed_warning" and notice["citations"] for notice in answer["notices"])


def test_a_follow_up_keeps_the_product_of_the_thread(home: Path) -> None:
    (answer,) = ask(home, {"question": "and the maximum dose?", "history": ["velquora starting dose?"]})
    assert answer["outcome"] == "answered"
    assert any("3.2 mg" in sentence["text"] for sentence in answer["sentences"])


def test_a_price_goes_to_market_access_or_a_payer_guide_answers(home: Path) -> None:
    (answer,) = ask(home, {"question": "what does a month of velquora cost at the pharmacy counter"})
    if answer["outcome"] == "answered":
        assert any("payer" in c["document_id"] for s in answer["sentences"] for c in s["citations"])
    else:
        assert [referral["type"] for referral in answer["referrals"]] == ["market_access"]


@pytest.mark.parametrize(
    "line",
    [
        {"question": "which pelluvia dose for hidradenitis suppurativa, derm wants to try it"},
        {"question": "velquora for weight loss in someone without diabetes, what dose do they use"},
    ],
)
def test_a_use_outside_the_label_is_never_answered(home: Path, line: dict[str, Any]) -> None:
    (answer,) = ask(home, line)
    assert answer["outcome"] in ("referred", "denied", "not_found")
    assert answer["sentences"] == []
    assert answer["help"]


def test_an_unassigned_product_is_denied_like_one_that_nobody_holds(home: Path) -> None:
    person = json.loads(rep(home, "people", "list", "--json").stdout)
    rows = person["people"] if isinstance(person, dict) else person
    partial = next(
        row
        for row in rows
        if row["role"] == "rep"
        and row["active"]
        and "Calixra" not in row["products"]
        and "*" not in row["products"]
        and row["market"] == "US"
    )
    held, unheld = ask(
        home, {"question": "calixra starting dose?"}, {"question": "Ozempic starting dose?"}, who=partial["email"]
    )
    assert held == unheld
    assert held["outcome"] == "denied"
    assert held["passages"] == []


def test_a_chinese_question_is_answered_in_the_taiwanese_market(home: Path) -> None:
    (answer,) = ask(home, {"question": "Velquora 的起始劑量是多少？"}, who="chiajung.lin@meridale.example")
    assert answer["outcome"] == "answered"
    assert answer["language"] == "zh-TW"
