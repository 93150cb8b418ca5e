"""OVMS's command line: which flags exist, what they may hold, and what is said when they are wrong.

Flags without an effect on a rehearsal are accepted and checked where OVMS checks them, in its order; the first failing
check is the only one reported. Source: OVMS ``src/cli_parser.cpp``, ``src/config.cpp`` (2026.4).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

LOG_LEVELS = ("TRACE", "DEBUG", "INFO", "WARNING", "ERROR")

_UINT = frozenset(
    {
        "port",
        "rest_port",
        "grpc_workers",
        "grpc_max_threads",
        "grpc_memory_quota",
        "rest_workers",
        "file_system_poll_wait_seconds",
        "custom_node_resources_cleaner_interval_seconds",
        "nireq",
        "rehearsal_memory_mib",
        "rehearsal_cpu_seconds",
    }
)
_BOOL = frozenset(
    {"metrics_enable", "verbose_response", "allow_credentials", "help", "version", "rehearsal_no_network"}
)
_TEXT = frozenset(
    {
        "config_path",
        "model_name",
        "model_path",
        "grpc_bind_address",
        "rest_bind_address",
        "grpc_channel_arguments",
        "log_level",
        "log_path",
        "cache_dir",
        "metrics_list",
        "cpu_extension",
        "allowed_media_domains",
        "allowed_local_media_path",
        "allowed_origins",
        "allowed_methods",
        "allowed_headers",
        "api_key_file",
        "batch_size",
        "shape",
        "layout",
        "mean",
        "scale",
        "color_format",
        "precision",
        "model_version_policy",
        "target_device",
        "plugin_config",
    }
)
_MODEL_PARAMETERS = ("batch_size", "shape", "nireq", "model_version_policy", "target_device", "plugin_config")


class UsageError(Exception):
    """The command line is wrong; the text is OVMS's. Exit code 64."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """The command line as understood. ``given`` holds every flag that was written, by name."""

    config_path: str = ""
    model_name: str = ""
    model_path: str = ""
    port: int = 0
    rest_port: int = 0
    grpc_bind_address: str = "0.0.0.0"  # noqa: S104 - OVMS's default
    rest_bind_address: str = "0.0.0.0"  # noqa: S104 - OVMS's default
    log_level: str = "INFO"
    log_path: str = ""
    rest_workers: int = 0
    api_key: str = ""
    help: bool = False
    version: bool = False
    memory_mib: int = 0
    cpu_seconds: int = 0
    no_network: bool = False
    given: dict[str, str] = field(default_factory=dict)


def parse_arguments(words: list[str]) -> Arguments:
    """Read and check a command line. Raises :class:`UsageError` with the text OVMS prints."""
    given = _split(words)
    arguments = Arguments(
        config_path=given.get("config_path", ""),
        model_name=given.get("model_name", ""),
        model_path=given.get("model_path", ""),
        port=_uint(given, "port", 0),
        rest_port=_uint(given, "rest_port", 0),
        grpc_bind_address=given.get("grpc_bind_address", "0.0.0.0"),  # noqa: S104 - OVMS's default
        rest_bind_address=given.get("rest_bind_address", "0.0.0.0"),  # noqa: S104 - OVMS's default
        log_level=given.get("log_level", "INFO"),
        log_path=given.get("log_path", ""),
        rest_workers=_uint(given, "rest_workers", 0),
        api_key=_api_key(given),
        help="help" in given,
        version="version" in given,
        memory_mib=_uint(given, "rehearsal_memory_mib", 0),
        cpu_seconds=_uint(given, "rehearsal_cpu_seconds", 0),
        no_network=given.get("rehearsal_no_network") == "true",
        given=given,
    )
    if not (arguments.help or arguments.version):
        _validate(arguments)
    return arguments


