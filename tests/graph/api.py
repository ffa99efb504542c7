from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from graph.http.app import Application
from services.core.actor import Role
from services.core.tokens import GrantClaim, LocalIssuer


def placed(error: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an error says of its code and its place: its extensions but the facts of its message."""
    return {name: value for name, value in error["extensions"].items() if name != "parameters"}


class Client:
    """What asks the API over HTTP."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def answer(self, query: str, **variables: Any) -> dict[str, Any]:
        """Return the whole answer of an operation."""
        response = await self.http.post("/graphql", json={"query": query, "variables": variables})
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def data(self, query: str, **variables: Any) -> Any:
        """Return the data of an operation without errors."""
        answer = await self.answer(query, **variables)
        assert "errors" not in answer, answer
        return answer["data"]

    async def problem(self, query: str, **variables: Any) -> str:
        """Return the message of the one error that took a query's place, or that of its fields."""
        answer = await self.answer(query, **variables)
        assert not any((answer.get("data") or {}).values())
        (error,) = answer["errors"]
        assert error["extensions"]["code"] in {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}
        message: str = error["message"]
        return message

    async def act(self, mutation: str, **variables: Any) -> Any:
        """Return the payload of a mutation that was not refused."""
        payload = next(iter((await self.data(mutation, **variables)).values()))
        assert payload["errors"] == [], payload["errors"]
        return payload

    async def do(self, verb: str, asked: str, **values: Any) -> Any:
        """Return what a verb that was not refused gave: `asked` is its payload's thing with the fields to read."""
        (thing,) = (
            value for key, value in (await self.act(document(verb, asked), input=values)).items() if key != "errors"
        )
        return thing

    async def refusal(self, mutation: str, **variables: Any) -> dict[str, Any]:
        """Return the one error of a mutation that was refused."""
        payload = next(iter((await self.data(mutation, **variables)).values()))
        (error,) = payload["errors"]
        assert [value for key, value in payload.items() if key != "errors"] == [None]
        found: dict[str, Any] = error
        return found


class Api(Client):
    """A client of the application, as somebody."""

    def __init__(self, app: Application, issuer: LocalIssuer, token: str | None = None) -> None:
        self.app = app
        self._issuer = issuer
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        super().__init__(httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers))

    def as_(
        self,
        role: Role,
        within: str | None = None,
        department: str | None = None,
        *,
        subject: str = "somebody",
    ) -> "Api":
        """Return a client with a grant."""
        return self.signed_in(subject, GrantClaim(role=role, within=within, department=department))

    def anonymous(self) -> "Api":
        """Return a client without a token."""
        return Api(self.app, self._issuer)

    def signed_in(self, subject: str, *grants: GrantClaim) -> "Api":
        """Return a client with a token of the subject that carries the grants."""
        token = self._issuer.sign(subject, list(grants), now=datetime.now(UTC), lifetime=timedelta(hours=1))
        return Api(self.app, self._issuer, token)


def document(verb: str, asked: str) -> str:
    """Return a verb as a mutation that asks for some of its payload and for its refusals."""
    takes = f"{verb[0].upper()}{verb[1:]}Input"
    return f"mutation ($input: {takes}!) {{ {verb}(input: $input) {{ {asked} errors {{ code message path }} }} }}"
