"""The server: what it answers, to whom, and that sessions know nothing of each other."""

import contextlib
import csv
import io
import json
import re
import shlex
import signal
import socket
import subprocess
import time
import zipfile
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pandas as pd
import pytest
import roadrunner
from mtorules.cli.main import main
from mtorules.explore import evidence

Scenarios = Callable[..., dict[str, Any]]

BINDING = """begin model
begin parameters
  kf 1e-3
  kr 1e-3
  A_0 100
  B_0 50
end parameters
begin molecule types
  A(b)
  B(a)
end molecule types
begin seed species
  A(b) A_0
  B(a) B_0
end seed species
begin observables
  Molecules A_free A(b)
  Molecules AB A(b!1).B(a!1)
end observables
begin reaction rules
  A(b) + B(a) <-> A(b!1).B(a!1) kf, kr
end reaction rules
end model
"""
DECAY = Path(__file__).with_name("decay.xml").read_text(encoding="utf-8")


def values(found: dict[str, Any], name: str) -> np.ndarray:
    (one,) = [each for each in found["readouts"] if each["name"] == name]
    return np.array(one["values"])


# -- numbers ---------------------------------------------------------------------------------------


def test_a_course_has_the_numbers_of_the_command_it_names(
    client: Any, scenario: Scenarios, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drugs = [{"name": "everolimus", "dose": 20, "at": 1, "washout": 12}]
    asked = scenario(conditions=["RPTOR_50pct", "FED"], drugs=drugs, settings={"RPS6_0": 700})
    found = client.ask("course", scenario=asked)
    monkeypatch.chdir(tmp_path)
    assert main([*shlex.split(found["commands"][0])[1:], "--quiet"]) == 0
    told = pd.read_csv("results/time-course/time_course.csv")
    for name in asked["readouts"]:
        command = told[told.readout == name]["median"].to_numpy()
        assert values(found, name) == pytest.approx(command, rel=1e-5, abs=1e-9)
    course = values(found, "S6K_pT389")
    assert np.ptp(course) > 0.8 * np.max(course)  # the drug is seen


def test_a_course_has_the_numbers_of_the_python_it_shows(client: Any, scenario: Scenarios) -> None:
    found = client.ask("course", scenario=scenario(conditions=["FKBP1A_null"]))
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(found["python"], names)
    for name in ("S6K_pT389", "MTORC2"):
        assert values(found, name) == pytest.approx(names["course"][name].to_numpy(), rel=1e-6)


def test_csv_holds_the_course(client: Any, scenario: Scenarios) -> None:
    found = client.ask("course", scenario=scenario())
    rows = list(csv.reader(io.StringIO(client.ask("csv", scenario=scenario()))))
    assert rows[0] == ["time (s)", "S6K_pT389", "MTORC2 (nM)"]
    assert [float(row[1]) for row in rows[1:]] == pytest.approx(values(found, "S6K_pT389"), 1e-6)


def test_sbml_with_settings_does_the_same_in_another_simulator(
    client: Any, scenario: Scenarios
) -> None:
    asked = scenario(readouts=["MTORC1_intact"], conditions=["RPTOR_50pct"])
    found = client.ask("course", scenario=asked)
    taken = client.ask("sbml", scenario=asked)
    end, zero = map(float, re.findall(r"until ([\d.e+]+) s", taken["said"]))
    runner = roadrunner.RoadRunner(taken["text"])
    runner.integrator.relative_tolerance = 1e-9
    runner.integrator.absolute_tolerance = 1e-12
    times = [0.0, zero, *np.linspace(zero, zero + 24 * 3600, 201)[1:]]
    ran = runner.simulate(times=times, selections=["time", "MTORC1_intact"])
    assert end == pytest.approx(zero + 24 * 3600, rel=1e-4)
    shape = values(found, "MTORC1_intact") / values(found, "MTORC1_intact")[0]
    assert np.asarray(ran)[1:, 1] / np.asarray(ran)[1, 1] == pytest.approx(shape, rel=1e-4)


def test_the_archive_opens(client: Any, scenario: Scenarios) -> None:
    data = b64decode(client.ask("archive", scenario=scenario()))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {"manifest.xml", "model.xml"} <= set(archive.namelist())
        assert any(name.endswith(".sedml") for name in archive.namelist())
    found = client.bring("a.omex", data).json()["found"]
    assert found["title"] == "translation"


def test_dose_response_has_the_middle_of_its_own_curve(client: Any, scenario: Scenarios) -> None:
    found = client.ask("dose", scenario=scenario(), compound="everolimus")
    (curve,) = [c for c in found["curves"] if c["readout"] == "S6K_pT389"]
    (row,) = [r for r in found["table"] if r["readout"] == "S6K_pT389"]
    middle = float(row["absolute IC50"].split()[0])
    logs = np.interp(
        -np.log10(middle), -np.log10(found["doses"])[::-1], np.array(curve["values"])[::-1]
    )
    assert logs == pytest.approx(curve["control"] / 2, rel=0.25)
    alone = client.ask("course", scenario=scenario(drugs=[]))
    assert curve["control"] == pytest.approx(values(alone, "S6K_pT389")[-1], rel=1e-5)


def test_what_is_varied_is_given_and_washed_out_when_it_was_chosen(
    client: Any, scenario: Scenarios
) -> None:
    drug = {"name": "everolimus", "dose": 20, "at": 8, "washout": 20}
    asked = scenario(drugs=[drug])
    found = client.ask("dose", scenario=asked, compound="everolimus")
    (curve,) = [c for c in found["curves"] if c["readout"] == "S6K_pT389"]
    (place,) = np.flatnonzero(np.isclose(found["doses"], 20))
    course = client.ask("course", scenario=asked)
    assert curve["values"][place] == pytest.approx(values(course, "S6K_pT389")[-1], rel=1e-5)
    assert "log 9 @ 8 h' --washout 'everolimus @ 20 h'" in course["commands"][1]


def test_the_map_tells_the_change_against_the_untreated_cell(
    client: Any, scenario: Scenarios
) -> None:
    told = client.ask("map", scenario=scenario())["molecules"]["S6K"]
    name = told["observable"]
    asked = {**scenario(readouts=[name])}
    treated = values(client.ask("course", scenario=asked), name)[::5]
    plain = values(client.ask("course", scenario={**asked, "drugs": []}), name)[::5]
    assert told["value"] == pytest.approx(treated, rel=1e-6, abs=1e-9)
    assert told["untreated"] == pytest.approx(plain, rel=1e-6)
    # Below a hundredth of the most that is seen of a molecule a change is not told.
    total = values(client.ask("course", scenario={**asked, "readouts": ["S6K_total"]}), "S6K_total")
    some = treated > 0.0101 * total.max()
    assert some.sum() > 1
    assert np.array(told["change"])[some] == pytest.approx(np.log2(treated / plain)[some], abs=1e-4)
    assert min(told["change"]) < -2


def test_the_map_of_a_model_of_ones_own_compares_with_its_file(client: Any) -> None:
    model = client.bring("ab.bngl", BINDING).json()["found"]["model"]
    asked = {"model": model, "until": 50, "settings": {"B_0": 25}, "readouts": ["AB"]}
    told = client.ask("map", scenario=asked)["molecules"]["B"]
    assert told["observable"] == "AB"
    # In excess of A, complexes are as many as there is B; both begin from nothing.
    assert -1.1 < told["change"][-1] < -0.9


def test_the_map_names_rules_and_parameters(client: Any) -> None:
    nodes = {n["id"]: n for n in client.ask("layout", model="translation")["nodes"]}
    assert {"S6K", "RPS6", "EIF4EBP1"} <= nodes.keys()
    assert any("uniprot" in source for source in nodes["RPS6"]["sources"])
    part = client.ask("part", model="translation", part="RPS6")
    assert part["rules"]
    assert all(rule["parameters"] for rule in part["rules"])
    named = {p["name"] for rule in part["rules"] for p in rule["parameters"]}
    assert any("RPS6" in name for name in named)
    assert "no molecule" in client.refusal("part", model="translation", part="<script>")


def test_claims_that_share_compounds_are_listed(client: Any, scenario: Scenarios) -> None:
    found = client.ask("claims", scenario=scenario())
    assert found["claims"]
    assert all("everolimus" in claim["shares"] for claim in found["claims"])
    assert len(found["claims"]) <= evidence.MOST


# -- what is wrong ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"model": "signaling"}, "signalling"),
        ({"readouts": ["S6K_pT398"]}, "S6K_pT389"),
        ({"conditions": ["PTEN_nul"]}, "PTEN_null"),
        ({"drugs": [{"name": "everolimo", "dose": 1}]}, "everolimus"),
        ({"settings": {"MTOR_1": 1}}, "MTOR_0"),
        ({"settings": {"MTOR_0": -1}}, "negative"),
    ],
)
def test_a_wrong_name_gets_the_nearest(
    client: Any, scenario: Scenarios, more: dict[str, Any], said: str
) -> None:
    assert said in client.refusal("course", scenario=scenario(**more))


