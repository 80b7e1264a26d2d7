import json
import unicodedata
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from msptool import yaml12
from msptool.errors import ProfileError
from msptool.profile import load_file
from msptool.profile.load import PLANS, Loaded, merge
from msptool.profile.schema import schema

HEAD = "msptool: 1\nclient: {code: ACME, name: Acme}\n"
NAS = 'nas: {path: r, password: "env:A"}'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "client.yaml"


def read(file: Path, text: str, head: str = HEAD) -> Loaded:
    file.write_text(head + text)
    return load_file(file)


def refused(file: Path, text: str, head: str = HEAD) -> ProfileError:
    with pytest.raises(ProfileError) as caught:
        read(file, text, head)
    return caught.value


@pytest.mark.parametrize(
    ("text", "code", "place", "key", "nearest"),
    [
        ("scope:\n  netwroks: []\n", "unknown-key", "4:3", "scope.netwroks", "networks"),
        ("socpe: {}\n", "unknown-key", "3:1", "socpe", "scope"),
        ("xyzzy: {}\n", "unknown-key", "3:1", "xyzzy", ""),
        ("scope:\n", "value", "3:1", "scope", ""),
        ("scope: {networks: 192.0.2.0/24}\n", "value", "3:9", "scope.networks", ""),
        ("scope:\n  networks:\n    - 12\n", "value", "5:7", "scope.networks[0]", ""),
        ("scope: {networks: [srv1]}\n", "network", "3:20", "scope.networks[0]", ""),
        ("scope: {exclude: [192.0.2.1/]}\n", "network", "3:19", "scope.exclude[0]", ""),
        ("scope: {expires: soon}\n", "value", "3:9", "scope.expires", ""),
        ("scope: {expires: 2030-02-30}\n", "value", "3:9", "scope.expires", ""),
        (
            "scope: {consents: [{module: intrusve, by: x, date: 2030-01-01}]}\n",
            "value", "3:21", "scope.consents[0].module", "intrusive",
        ),
        (
            'scope: {consents: [{module: capture, by: " ", date: 2030-01-01}]}\n',
            "value", "3:38", "scope.consents[0].by", "",
        ),
        ("audit: {pace: gentel}\n", "value", "3:9", "audit.pace", "gentle"),
        ("audit: {extra_ports: [22, 70000]}\n", "value", "3:27", "audit.extra_ports[1]", ""),
        ("audit: {hints: [{}]}\n", "missing-key", "3:17", "audit.hints[0].dhcp", ""),
        ("audit: {hints: [{dhpc: x}]}\n", "unknown-key", "3:18", "audit.hints[0].dhpc", "dhcp"),
        ("audit: {hints: [{dhcp: a, dns: {server: 192.0.2.1}}]}\n", "one-of", "3:27",
         "audit.hints[0].dns", ""),
        ("audit: {hints: [{dns: {server: ns1}}]}\n", "hint", "3:24",
         "audit.hints[0].dns.server", ""),
        ("audit:\n  hints:\n    - dns: {server: 192.0.2.1}\n", "hint", "5:13",
         "audit.hints[0].dns.server", ""),
        ("scope: {networks: [192.0.2.0/24], exclude: [192.0.2.1]}\n"
         "audit: {hints: [{dns: {server: 192.0.2.1}}]}\n", "hint", "4:24",
         "audit.hints[0].dns.server", ""),
        ("scope: {networks: [192.0.2.0/24]}\n"
         "audit: {hints: [{dns: {server: 192.0.2.1, transfer: true}}]}\n", "missing-key", "4:43",
         "audit.hints[0].dns.transfer", ""),
        ("tickets: {sla: {hihg: {}}}\n", "unknown-key", "3:17", "tickets.sla.hihg", "high"),
        (
            "tickets:\n  sla:\n    low: {response_h: 1, resolve_h: 2}\n    high: {response_h: 1}\n",
            "missing-key", "6:5", "tickets.sla.high.resolve_h", "",
        ),
        (
            "tickets: {sla: {high: {response_h: 0, resolve_h: 1}}}\n",
            "value", "3:24", "tickets.sla.high.response_h", "",
        ),
        ("schedule: {backpu: daily}\n", "unknown-key", "3:12", "schedule.backpu", "backup"),
        (f"backup: {{jobs: {{f: {{repository: nsa, paths: [a]}}}}, repositories: {{{NAS}}}}}\n",
         "unknown-repository", "3:21", "backup.jobs.f.repository", "nas"),
        (
            f"backup:\n  repositories: {{{NAS}}}\n  jobs:\n"
            "    good: {repository: nas, paths: [a]}\n"
            "    bad: {repository: nas, paths: []}\n",
            "value", "7:28", "backup.jobs.bad.paths", "",
        ),
        (
            f"backup: {{repositories: {{{NAS}}}, "
            "jobs: {f: {repository: nas, paths: [a], rpo: 1}}}\n",
            "unknown-key", "3:101", "backup.jobs.f.rpo", "rpo_h",
        ),
        ("backup: {jobs: {f: 1}}\n", "value", "3:17", "backup.jobs.f", ""),
        ('backup: {repositories: {"a\\nb": {path: r, password: "env:A"}}}\n',
         "value", "3:25", "backup.repositories.a\nb", ""),
        ("extends: basc\n", "unknown-plan", "3:1", "extends", "basic"),
        ("extends: [1]\n", "unknown-plan", "3:1", "extends", ""),
        ("monitor: {load_per_cpu: .inf}\n", "value", "3:11", "monitor.load_per_cpu", ""),
        ("assets: [{match: srv1, importance: low}]\n", "value", "3:11", "assets[0].match", ""),
        ("a: 1\na: 2\n", "twice", "4:1", "", ""),
        ("scope: {networks: &x [], exclude: *x}\n", "alias", "3:35", "", ""),
    ],
)  # fmt: skip
def test_an_error_names_place_key_and_nearest_word(  # noqa: PLR0917
    file: Path, text: str, code: str, place: str, key: str, nearest: str
) -> None:
    error = refused(file, text)
    assert error.code == f"profile.{code}"
    assert str(error.place) == f"client.yaml:{place}"
    assert error.place.key == key
    assert error.nearest[:1] == ((nearest,) if nearest else ())
    assert error.exit == 2


