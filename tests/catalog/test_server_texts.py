"""Statuses and log signatures are whole, and each signature is one that Python can use."""

from __future__ import annotations

import re

import pytest
from grpc import StatusCode

from graphval.catalog.server_texts import log_formats, log_signatures, statuses

GRPC = {code.name: code.value[0] for code in StatusCode}


def test_statuses_have_codes() -> None:
    assert len(statuses()) > 100
    for name, status in statuses().items():
        assert status.name == name
        assert GRPC[status.grpc] == status.grpc_code, name
        assert 200 <= status.http < 600, name
        assert status.wire == status.message or not status.grpc_mapped, name


@pytest.mark.parametrize(("details", "end"), [("", ""), ("why", " - why")])
def test_a_status_with_details(details: str, end: str) -> None:
    for status in statuses().values():
        assert status.text(details) == status.message + end


def test_signatures_compile() -> None:
    assert len({signature.id for signature in log_signatures()}) == len(log_signatures())
    for signature in log_signatures():
        assert re.compile(signature.regex), signature.id
        assert signature.applies_to in ("msg", "raw"), signature.id
        assert signature.stream, signature.id


def test_formats_compile() -> None:
    assert {entry.id for entry in log_formats()} >= {"ovms_line", "absl_line", "glog_line"}
    for entry in log_formats():
        assert re.compile(entry.regex), entry.id


def test_the_line_that_ends_a_load() -> None:
    from graphval.engines.process import LOAD_ENDED

    signature = next(signature for signature in log_signatures() if signature.id == "load_end")
    assert re.match(signature.regex, LOAD_ENDED.decode())