def test_what_is_no_question_is_refused(client: Any) -> None:
    assert client.http.post("/api/eval", json={}).status_code == 404
    assert client.http.post("/api/course", content=b"{").status_code == 400
    assert client.http.post("/api/course", json=[]).status_code == 400
    assert "lacks 'scenario'" in client.refusal("course")
    assert client.http.post("/api/course", content=b"[" * 300_000).status_code == 400
    assert client.http.get("/page/../server.py").status_code in (403, 404)
    assert client.http.get("/page/..%2fserver.py").status_code in (403, 404)


# -- files of one's own ----------------------------------------------------------------------------


def test_sbml_of_ones_own_decays_as_the_closed_form_says(client: Any) -> None:
    found = client.bring("decay.xml", DECAY).json()["found"]
    assert found["parameters"][0]["name"] == "k"
    asked = {"model": found["model"], "until": 20, "settings": {"k": 0.2}, "readouts": ["S"]}
    course = client.ask("course", scenario=asked)
    time = np.array(course["time"])
    assert values(course, "S") == pytest.approx(10 * np.exp(-0.2 * time), rel=1e-5)
    assert (
        "no error" in client.ask("check", model=found["model"])["text"].lower()
        or client.ask("check", model=found["model"])["text"]
    )
    assert "rules" in client.refusal("layout", model=found["model"])