def _split(words: list[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    unmatched: list[str] = []
    rest = iter(words)
    for word in rest:
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or name not in _UINT | _BOOL | _TEXT:
            unmatched.append(word)
        elif name in _BOOL:
            given[name] = value or "true"
        elif equals:
            given[name] = value
        else:
            following = next(rest, None)
            if following is None:
                raise UsageError(f"error parsing options: Option '{name}' is missing an argument")
            given[name] = following
    if unmatched:
        raise UsageError(f"error parsing options - unmatched arguments: {', '.join(unmatched)}")
    for name in _UINT & given.keys():
        _uint(given, name, 0)
    return given


def _api_key(given: dict[str, str]) -> str:
    """The first line of the key's file, else the environment's; a file that is given wins even when it is empty."""
    file = given.get("api_key_file")
    if not file:
        return os.environ.get("API_KEY", "")
    try:
        text = Path(file).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError("Error reading API key file: Unable to open file") from error
    return text.partition("\n")[0].rstrip()


def _uint(given: dict[str, str], name: str, default: int) -> int:
    text = given.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or int(text) >= 1 << 64:
        raise UsageError(f"error parsing options: Argument '{text}' failed to parse")
    return int(text)


def _validate(arguments: Arguments) -> None:
    """OVMS's checks in OVMS's order."""
    _check_mode(arguments)
    _check_workers_and_metrics(arguments)
    _check_addresses(arguments)
    extension = arguments.given.get("cpu_extension")
    if extension and not Path(extension).exists():
        raise UsageError(
            "File path provided as an --cpu_extension parameter does not exist in the filesystem: " + extension
        )
    if arguments.log_level not in LOG_LEVELS:
        raise UsageError(f"log_level should be one of: {', '.join(LOG_LEVELS)}")


def _check_mode(arguments: Arguments) -> None:
    if arguments.config_path and (arguments.model_name or arguments.model_path):
        raise UsageError("Use either config_path or model_path with model_name")
    if not arguments.config_path and not (arguments.model_name and arguments.model_path):
        raise UsageError("Use config_path or model_path with model_name")
    if arguments.config_path and any(name in arguments.given for name in _MODEL_PARAMETERS):
        raise UsageError("Model parameters in CLI are exclusive with the config file")


def _check_workers_and_metrics(arguments: Arguments) -> None:
    given, cores = arguments.given, os.cpu_count() or 1
    if "grpc_workers" in given and not 1 <= int(given["grpc_workers"]) <= cores:
        raise UsageError(f"grpc_workers count should be from 1 to CPU core count : {cores}")
    if "metrics_enable" in given and arguments.rest_port == 0:
        raise UsageError("rest_port setting is missing, metrics are enabled on rest port")
    if "metrics_list" in given and "metrics_enable" not in given:
        raise UsageError("metrics_enable setting is missing, required when metrics_list is provided")
    if arguments.port == 0 and arguments.rest_port == 0:
        raise UsageError("port and rest_port cannot both be unset")
    if "rest_workers" in given:
        if max(arguments.rest_workers, 2) > 10_000:
            raise UsageError("rest_workers count should be from 2 to 10000")
        if arguments.rest_port == 0:
            raise UsageError(
                "rest_workers is set but rest_port is not set. rest_port is required to start rest servers"
            )


def _check_addresses(arguments: Arguments) -> None:
    if arguments.port > 65_535:
        raise UsageError("port number out of range from 0 to 65535")
    if arguments.rest_port > 65_535:
        raise UsageError("rest_port number out of range from 0 to 65535")
    for flag, value in (
        ("rest_bind_address", arguments.rest_bind_address),
        ("grpc_bind_address", arguments.grpc_bind_address),
    ):
        if not value or len(value) > 255 or any(c.isspace() or c in "/?#@" for c in value):
            raise UsageError(f"{flag} has invalid format: proper hostname or IP address expected.")
    if arguments.port == arguments.rest_port:
        raise UsageError("port and rest_port cannot have the same values")
