"""The shape of a SARIF 2.1.0 log, as far as tickets care; all else in it is passed over.

Source: docs.oasis-open.org/sarif/sarif/v2.1.0, sections 3.13 to 3.58. Runs and results are left as
they are written, so that a wrong one spoils no other.
"""

from msgspec import Raw, Struct

from msptool.model import Instant


class Camel(Struct, frozen=True, rename="camel", gc=False):
    """Names as the format writes them; what is not needed is passed over."""


class Text(Camel, frozen=True, gc=False):
    """A message: said, or one of the rule's with arguments."""

    text: str = ""
    id: str = ""
    arguments: list[str] = []


class Artifact(Camel, frozen=True, gc=False):
    """Where a file is, or its place in the run's list."""

    uri: str = ""
    index: int = -1


class Snippet(Camel, frozen=True, gc=False):
    """What stands there."""

    text: str = ""


class Region(Camel, frozen=True, gc=False):
    """Of a place only the text: its numbers change."""

    snippet: Snippet = Snippet()


class Physical(Camel, frozen=True, gc=False):
    """A file and a place in it."""

    artifact_location: Artifact = Artifact()
    region: Region = Region()


class Logical(Camel, frozen=True, gc=False):
    """A function, a resource, a table."""

    fully_qualified_name: str = ""
    name: str = ""


class Location(Camel, frozen=True, gc=False):
    """Where a result is."""

    physical_location: Physical = Physical()
    logical_locations: list[Logical] = []


class Suppression(Camel, frozen=True, gc=False):
    """Somebody's word that a result may stay."""

    status: str = "accepted"


class RuleRef(Camel, frozen=True, gc=False):
    """Which rule, of which of the tool's parts."""

    id: str = ""
    index: int = -1
    tool_component: dict[str, Raw] = {}


class Result(Camel, frozen=True, gc=False):
    """What one rule says of one place."""

    message: Text = Text()
    rule_id: str = ""
    rule_index: int = -1
    rule: RuleRef = RuleRef()
    kind: str = "fail"
    level: str = ""
    locations: list[Location] = []
    fingerprints: dict[str, str] = {}
    partial_fingerprints: dict[str, str] = {}
    baseline_state: str = ""
    suppressions: list[Suppression] = []
    properties: dict[str, Raw] = {}


class Defaults(Camel, frozen=True, gc=False):
    """How a rule is set."""

    level: str = ""
    enabled: bool = True


class Descriptor(Camel, frozen=True, gc=False):
    """A rule."""

    id: str
    name: str = ""
    short_description: Text = Text()
    full_description: Text = Text()
    help: Text = Text()
    help_uri: str = ""
    message_strings: dict[str, Text] = {}
    default_configuration: Defaults = Defaults()
    properties: dict[str, Raw] = {}


class Component(Camel, frozen=True, gc=False):
    """A tool, or a part of one, and its rules."""

    name: str = ""
    rules: list[Descriptor] = []


class Tool(Camel, frozen=True, gc=False):
    """What scanned."""

    driver: Component
    extensions: list[Component] = []


class Configuration(Camel, frozen=True, gc=False):
    """How a rule was set for one invocation."""

    enabled: bool = True


class Override(Camel, frozen=True, gc=False):
    """A rule that was set otherwise."""

    descriptor: RuleRef = RuleRef()
    configuration: Configuration = Configuration()


class Invocation(Camel, frozen=True, gc=False):
    """How it was run."""

    execution_successful: bool
    rule_configuration_overrides: list[Override] = []
    start_time_utc: Instant | None = None
    end_time_utc: Instant | None = None


class Automation(Camel, frozen=True, gc=False):
    """What kind of scan it is: `category/run`."""

    id: str = ""


class Version(Camel, frozen=True, gc=False):
    """Where the scanned sources come from."""

    repository_uri: str = ""


class Listed(Camel, frozen=True, gc=False):
    """A file that has to do with the run."""

    location: Artifact = Artifact()
    roles: list[str] = []


class Run(Camel, frozen=True, gc=False):
    """One scan by one tool."""

    tool: Tool
    results: list[Raw] | None = None
    invocations: list[Invocation] = []
    automation_details: Automation = Automation()
    version_control_provenance: list[Version] = []
    original_uri_base_ids: dict[str, Artifact] = {}
    artifacts: list[Listed] = []
    language: str = "en-US"


class Log(Camel, frozen=True, gc=False):
    """The file."""

    version: str
    runs: list[Raw]
