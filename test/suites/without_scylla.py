# Scylla's DynamoDB tests, run against a server that is not Scylla: what the rest of Scylla's tests would give them is
# stood in for, and they sign with the administrator's keys instead of reading a role's through CQL.
# pytest loads this as a plugin.

import sys
import types

import pytest


def stand_in(name, **members):
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module


def skip(reason="", link=""):
    pytest.skip(f"{reason} {link}")


def add_host_option(parser):
    parser.addoption("--host", default=None)


@pytest.fixture(scope="session")
def host():
    return None


class NoHostAvailable(Exception):
    pass


class Cluster:
    def __init__(self, *args, **options):
        raise NoHostAvailable("no Scylla, no CQL")


def nothing(*args, **options):
    return None


stand_in("test.conftest", dynamic_scope=lambda: "module")
stand_in("test.cqlpy")
stand_in("test.cqlpy.conftest", host=host)
stand_in("test.cqlpy.util", config_value_context=nothing)
stand_in("test.pylib")
stand_in("test.pylib.driver_utils", safe_driver_shutdown=nothing)
stand_in("test.pylib.skip_types", skip_env=skip, skip_bug=skip)
stand_in("test.pylib.connect_options", add_host_option=add_host_option)
stand_in("cassandra", ConsistencyLevel=None, InvalidRequest=None)
stand_in("cassandra.auth", PlainTextAuthProvider=nothing)
stand_in("cassandra.cluster", Cluster=Cluster, NoHostAvailable=NoHostAvailable, ConsistencyLevel=None)
stand_in("cassandra.query", SimpleStatement=None)


# What else would ask CQL for keys, and Scylla's configuration how soon items expire.
FIXTURES = {
    "get_valid_alternator_role": lambda url, role="": ("test", "test"),
    "waits_for_expiration": "soon",
}


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef, request):
    value = FIXTURES.get(fixturedef.argname)
    if value is not None:
        fixturedef.cached_result = (value, fixturedef.cache_key(request), None)
    return value


# A setting that has Scylla's streams tell what AWS's tell: a server that is not Scylla has nothing to set, as AWS has not.
AS_AWS = "alternator_streams_increased_compatibility"


# What tests have imported from their utilities, and would ask Scylla's own tables.
def pytest_collection_modifyitems(items):
    for module in {item.module for item in items}:
        if hasattr(module, "scylla_config_temporary"):
            original = module.scylla_config_temporary
            module.scylla_config_temporary = lambda dynamodb, name, value, nop=False: original(
                dynamodb, name, value, nop=nop or name == AS_AWS
            )
        if hasattr(module, "get_region"):
            module.get_region = lambda dynamodb: dynamodb.meta.client.meta.region_name


def pytest_configure(config):
    for mark in ("skip_env", "skip_bug"):
        config.addinivalue_line("markers", f"{mark}: what Scylla's own runner skips")


# Scylla's own runner turns these marks into skips.
def pytest_runtest_setup(item):
    for mark in ("skip_env", "skip_bug"):
        if item.get_closest_marker(mark) is not None:
            pytest.skip(mark)