@pytest.mark.parametrize(
    ("head", "code", "key"),
    [
        ("", "empty", ""),
        ("msptool: 1\n", "missing-key", "client"),
        ("client: {code: ACME, name: A}\n", "missing-key", "msptool"),
        ("msptool: 2\nclient: {code: ACME, name: A}\n", "value", "msptool"),
    ],
)
def test_a_wrong_head(file: Path, head: str, code: str, key: str) -> None:
    error = refused(file, "", head)
    assert (error.code, error.place.key) == (f"profile.{code}", key)


@pytest.mark.parametrize(
    ("client", "code", "key"),
    [
        ("code: acme, name: A", "value", "code"),
        ('code: "ACME\\n", name: A', "value", "code"),
        ('code: ACME, name: ""', "value", "name"),
        ("code: ACME, name: 12", "value", "name"),
        ("code: ACME", "missing-key", "name"),
        ("code: ACME, name: A, languages: []", "value", "languages"),
        ("code: ACME, name: A, languages: [de]", "value", "languages[0]"),
        ("code: ACME, name: A, zone: Europe/Moscw", "zone", "zone"),
        ("code: ACME, name: A, zone: ../../etc/passwd", "zone", "zone"),
        ("code: ACME, name: A, zone: Europe", "zone", "zone"),
        ('code: ACME, name: A, zone: ""', "zone", "zone"),
    ],
)
def test_a_wrong_client(file: Path, client: str, code: str, key: str) -> None:
    error = refused(file, "", f"msptool: 1\nclient: {{{client}}}\n")
    assert (error.code, error.place.key) == (f"profile.{code}", f"client.{key}")
    assert error.place.line == 2


def test_a_value_from_the_plan_that_the_profile_lacks_has_no_line(file: Path) -> None:
    error = refused(file, "", "extends: basic\n")
    assert (error.code, str(error.place)) == ("profile.missing-key", "client.yaml")


def test_messages_speak_of_values_as_people_do(file: Path) -> None:
    assert refused(file, "scope:\n").message == "scope: expected a mapping of keys, got nothing"
    message = refused(file, "scope: {networks: [12]}\n").message
    assert message.endswith("expected text, got a whole number; put it in quotes")
    assert refused(file, "audit: {pace: x}\n").hint == "known here: gentle, normal, fast"
    assert refused(file, "scope: {expires: soon}\n").hint == "write it as 2030-12-31"
    late = "{match: [a], starts_at: 2030-12-31T20:00:00, ends_at: 2030-12-31T21:00:00+03:00}"
    error = refused(file, f"tickets: {{maintenance: [{late}]}}\n")
    assert error.message == "tickets.maintenance[0].starts_at: this time has no time zone"
    assert error.hint == "write it as 2030-12-31T20:00:00+03:00"
    assert "capital letters" in refused(file, "", "msptool: 1\nclient: {code: a, name: b}\n").hint