def test_the_command_for_a_file_gives_its_numbers(
    client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content, readout in (("decay.xml", DECAY, "S"), ("ab.bngl", BINDING, "AB")):
        Path(name).write_text(content, encoding="utf-8")
        model = client.bring(name, content).json()["found"]["model"]
        asked = {"model": model, "until": 50, "settings": {}, "readouts": [readout]}
        found = client.ask("course", scenario=asked)
        assert main([*shlex.split(found["commands"][0])[1:], "--quiet"]) == 0
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        column = next(key for key in rows[0] if key.startswith(readout))
        told = [float(row[column]) for row in rows]
        assert values(found, readout) == pytest.approx(told, rel=1e-6, abs=1e-9)
        names: dict[str, Any] = {}
        exec(found["python"], names)
        python = capsys.readouterr().out
        assert f"{told[-1]:.6f}"[:7] in python


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken.xml", DECAY.replace("</model>", "")),
        ("empty_model.xml", "<sbml/>"),
        ("text.xml", "hello"),
        ("broken.bngl", BINDING.replace("A(b) A_0", "A(c) A_0")),
        ("cut.omex", b"PK\x03\x04rubbish"),
    ],
)
def test_a_broken_file_gets_the_message_of_the_command_line(
    client: Any,
    name: str,
    content: str | bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
    assert main(["simulate", name]) != 0
    told = capsys.readouterr().err
    reply = client.bring(name, content)
    assert reply.status_code == 400
    assert reply.json()["error"].strip().rstrip(".") in told
    assert "Traceback" not in reply.text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("model.py", "never run"),
        ("model.exe", "no kind"),
        ("../../x", "no kind"),
        ("a.xml", "empty"),
    ],
)
def test_what_is_no_model_is_refused(client: Any, name: str, said: str) -> None:
    reply = client.bring(name, "" if name == "a.xml" else "import os")
    assert reply.status_code == 400
    assert said in reply.json()["error"]


