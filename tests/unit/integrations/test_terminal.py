"""What people read of an answer, at the width of a phone."""

import io
from datetime import date

import pytest
from rich.console import Console

from assistant.domain.answer import Answer, Choice, Clarification, Notice, NoticeKind, Outcome, Sentence
from assistant.domain.referral import ReferralSuggestion, ReferralType
from integrations.messages import languages, messages
from integrations.terminal import AnswerView
from knowledge.models import Citation, PermittedUse

WARNING = "Stopping early raises the risk of stroke. " * 8
SAFETY = "Bleeding can be serious and fatal. " * 20


def cite(quote: str, section: str = "2.1", title: str = "Dose", **more: object) -> Citation:
    facts = {
        "document_key": "k",
        "document_title": "Calixra label",
        "uses": frozenset({PermittedUse.INTERNAL, PermittedUse.SHOW}),
        "expires_on": date(2027, 12, 31),
    }
    return Citation("label", "3", section, title, quote, **{**facts, **more})  # type: ignore[arg-type]


def view(width: int = 60) -> tuple[AnswerView, io.StringIO]:
    out = io.StringIO()
    return AnswerView(Console(file=out, width=width)), out


def shown(answer: Answer, *, width: int = 60, everything: bool = False) -> str:
    drawn, out = view(width)
    drawn.show(answer, everything=everything)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def balanced() -> Answer:
    return Answer(
        Outcome.ANSWERED,
        "en",
        sentences=(Sentence("5 mg twice daily.", (cite("5 mg twice daily."),)),),
        notices=(
            Notice(NoticeKind.BOXED_WARNING, WARNING, (cite(WARNING, "", "WARNING"),)),
            Notice(NoticeKind.IMPORTANT_SAFETY_INFORMATION, SAFETY, (cite(SAFETY, "", "Safety"),)),
            Notice(NoticeKind.PERMITTED_USE, "You may: show."),
        ),
    )


def words(text: str) -> str:
    return " ".join(text.split())


def test_an_answer_names_its_source_once_and_what_may_be_done_with_it() -> None:
    one, other = cite("5 mg twice daily."), cite("Take with food.")
    answer = Answer(Outcome.ANSWERED, "en", (Sentence(one.quote, (one,)), Sentence(other.quote, (other,))))

    assert shown(answer) == (
        "• 5 mg twice daily. ¹\n"
        "• Take with food. ¹\n"
        "\n"
        "Sources\n"
        "¹ Calixra label (until 2027-12-31), version 3, 2.1 Dose\n"
        "  you may: show"
    )


def test_what_may_only_be_read_says_so() -> None:
    source = cite("5 mg.", uses=frozenset({PermittedUse.INTERNAL}))
    assert "you may: read it yourself" in shown(Answer(Outcome.ANSWERED, "en", (Sentence("5 mg.", (source,)),)))


@pytest.mark.parametrize("width", [32, 60, 200])
def test_nothing_is_wider_than_the_screen(width: int) -> None:
    assert max(map(len, shown(balanced(), width=width).splitlines())) <= min(width, 72)


def test_a_boxed_warning_is_never_folded_and_safety_information_says_how_to_read_on() -> None:
    folded = shown(balanced())
    assert words(WARNING) in words(folded)
    assert words(SAFETY) not in words(folded)
    assert "more lines: --more" in folded


def test_everything_folds_nothing() -> None:
    whole = shown(balanced(), everything=True)
    assert words(SAFETY) in words(whole)
    assert "--more" not in whole


def test_a_balance_is_shown_once_a_conversation() -> None:
    drawn, out = view()
    drawn.show(balanced())
    out.truncate(0)
    drawn.show(balanced())
    assert "Boxed warning ²: as shown above" in out.getvalue()
    assert words(WARNING) not in words(out.getvalue())

    drawn.start_over()
    drawn.show(balanced())
    assert words(WARNING) in words(out.getvalue())


def test_rows_as_they_stand_are_shown_when_asked_for() -> None:
    row = cite("Nausea | 5.8 | 19.4")
    answer = Answer(Outcome.ANSWERED, "en", (Sentence("Nausea: placebo 5.8, 1.6 mg 19.4", (row,)),))
    assert "Sources (rows as they stand: --more)" in shown(answer)
    assert "“Nausea | 5.8 | 19.4”" not in shown(answer)
    assert "“Nausea | 5.8 | 19.4”" in shown(answer, everything=True)


def test_a_contact_of_the_record_is_named_by_its_day() -> None:
    contact = Citation("record:1", "2026-10-13", "", "visit, rep", "PA again", document_title="Dr. Okafor")
    answer = Answer(Outcome.ANSWERED, "en", (Sentence("“PA again”", (contact,)),))
    assert "¹ Dr. Okafor, 2026-10-13, visit, rep" in shown(answer)


def test_a_refusal_says_what_helps_and_where_it_goes() -> None:
    suggestion = ReferralSuggestion(ReferralType.MEDICAL_INFORMATION_REQUEST, "it goes beyond the label")
    answer = Answer(Outcome.REFERRED, "en", referrals=(suggestion,), help="I can pass it on.")
    assert shown(answer) == (
        "I can pass it on.\n\nThis goes to another role\n→ Medical information: it goes beyond the label"
    )


def test_a_choice_is_numbered() -> None:
    asked = Clarification("Which product is this about?", (Choice("1", "Calixra"), Choice("2", "Velquora")))
    text = shown(Answer(Outcome.CLARIFY, "en", clarify=asked))
    assert text == "Which product is this about?\n  1. Calixra\n  2. Velquora"


def test_square_brackets_of_a_label_are_text() -> None:
    quote = "Reduce the dose [see Warnings (5.3)]."
    assert quote in shown(Answer(Outcome.ANSWERED, "en", (Sentence(quote, (cite(quote),)),)))


def test_every_language_has_every_text() -> None:
    keys = {language: set(messages(language)._texts) for language in languages()}
    assert len(keys) > 1
    assert all(held == keys["en"] for held in keys.values())
