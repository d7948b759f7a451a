"""The scripted morning of the demo: every step ends as the script expects, and the command plays it to the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.domain.brief import Brief
from integrations.bootstrap import Assistant, open_assistant
from integrations.demo import perform
from integrations.initialise import initialise, load_sample
from integrations.sample.morning import Step, morning
from tests.scenarios.command import rep

pytestmark = pytest.mark.timeout(600)  # a first run may embed the sample's text


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    home: Path = tmp_path_factory.mktemp("demo") / "home"
    initialise(home)
    assistant = open_assistant(home)
    assert not load_sample(assistant).faults
    yield assistant
    assistant.close()


@pytest.mark.parametrize("step", morning(), ids=lambda step: step.time)
def test_a_step_ends_as_the_script_expects(sample: Assistant, step: Step) -> None:
    given = perform(sample, step)
    if isinstance(given, Brief):
        assert (given.clarify is not None) == (step.expect == "clarify")
    else:
        assert given.outcome.value == step.expect


def test_the_demo_plays_its_morning_and_says_how_long_it_took_to_set_up(sample: Assistant) -> None:
    done = rep(sample.settings.home, "demo")
    said = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "ready in" in said.splitlines()[0]
    assert all(step.time in said for step in morning())
    assert "Safety: adverse event, due" in said


def test_a_conversation_takes_commands_and_passes_on_what_it_hears(sample: Assistant) -> None:
    lines = [
        "/brief Dr. Okafor",
        "/more",
        "what did she say about PA?",
        "/nonsense",
        "her patient on Velquora was rushed to the ER",
        "/quit",
        "x",
    ]
    stdin = "\n".join(lines).encode()
    done = rep(sample.settings.home, "chat", "--as", "dana.whitfield@meridale.example", stdin=stdin)
    said = done.stdout.decode()
    assert done.returncode == 0
    assert said.count("Northbranch") > 1
    assert ": /more" in said
    assert "PA back to being the" in said
    assert "There is /brief NAME" in said
    assert "Safety: adverse event, due" in said
    assert "› x" not in said