def test_too_large_a_file_is_refused(client: Any) -> None:
    with contextlib.suppress(httpx.TransportError):  # the server hangs up before it is all sent
        assert client.bring("big.xml", b" " * (11 * 2**20)).status_code >= 400
    assert client.ask("models")


def test_an_endless_network_ends(client: Any) -> None:
    endless = BINDING.replace("A(b) + B(a) <-> A(b!1).B(a!1) kf, kr", "0 -> A(b) kf").replace(
        "  B(a)\nend molecule", "  B(a)\n  P(l,r)\nend molecule"
    )
    endless = endless.replace("B(a) B_0\n", "B(a) B_0\n  P(l,r) 10\n").replace(
        "end reaction rules", "  P(r) + P(l) -> P(r!1).P(l!1) kf\nend reaction rules"
    )
    reply = client.bring("endless.bngl", endless)
    assert reply.status_code == 400
    assert client.ask("models")


def test_sessions_do_not_see_each_others_files(server: Any) -> None:
    one, other = server.client(), server.client()
    model = one.bring("decay.xml", DECAY).json()["found"]["model"]
    asked = {"model": model, "until": 5, "readouts": ["S"]}
    assert one.ask("course", scenario=asked)
    assert "no longer here" in other.refusal("course", scenario=asked)
    assert "no longer here" in other.refusal("course", scenario={**asked, "path": "/etc/passwd"})
    other.http.delete("/api/upload", params={"number": model.partition(":")[2]})
    assert one.ask("course", scenario={**asked, "until": 6})
    one.http.delete("/api/upload", params={"number": model.partition(":")[2]})
    assert "no longer here" in one.refusal("course", scenario=asked)


# -- who may ask -----------------------------------------------------------------------------------


def test_a_name_that_points_here_is_no_name_of_this_machine(server: Any) -> None:
    """What a page of another site does whose name is made to mean 127.0.0.1."""
    reply = httpx.get(server.url, headers={"Host": "evil.example:80"}, trust_env=False)
    assert reply.status_code == 403


def test_other_sites_may_not_ask(client: Any) -> None:
    reply = client.http.post("/api/models", json={}, headers={"Origin": "https://evil.example"})
    assert reply.status_code == 403
    cookie = client.http.get("/").headers.get("set-cookie", "SameSite=Strict; HttpOnly")
    assert "SameSite=Strict" in cookie


def test_other_sites_may_not_make_it_work(client: Any) -> None:
    for site in ("cross-site", "same-site"):
        told = {"Sec-Fetch-Site": site}
        assert client.http.get("/claim/translation/x", headers=told).status_code == 403
        assert client.http.post("/api/models", json={}, headers=told).status_code == 403
        assert client.http.get("/", headers=told).status_code == 200  # a link may lead here


def test_the_page_may_load_nothing_from_elsewhere(client: Any) -> None:
    reply = client.http.get("/")
    assert "default-src 'self'" in reply.headers["content-security-policy"]
    page = Path(evidence.__file__).with_name("page")
    own = [p for p in page.rglob("*") if p.is_file() and "vendor" not in p.parts]
    for path in own:
        for url in re.findall(r"https?://[\w.]+", path.read_text(encoding="utf-8")):
            assert url == "http://www.w3.org", (path.name, url)
        for url in re.findall(r"https\?:[^\s]+", path.read_text(encoding="utf-8")):
            assert "identifiers" in url


