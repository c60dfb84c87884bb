"""Settings from the environment or `.env`: read once, at start, and refused with a sentence where they are wrong."""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.calendar import known_zone
from bot.errors import SettingsError

_KNOWN_STORES = ("tinydb:",)

MAKE_A_KEY = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
"""The command that makes a RAPPORT_SECRET_KEY."""

_Secret = SecretStr | None


class Slack(msgspec.Struct, frozen=True, kw_only=True):
    """How Rapport runs in Slack: whole and without contradiction.

    Either `app_token` (Socket Mode) or `signing_secret` (HTTP); either `bot_token` (one workspace) or `client_id` and
    `client_secret` (many, which install it themselves). `api_url` ends with a slash.
    """

    app_token: SecretStr | None
    signing_secret: SecretStr | None
    bot_token: SecretStr | None
    client_id: str | None
    client_secret: SecretStr | None
    api_url: str | None
    public_url: str | None

    @property
    def by_oauth(self) -> bool:
        """Whether workspaces install Rapport themselves: that needs the HTTP side and a place for their tokens."""
        return self.client_id is not None

    @property
    def by_http(self) -> bool:
        """Whether Slack sends what people do by HTTP; else it comes through a socket."""
        return self.signing_secret is not None


class Settings(BaseSettings):
    """What Rapport is told from outside. Names are those of the environment variables, in lower case."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: Annotated[str, Field(validation_alias="DATABASE_URL")] = "tinydb:data/rapport.json"
    timezone: Annotated[str, Field(validation_alias="RAPPORT_TIMEZONE")] = "UTC"
    log_level: Annotated[Literal["debug", "info", "warning", "error"], Field(validation_alias="LOG_LEVEL")] = "warning"
    log_format: Annotated[Literal["console", "json"], Field(validation_alias="LOG_FORMAT")] = "console"
    port: Annotated[int | None, Field(validation_alias="PORT", ge=1, le=65535)] = None
    host: Annotated[str, Field(validation_alias="RAPPORT_HOST")] = "0.0.0.0"  # noqa: S104 - Slack comes from outside
    public_url: Annotated[str | None, Field(validation_alias="RAPPORT_PUBLIC_URL")] = None
    secret_key: Annotated[_Secret, Field(validation_alias="RAPPORT_SECRET_KEY")] = None
    slack_bot_token: Annotated[_Secret, Field(validation_alias="SLACK_BOT_TOKEN")] = None
    slack_app_token: Annotated[_Secret, Field(validation_alias="SLACK_APP_TOKEN")] = None
    slack_signing_secret: Annotated[_Secret, Field(validation_alias="SLACK_SIGNING_SECRET")] = None
    slack_client_id: Annotated[str | None, Field(validation_alias="SLACK_CLIENT_ID")] = None
    slack_client_secret: Annotated[_Secret, Field(validation_alias="SLACK_CLIENT_SECRET")] = None
    slack_api_url: Annotated[str | None, Field(validation_alias="SLACK_API_URL")] = None

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: object, info: ValidationInfo) -> object:
        """Without margins; a name with nothing after it, as in a template that was not filled in, says nothing."""
        if not isinstance(value, str):
            return value
        may_be_unset = cls.model_fields[str(info.field_name)].default is None
        return value.strip() or (None if may_be_unset else "")

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

    @field_validator("secret_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not all(map(_is_fernet_key, value.get_secret_value().split(","))):
            raise ValueError(f"is no key, or no list of keys parted by commas. This makes one: {MAKE_A_KEY}")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_reached_by_browsers(cls, value: str | None) -> str | None:
        if value is None:
            return None
        host = _host_in(value)
        is_here = host in {"localhost", "127.0.0.1", "::1"}
        if host is None or not (value.startswith("https://") or is_here):
            raise ValueError("must be the https address of Rapport's pages, as in https://rapport.example.com")
        return value.rstrip("/")

    @field_validator("slack_api_url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if _host_in(value) is None:
            raise ValueError("must be a web address, as in https://slack.com/api/; leave it out to use Slack's own")
        return value.rstrip("/") + "/"

    @property
    def data_folder(self) -> Path:
        """The folder that everything kept on disk lies in."""
        return Path(self.database_url.partition(":")[2]).parent

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that Rapport is to run on, by name; none: it opens in the terminal."""
        return ("slack",) if self.slack is not None else ()

    @property
    def slack(self) -> Slack | None:
        """How Rapport runs in Slack; `None` where nothing says that it should.

        Raises SettingsError, with every reason, where it is told half of it, or two things at once.
        """
        if not self._slack_is_meant:
            return None
        if problems := tuple(self.problems()):
            raise _wrong(problems)
        return Slack(
            app_token=self.slack_app_token,
            signing_secret=self.slack_signing_secret,
            bot_token=self.slack_bot_token,
            client_id=self.slack_client_id,
            client_secret=self.slack_client_secret,
            api_url=self.slack_api_url,
            public_url=self.public_url,
        )

    def problems(self) -> Iterator[str]:
        """What is half set, in contradiction or in the wrong place, each with what to do."""
        if self._slack_is_meant:
            yield from self._misplaced()
            yield from self._slack_ways()
            yield from self._slack_installs()

    @property
    def _slack_is_meant(self) -> bool:
        return any(
            (
                self.slack_bot_token,
                self.slack_app_token,
                self.slack_signing_secret,
                self.slack_client_id,
                self.slack_client_secret,
            )
        )

    def _misplaced(self) -> Iterator[str]:
        """Tokens by their first letters, which are easily put into one another's place."""
        bot, app = _begins(self.slack_bot_token), _begins(self.slack_app_token)
        if bot == "xapp":
            yield "SLACK_BOT_TOKEN: holds an app-level token (xapp-…): that is for SLACK_APP_TOKEN"
        elif bot not in {None, "xoxb"}:
            yield (
                "SLACK_BOT_TOKEN: must begin with xoxb-. Copy the “Bot User OAuth Token” from your Slack app’s "
                "“OAuth & Permissions”, where token rotation is off"
            )
        if app == "xoxb":
            yield "SLACK_APP_TOKEN: holds a bot token (xoxb-…): that is for SLACK_BOT_TOKEN"
        elif app not in {None, "xapp"}:
            yield (
                "SLACK_APP_TOKEN: must begin with xapp-. Make one with the scope connections:write under "
                "“Basic Information”, “App-Level Tokens”"
            )

    def _slack_ways(self) -> Iterator[str]:
        """How Slack's events reach Rapport."""
        if self.slack_app_token and self.slack_signing_secret:
            yield (
                "SLACK_APP_TOKEN and SLACK_SIGNING_SECRET: leave one of them out. The app token is for Socket Mode, "
                "the signing secret for HTTP, and a Slack app does either"
            )
        if not self.slack_app_token and not self.slack_signing_secret:
            yield (
                "SLACK_APP_TOKEN: is missing. Make one with the scope connections:write under “Basic Information”, "
                "“App-Level Tokens”, in your Slack app; or set SLACK_SIGNING_SECRET and PORT to be reached by HTTP"
            )
        if self.slack_signing_secret and self.port is None:
            yield "PORT: is missing. With SLACK_SIGNING_SECRET Slack comes by HTTP: say on which port, as in PORT=3000"

    def _slack_installs(self) -> Iterator[str]:
        """Where the tokens come from."""
        token, client, secret = self.slack_bot_token, self.slack_client_id, self.slack_client_secret
        if token and (client or secret):
            yield (
                "SLACK_BOT_TOKEN: leave it out, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET. The token is for one "
                "workspace, the other two let any number install Rapport"
            )
        elif not token and not client and not secret:
            yield (
                "SLACK_BOT_TOKEN: is missing. Copy the “Bot User OAuth Token” from your Slack app’s “OAuth & "
                "Permissions”; or set SLACK_CLIENT_ID and SLACK_CLIENT_SECRET to let workspaces install it themselves"
            )
        elif client and not secret:
            yield "SLACK_CLIENT_SECRET: is missing. It is beside the client id, under “Basic Information”"
        elif secret and not client:
            yield "SLACK_CLIENT_ID: is missing. It is beside the client secret, under “Basic Information”"
        if client and secret and not token:
            if self.port is None and not self.slack_signing_secret:
                yield "PORT: is missing. With SLACK_CLIENT_ID people install Rapport on a web page: set PORT=3000, say"
            if self.secret_key is None:
                yield f"RAPPORT_SECRET_KEY: is missing. It encrypts stored tokens. This makes one: {MAKE_A_KEY}"


