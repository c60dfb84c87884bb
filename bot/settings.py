"""Settings from the environment or `.env`: read once, at start, and refused with a sentence where they are wrong."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.calendar import known_zone
from bot.errors import SettingsError

_KNOWN_STORES = ("tinydb:",)


class Settings(BaseSettings):
    """What Rapport is told from outside. Names are those of the environment variables, in lower case."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    database_url: Annotated[str, Field(validation_alias="DATABASE_URL")] = "tinydb:data/rapport.json"
    timezone: Annotated[str, Field(validation_alias="RAPPORT_TIMEZONE")] = "UTC"
    log_level: Annotated[Literal["debug", "info", "warning", "error"], Field(validation_alias="LOG_LEVEL")] = "warning"
    log_format: Annotated[Literal["console", "json"], Field(validation_alias="LOG_FORMAT")] = "console"

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _in_lower_case(cls, value: object) -> object:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        known = known_zone(value.strip())
        if known is None:
            raise ValueError("is no time zone: write it as Europe/Berlin or America/New_York")
        return known

    @field_validator("database_url")
    @classmethod
    def _is_a_store(cls, value: str) -> str:
        if not value.startswith(_KNOWN_STORES) or value in _KNOWN_STORES:
            raise ValueError("must be tinydb: and the path of a file, as in tinydb:data/rapport.json")
        return value

    @property
    def data_folder(self) -> Path:
        """The folder that everything kept on disk lies in."""
        return Path(self.database_url.partition(":")[2]).parent


def load_settings() -> Settings:
    """The settings of this process; SettingsError names every one that is wrong and says what it should be."""
    try:
        return Settings()
    except ValidationError as error:
        problems = [f"{problem['loc'][0]}: {_reason(problem['msg'])}" for problem in error.errors()]
        raise SettingsError(
            "Some settings are wrong. Mend them in the environment or in .env:\n  " + "\n  ".join(problems)
        ) from None


def speaker_name() -> str:
    """What to call whoever sits at the terminal."""
    return os.environ.get("USER") or os.environ.get("USERNAME") or "me"


def _reason(message: str) -> str:
    """Pydantic's message without its own preface."""
    return message.removeprefix("Value error, ")