def test_beyond_this_machine_a_token_is_asked_for(start: Callable[..., Any]) -> None:
    running = start("rapamycin", "--address", "0.0.0.0", "--processes", "1")
    base, _, token = running.url.partition("?token=")
    assert len(token) > 20
    here = base.replace("0.0.0.0", "127.0.0.1")
    stranger = httpx.Client(base_url=here, trust_env=False)
    assert stranger.get("/").status_code == 403
    assert stranger.get("/?token=guess").status_code == 403
    assert stranger.get("/page/app.js").status_code == 403
    assert stranger.post("/api/models", json={}).status_code == 403
    friend = httpx.Client(base_url=here, trust_env=False, follow_redirects=True, timeout=60)
    assert "mTORules" in friend.get(f"/?token={token}").text
    assert friend.post("/api/models", json={}).status_code == 200
    running.end()


# -- beginning and ending --------------------------------------------------------------------------


def test_it_says_what_is_wrong_with_its_arguments(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "model.py"
    path.write_text("raise SystemExit", encoding="utf-8")
    for words, said in (
        (["nothing"], "neither a model"),
        ([str(path)], "Python is not served"),
        ([str(tmp_path / "no.xml")], "no file"),
        (["rapamycin", "--address", "here"], "no IP address"),
        (["rapamycin", "--port", "70000"], "70000"),
    ):
        assert main(["explore", "--no-browser", *words]) == 2
        assert said in capsys.readouterr().err
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["explore", "--no-browser", "rapamycin", "--port", port]) == 1
    assert "cannot be had" in capsys.readouterr().err


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_told_to_and_leaves_nothing(start: Callable[..., Any], how: int) -> None:
    running = start("rapamycin", "--processes", "1")
    running.client().ask("models")
    children = subprocess.run(
        ["pgrep", "-P", str(running.process.pid)], capture_output=True, text=True, check=True
    ).stdout.split()
    assert running.end(how) == 0
    assert children
    _wait_gone(children)
    assert "Traceback" not in running.log.read_text(encoding="utf-8")


def test_killed_it_leaves_no_process_and_a_link_goes_on_in_the_next(
    start: Callable[..., Any], scenario: Scenarios
) -> None:
    running = start("translation", "--processes", "1")
    before = running.client().ask("course", scenario=scenario())
    children = subprocess.run(
        ["pgrep", "-P", str(running.process.pid)], capture_output=True, text=True, check=True
    ).stdout.split()
    running.end(signal.SIGKILL)
    _wait_gone(children)
    again = start("translation", "--processes", "1")
    assert again.client().ask("course", scenario=scenario())["readouts"] == before["readouts"]
    again.end()


def _wait_gone(processes: list[str]) -> None:
    end = time.monotonic() + 10
    while left := [each for each in processes if _alive(each)]:
        assert time.monotonic() < end, left
        time.sleep(0.1)


def _alive(process: str) -> bool:
    try:
        state = (
            Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        )
    except OSError:
        return False
    return state != "Z"


def test_a_file_may_be_what_it_begins_with(start: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "decay.xml"
    path.write_text(DECAY, encoding="utf-8")
    running = start(str(path), "--processes", "1")
    user = running.client()
    begun = json.loads(re.findall(r'id="begin">(.*?)</script>', user.http.get("/").text)[0])
    assert begun["model"] == "upload:start"
    assert user.ask("offered", model="upload:start")["title"] == "decay"
    user.http.delete("/api/upload", params={"number": "start"})
    assert path.exists()
    running.end()


def test_an_ensemble_makes_bands(
    start: Callable[..., Any], scenario: Scenarios, tmp_path: Path
) -> None:
    path = tmp_path / "sets.csv"
    path.write_text("RPTOR_0\n20\n40\n80\n", encoding="utf-8")
    running = start("translation", "--ensemble", str(path), "--processes", "1")
    user = running.client()
    asked = scenario(readouts=["MTORC1"])
    low, middle, high = user.ask("bands", scenario=asked)["readouts"]["MTORC1"]
    alone = [
        values(user.ask("course", scenario={**asked, "settings": {"RPTOR_0": n}}), "MTORC1")
        for n in (20, 40, 80)
    ]
    assert middle == pytest.approx(np.median(alone, axis=0), rel=1e-4)
    assert low == pytest.approx(np.quantile(alone, 0.05, axis=0), rel=1e-4)
    assert high == pytest.approx(np.quantile(alone, 0.95, axis=0), rel=1e-4)
    running.end()
