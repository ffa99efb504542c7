import json
import re
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from services.core.addresses import folder, listened_host, public_address, server_address, server_addresses
from services.core.deadline import DEADLINE_S
from services.core.issuers import unfit_issuer
from services.core.limits import AgencyLimits, Limits
from services.core.policy import Hours, Policy
from services.core.variables import SECRET, Mounted, Right, Variables, shown

SECRETS = Path("/run/secrets")
ANY_ORIGIN = "*"
ORIGIN = re.compile(
    r"(http://(?!.*:80$)|https://(?!.*:443$))(\[[0-9a-f:.]+\]|[a-z0-9-]+(\.[a-z0-9-]+)*)(:[1-9][0-9]{0,4})?", re.ASCII
)
"""An origin as browsers send it (RFC 6454): scheme, host and, where it is not the scheme's own, port."""

HOST = re.compile(r"\[[0-9a-f:.]+\]|[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.ASCII)
"""A host as browsers send it, without its port."""
THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")
EVERY_ADDRESS = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 -- what no client asks for


LOCK_S = 3.0
TRIES = 20
MOST_S = 86_400
"""Seconds of a time limit at most: a day."""

DatabaseAddress = Annotated[
    str | None,
    AfterValidator(server_address("postgresql", "postgres")),
    Right("postgresql://account:password@host:5432/database"),
    SECRET,
]
ReplicaAddresses = Annotated[
    tuple[str, ...],
    NoDecode,
    AfterValidator(server_addresses("postgresql", "postgres")),
    Right("postgresql://account:password@host:5432/database, several between commas or spaces"),
    SECRET,
]
BrokerAddress = Annotated[
    str | None,
    AfterValidator(server_address("amqp", "amqps")),
    Right("amqp://account:password@host:5672/vhost"),
    SECRET,
]
ManagementAddress = Annotated[
    str | None, AfterValidator(server_address("http", "https")), Right("http://account:password@host:15672"), SECRET
]
Port = Annotated[int, Field(ge=1, le=65_535)]
Seconds = Annotated[float, Field(gt=0, le=MOST_S, allow_inf_nan=False)]
Folder = Annotated[Path, AfterValidator(folder), Right("the path of a folder")]


class Documents(StrEnum):
    """What becomes of documents that are not trusted."""

    OFF = "off"
    LOGGED = "logged"
    ONLY = "only"


def secrets_dir() -> Path | None:
    """Return where a container's secrets are mounted, if they are."""
    return SECRETS if SECRETS.is_dir() else None


def local_url(host: str, port: int) -> str:
    """Return the address at which this machine reaches what listens at a host and a port."""
    name = "127.0.0.1" if host in EVERY_ADDRESS else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


class Settings(Policy, BaseSettings):
    """All settings, the policy's too, read once at start.

    They come from `SHANGLIANG_…` variables, of secrets from the files that `SHANGLIANG_…_FILE` names, or files of the
    same name in lower case. The last are Docker's secrets: /run/secrets/shangliang_database_url and so on.
    """

    model_config = SettingsConfigDict(
        env_prefix="SHANGLIANG_",
        env_nested_delimiter="_",
        env_nested_max_split=1,
        extra="ignore",
        hide_input_in_errors=True,
        secrets_dir=secrets_dir(),
    )

    receipt_hours: Annotated[
        dict[str, Hours], NoDecode, Right('JSON by types of events, as {"topic.listed": 48, "*": 72}')
    ] = {}
    environment: Literal["development", "production"] = "development"
    """In production the local issuer signs nothing and its tokens are not taken, and no process starts with an account
    of the database that may do more than the process needs."""
    database_url: DatabaseAddress = None
    """postgresql://… of PostgreSQL 15 or later as who migrates it; no address set means a server under `state_dir`."""
    read_database_url: DatabaseAddress = None
    """The API's reads; unset means `database_url`, as for those that follow."""
    replica_database_urls: ReplicaAddresses = ()
    """Streaming replicas, between commas or spaces, to which the API's reads go first; none means the server alone."""
    write_database_url: DatabaseAddress = None
    """The API's mutations."""
    listen_database_url: DatabaseAddress = None
    """Where processes hear and tell of changes, past a pooler of connections; unset means each one's own address."""
    relay_database_url: DatabaseAddress = None
    intake_database_url: DatabaseAddress = None
    operator_database_url: DatabaseAddress = None
    """What commands at the command line do."""
    amqp_url: BrokerAddress = None
    """amqp://… of RabbitMQ; unset means a private node of the installed broker."""
    relay_amqp_url: BrokerAddress = None
    """The relay's own account on the same vhost; unset means `amqp_url`."""
    intake_amqp_url: BrokerAddress = None
    """The intake's own account on the same vhost; unset means `amqp_url`."""
    rabbitmq_api_url: ManagementAddress = None
    """http://user:password@host:15672 of the broker's management API; it carries policies and accounts."""
    host: Annotated[str, AfterValidator(listened_host), Right("an address or a name of this machine")] = "127.0.0.1"
    port: Port = 8000
    metrics_port: Port | None = None
    """Where on `host` a process answers scrapes of its metrics; unset means nowhere."""
    public_url: Annotated[str, AfterValidator(public_address)] = ""
    """Where the front end is: base of the links to topics that events carry; unset means where this machine has it."""
    state_dir: Folder = Path(".shangliang")
    access_log: bool = False
    """Whether every request over HTTP is logged."""
    slow_operation_s: Seconds | None = None
    """Operations of GraphQL that take longer are logged; unset means none."""
    security_log: Path | None = None
    """The file of the security log; unset means the log of the process."""
    anchor_dir: Folder | None = None
    """Where the relay keeps anchors of the trace; unset means that it makes none."""
    anchor_key_file: Path | None = None
    """PEM of the Ed25519 key that signs anchors; unset means one made under `state_dir`."""
    signing_key_file: Path | None = None
    """PEM of the local issuer's EC P-256 private key; unset means one made under `state_dir`."""
    oidc_issuer: str | None = None
    """Issuer of the tokens; unset means a local key pair under `state_dir`."""
    oidc_audience: str = Field("shangliang", min_length=1)
    console_client_id: str = Field("shangliang-console", min_length=1)
    """What the hall and the desk are called at the issuer, where people sign in: a public client."""
    sign_in_url: str | None = None
    """Where `shangliang sign-in` is reached, by which people sign in with one click in demonstrations and trials."""
    sign_in_port: Port = 8001
    keep_alive_s: int = Field(75, ge=1, le=3_600)
    """For how long a connection is kept that nothing is asked over: longer than a proxy before it keeps its own."""
    drain_s: float = Field(5.0, ge=0, le=3_600)
    """For how long a process that is told to end by SIGTERM goes on answering, unready, before it closes its port."""
    workers: int = Field(1, ge=0)
    """Processes that answer HTTP at one port; 0 for one for each core, as far as PostgreSQL has connections."""
    read_connections: int = Field(8, ge=1)
    write_connections: int = Field(8, ge=1)
    export_connections: int = Field(2, ge=0)
    """How many exports one process answers at once; each has a connection of its own while it lasts."""
    export_timeout_s: Seconds = 900.0
    """How long an export may take, its client's taking included."""
    statement_timeout_s: Seconds = DEADLINE_S
    """How long a request may wait for the database, for connections, locks and answers together."""
    migration_lock_s: Seconds = LOCK_S
    """How long a migration waits for a lock, and lets all wait that come after it, before it gives way."""
    migration_tries: int = Field(TRIES, ge=1)
    """How often a migration that gave way is tried, after ever longer pauses."""
    request_body_bytes: int = Field(1_048_576, ge=1)
    head_timeout_s: Seconds = 20.0
    """For how long a request's head may arrive: from the connection on, later from its first byte."""
    body_timeout_s: Seconds = 60.0
    """For how long a request's body may arrive, from its head on."""
    subscriber_backlog: int = Field(5_000, ge=1)
    """Changes that may wait for one subscriber before it is cut off."""
    limit: Limits = Limits()
    """`SHANGLIANG_LIMIT_DEPTH` and so on."""
    agency: AgencyLimits = AgencyLimits()
    """`SHANGLIANG_AGENCY_CONNECTIONS` and so on."""
    budget_per_minute: int = Field(2_000_000_000, ge=0)
    """What the operations of one caller may cost in a minute; 0 for whatever they ask."""
    connections: int = Field(20_000, ge=1)
    """Connections of one process at once; beyond them requests get 503."""
    caller_connections: int = Field(5_000, ge=0)
    """Connections of one address at once that no WebSocket runs over; 0 for any number. Proxies have any number."""
    caller_streams: int = Field(5_000, ge=0)
    """Event streams of one caller at once, and as many WebSockets; 0 for any number."""
    caller_exports: int = Field(2, ge=0)
    """Exports of one caller at once; 0 for any number."""
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    """Networks (CIDR), between commas, of proxies that are believed from where a request comes."""
    hide_suggestions: bool = False
    """Whether a misspelt name is refused without the names that it might have been."""
    trusted_documents: Annotated[tuple[Path, ...], NoDecode] = ()
    """Manifests of trusted documents, between commas, as Apollo's and Relay's tools write them."""
    documents: Documents = Documents.OFF
    """Whether documents that are in no manifest are taken, taken and logged, or refused."""
    hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Names, between commas, that the API answers for beside this machine's and the public address's; `*` means all."""
    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    """Origins, between commas, whose pages may use the API from a browser; `*` alone means all, none its own only."""
    explorer: bool = True
    """Whether a browser that opens the API's address gets GraphiQL."""
    console: bool = True
    """Whether a browser that opens an address which nothing else has gets the hall and the desk."""
    federation: bool = False
    """Whether the schema is a subgraph of Apollo Federation 2: it has `_service` and `_entities`."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 -- there is no such file
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return where settings come from, the first before the others; what is wrong with names is told first."""
        mounted = Mounted(settings_cls, getattr(file_secret_settings, "secrets_dir", None))
        return init_settings, Variables(settings_cls), env_settings, mounted

    @field_validator("trusted_proxies")
    @classmethod
    def check_proxies(cls, networks: tuple[str, ...]) -> tuple[str, ...]:
        """Require that each is a network."""
        for network in networks:
            try:
                ip_network(network)
            except ValueError as error:
                raise ValueError(
                    f"{network!r} is not a network as 10.0.0.0/8, 192.0.2.7 or 2001:db8::/32: {error}."
                ) from None
        return networks

    @model_validator(mode="after")
    def check_sign_in(self) -> Self:
        """Require that people sign in by one click only in trials, in which the local issuer's tokens are taken."""
        if self.sign_in_url is None:
            return self
        if self.environment == "production" or self.oidc_issuer is not None:
            raise ValueError(
                f"SHANGLIANG_SIGN_IN_URL is {shown(self.sign_in_url)}: it is for trials, where anybody may sign in as "
                "anybody, and not taken in production or with SHANGLIANG_OIDC_ISSUER."
            )
        if fault := unfit_issuer(self.sign_in_url, production=False):
            raise ValueError(f"SHANGLIANG_SIGN_IN_URL is {shown(self.sign_in_url)}, not an issuer's address: {fault}.")
        return self

    @model_validator(mode="after")
    def place_front_end(self) -> Self:
        """Let the front end be where HTTP is answered, unless it is said to be elsewhere."""
        if not self.public_url:
            object.__setattr__(self, "public_url", local_url(self.host, self.port))  # the settings are frozen
        return self

    @property
    def sign_in_issuer(self) -> str | None:
        """Where the people of the front end sign in; None where they cannot."""
        return self.oidc_issuer or self.sign_in_url

    @property
    def policy(self) -> Policy:
        """The figures of the rules alone."""
        return Policy.model_validate(self, from_attributes=True)

    @property
    def answered_hosts(self) -> tuple[str, ...]:
        """The names that the API answers for, without ports."""
        public = urlsplit(self.public_url).hostname or ""
        names = (*self.hosts, f"[{public}]" if ":" in public else public, self.host, *THIS_MACHINE)
        return tuple(dict.fromkeys(name for name in names if name not in EVERY_ADDRESS))

    @field_validator("hosts")
    @classmethod
    def check_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        """Require that each is a name in small letters, or that it is all of them."""
        for host in hosts if hosts != (ANY_ORIGIN,) else ():
            if not HOST.fullmatch(host):
                raise ValueError(
                    f"{host!r} is not a host's name: small letters, without scheme and port, as api.example.org, "
                    "10.0.0.5 or [fd00::5]; or * alone."
                )
        return hosts

    @model_validator(mode="after")
    def check_issuer(self) -> Self:
        """Require that the issuer's keys come from the issuer."""
        if self.oidc_issuer is not None and (
            fault := unfit_issuer(self.oidc_issuer, production=self.environment == "production")
        ):
            raise ValueError(f"SHANGLIANG_OIDC_ISSUER is {shown(self.oidc_issuer)}, not an issuer's address: {fault}.")
        return self

    @model_validator(mode="after")
    def check_documents(self) -> Self:
        """Require that there are trusted documents where others are told of or refused."""
        if self.documents is not Documents.OFF and not self.trusted_documents and not self.console:
            raise ValueError(
                f"SHANGLIANG_DOCUMENTS is {self.documents} and SHANGLIANG_TRUSTED_DOCUMENTS is empty: name a manifest."
            )
        return self

    @field_validator("receipt_hours", mode="before")
    @classmethod
    def read_hours(cls, text: object) -> object:
        """Return the hours that a text tells."""
        try:
            return json.loads(text) if isinstance(text, str) else text
        except ValueError as error:
            raise ValueError(f"it is no JSON ({error}).") from None

    @field_validator("trusted_documents", mode="before")
    @classmethod
    def separate_files(cls, text: object) -> object:
        """Return the files of a text, one for each comma between them."""
        return tuple(part.strip() for part in text.split(",") if part.strip()) if isinstance(text, str) else text

    @field_validator("hosts", "cors_origins", "trusted_proxies", "replica_database_urls", mode="before")
    @classmethod
    def separate(cls, text: object) -> object:
        """Return the names of a text, one for each comma or space between them."""
        return tuple(re.findall(r"[^,\s]+", text)) if isinstance(text, str) else text

    @field_validator("amqp_url", "relay_amqp_url", "intake_amqp_url")
    @classmethod
    def check_trust(cls, url: str | None) -> str | None:
        """Require that the broker at the address has to show who it is."""
        if url is not None and "no_verify_ssl" in urlsplit(url).query:
            raise ValueError("no_verify_ssl would take any broker for the right one: name its authority by cafile.")
        return url

    @field_validator("cors_origins")
    @classmethod
    def check_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        """Require that each is an origin as browsers send it, or that it is all of them."""
        for origin in origins if origins != (ANY_ORIGIN,) else ():
            if not ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"{origin!r} is not an origin as browsers send it: scheme, host and port in small letters, "
                    "nothing behind, as https://app.example.org or http://localhost:3000; or * alone."
                )
        return origins
