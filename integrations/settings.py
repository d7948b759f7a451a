"""Settings of a home: `settings.toml` in it, then `REP_*` variables, which win. Unknown keys are errors."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from assistant.errors import BadRequest

SETTINGS_FILE = "settings.toml"
ENV_PREFIX = "REP_"


class SettingsFault(BadRequest):
    """A setting is wrong; the text names the key, where it stands and what it should be."""

    code = "bad_settings"


class Section(BaseModel):
    """A table of settings.toml. Strict about names, frozen, and silent about secrets when printed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EmbeddingSettings(Section):
    """Where vectors come from. Without `base_url` the embedded model is used and nothing leaves the machine."""

    base_url: str | None = None
    model: str | None = None
    api_key: SecretStr | None = None


class SmtpSettings(Section):
    """The mail server referrals leave by. `tls`: "starttls", "tls" or, for a server on this machine alone, "none"."""

    host: str | None = None
    port: int = 587
    sender: str = "field-assistant@localhost"
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: SecretStr | None = None


class Settings(Section):
    """All a home can be told. `REP_DATABASE_URL` sets `database_url`, `REP_EMBEDDING_MODEL` that of `[embedding]`."""

    home: Path
    tenant: str = "default"
    database_url: SecretStr | None = None
    chroma_url: str | None = None
    lock_timeout_seconds: float = 30.0
    embedding: EmbeddingSettings = EmbeddingSettings()
    smtp: SmtpSettings = SmtpSettings()
    secrets: dict[str, SecretStr] = {}

    @property
    def database(self) -> str:
        """The database's address: the one configured, else a SQLite file in the home."""
        if self.database_url is None:
            return f"sqlite:///{self.home / 'register.db'}"
        url = self.database_url.get_secret_value()
        for scheme in ("postgres://", "postgresql://"):
            if url.startswith(scheme):
                return "postgresql+psycopg://" + url.removeprefix(scheme)
        return url


def load_settings(home: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read a home's settings. Raises SettingsFault naming the key and the file or variable it came from."""
    path = home / SETTINGS_FILE
    declared = _read_toml(path)
    origins: dict[str, str] = {}
    _apply_environment(declared, environ, origins)
    try:
        return Settings.model_validate({**declared, "home": home})
    except ValidationError as fault:
        raise SettingsFault(_explain(fault, path, origins)) from None


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SettingsFault(
            f"{path}: not readable as TOML: {fault}. Correct that line and run the command again"
        ) from None


def _apply_environment(declared: dict[str, Any], environ: Mapping[str, str], origins: dict[str, str]) -> None:
    for key, info in Settings.model_fields.items():
        if key == "home":
            continue
        variable = ENV_PREFIX + key.upper()
        section = info.annotation
        if isinstance(section, type) and issubclass(section, Section):
            for name in section.model_fields:
                if (value := environ.get(f"{variable}_{name.upper()}")) is not None:
                    declared.setdefault(key, {})[name] = value
                    origins[f"{key}.{name}"] = f"{variable}_{name.upper()}"
        elif (value := environ.get(variable)) is not None:
            declared[key] = value
            origins[key] = variable
    prefix = f"{ENV_PREFIX}SECRETS_"
    for variable in (name for name in environ if name.startswith(prefix)):
        declared.setdefault("secrets", {})[variable.removeprefix(prefix).lower()] = environ[variable]


def _explain(fault: ValidationError, path: Path, origins: Mapping[str, str]) -> str:
    parts = []
    for error in fault.errors(include_url=False, include_input=False):
        key = ".".join(str(part) for part in error["loc"])
        what = "no such setting" if error["type"] == "extra_forbidden" else error["msg"]
        parts.append(f"{origins.get(key, path)}: {key}: {what}")
    return "; ".join(parts)
