"""The methods of the Web API about the app itself: who it is, how it is installed, and how it goes."""

from __future__ import annotations

from typing import Any

from tests.platform.slack.asked import Asked
from tests.platform.slack.objects import user_object
from tests.platform.slack.state import APP_ID, Grant, Offer
from tests.platform.slack.world import Refused, World


def api_test(asked: Asked) -> dict[str, Any]:
    """api.test: says back what it was given, or fails as it is told to."""
    if asked.args.get("error"):
        raise Refused(str(asked.args["error"]))
    return {"args": dict(asked.args)}


def auth_test(asked: Asked) -> dict[str, Any]:
    """auth.test: for an org-wide token the organisation stands where else the workspace does."""
    grant, team = asked.grant, asked.teams[0]
    answer = {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name if grant.team else grant.enterprise,
        "user": "rapport",
        "team_id": grant.team or grant.enterprise,
        "user_id": grant.bot_user,
        "bot_id": grant.bot_id,
        "is_enterprise_install": grant.team is None,
    }
    return answer | ({"enterprise_id": grant.enterprise} if grant.enterprise else {})


def user_info(asked: Asked) -> dict[str, Any]:
    """users.info."""
    (id,) = asked.needs("user")
    user = asked.user(id)
    organisation = (
        asked.world.teams_of(asked.world.teams[user.team].enterprise) if user.team in asked.world.teams else []
    )
    return {"user": user_object(user, asked.world.clock(), organisation)}


def oauth_access(asked: Asked) -> dict[str, Any]:
    """oauth.v2.access: a code becomes a token, once."""
    _check_client(asked)
    (code,) = asked.needs("code")
    offer = asked.world.offers.get(str(code))
    if offer is None:
        raise Refused("invalid_code")
    if offer.used:
        raise Refused("code_already_used")
    if asked.args.get("redirect_uri") not in (None, "", offer.redirect_uri):
        raise Refused("bad_redirect_uri")
    offer.used = True
    grant = asked.world.grant(offer.team, offer.enterprise, offer.scopes)
    return _access(asked.world, offer, grant)


def revoke(asked: Asked) -> dict[str, Any]:
    """auth.revoke: the token is worth nothing any more, which takes the app out of the workspace."""
    if asked.flag("test"):
        return {"revoked": False}
    asked.world.announcements += remove(asked.world, asked.grant, "token_revoked")
    return {"revoked": True}


def uninstall(asked: Asked) -> dict[str, Any]:
    """apps.uninstall: the app goes."""
    _check_client(asked)
    asked.world.announcements += remove(asked.world, asked.grant, "account_inactive")
    return {}


def remove(world: World, grant: Grant, code: str) -> list[tuple[str, dict[str, Any]]]:
    """Takes the app out: the token is refused with `code` from now on. The events that tell of it, by workspace."""
    grant.revoked = code
    told: list[tuple[str, dict[str, Any]]] = []
    for team in [world.teams[grant.team]] if grant.team else world.teams_of(grant.enterprise):
        team.bot_token = None
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [grant.bot_user]}}
        told += [(team.id, revoked), (team.id, {"type": "app_uninstalled"})]
    return told


def _access(world: World, offer: Offer, grant: Grant) -> dict[str, Any]:
    return {
        "app_id": APP_ID,
        "authed_user": {"id": offer.user},
        "scope": ",".join(grant.scopes),
        "token_type": "bot",
        "access_token": grant.token,
        "bot_user_id": grant.bot_user,
        "team": {"id": offer.team, "name": world.teams[offer.team].name} if offer.team else None,
        "enterprise": {"id": offer.enterprise, "name": offer.enterprise} if offer.enterprise else None,
        "is_enterprise_install": offer.team is None,
    }


def _check_client(asked: Asked) -> None:
    if asked.args.get("client_id") != asked.world.client_id:
        raise Refused("invalid_client_id")
    if asked.args.get("client_secret") != asked.world.client_secret:
        raise Refused("bad_client_secret")
