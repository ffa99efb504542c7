import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from deploy.servers import cluster, processes
from deploy.servers.account import Account, account_for, credentials
from deploy.servers.binaries import Binaries, find_binaries
from deploy.servers.directory import ServerDirectory, append_private, free_port, port_is_free
from deploy.servers.errors import ServerError, log_tail
from deploy.servers.place import find_place, make_place, remove_place

_START_TIMEOUT_S = 60.0
_STOP_TIMEOUT_S = 30.0
_START_TRIES = 20
_RETRY_S = 0.25

_CREATE_DATABASE = r"""
SELECT format('CREATE DATABASE %I', :'name')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
"""


class EmbeddedPostgres:
    """A PostgreSQL server of one directory, reachable from this machine only.

    The object that starts the server answers for it until its `stop`. When its process dies instead, the server
    runs on, and the next `start` in the directory takes it over.
    """

    def __init__(
        self, directory: Path, *, database: str = "shangliang", settings: Mapping[str, str] | None = None
    ) -> None:
        self._directory = ServerDirectory(directory)
        self._database = database
        self._settings = dict(settings or {})
        self._mine = False
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where the database is, with the password; the server must have been started."""
        return self.url_of(self._database)

    def url_of(self, database: str) -> str:
        """As `url`, for another database of the same server."""
        return f"postgresql://{cluster.SUPERUSER}:{self._directory.secret()}@127.0.0.1:{self.port}/{database}"

    @property
    def port(self) -> int:
        """The port, remembered from the last start and kept while it is free."""
        try:
            return int(self._port_file.read_text())
        except FileNotFoundError:
            raise ServerError(f"No server has been started in {self._directory.path}.") from None

    @property
    def pid(self) -> int | None:
        """The server's process; None when it does not run."""
        return cluster.running_pid(self._place)

    @property
    def log_file(self) -> Path:
        """What the server says."""
        return self._directory.path / "postgres.log"

    def start(self) -> bool:
        """The server runs and has the database; whether this object answers for it from this call on.

        True when this call started the server, or took over one whose starter had died; False when one was there
        already, which then runs with the settings of whoever started it. Raises ServerError.
        """
        with self._directory.starting():
            if self.pid is not None:
                # A starter that died just after spawning may have left a server that is not ready yet.
                self._wait_ready(cluster.running_pid(self._place))
                taken_over = not self._mine and self._directory.take_ownership()
                self._mine = self._mine or taken_over
                self._port_file.write_text(str(cluster.running_port(self._place)))
                self._create_database(find_binaries())
                return taken_over
            self._directory.take_ownership()
            try:
                self._start_fresh()
            except BaseException:
                self._end(signal.SIGQUIT)
                self._directory.release_ownership()
                raise
            self._mine = True
            return True

    def take_over(self) -> None:
        """This object answers for what runs here. Raises ServerError when another living one does."""
        with self._directory.starting():
            if not self._directory.take_ownership():
                raise ServerError(f"The server in {self._directory.path} is in use by another process.")
            self._mine = True

    def stop(self) -> None:
        """The server that this object answers for is shut down and its data is on disk; else nothing happens."""
        self._stop(signal.SIGINT)

    def kill(self) -> None:
        """The server is dead as after a crash, with nothing flushed; `start` recovers it on the same port."""
        if not self._mine:
            raise ServerError("Only the server's starter may kill it.")
        self._end(signal.SIGKILL)

    def remove(self) -> None:
        """The server is stopped and everything that it and this object made is gone, wherever it was."""
        self._stop(signal.SIGQUIT)  # nothing is left that a gentle end would keep
        if self.pid is not None:
            raise ServerError(f"The server in {self._directory.path} is in use by another process.")
        remove_place(self._directory.path)
        self._directory.remove(("port", self.log_file.name))

    @property
    def _place(self) -> Path:
        return find_place(self._directory.path)

    @property
    def _port_file(self) -> Path:
        return self._directory.path / "port"

    def _start_fresh(self) -> None:
        """The server runs, on a cluster that is made first where there is none."""
        account = account_for(self._place)
        place = make_place(self._directory.path, account)
        installed = find_binaries(cluster.major_version(place))
        binaries = installed.reachable_by(account, place)
        if cluster.major_version(place) is None:
            durable = self._settings.get("fsync") != "off"
            cluster.make_cluster(place, binaries, account, self._directory.secret(), durable=durable)
        cluster.forget_reused_pid(place)
        for _ in range(_START_TRIES):
            port = self._choose_port()
            cluster.write_settings(place, port, self._settings)
            if self._spawn(place, binaries, account):
                break
            time.sleep(_RETRY_S)
        else:
            raise ServerError(f"PostgreSQL did not start:\n{log_tail(self.log_file)}")
        self._create_database(installed)

    def _choose_port(self) -> int:
        remembered = int(self._port_file.read_text()) if self._port_file.exists() else None
        port = remembered if remembered is not None and port_is_free(remembered) else free_port()
        self._port_file.write_text(str(port))
        return port

    def _spawn(self, place: Path, binaries: Binaries, account: Account | None) -> bool:
        """Whether the server came up; False when what stood in its way goes by itself or by another port."""
        before = self.log_file.stat().st_size if self.log_file.exists() else 0
        with append_private(self.log_file) as log:
            self._process = subprocess.Popen(  # noqa: S603 -- the installation's own program
                [binaries.program("postgres"), "-D", str(cluster.data_directory(place))],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=place,
                env=cluster.clean_environment(),
                # Ctrl-C in a terminal is for the caller, who stops the server after its own clients.
                start_new_session=True,
                **credentials(account),
            )
        try:
            self._wait_ready(self._process.pid)
        except ServerError:
            with self.log_file.open("rb") as log:
                log.seek(before)
                said = log.read()
            # A killed server's last children hold its memory for a moment; a port may be taken since it was tried.
            if b"still in use" in said or b"already in use" in said:
                return False
            raise
        return True

    def _wait_ready(self, pid: int | None) -> None:
        def settled() -> bool:
            return pid is None or cluster.is_ready(self._place, pid) or not processes.alive(pid)

        settled_in_time = processes.wait_until(settled, _START_TIMEOUT_S)
        if pid is None or not settled_in_time or not processes.alive(pid):
            raise ServerError(f"PostgreSQL did not start:\n{log_tail(self.log_file)}")

    def _create_database(self, binaries: Binaries) -> None:
        """The database exists."""
        environment = {**cluster.clean_environment(), "PGPASSWORD": self._directory.secret()}
        where = ["--host=127.0.0.1", f"--port={self.port}", f"--username={cluster.SUPERUSER}", "--dbname=postgres"]
        variables = ["-v", "ON_ERROR_STOP=1", "-v", f"name={self._database}"]
        done = subprocess.run(  # noqa: S603 -- the installation's own program
            [binaries.program("psql"), "--no-psqlrc", "--quiet", *where, *variables],
            input=_CREATE_DATABASE,
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
        if done.returncode != 0:
            raise ServerError(f"The database {self._database} could not be created:\n{done.stderr}".rstrip())

    def _stop(self, gentle: signal.Signals) -> None:
        if not self._mine:
            return
        with self._directory.starting():
            self._end(gentle)
            self._mine = False
            self._directory.release_ownership()

    def _end(self, gentle: signal.Signals) -> None:
        """The server's process is gone, and reaped where it is this process's child."""
        pid = self.pid or (self._process.pid if self._process and self._process.poll() is None else None)
        if pid is not None:
            processes.end(pid, gentle, timeout_s=_STOP_TIMEOUT_S)
            # A killed server's children notice by themselves, a moment later.
            processes.wait_until(lambda: not processes.working_in(self._place), _STOP_TIMEOUT_S)
        if self._process is not None:
            self._process.wait()
            self._process = None
