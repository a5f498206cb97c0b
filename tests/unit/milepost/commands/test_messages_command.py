"""`milepost messages preview`, as typed: every message can be read before a customer does."""

import pytest
import typer
from typer.testing import CliRunner

from gateway.domain.message import MessageKind
from milepost.commands import messages
from milepost.errors import CommandError


@pytest.fixture
def run():
    app = typer.Typer()
    messages.register(app)
    return lambda *arguments: CliRunner().invoke(app, ["messages", "preview", *arguments])


def test_all_of_them_are_shown_in_both_languages(run):
    output = run().output
    for kind in MessageKind:
        assert f"{kind} [en]" in output
        assert f"{kind} [es]" in output
    assert output.count("1 segment)") == 2 * len(MessageKind)


def test_one_kind_in_one_language(run):
    output = run("--kind", "next", "--language", "es").output
    assert output.startswith("next [es]")
    assert output.count("mail: ") == 1
    assert "Acme Parcels: Su entrega es la siguiente" in output


def test_the_company_is_that_of_the_settings(run, tmp_path):
    config = tmp_path / "gateway.toml"
    config.write_text('[company]\nname = "Łódź Express"\n')
    output = run("--kind", "next", "--language", "en", "--config", str(config)).output
    assert "Łódź Express: Your delivery is next" in output
    assert "2 segments; not in GSM-7: óŁź" in output


def test_settings_that_cannot_be_read_are_one_clear_line(run, tmp_path):
    result = run("--config", str(tmp_path / "none.toml"))
    assert isinstance(result.exception, CommandError)
    assert "none.toml" in str(result.exception)