def load_settings() -> Settings:
    """The settings of this process; SettingsError names every one that is wrong and says what it should be."""
    try:
        settings = Settings()
    except ValidationError as error:
        problems = [f"{problem['loc'][0]}: {_reason(problem['msg'])}" for problem in error.errors()]
        raise _wrong(problems) from None
    if halves := tuple(settings.problems()):
        raise _wrong(halves)
    return settings


def secret(value: SecretStr | None) -> str | None:
    """What a secret setting holds, for those who need it; everywhere else it shows as stars."""
    return value.get_secret_value() if value is not None else None


def speaker_name() -> str:
    """What to call whoever sits at the terminal."""
    return os.environ.get("USER") or os.environ.get("USERNAME") or "me"


def _wrong(problems: list[str] | tuple[str, ...]) -> SettingsError:
    return SettingsError(
        "Some settings are wrong. Mend them in the environment or in .env:\n  " + "\n  ".join(problems)
    )


def _reason(message: str) -> str:
    """Pydantic's message without its own preface."""
    return message.removeprefix("Value error, ")


def _begins(token: SecretStr | None) -> str | None:
    """The letters that say what a token of Slack's is for."""
    return None if token is None else token.get_secret_value().partition("-")[0]


def _is_fernet_key(key: str) -> bool:
    """Whether a string is 32 bytes in the alphabet of web addresses."""
    try:
        return len(urlsafe_b64decode(key.strip())) == 32
    except ValueError:
        return False


def _host_in(address: str) -> str | None:
    """The host in a web address; `None` where it is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts.hostname if parts.scheme in {"http", "https"} else None