@pytest.mark.parametrize(
    "text",
    [
        "audit: {snmp: [{community: hunter2}]}\n",
        "audit:\n  snmp:\n    - community: hunter2\n",
        "audit: {snmp: [hunter2]}\n",
        "audit:\n  snmp:\n    - hunter2\n",
        "audit: {snmp: hunter2}\n",
        "audit: {snmp: [{comunity: hunter2}]}\n",
        "audit: {snmp: [{community: [hunter2]}]}\n",
        "backup: {repositories: {nas: {path: r, password: hunter2}}}\n",
        "backup:\n  repositories:\n    nas:\n      path: r\n      password: hunter2\n",
        "backup: {repositories: {nas: {path: r, passwrod: hunter2}}}\n",
        "backup:\n  repositories:\n    nas:\n      path: r\n      password: |\n        hunter2\n",
        'backup: {repositories: {nas: {path: r, password: "hunter2}}}\n',
        "backup: {repositories: {nas: {path: r, password: correct: hunter2}}}\n",
        "backup:\n  repositories:\n    nas:\n      password:\n        hunter2: [\n",
        "password: hunter2\n",
        "token: hunter2\n",
        "xyzzy: hunter2\n",
        "пароль: hunter2\n",
        "пароль: a\nпароль: hunter2\n",
        "ключ: hunter2: [\n",
        "? xyzzy\n: hunter2\n",
        "? xyzzy # hunter2\n: a\n",
        "backup:\n  repositories:\n    nas: {path: r, pw: hunter2}\n",
        "backup: {repositories: {nas: {path: r, xyz: hunter2}}}\n",
        'backup: {repositories: {nas: {path: "https://a:longer-than-hidden@h", xyz: hunter2}}}\n',
    ],
)
def test_an_inline_secret_is_refused_and_never_said(file: Path, text: str) -> None:
    error = refused(file, text)
    told = [error.message, error.hint, error.place.source, error.place.key, str(error.nearest)]
    assert not [word for word in told if "hunter2" in word]


def test_an_unknown_key_is_shown_without_what_follows(file: Path) -> None:
    place = refused(file, "scope: {netwroks: [a], exclude: []}\n").place
    assert (place.source, place.column) == ("scope: {netwroks:", 9)


def test_a_number_as_a_secret_is_told_to_be_a_reference(file: Path) -> None:
    error = refused(file, "audit: {snmp: [{community: 12345}]}\n")
    assert "must be a reference" in error.message
    assert "12345" not in error.message + error.place.source


@pytest.mark.parametrize("text", ["env:", "env:1A", "env:A B", "file:", "command:", "command:  "])
def test_a_reference_to_nothing_is_refused(file: Path, text: str) -> None:
    error = refused(file, f'audit: {{snmp: [{{community: "{text}"}}]}}\n')
    assert error.place.key == "audit.snmp[0].community"


NETWORKS_REFUSED = [
    "192.0.2.0/255.255.255.0", "192.0.2.0/0.0.0.255", "192.0.2.0/33", "192.0.2.0/-1", "/24", "",
    "192.0.2.1-9", "010.0.0.1", "192.0.2.0/24 ", "0xC0000201", "fe80::1%eth0", "fe80::%eth0/64",
    "::ffff:192.0.2.1", "::ffff:192.0.2.0/120", "224.0.0.0/24", "ff02::/16", "2001:db8::/129",
    "192.0.2.0/٢٤", "example.com", "192.0.2.0/24,203.0.113.1",
]  # fmt: skip


@pytest.mark.parametrize("text", NETWORKS_REFUSED)
@pytest.mark.parametrize("key", ["networks", "exclude"])
def test_what_is_no_network_is_refused_with_its_line(file: Path, key: str, text: str) -> None:
    error = refused(file, f'scope:\n  {key}: ["192.0.2.7", "{text}"]\n')
    assert (error.code, error.place.line, error.place.key) == (
        "profile.network", 4, f"scope.{key}[1]"
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["192.0.2.0/24", "192.0.2.7", "192.0.2.7/24", "0.0.0.0/0", "::/0", "2001:db8::1"]
)
def test_networks_are_kept_as_written(file: Path, text: str) -> None:
    assert read(file, f'scope: {{networks: ["{text}"]}}\n').profile.scope.networks == (text,)


@pytest.mark.parametrize("plan", PLANS)
def test_each_plan_makes_a_profile(file: Path, plan: str) -> None:
    loaded = read(file, "", f"extends: {plan}\nclient: {{code: ACME, name: Acme}}\n")
    assert set(loaded.profile.tickets.sla) == {"critical", "high", "normal", "low"}
    assert not loaded.profile.scope.networks, "a plan authorises nothing"


def test_a_profile_is_laid_over_its_plan(file: Path) -> None:
    below = read(file, "extends: basic\n").profile
    text = "extends: basic\ntickets: {sla: {high: {response_h: 1, resolve_h: 2}}}\n"
    above = read(file, text).profile
    assert above.tickets.sla["high"].response_h == 1
    assert above.tickets.sla["low"] == below.tickets.sla["low"]
    assert above.monitor == below.monitor


