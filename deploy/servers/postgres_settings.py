from collections.abc import Mapping

NAME = "shangliang.conf"

# Each setting with its reason; the file is written anew at every start.
_SETTINGS: tuple[tuple[str, str, str], ...] = (
    ("listen_addresses", "127.0.0.1", "private: this machine only"),
    ("unix_socket_directories", "", "none: a socket's path is limited to 107 bytes, a directory's is not"),
    ("max_connections", "200", "the service, its workers and parallel tests, each with pools of their own"),
    ("shared_buffers", "256MB", "a province's data stays in memory"),
    ("effective_cache_size", "1GB", "what a laptop's page cache can be counted on for"),
    ("random_page_cost", "1.1", "solid-state disks"),
    ("jit", "off", "compiling costs more than these short statements take"),
    ("wal_level", "minimal", "nothing replicates from here, so less is written"),
    ("max_wal_senders", "0", "needed by the line above"),
    ("wal_compression", "on", "small full-page images on a small disk"),
    ("max_wal_size", "512MB", "checkpoints stay rare while seeding, and the disk small"),
    ("checkpoint_timeout", "15min", "as above"),
    ("timezone", "UTC", "instants print alike on every machine"),
    ("log_timezone", "UTC", "as above"),
    ("log_statement", "none", "what people wrote stands in the tables and in no log"),
    ("log_min_messages", "log", "an error's words quote values; whoever sent the statement gets them"),
    ("log_min_error_statement", "panic", "as above"),
    ("log_parameter_max_length", "0", "as above"),
    ("log_parameter_max_length_on_error", "0", "as above"),
    ("log_error_verbosity", "terse", "without details, which quote rows"),
    ("log_line_prefix", "%m [%p] ", "time and process"),
)


def settings_file(port: int, extra: Mapping[str, str]) -> str:
    """The text of the configuration file; an extra setting overrides one of the same name."""
    lines = ["# Written by the launcher at every start."]
    lines += [f"{_line(name, value)}  # {reason}" for name, value, reason in _SETTINGS if name not in extra]
    lines += [_line(name, value) for name, value in {**extra, "port": str(port)}.items()]
    return "\n".join(lines) + "\n"


def _line(name: str, value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"{name} = '{escaped}'"