Tree = st.recursive(
    st.integers() | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
Trees = st.dictionaries(st.sampled_from("abc"), Tree, max_size=3)


@given(Trees, Trees)
def test_merging_takes_mappings_together_and_replaces_all_else(
    below: dict[str, yaml12.Value], above: dict[str, yaml12.Value]
) -> None:
    merged = merge(below, above)
    assert merge(merged, above) == merged
    assert merge({}, above) == above and merge(below, {}) == below
    for key in below.keys() | above.keys():
        under, over = below.get(key), above.get(key)
        if isinstance(under, dict) and isinstance(over, dict):
            assert merged[key] == merge(under, over)
        else:
            assert merged[key] == (over if key in above else under)


@pytest.mark.parametrize(
    ("works", "code", "place"),
    [
        ("{weekly: sat 22:00}", "weekly", "5:8"),
        ("{weekly: sat 22:00 - sun 24:00}", "weekly", "5:8"),
        ("{weekly: sat 22:61 - sun 04:00}", "weekly", "5:8"),
        ("{weekly: fri 22:00 - fri 22:00}", "weekly", "5:8"),
        ("{weekly: saturday night}", "weekly", "5:8"),
        ("{match: [sw]}", "maintenance", "5:7"),
        ("{starts_at: 2026-11-02T08:00:00Z}", "maintenance", "5:7"),
        (
            "{starts_at: 2026-11-02T08:00:00Z, ends_at: 2026-11-02T08:00:00Z}",
            "maintenance", "5:41",
        ),
        ("{ends_at: 2026-11-02T08:00:00}", "value", "5:8"),
    ],
)  # fmt: skip
def test_works_that_cannot_be_are_told_with_their_place(
    file: Path, works: str, code: str, place: str
) -> None:
    error = refused(file, f"tickets:\n  maintenance:\n    - {works}\n")
    assert (error.code, str(error.place)) == (f"profile.{code}", f"client.yaml:{place}")
    assert error.exit == 2 and error.hint


def test_works_are_read(file: Path) -> None:
    profile = read(
        file,
        """tickets:
  maintenance:
    - {match: [sw-*], weekly: SAT 22:00-sun 04:00, ends_at: 2027-01-01T00:00:00+03:00}
    - {starts_at: 2026-11-02T08:00:00Z, ends_at: 2026-11-02T09:00:00Z, reason: move}
""",
    ).profile
    assert [one.match for one in profile.tickets.maintenance] == [("sw-*",), ("*",)]


def test_hashes_tell_what_was_read(file: Path) -> None:
    plain, planned = read(file, ""), read(file, "extends: basic\n")
    assert plain.sha256 != planned.sha256
    assert plain.scope_sha256 == planned.scope_sha256
    assert read(file, 'scope: {networks: ["192.0.2.1"]}\n').scope_sha256 != plain.scope_sha256
    assert read(file, "").sha256 == plain.sha256


def test_a_repository_is_found_in_either_form_of_unicode(file: Path) -> None:
    apart = unicodedata.normalize("NFD", "хранилище-й")
    text = (
        f"backup: {{repositories: {{{unicodedata.normalize('NFC', apart)}: "
        f'{{path: r, password: "env:A"}}}}, jobs: {{f: {{repository: {apart}, paths: [a]}}}}}}\n'
    )
    backup = read(file, text).profile.backup
    assert backup.jobs["f"].repository in backup.repositories


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as caught:
        load_file(tmp_path)
    assert caught.value.code == "profile.unreadable"


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["scope", "networks", "backup", "jobs", "audit", "snmp", "tickets", "sla",
                         "high", "community", "repositories", "schedule", "run", "client", "code"]),
        inner, max_size=4),
    max_leaves=20,
))  # fmt: skip
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
def test_any_shape_is_read_or_refused_in_words(file: Path, data: object) -> None:
    head = {"msptool": 1, "client": {"code": "ACME", "name": "A"}}
    file.write_text(json.dumps({**head, **data} if isinstance(data, dict) else data))
    try:
        load_file(file)
    except ProfileError as error:
        assert "`" not in error.message and "regex" not in error.message


def test_the_published_schema_agrees_with_the_reader(file: Path) -> None:
    published = json.loads(schema())
    jsonschema.Draft202012Validator.check_schema(published)
    assert "\\\\Z" not in schema().decode(), "editors read patterns as ECMAScript"
    accepts = jsonschema.Draft202012Validator(published).is_valid
    good = f"backup: {{repositories: {{{NAS}}}}}\nscope: {{expires: 2030-01-01}}\n"
    assert accepts(read(file, good).document.data)
    for bad in ("audit: {snmp: [{community: x}]}\n", "audit: {pace: x}\n", "xyz: 1\n"):
        refused(file, bad)
        assert not accepts(yaml12.load((HEAD + bad).encode(), file="").data)
